// The catalogue's rows 262 to 302: rounding to whole numbers, and remainders.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/identity/catalogue_rows.h>

namespace fplab::identity {

constexpr CatalogueEntry kRows[] = {
    // Rounding to whole numbers.
    {262, ' ', "floor(a) == -ceil(-a)", "Y Y Y Y", "", Known::kSat, "C23, annex F (nearest integer)"},
    {263, ' ', "trunc(a) == copysign(floor(abs(a)), a)", "Y Y Y Y", "", Known::kSat, "C23, annex F (nearest integer)"},
    {264, ' ', "let t = trunc(a) in floor(a) == select(t > a, t-1, t)", "Y Y N N", "floor without SSE4.1", Known::kSat,
     "folklore"},
    {265, ' ', "a-floor(a) < 1", "X X X X", "fract of a tiny negative number is 1", Known::kRefuted,
     "GLSL specification, fract"},
    {266, ' ', "a-floor(a) >= 0", "Y Y Y Y", "", Known::kSat, "GLSL specification, fract"},
    {267, ' ', "exact(a-trunc(a))", "Y N N N", "modf", Known::kSat, "C23, annex F (modf)"},
    {268, ' ', "exact(a-floor(a))", "X X X X", "fract is not", Known::kRefuted, "GLSL specification, fract"},
    {269, ' ', "rint(a) == floor(a+0.5)", "X X X X", "ties, and the predecessor of 1/2", Known::kRefuted, "folklore"},
    {270, ' ', "round(a) == trunc(a + copysign(0.5,a))", "X X X X", "the predecessor of 1/2", Known::kRefuted,
     "OpenJDK JDK-6430675"},
    {271, ' ', "round(a) == trunc(a + copysign(next_down(0.5),a))", "Y Y Y Y", "the cure", Known::kSat,
     "OpenJDK JDK-6430675"},
    {272, ' ', "(a + 1.5/eps) - 1.5/eps == rint(a) when abs(a) <= 0.5/eps", "Y0 Y0 Y0 Y0", "the magic number",
     Known::kSat, "Handbook of Floating-Point Arithmetic"},
    {273, ' ', "(a + 1/eps) - 1/eps == rint(a) when 0 <= a and a < 1/eps", "Y0 Y0 Y0 Y0", "", Known::kSat,
     "glibc, s_rint.c"},
    {274, ' ', "rint(a+b) == rint(a)+b when is_integer(b)", "X X X X", "ties look at the sum", Known::kRefuted,
     "IEEE 754-2019, 5.9"},
    {275, ' ', "floor(a+b) == floor(a)+b when is_integer(b)", "X X X X", "the sum rounds first", Known::kRefuted,
     "folklore"},
    {276, ' ', "floor(a)+floor(b) <= floor(a+b)", "Y Y Y Y", "", Known::kExhausted, "rounding is monotone"},
    {277, ' ', "floor(2*a) == floor(a)+floor(a+0.5)", "X X X X", "Hermite", Known::kRefuted, "folklore"},
    {278, ' ', "ceil(a)-floor(a) == 1 when not is_integer(a)", "Y Y N N", "", Known::kSat, "folklore"},
    {279, ' ', "abs(rint(a)-a) <= 0.5", "Y Y Y Y", "", Known::kSat, "IEEE 754-2019, 5.9"},
    {280, ' ', "floor(sqrt(a)) == floor(sqrt(floor(a))) when a >= 0", "X X X X",
     "true of real roots; 288.75 in binary16", Known::kRefuted, "Knuth, TAOCP 1, section 1.2.4", "f16"},
    {281, ' ', "floor(a/3) == floor(floor(a)/3)", "N U U U", "", Known::kExhausted, "Knuth, TAOCP 1, section 1.2.4"},
    {282, ' ', "floor(a) == a when abs(a) >= 1/eps", "Y Y Y Y", "large numbers are whole", Known::kSat,
     "IEEE 754-2019, 3.3"},
    {283, ' ', "is_integer(a) <=> fmod(a,1) == 0", "Y N N N", "", Known::kExhausted, "folklore"},
    {284, ' ',
     "let r = floor(sqrt(a)) in real(r*r <= a) and real(a < (r+1)*(r+1)) when is_integer(a) and 0 <= a and a <= 1/eps",
     "Y Y Y Y", "the integer square root", Known::kExhausted, "folklore"},
    {285, ' ',
     "(a/b)*b == a when is_integer(a) and is_integer(b) and abs(a) < 0.5/eps and abs(b) < 0.5/eps and fmod(a,b) == 0 "
     "and b != 0",
     "Y Y Y Y", "exact division of whole numbers", Known::kExhausted, "folklore"},

    // Quantising and remainders.
    {286, ' ', "floor(a/b)*b <= a when b > 0", "X X X X", "quantising: 0.6 by 0.2", Known::kRefuted, "folklore"},
    {287, ' ', "fmod(a,b) == a - b*trunc(a/b) when b != 0", "X X X X", "fmod by its formula", Known::kRefuted,
     "esbmc/esbmc#6896"},
    {288, ' ', "fmod(a,b) == fma(-trunc(a/b), b, a) when 1 <= b < 2 and 0.25/eps < a < 1/eps", "X X X X",
     "contracted: the quotient rounds up", Known::kRefuted, "godotengine/godot#49354"},
    {289, ' ', "a - b*floor(a/b) >= 0 when b > 0", "X X X X", "mod of shaders", Known::kRefuted,
     "GLSL specification, mod"},
    {290, ' ', "a - b*floor(a/b) < b when b > 0 and a >= 0", "X X X X", "", Known::kRefuted, "GLSL specification, mod"},
    {291, ' ', "abs(fmod(a,b)) < abs(b) when b != 0", "Y Y N N", "", Known::kExhausted, "C23, annex F (fmod)"},
    {292, ' ', "fmod(a,b) == a when abs(a) < abs(b)", "Y N N N", "", Known::kExhausted, "C23, annex F (fmod)"},
    {293, ' ', "fmod(-a,b) == -fmod(a,b) when b != 0", "Y Y Y Y", "", Known::kExhausted, "C23, annex F (fmod)"},
    {294, ' ', "fmod(a,-b) == fmod(a,b) when b != 0", "Y Y Y Y", "", Known::kExhausted, "C23, annex F (fmod)"},
    {295, ' ', "fmod(a,1) == a-trunc(a)", "Y0 Y0 Y0 Y0", "", Known::kExhausted, "C23, annex F (fmod)"},
    {296, ' ', "fmod(2*a,2*b) == 2*fmod(a,b) when b != 0", "Y U U U", "scaling", Known::kExhausted,
     "C23, annex F (fmod)"},
    {297, ' ', "fmod(a+b,b) == fmod(a,b) when a > 0 and b > 0", "X X X X", "a period", Known::kRefuted, "folklore"},
    {298, ' ', "fmod(fmod(a,2*b),b) == fmod(a,b) when b != 0", "Y N U Y", "reduction in steps", Known::kExhausted,
     "folklore"},
    {299, ' ', "abs(rem(a,b)) <= abs(b)/2 when b != 0", "Y Y N N", "", Known::kExhausted, "IEEE 754-2019, 5.3.1"},
    {300, ' ', "rem(a,b) == fmod(a,b) or abs(fmod(a,b)) - abs(b) == -abs(rem(a,b)) when b != 0", "Y Y U Y", "",
     Known::kExhausted, "IEEE 754-2019, 5.3.1"},
    {301, ' ', "is_integer(a/b) <=> fmod(a,b) == 0 when b != 0", "X X X X", "divisibility by a quotient",
     Known::kRefuted, "folklore"},
    {302, ' ',
     "trunc(a/b)*b + fmod(a,b) == a when b != 0 and is_integer(a) and is_integer(b) and abs(a) < 0.5/eps and abs(b) < "
     "0.5/eps",
     "Y Y Y Y", "division with remainder of whole numbers", Known::kExhausted, "C23, operators / and %"},
};

std::span<const CatalogueEntry> CatalogueRoundingRows() { return kRows; }

}  // namespace fplab::identity
