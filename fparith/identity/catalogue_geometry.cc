// The catalogue's rows 330 to 363: interpolation, means, norms and complex numbers.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/identity/catalogue_rows.h>

namespace fplab::identity {

constexpr CatalogueEntry kRows[] = {
    // Interpolation and means.
    {330, ' ', "a+0*(b-a) == a", "Y0 N N N", "lerp(a,b,0)", Known::kSat, "C++ P0811 (midpoint, lerp)"},
    {331, ' ', "(1-t)*a+t*a == a when 0 <= t <= 1", "X X X X", "lerp(a,a,t)", Known::kRefuted,
     "C++ P0811 (midpoint, lerp)"},
    {332, ' ', "a+t*(a-a) == a", "Y0 N N N", "", Known::kSat, "C++ P0811 (midpoint, lerp)"},
    {333, ' ', "a+t*(b-a) <= b when a <= b and 0 <= t <= 1", "X X X X", "overshoots", Known::kRefuted,
     "C++ P0811 (midpoint, lerp)"},
    {334, ' ', "(1-t)*a+t*b <= b when a <= b and 0 <= t <= 1", "X X X X", "", Known::kRefuted,
     "C++ P0811 (midpoint, lerp)"},
    {335, ' ', "let t = next_up(s) in a+s*(b-a) <= a+t*(b-a) when a <= b and 0 <= s < 1", "Y Y Y Y",
     "monotone, without fma", Known::kExhausted, "C++ P0811 (midpoint, lerp)"},
    {336, ' ', "let t = next_up(s) in fma(s,b,fma(-s,a,a)) <= fma(t,b,fma(-t,a,a)) when a <= b and 0 <= s < 1",
     "X X X X", "not with it", Known::kRefuted, "rust-lang/rust#86269", "f16"},
    {337, ' ', "fma(1,b,fma(-1,a,a)) == b", "Y0 N N N", "lerp(a,b,1)", Known::kSat, "rust-lang/rust#86269"},
    {338, ' ', "(t < 0.5 ? a+t*(b-a) : b-(b-a)*(1-t)) <= b when a <= b and 0 <= t <= 1", "Y N N N",
     "torch.lerp's branch", Known::kExhausted, "PyTorch, Lerp.h"},
    {339, ' ', "a+(b-a)/2 == (a+b)/2", "X X X X", "", Known::kRefuted, "C++ P0811 (midpoint, lerp)"},
    {340, ' ', "let m = a/2+b/2 in a <= m and m <= b when a <= b", "U U U U", "", Known::kExhausted,
     "C++ P0811 (midpoint, lerp)"},
    {341, ' ', "a <= (a+b+c)/3 <= c when a <= b and b <= c", "X X X X", "", Known::kRefuted, "folklore"},
    {342, ' ', "let m = (a+b)/2 in m-a == b-m", "X X X X", "", Known::kRefuted, "folklore"},
    {343, ' ', "b+(a-b)/2 == a+(b-a)/2", "X X X X", "from either end", Known::kRefuted, "C++ P0811 (midpoint, lerp)"},

    // Norms.
    {344, ' ', "hypot(a,b) == hypot(b,a)", "Y Y Y Y", "", Known::kExhausted, "C23, annex F (hypot)"},
    {345, ' ', "hypot(a,0) == abs(a)", "Y N N N", "", Known::kExhausted, "C23, annex F (hypot)"},
    {346, ' ', "hypot(a,b) >= max(abs(a),abs(b))", "Y N Y Y", "", Known::kExhausted, "C23, annex F (hypot)"},
    {347, ' ', "hypot(a,b) == sqrt(a*a+b*b)", "X X X X", "", Known::kRefuted, "C23, annex F (hypot)"},
    {348, ' ', "hypot(a,b) == sqrt(fma(a,a,b*b))", "X X X X", "a fused sum is not enough", Known::kRefuted,
     "Borges 2020"},
    {349, ' ', "sqrt(a*a+b*b) ~ hypot(a,b) within 1 ulp", "U U U U", "one ulp when nothing underflows",
     Known::kExhausted, "llvm/llvm-project#186627"},
    {350, ' ', "hypot(a,b) <= abs(a)+abs(b)", "Y Y Y Y", "", Known::kExhausted, "folklore"},
    {351, ' ', "hypot(2*a,2*b) == 2*hypot(a,b)", "N N Y Y", "scaling", Known::kExhausted, "Borges 2020"},
    {352, ' ', "hypot(3*a,4*a) == 5*a", "X X X X", "a right triangle", Known::kRefuted, "folklore"},
    {353, ' ', "abs(a)/hypot(a,b) <= 1 when a != 0", "Y N N N", "a cosine", Known::kExhausted, "folklore"},
    {354, ' ', "let h = hypot(a,b) in (a/h)*(a/h)+(b/h)*(b/h) <= 1 when a != 0", "X X X X", "a unit vector",
     Known::kRefuted, "GLSL specification, normalize"},
    {355, ' ', "abs(a)*sqrt(1+(b/a)*(b/a)) == hypot(a,b) when abs(b) <= abs(a) and a != 0", "X X X X",
     "scaled by the larger", Known::kRefuted, "Handbook of Floating-Point Arithmetic"},

    // Complex numbers.
    {356, ' ', "a*c-b*d == c*a-d*b and a*d+b*c == c*b+d*a", "Y Y Y Y", "a complex product commutes", Known::kSat,
     "C23, annex G"},
    {357, ' ', "fma(a,c,-(b*d)) == fma(c,a,-(d*b))", "Y Y Y Y", "contracted, its real part does", Known::kSat,
     "C23, annex G"},
    {358, ' ', "fma(a,d,b*c) == fma(c,b,d*a)", "X X X X", "and its imaginary part does not", Known::kRefuted,
     "C23, annex G"},
    {359, ' ', "a*c-b*d ~ rounded(a*c-b*d) within 2 ulp", "X X X X", "a part may have no digit right", Known::kRefuted,
     "Brent, Percival and Zimmermann 2007"},
    {360, ' ', "a*0-b*1 == -b and a*1+b*0 == a", "Y0 N N N", "multiplication by i", Known::kSat, "C23, annex G"},
    {361, ' ', "(a+b)*(c+d)-a*c-b*d == a*d+b*c", "X X X X", "three products instead of four", Known::kRefuted,
     "Knuth, TAOCP 2, section 4.6.4"},
    {362, ' ', "(a*c+b*d)/(c*c+d*d) == (a+b*(d/c))/(c+d*(d/c)) when abs(c) >= abs(d) and c != 0", "X X X X",
     "Smith's quotient", Known::kRefuted, "Smith 1962"},
    {363, ' ', "a*b+b*a == 2*a*b", "U U U U", "the imaginary part of a square", Known::kExhausted, "C23, annex G"},
};

std::span<const CatalogueEntry> CatalogueGeometryRows() { return kRows; }

}  // namespace fplab::identity
