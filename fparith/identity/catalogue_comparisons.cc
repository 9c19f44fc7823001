// The catalogue's rows 138 to 181: comparisons, zero tests and bounds.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/identity/catalogue_rows.h>

namespace fplab::identity {

constexpr CatalogueEntry kRows[] = {
    // Comparisons that compilers rewrite.
    {138, ' ', "a*2 < b*2 <=> a < b", "Y N N N", "", Known::kSat, "folklore"},
    {139, ' ', "-a < -b <=> b < a", "Y Y Y Y", "", Known::kSat, "LLVM InstCombine, fcmp of two fneg"},
    {140, ' ', "a*3 == 1 <=> a == 1/3", "X X X X", "binary16 has two thirds", Known::kRefuted,
     "llvm/llvm-project#205003", "f16"},
    {141, ' ', "lt_mode(0, abs(a)) <=> not eq_mode(a, 0)", "Y Y Y Y", "", Known::kSat,
     "LLVM InstCombine, fcmp of fabs"},
    {142, ' ', "lt_mode(a,b) or eq_mode(a,b) or lt_mode(b,a)", "Y Y Y Y", "trichotomy of numbers", Known::kSat,
     "IEEE 754-2019, 5.11"},
    {143, ' ', "eq_mode(a*1, a)", "Y N Y Y", "DAZ does not see what it flushes", Known::kSat,
     "llvm/llvm-project#59245"},
    {144, ' ', "eq_mode(a,b) => eq_mode(a+c, b+c)", "Y Y Y Y", "equals may replace each other", Known::kSat,
     "IEEE 754-2019, 5.11"},
    {145, ' ', "a+1 == a <=> abs(a) >= 2/eps", "X X X X", "", Known::kRefuted, "Goldberg 1991"},
    {146, ' ', "a+b == a <=> b == 0", "X X X X", "absorption", Known::kRefuted, "Goldberg 1991"},
    {147, ' ', "2*a == a <=> a == 0", "Y Y Y Y", "FTZ: a subnormal doubles to 0", Known::kSat, "folklore"},
    {148, ' ', "a*b == a => a == 0 or b == 1", "U Y U Y", "", Known::kExhausted, "folklore"},
    {149, ' ', "a*b == 1 => b == 1/a", "X X X X", "", Known::kRefuted, "llvm/llvm-project#205003"},
    {150, ' ', "a/3 == b/3 <=> a == b", "X X X X", "", Known::kRefuted, "llvm/llvm-project#205003"},
    {151, ' ', "1/a == 1/b <=> a == b", "X X X X", "", Known::kRefuted, "Goldberg 1991"},
    {152, ' ', "a*a == b*b <=> abs(a) == abs(b)", "U U U U", "", Known::kExhausted, "folklore"},
    {153, ' ', "sqrt(a) == sqrt(b) <=> a == b", "X X X X", "", Known::kRefuted, "folklore"},
    {154, ' ', "sqrt(a) == 0 <=> a == 0", "Y Y N N", "", Known::kSat, "IEEE 754-2019, 5.4.1"},
    {155, ' ', "a*b > 0 <=> (a > 0 and b > 0) or (a < 0 and b < 0)", "U U U U", "the same-side test of geometry",
     Known::kExhausted, "Shewchuk 1997"},
    {156, ' ', "signbit(a) <=> a < 0", "X X X X", "-0", Known::kRefuted, "IEEE 754-2019, 5.7.2"},
    {157, ' ', "(signbit(a*b) <=> signbit(a)) <=> not signbit(b)", "Y Y Y Y", "flushing keeps the sign", Known::kSat,
     "IEEE 754-2019, 6.3"},
    {158, ' ', "signbit(a-b) <=> a < b", "X X X X", "", Known::kRefuted, "IEEE 754-2019, 6.3"},
    {159, ' ', "a/abs(a) == copysign(1,a) when a != 0", "Y Y N N", "the sign function", Known::kSat,
     "GLSL specification, sign"},
    {160, ' ', "(a-b)/(a-b) == 1 when a != b", "Y U U U", "the end of an inverse interpolation", Known::kSat,
     "GLSL specification, smoothstep"},

    // Inequalities.
    {161, ' ', "abs(a+b) <= abs(a)+abs(b)", "Y Y Y Y", "the triangle inequality", Known::kSat, "rounding is monotone"},
    {162, ' ', "abs(abs(a)-abs(b)) <= abs(a-b)", "Y Y Y Y", "and the reverse one", Known::kSat, "rounding is monotone"},
    {163, ' ', "sqrt(a)+sqrt(b) >= sqrt(a+b) when a >= 0 and b >= 0", "Y Y Y Y", "", Known::kExhausted, "folklore"},
    {164, ' ', "(a+b)/2 >= sqrt(a*b) when a >= 0 and b >= 0", "X X X X", "means", Known::kRefuted, "folklore"},
    {165, ' ', "a*a <= b*b when 0 <= a <= b", "Y Y Y Y", "", Known::kExhausted, "rounding is monotone"},
    {166, ' ', "a*a*a <= b*b*b when a <= b", "Y Y Y Y", "", Known::kExhausted, "rounding is monotone"},
    {167, ' ', "1/b <= 1/a when 0 < a <= b", "Y Y Y Y", "", Known::kExhausted, "rounding is monotone"},
    {168, ' ', "a*(1-a) <= 0.25 when 0 <= a <= 1", "Y Y Y Y", "", Known::kExhausted, "folklore"},
    {169, ' ', "a*b <= a when a >= 0 and 0 <= b <= 1", "Y Y Y Y", "", Known::kExhausted, "rounding is monotone"},
    {170, ' ', "sqrt(a) < a when a > 1", "Y Y Y Y", "", Known::kSat, "folklore"},
    {171, ' ', "sqrt(a) > a when 0 < a < 1", "X X X X", "the predecessor of 1", Known::kRefuted, "folklore"},
    {172, ' ', "(1-a)+a == 1 when 0 <= a <= 1", "Y Y Y Y", "complements", Known::kSat, "folklore"},
    {173, ' ', "1-(1-a) == a when 0.5 <= a <= 1", "Y Y Y Y", "complements, by Sterbenz", Known::kSat, "Sterbenz 1974"},
    {174, ' ', "1-(1-a) == a when 0 <= a <= 1", "X X X X", "", Known::kRefuted, "folklore"},
    {175, ' ', "a/(a+b) <= 1 when a >= 0 and b >= 0 and a+b != 0", "Y N N N", "a share", Known::kSat,
     "rounding is monotone"},
    {176, ' ', "a/(a+b) + b/(a+b) == 1 when a > 0 and b > 0", "X X X X", "shares that sum to 1", Known::kRefuted,
     "folklore"},
    {177, ' ', "t*t*(3-2*t) <= 1 when 0 <= t <= 1", "Y Y Y Y", "smoothstep stays in range", Known::kExhausted,
     "GLSL specification, smoothstep"},
    {178, ' ', "let t = next_up(s) in s*s*(3-2*s) <= t*t*(3-2*t) when 0 <= s < 1", "X X X X", "and is monotone",
     Known::kRefuted, "GLSL specification, smoothstep", "f32"},
    {179, ' ', "a*a-b*b >= 0 when a >= b and b >= 0", "Y Y Y Y", "", Known::kExhausted, "rounding is monotone"},
    {180, ' ', "fma(a,a,-(b*b)) >= 0 when a >= b and b >= 0", "X X X X", "contracted, it is negative", Known::kRefuted,
     "GCC manual, -ffp-contract"},
    {181, ' ', "(a-b)*(a+b) >= 0 when a >= b and b >= 0", "Y Y Y Y", "", Known::kSat, "Goldberg 1991"},
};

std::span<const CatalogueEntry> CatalogueComparisonsRows() { return kRows; }

}  // namespace fplab::identity
