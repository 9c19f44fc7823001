// The catalogue's rows 364 to 405: scaling and bit tricks.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/identity/catalogue_rows.h>

namespace fplab::identity {

constexpr CatalogueEntry kRows[] = {
    // Scaling.
    {364, ' ', "ldexp(a,1) == 2*a", "Y Y Y Y", "", Known::kSat, "C23, annex F (ldexp)"},
    {365, ' ', "ldexp(ldexp(a,n: i32),-n) == a when abs(f64(n)) < 1000", "U U U U", "scaling there and back",
     Known::kSearched, "C23, annex F (ldexp)"},
    {366, ' ', "ldexp(a*b,n: i32) == ldexp(a,n)*b", "U U U U", "", Known::kSearched, "C23, annex F (ldexp)"},
    {367, ' ', "(a*0x1p-1022)*0x1p-8 == ldexp(a,-1030) when 0x1p-30 < a < 1", "U Y U Y",
     "scalbn by two multiplications", Known::kSat, "C23, annex F (scalbn)", "f64"},
    {368, ' ', "ldexp(significand(a), i32(logb(a))) == a when a != 0", "Y N Y N", "frexp there and back",
     Known::kExhausted, "C23, annex F (frexp)"},
    {369, ' ', "1 <= abs(significand(a)) < 2 when a != 0", "Y Y Y Y", "", Known::kExhausted, "C23, annex F (frexp)"},
    {370, ' ', "logb(a*b) == logb(a)+logb(b) or logb(a*b) == logb(a)+logb(b)+1 when a != 0 and b != 0", "U U U U",
     "exponents add", Known::kExhausted, "IEEE 754-2019, 5.3.3"},

    // Neighbours and spacing.
    {371, ' ', "from_bits(bits(a)+1) == next_up(a) when not signbit(a)", "Y Y Y Y",
     "the next number is the next integer", Known::kSat, "IEEE 754-2019, 5.3.1"},
    {372, ' ', "next_down(next_up(a)) == a", "Y0 Y0 Y0 Y0", "", Known::kSat, "IEEE 754-2019, 5.3.1"},
    {373, ' ', "next_up(a) == -next_down(-a)", "Y Y Y Y", "", Known::kSat, "IEEE 754-2019, 5.3.1"},
    {374, ' ', "a+ulp(a) == next_up(a) when a > 0", "Y N U U", "", Known::kSat,
     "Handbook of Floating-Point Arithmetic, ulp"},
    {375, ' ', "a*(1+eps) == next_up(a) when a > 0", "X X X X", "a relative step", Known::kRefuted,
     "Rump, Zimmermann, Boldo and Melquiond 2009"},
    {376, ' ', "a+(eps/2*(1+eps)*abs(a)+min_subnormal) == next_up(a)", "U U U U", "successor in nearest",
     Known::kExhausted, "Rump, Zimmermann, Boldo and Melquiond 2009"},
    {377, ' ', "a+b == a or abs(a+b-a) >= ulp(a)/2", "Y Y Y Y", "a sum moves by half an ulp at least", Known::kSat,
     "Handbook of Floating-Point Arithmetic, ulp"},
    {378, ' ', "a < b => next_up(a) <= b", "Y Y Y Y", "", Known::kSat, "IEEE 754-2019, 5.3.1"},
    {379, ' ', "exact(a-b) or abs(a-b) >= min(ulp(a),ulp(b))", "Y U Y Y", "", Known::kSat,
     "Handbook of Floating-Point Arithmetic"},

    // Bit tricks.
    {380, ' ', "bits(a) < bits(b) <=> a < b when not signbit(a) and not signbit(b)", "Y Y Y Y",
     "patterns are ordered as numbers are", Known::kSat, "IEEE 754-2019, 3.4"},
    {381, ' ',
     "let x = i32(bits(a: f32)), y = i32(bits(b: f32)) in (x < 0 ? x ^ 0x7fffffff : x) < (y < 0 ? y ^ 0x7fffffff : y) "
     "<=> a < b",
     "X X X X", "the key of a radix sort; -0", Known::kRefuted, "Herf 2001, radix tricks", "f32"},
    {382, ' ', "from_bits(bits(a: f32) & 0x7fffffff) == abs(a)", "Y Y Y Y", "", Known::kSat,
     "LLVM InstCombine, and of a bitcast", "f32"},
    {383, ' ', "(bits(a: f32) & 0x7fffffff) == 0 <=> eq_mode(a,0)", "Y Y N N", "a test for zero by bits", Known::kSat,
     "llvm/llvm-project#181899", "f32"},
    {384, ' ', "(bits(a: f32) & 0x7f800000) == 0 <=> eq_mode(a,0)", "N N Y Y", "a test for zero or subnormal",
     Known::kSat, "llvm/llvm-project#181899", "f32"},
    {385, ' ', "i32(bits(a: f32) >> 23) - 127 == i32(logb(a)) when a > 0", "N N N N", "an exponent by a shift",
     Known::kSearched, "folklore", "f32"},
    {386, ' ', "from_bits(bits(a: f32) - 0x800000) == a/2 when a > 0", "U U U U", "halving by a subtraction",
     Known::kSearched, "folklore", "f32"},
    {387, ' ', "abs(from_bits(bits(a: f32) & 0xfffff000)) <= abs(a)", "Y Y Y Y", "masking truncates", Known::kSat,
     "fdlibm, SET_LOW_WORD", "f32"},
    {388, ' ',
     "let y = from_bits(0x5f3759df - (bits(a: f32) >> 1)), z = y*(1.5-0.5*a*y*y) in abs(z*sqrt(a)-1) < 0.0018 when a > "
     "0",
     "N U U U", "the fast inverse square root", Known::kSearched, "Lomont 2003", "f32"},
    {389, ' ', "from_bits(0x4b000000 | (n: u32)) - 0x1p23 == f32(n) when n < 0x800000", "Y Y Y Y",
     "an integer by a mantissa", Known::kSat, "LLVM, lowering of uitofp", "f32"},
    {390, ' ',
     "(from_bits((n: u64) >> 32 | 0x4530000000000000) - 0x1.00000001p84) + from_bits((n & 0xffffffff) | "
     "0x4330000000000000) == f64(n)",
     "Y Y Y Y", "64 bits by two mantissas", Known::kSearched, "LLVM, lowering of uitofp", "f64"},
    {391, ' ', "i32(bits((a: f32)+0x1.8p23)) - 0x4b400000 == i32(rint(a)) when abs(a) < 0x1p22", "Y Y Y Y",
     "an integer from a mantissa", Known::kSat, "Lua, lua_number2int", "f32"},
    {392, ' ', "let y = from_bits(u32(bits(a: f16) & 0x7fff) << 13, f32)*0x1p112 in real(y == abs(a))", "Y Y N N",
     "half to float by a product: DAZ", Known::kExhausted, "Giesen, half to float", "f32"},
    {393, ' ',
     "let y = from_bits(u16((bits(a: f32) + 0x7fff + ((bits(a) >> 16) & 1)) >> 16), bf16), u = next_up(y), d = "
     "next_down(y) in real(abs(y-a) <= abs(u-a) and abs(y-a) <= abs(d-a)) when abs(a) < 0x1p127",
     "Y Y Y Y", "float to bfloat16 by integers", Known::kSearched, "Eigen, BFloat16.h", "f32"},
    {394, ' ', "f32(from_bits(u16(bits(a: f32) >> 16), bf16)) == f32(to_zero(bf16(a)))", "Y Y Y Y", "and by truncation",
     Known::kSat, "tensorflow/tensorflow#36514", "f32"},
    {395, ' ', "from_bits(u32(bits(a: bf16)) << 16, f32) == f32(a)", "Y N N N", "and back by a shift",
     Known::kExhausted, "tensorflow/tensorflow#36514", "f32"},
    {396, ' ', "from_bits((bits(a: f32) & 0x7fffffff) | (bits(b: f32) & 0x80000000)) === copysign(a,b)", "Y Y Y Y", "",
     Known::kSat, "folklore", "f32"},
    {397, ' ', "from_bits(bits(a: f32) ^ (bits(b: f32) & 0x80000000)) === a*copysign(1,b)", "Y N N N",
     "a sign by exclusive or", Known::kSat, "folklore", "f32"},
    {398, ' ',
     "let y = from_bits(0x7ef311c7 - bits(a: f32)), z = y*(2-a*y) in abs(z*a-1) < 0.02 when 0x1p-100 < a and a < "
     "0x1p100",
     "Y Y Y Y", "a reciprocal's first guess", Known::kSearched, "Blinn 1997", "f32"},

    // Exception flags.
    {399, ' ', "raises(inexact, a+b) <=> not exact(a+b)", "Y Y N N", "inexact says what it means", Known::kSat,
     "IEEE 754-2019, 7.6"},
    {400, ' ', "not raises(underflow, a+b)", "Y U Y U", "a sum never underflows", Known::kSat, "Hauser 1996"},
    {401, ' ', "raises(underflow, a*b) => subnormal(a*b) or a*b == 0", "U Y U Y",
     "rounded up to the least normal number", Known::kSat, "riscv-arch-test#390"},
    {402, ' ', "subnormal(a*b) and not exact(a*b) => raises(underflow, a*b)", "Y Y Y Y", "", Known::kSat,
     "IEEE 754-2019, 7.5"},
    {403, ' ', "not raises(inexact, a-b) when b/2 <= a <= 2*b", "Y U Y U", "Sterbenz by its flag", Known::kSat,
     "Sterbenz 1974"},
    {404, ' ', "flags(a*b) == flags(b*a)", "Y Y Y Y", "", Known::kSat, "IEEE 754-2019, 7"},
    {405, ' ', "let s = sqrt(a) in raises(inexact, s) <=> not real(s*s == a) when a >= 0", "Y Y N N", "", Known::kSat,
     "IEEE 754-2019, 7.6"},
};

std::span<const CatalogueEntry> CatalogueBitsRows() { return kRows; }

}  // namespace fplab::identity
