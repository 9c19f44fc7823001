// The catalogue's rows 303 to 329: error-free transformations and their preconditions.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/identity/catalogue_rows.h>

namespace fplab::identity {

constexpr CatalogueEntry kRows[] = {
    // Error-free transformations.
    {303, ' ', "let s = a+b in exact(s-a) when abs(a) >= abs(b)", "Y U U U", "the first step of FastTwoSum",
     Known::kSat, "Dekker 1971"},
    {304, ' ', "let s = a+b, e = b-(s-a) in real(s+e == a+b)", "X X X X", "its condition is needed", Known::kRefuted,
     "Dekker 1971"},
    {305, ' ', "let s = a+b, e = b-(s-a) in real(s+e == a+b) when logb(a) >= logb(b)", "Y U U U",
     "equal exponents are enough", Known::kExhausted, "Handbook of Floating-Point Arithmetic, Fast2Sum"},
    {306, ' ', "let s = to_zero(a+b), e = to_zero(b-to_zero(s-a)) in real(s+e == a+b) when abs(a) >= abs(b)", "X X X X",
     "toward zero the error may not fit", Known::kRefuted, "Boldo, Graillat and Muller 2017"},
    {307, ' ', "let s = up(a+b) in exact(s-a) when abs(a) >= abs(b)", "Y U U U",
     "its difference is exact in each direction", Known::kSat, "Boldo, Graillat and Muller 2017"},
    {308, ' ', "let s = up(a+b), t = up(s-a), e = up(up(a-up(s-t)) + up(b-t)) in real(s+e == a+b)", "X X X X",
     "TwoSum is not", Known::kRefuted, "Boldo, Graillat and Muller 2017"},
    {309, ' ', "down(a+b) <= a+b and a+b <= up(a+b)", "Y Y Y Y", "an interval around a sum", Known::kSat,
     "JeffreySarnoff/FastRounding.jl#22"},
    {310, ' ', "down(a*b) <= a*b and a*b <= up(a*b)", "Y Y Y Y", "and around a product", Known::kSat,
     "JeffreySarnoff/FastRounding.jl#22"},
    {311, ' ', "down(a+b) == a+b or up(a+b) == a+b", "Y Y Y Y", "faithful", Known::kSat, "IEEE 754-2019, 4.3"},
    {312, ' ', "up(a+b) == -down((-a)-b)", "Y Y Y Y", "one direction serves both", Known::kSat, "IEEE 1788-2015"},
    {313, ' ', "a+b == rounded(a+b)", "Y0 U N U", "addition as defined", Known::kExhausted, "IEEE 754-2019, 4.3"},
    {314, ' ', "a*b == rounded(a*b)", "Y0 U N U", "multiplication as defined", Known::kExhausted, "IEEE 754-2019, 4.3"},
    {315, ' ', "exact(a-b) when a > 0 and b > 0 and logb(a) == logb(b)", "Y U N U", "equal exponents cancel exactly",
     Known::kExhausted, "Sterbenz 1974"},
    {316, ' ', "exact(a-b) when 0 < b and b <= a and a <= 3*b", "X X X X", "a factor of 3 is too much", Known::kRefuted,
     "Sterbenz 1974"},
    {317, ' ', "let g = 4097*a, h = g-(g-a), l = a-h in real(h+l == a)", "Y U N U", "a split", Known::kSearched,
     "Veltkamp 1968; Dekker 1971", "f32"},
    {318, ' ', "let g = 4097*a, h = g-(g-a), l = a-h in exact(h*h) and exact(h*l) and exact(l*l)", "U U U U",
     "into halves of 12 bits", Known::kSearched, "Veltkamp 1968; Dekker 1971", "f32"},
    {319, ' ',
     "let g = 4097*a, h = g-(g-a), l = a-h, k = 4097*b, i = k-(k-b), m = b-i, p = a*b, e = ((h*i-p)+h*m+l*i)+l*m in "
     "real(p+e == a*b)",
     "U U U U", "TwoProduct without fma", Known::kSearched, "Dekker 1971", "f32"},
    {320, ' ', "let h = from_bits(bits(a: f32) & 0xfffff000) in exact(a-h) and exact(h*h)", "U U U U",
     "a split by masking", Known::kSearched, "fdlibm, SET_LOW_WORD", "f32"},
    {321, ' ', "let w = b*c, e = fma(-b,c,w), f = fma(a,d,-w) in f+e ~ rounded(a*d-b*c) within 2 ulp", "Y U U U",
     "Kahan's determinant", Known::kSearched, "Jeannerod, Louvet and Muller 2013"},
    {322, ' ', "a*d-b*c ~ rounded(a*d-b*c) within 2 ulp", "X X X X", "and the naive one", Known::kRefuted,
     "Jeannerod, Louvet and Muller 2013"},
    {323, ' ', "let y = 1/b, q = a*y, r = fma(-b,q,a) in fma(r,y,q) == a/b", "U U U U",
     "a quotient from its reciprocal", Known::kExhausted, "Markstein 1990"},
    {324, ' ', "let y = next_up(1/b) in fma(fma(-b,y,1),y,y) == 1/b when b > 0", "X X X X",
     "a Newton step from one ulp off", Known::kRefuted, "Markstein 1990"},
    {325, ' ', "let s = sqrt(a), h = 0.5/s, r = fma(-s,s,a) in fma(r,h,s) == s", "X X X X",
     "a root that its residual leaves alone", Known::kRefuted, "Markstein 1990"},
    {326, ' ', "let s = sqrt(a) in real(s*s == a) <=> fma(-s,s,a) == 0", "U U U U", "a test for squares",
     Known::kExhausted, "Markstein 1990"},
    {327, ' ', "let s = a+b, t = s-a, e = (a-(s-t))+(b-t) in abs(e) <= ulp(s)/2", "Y U U U",
     "the error is at most half an ulp", Known::kExhausted, "Knuth, TAOCP 2, section 4.2.2"},
    {328, ' ', "let s = a+b in s+(b-(s-a)) == s when abs(a) >= abs(b)", "Y U U U", "a sum that its error leaves alone",
     Known::kExhausted, "Dekker 1971"},
    {329, ' ',
     "let x = a+b, y = b-(x-a), s = x+c in real(s+(c-(s-x)) + y == a+b+c) when abs(a) >= abs(b) and abs(b) >= abs(c)",
     "Y U U U", "three terms do not become two", Known::kExhausted, "Handbook of Floating-Point Arithmetic"},
};

std::span<const CatalogueEntry> CatalogueErrorFreeRows() { return kRows; }

}  // namespace fplab::identity
