// The catalogue's rows 182 to 208: minima, maxima and selection.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/identity/catalogue_rows.h>

namespace fplab::identity {

constexpr CatalogueEntry kRows[] = {
    // Minima, maxima and selection.
    {182, ' ', "min(a,b) === select(lt_mode(a,b), a, b)", "Y Y N N", "MINPS by its definition; DAZ forwards a zero",
     Known::kSat, "Intel SDM, MINPS"},
    {183, ' ', "max(a,b) == max(b,a)", "Y0 Y0 Y0 Y0", "MAXPS is not commutative", Known::kSat, "Intel SDM, MAXPS"},
    {184, ' ', "min_num(a,b) == min_num(b,a)", "Y0 Y0 Y0 Y0", "C leaves zeros open", Known::kSat,
     "C23, annex F (fmin)"},
    {185, ' ', "maximum(a,b) === maximum(b,a)", "Y Y Y Y", "-0 is less than +0", Known::kSat, "IEEE 754-2019, 9.6"},
    {186, ' ', "min(a,min(b,c)) == min(min(a,b),c)", "Y Y Y Y", "reductions of MINPS", Known::kSat, "Intel SDM, MINPS"},
    {187, ' ', "minimum(a,minimum(b,c)) === minimum(minimum(a,b),c)", "Y Y Y Y", "", Known::kSat, "IEEE 754-2019, 9.6"},
    {188, ' ', "minimum(a,b) === -maximum(-a,-b)", "Y Y Y Y", "", Known::kSat, "IEEE 754-2019, 9.6"},
    {189, ' ', "min(a,b) == -max(-a,-b)", "Y Y Y Y", "MINPS: zeros", Known::kSat, "llvm/llvm-project#93414"},
    {190, ' ', "minimum(a,b) == min_num(a,b)", "Y0 Y0 Y0 Y0", "", Known::kSat, "dotnet/runtime#130831"},
    {191, ' ', "minimum_number(a,b) === minimum(a,b)", "Y Y Y Y", "apart from NaN they are one", Known::kSat,
     "IEEE 754-2019, 9.6"},
    {192, ' ', "min(a,b) <= max(a,b)", "Y Y Y Y", "", Known::kSat, "Intel SDM, MINPS"},
    {193, ' ', "max(a,-a) == abs(a)", "Y0 Y0 N N", "as an absolute value", Known::kSat, "llvm/llvm-project#93414"},
    {194, ' ', "max(a,b) == (a+b+abs(a-b))/2", "X X X X", "the closed form", Known::kRefuted, "folklore"},
    {195, ' ', "max(a,b)-min(a,b) == abs(a-b)", "Y Y Y Y", "", Known::kExhausted, "folklore"},
    {196, ' ', "select(a < 0, 0, a) == max_num(a, 0)", "Y Y N N", "-0", Known::kSat, "llvm/llvm-project#210077"},
    {197, ' ', "(a < 0 ? -a : a) == abs(a)", "Y0 Y0 Y0 Y0", "-0 again: needs nsz", Known::kSat, "LLVM LangRef, nsz"},
    {198, ' ', "select(eq_mode(a,b), a, b) == b", "Y0 Y0 N N", "equality chooses", Known::kSat,
     "LLVM InstSimplify, select of fcmp"},
    {199, ' ', "min(max(a,b),c) == max(min(a,c),b) when b <= c", "Y0 Y0 Y0 Y0", "both orders of a clamp", Known::kSat,
     "folklore"},
    {200, ' ', "b <= min(max(a,b),c) <= c when b <= c", "Y Y N N", "a clamp stays in range", Known::kSat,
     "GLSL specification, clamp"},
    {201, ' ', "min(a,b)*c == min(a*c,b*c) when c >= 0", "Y0 Y0 U Y0", "monotone operations pass a minimum",
     Known::kExhausted, "rounding is monotone"},
    {202, ' ', "minimum(a+c,b+c) == minimum(a,b)+c", "Y Y U Y", "", Known::kExhausted, "rounding is monotone"},
    {203, ' ', "max(sqrt(a),sqrt(b)) == sqrt(max(a,b)) when a >= 0 and b >= 0", "Y Y Y Y", "", Known::kExhausted,
     "rounding is monotone"},
    {204, ' ', "max(min(a,b),min(max(a,b),c)) == max(min(a,c),min(max(a,c),b))", "Y0 Y0 Y0 Y0", "the median of three",
     Known::kExhausted, "folklore"},
    {205, ' ', "abs(copysign(1,a)*abs(a) - a) == 0", "Y Y Y Y", "a sign put back by a product", Known::kSat,
     "IEEE 754-2019, 5.5.1"},
    {206, ' ', "copysign(abs(a),a) === a", "Y Y Y Y", "a sign put back by bits", Known::kSat, "IEEE 754-2019, 5.5.1"},
    {207, ' ', "select(b == 0, 0, a/b)*b == select(b == 0, 0, a)", "X X X X", "a guarded quotient", Known::kRefuted,
     "folklore"},
    {208, ' ', "select(eq_mode(b,0), 0, a/b) <= abs(a) when abs(b) >= 1 or b == 0", "Y Y Y Y", "a guard in the mode",
     Known::kExhausted, "Intel SDM, DAZ"},
};

std::span<const CatalogueEntry> CatalogueMinimumRows() { return kRows; }

}  // namespace fplab::identity
