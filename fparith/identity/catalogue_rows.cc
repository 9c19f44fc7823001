// The catalogue's rows 1 to 44: symmetry, units, powers of two, inverses.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/identity/catalogue_rows.h>

namespace fplab::identity {

constexpr CatalogueEntry kRows[] = {
    {1, ' ', "a+b == b+a", "Y Y Y Y", "correct rounding of a symmetric function", Known::kSat, "IEEE 754-2019, 4.3"},
    {2, ' ', "a*b == b*a", "Y Y Y Y", "", Known::kSat, "IEEE 754-2019, 4.3"},
    {3, ' ', "fma(a,b,c) == fma(b,a,c)", "Y Y Y Y", "", Known::kSat, "IEEE 754-2019, 4.3"},
    {4, ' ', "a-b == a+(-b)", "Y Y Y Y", "", Known::kSat, "LLVM InstCombine, fsub of fneg"},
    {5, ' ', "a-b == -(b-a)", "Y0 Y0 Y0 Y0", "a = b gives +0 and -0", Known::kSat, "LLVM LangRef, nsz"},
    {6, ' ', "(-a)*b == -(a*b)", "Y Y Y Y", "flushing keeps the sign", Known::kSat, "LLVM InstCombine, fmul of fneg"},
    {7, ' ', "-(a+b) == (-a)+(-b)", "Y0 Y0 Y0 Y0", "fails in rounding up and down", Known::kSat, "LLVM LangRef, nsz"},
    {8, ' ', "abs(a*b) == abs(a)*abs(b)", "Y Y Y Y", "", Known::kSat, "LLVM InstCombine, fabs of fmul"},
    {9, 'a', "abs(a/b) == abs(a)/abs(b)", "Y Y Y Y", "infinities and NaNs on both sides alike", Known::kSat,
     "IEEE 754-2019, 6.3"},
    {9, 'b', "finite(a/b) when b != 0", "Y Y N N", "DAZ: x/0 and 0/0 for a subnormal b", Known::kSat,
     "IEEE 754-2019, 6.3"},
    {10, 'a', "-(-a) == a", "Y Y Y Y", "as operations on bits; 0-a is row 15", Known::kSat, "IEEE 754-2019, 5.5.1"},
    {10, 'b', "abs(-a) == abs(a)", "Y Y Y Y", "", Known::kSat, "IEEE 754-2019, 5.5.1"},
    {10, 'c', "abs(copysign(a,b)) == abs(a)", "Y Y Y Y", "", Known::kSat, "IEEE 754-2019, 5.5.1"},
    {11, ' ', "min(a,b)+max(a,b) == a+b", "Y0 Y0 Y0 Y0", "MINPS and MAXPS of +0 and -0 both return the second",
     Known::kSat, "Intel SDM, MINPS"},

    {12, ' ', "a+0 == a", "Y0 N N N", "-0+0 is +0", Known::kSat, "LLVM LangRef, nsz"},
    {13, 'a', "a+(-0) == a", "Y N N N", "the additive identity of the bits is -0", Known::kSat,
     "LLVM InstSimplify, fadd of -0"},
    {13, 'b', "a-0 == a", "Y N N N", "", Known::kSat, "LLVM InstSimplify, fadd of -0"},
    {14, 'a', "a*1 == a", "Y N N N", "a copy through the arithmetic unit", Known::kSat, "ocaml/ocaml#10816"},
    {14, 'b', "a/1 == a", "Y N N N", "", Known::kSat, "ocaml/ocaml#10816"},
    {15, 'a', "a*(-1) == -a", "Y N N N", "", Known::kSat, "ocaml/ocaml#10816"},
    {15, 'b', "0-a == -a", "Y0 N N N", "", Known::kSat, "ocaml/ocaml#10816"},
    {16, ' ', "a-a == 0", "Y Y Y Y", "", Known::kSat, "GCC manual, -ffinite-math-only"},
    {17, ' ', "a*0 == 0", "Y0 Y0 Y0 Y0", "", Known::kSat, "LLVM LangRef, nsz"},
    {18, ' ', "0/a == 0 when a != 0", "Y0 Y0 N N", "DAZ: 0/0", Known::kSat, "LLVM InstSimplify, fdiv of 0"},
    {19, ' ', "a/a == 1 when a != 0", "Y Y N N", "DAZ: 0/0", Known::kSat, "LLVM InstSimplify, fdiv by itself"},
    {20, ' ', "a/b == 1 <=> a == b", "Y Y N N", "", Known::kSat, "folklore"},

    {21, ' ', "a+a == 2*a", "Y Y Y Y", "", Known::kSat, "ocaml/ocaml#10816"},
    {22, ' ', "a/2 == a*0.5", "Y Y Y Y", "", Known::kSat, "ocaml/ocaml#10816"},
    {23, ' ', "(a*2)/2 == a", "Y N N N", "", Known::kSat, "folklore"},
    {24, ' ', "(a/2)*2 == a", "U U U U", "the odd bit of min normal + ulp", Known::kExhausted, "folklore"},
    {25, ' ', "a - a/2 == a/2", "U U U U", "", Known::kExhausted, "folklore"},
    {26, ' ', "(a*b)/b == a when power_of_two(b)", "U U U U", "", Known::kExhausted, "folklore"},
    {27, ' ', "(a*b)*c == a*(b*c) when power_of_two(a) and power_of_two(b)", "U U U U", "homogeneity",
     Known::kExhausted, "folklore"},
    {28, ' ', "1/(1/a) == a when power_of_two(a)", "Y U U U", "the reciprocal of the largest powers is subnormal",
     Known::kSat, "folklore"},
    {29, ' ', "a/b == a*(1/b) when power_of_two(b)", "Y U U U", "compilers use it", Known::kSat,
     "dotnet/coreclr#24584"},
    {30, ' ', "(a+b)*2 == a*2 + b*2", "Y U U U", "1.75 min - min", Known::kExhausted, "folklore"},
    {31, 'a', "(a+b)/2 == a/2 + b/2", "U U U U", "", Known::kExhausted, "folklore"},
    {31, 'b', "a*(b+c) == a*b + a*c when power_of_two(a)", "U U U U", "", Known::kExhausted, "folklore"},

    {32, ' ', "(a+b)-b == a", "X X X X", "1 and 2^p", Known::kRefuted, "Goldberg 1991"},
    {33, 'a', "(a-b)+b == a", "X X X X", "holds under Sterbenz's condition, row 60", Known::kRefuted, "Goldberg 1991"},
    {33, 'b', "a+(b-a) == b", "X X X X", "", Known::kRefuted, "Goldberg 1991"},
    {34, ' ', "(a/b)*b == a", "X X X X", "1/41*41 in binary32", Known::kRefuted, "Goldberg 1991, theorem 7"},
    {35, ' ', "(a*b)/b == a", "X X X X", "", Known::kRefuted, "folklore"},
    {36, ' ', "a*(1/a) == 1", "X X X X", "41 in binary32, 49 in binary64", Known::kRefuted, "folklore"},
    {37, ' ', "1/(1/a) == a", "X X X X", "", Known::kRefuted, "folklore"},
    {38, ' ', "a/b == a*(1/b)", "X X X X", "-freciprocal-math", Known::kRefuted, "GCC manual, -freciprocal-math"},
    {39, ' ', "sqrt(a)*sqrt(a) == a", "X X X X", "2", Known::kRefuted, "LLVM LangRef, reassoc"},
    {40, ' ', "sqrt(a*a) == abs(a)", "U U U U", "a theorem in radix 2 (Boldo) but for underflow", Known::kExhausted,
     "Boldo 2015; openxla/xla#45560"},
    {41, ' ', "sqrt(4*a) == 2*sqrt(a)", "Y N Y Y", "FTZ alone flushes 4a, not sqrt(a): it breaks what both keep",
     Known::kSat, "folklore"},
    {42, ' ', "sqrt(a*b) == sqrt(a)*sqrt(b)", "X X X X", "", Known::kRefuted, "LLVM LangRef, reassoc"},
    {43, ' ', "abs(a)/sqrt(a*a+b*b) <= 1", "U U U U", "a/0", Known::kExhausted, "Boldo 2015"},
    {44, ' ', "sqrt(a*a+b*b) >= max(abs(a),abs(b))", "U U U U", "use hypot", Known::kExhausted, "folklore"},
};

std::span<const CatalogueEntry> CatalogueFirstRows() { return kRows; }

}  // namespace fplab::identity
