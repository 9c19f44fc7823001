// The catalogue's rows 45 to 85: zero tests, order, exactness, associativity and contraction, layers, the C library.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/identity/catalogue_rows.h>

namespace fplab::identity {

constexpr CatalogueEntry kRows[] = {
    {45, ' ', "a-b == 0 <=> a == b", "Y U N U", "FTZ: neighbours of min normal"},
    {46, ' ', "eq_mode(a-b, 0) <=> eq_mode(a,b)", "Y U U U", "DAZ computes the difference and then calls it 0"},
    {47, 'a', "a < b <=> a-b < 0", "Y U N U", ""},
    {47, 'b', "lt_mode(a,b) <=> lt_mode(a-b, 0)", "Y U U U", ""},
    {48, 'a', "a-b > 0 when a > b and b >= 0", "Y U N U", ""},
    {48, 'b', "lt_mode(b,a) and le_mode(0,b) => lt_mode(0, a-b)", "Y U U U", ""},
    {48, 'c', "a != b => finite(1/(a-b))", "Y U U U", "the guard if (x != y) z/(x-y)"},
    {49, 'a', "eq_mode(a,b) <=> a == b", "Y Y N N", "DAZ: every subnormal equals 0 and every other"},
    {49, 'b', "eq_mode(a,0) <=> a == 0", "Y Y N N", ""},
    {50, 'a', "a*b == 0 <=> a == 0 or b == 0", "U U U U", ""},
    {50, 'b', "a*a == 0 <=> a == 0", "U U U U", ""},
    {51, ' ', "a/b == 0 <=> a == 0", "U U U U", ""},
    {52, ' ', "a*a+b*b == 0 <=> a == 0 and b == 0", "U U U U", "normalising small vectors"},

    {53, 'a', "a+c <= b+c when a <= b", "Y Y Y Y", "rounding and flushing are monotone"},
    {53, 'b', "a*c <= b*c when a <= b and c >= 0", "Y Y Y Y", ""},
    {53, 'c', "sqrt(a) <= sqrt(b) when 0 <= a <= b", "Y Y Y Y", ""},
    {53, 'd', "fma(a,c,d) <= fma(b,c,d) when a <= b and c >= 0", "Y Y Y Y", ""},
    {54, ' ', "a/c <= b/c when a <= b and c > 0", "Y Y N N", "c subnormal"},
    {55, ' ', "a+c < b+c when a < b", "X X X X", "absorption"},
    {56, 'a', "a+b >= a and a+b >= b when a >= 0 and b >= 0", "Y N N N", "min subnormal + 0"},
    {56, 'b', "a-b <= a when b >= 0", "Y N N N", ""},
    {57, 'a', "a <= (a+b)/2 <= b when a <= b", "Y N N N", "bisection"},
    {57, 'b', "a <= a+(b-a)/2 <= b when a <= b", "Y N N N", "bisection"},
    {58, 'a', "a*a >= 0", "Y Y Y Y", ""},
    {58, 'b', "a*a <= a and 0 <= 1-a <= 1 when 0 <= a <= 1", "Y Y Y Y", ""},
    {59, 'a', "abs(a/b) <= 1 when abs(a) <= abs(b)", "Y Y N N", ""},
    {59, 'b', "ceil(a) >= a", "Y Y N N", "DAZ: the ceiling of a subnormal is 0"},

    {60, ' ', "exact(a-b) when b/2 <= a <= 2*b", "Y U N U", "Sterbenz"},
    {61, ' ', "exact(a+b) when abs(a+b) < 2*min_normal", "Y U N U", "Hauser: a tiny sum is exact"},
    {62, ' ', "let s = a+b, t = s-a, e = (a-(s-t))+(b-t) in real(s+e == a+b)", "Y U U U", "TwoSum"},
    {63, ' ', "let s = a+b, e = b-(s-a) in real(s+e == a+b) when abs(a) >= abs(b)", "Y U U U", "FastTwoSum"},
    {64, ' ', "let p = a*b, e = fma(a,b,-p) in real(p+e == a*b)", "U U U U", "TwoProduct"},
    {65, ' ', "let q = a/b, r = fma(-q,b,a) in real(r == a-q*b)", "U U U U", "the remainder of a division"},
    {66, ' ', "let s = sqrt(a), r = fma(-s,s,a) in real(r == a-s*s)", "U U U U", "the remainder of a square root"},
    {67, ' ', "exact(next_up(a)-a) when 0 < a < max", "Y U N U", "epsilons computed this way are 0"},
    {68, ' ', "through_wide(a) == a", "Y N N N", "FTZ on the way down, DAZ on the way up"},
    {69, ' ', "through_f16c(a) == a", "Y Y Y Y", "VCVTPH2PS ignores DAZ, VCVTPS2PH ignores FTZ"},
    {70, ' ', "through_bf16(a) == a", "N N N N", "VCVTNEPS2BF16 flushes in IEEE mode too"},

    {71, ' ', "(a+b)+c == a+(b+c)", "X X X X", ""},
    {72, ' ', "(a*b)*c == a*(b*c)", "X X X X", ""},
    {73, 'a', "a*(b+c) == a*b + a*c", "X X X X", ""},
    {73, 'b', "(b+c)/a == b/a + c/a", "X X X X", ""},
    {74, 'a', "(a+b)*(a-b) == a*a - b*b", "X X X X", ""},
    {74, 'b', "(a*b)*(a*b) == (a*a)*(b*b)", "X X X X", ""},
    {75, 'a', "a*a + b*b >= 2*a*b", "X X X X", ""},
    {75, 'b', "a*a - 2*a*b + b*b >= 0", "X X X X", "the sign of a discriminant"},
    {76, ' ', "(a*b)/(a*c) == b/c", "X X X X", ""},
    {77, 'a', "fma(a,b,0) == a*b", "Y0 Y0 Y0 Y0", "a product -0, plus +0"},
    {77, 'b', "fma(a,1,c) == a+c", "Y Y Y Y", ""},
    {78, ' ', "fma(a,b,c) == a*b+c", "X X X X", ""},
    {79, ' ', "fma(a,b,c) == a*b+c when exact(a*b)", "Y U U U", "contraction changes results because of flushing"},
    {80, ' ', "fma(a,b,c) == rounded(a*b+c)", "Y0 U N U", "the product itself is never flushed"},
    {81, ' ', "fma(a,a,-(a*a)) == 0", "X X X X", "a*a - a*a contracted"},
    {82, ' ', "max(a,0)*2 == max(2*a,0)", "Y Y Y Y", "the rectifier"},
    {83, 'a', "fma(s*a, v, (s*b)*w) == s*fma(a, v, b*w) when power_of_two(s)", "U U U U", "W(sx) = s(Wx)"},
    {83, 'b', "(a+c)*v + (b+d)*w == (a*v + b*w) + (c*v + d*w)", "X X X X", "W(x+y) = Wx + Wy"},
    {84, 'a', "(a+b)+c == (c+a)+b", "X X X X", "permutations of a sum"},
    {84, 'b', "fma(a,x, fma(b,y, 0)) == fma(b,y, fma(a,x, 0))", "X X X X", "and of a dot product"},
    {85, 'a', "libm_log(a) == ieee(libm_log(a)) when a >= 0", "Y Y N N", "rescaling of subnormals by a multiplication"},
    {85, 'b', "libm_exp(a) == ieee(libm_exp(a))", "Y U Y U", ""},
    {85, 'c', "libm_strtod(a) == a", "Y Y Y Y", "glibc reads by integers"},
};

std::span<const CatalogueEntry> CatalogueLastRows() { return kRows; }

}  // namespace fplab::identity
