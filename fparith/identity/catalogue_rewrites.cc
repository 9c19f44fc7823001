// The catalogue's rows 86 to 137: what compilers rewrite.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/identity/catalogue_rows.h>

namespace fplab::identity {

constexpr CatalogueEntry kRows[] = {
    // Signs and zeros that compilers move.
    {86, ' ', "a/(-b) == (-a)/b", "Y Y Y Y", "the sign of a quotient", Known::kSat, "LLVM InstCombine, fdiv of fneg"},
    {87, ' ', "(-a)*(-b) == a*b", "Y Y Y Y", "", Known::kSat, "LLVM InstCombine, fmul of two fneg"},
    {88, ' ', "0-(a-b) == b-a", "Y0 Y0 U Y0", "needs nsz: a = b", Known::kSat, "LLVM LangRef, nsz"},
    {89, ' ', "a-(-b) == a+b", "Y Y Y Y", "", Known::kSat, "LLVM InstCombine, fsub of fneg"},
    {90, ' ', "fma(-a,-b,c) == fma(a,b,c)", "Y Y Y Y", "", Known::kSat, "LLVM InstCombine, fma of two fneg"},
    {91, ' ', "fma(a,b,-c) == -fma(-a,b,c)", "Y0 Y0 Y0 Y0", "needs nsz: an exact difference of 0", Known::kSat,
     "LLVM LangRef, nsz"},
    {92, ' ', "(-a)*b+c == c-a*b", "Y Y Y Y", "a negation becomes a subtraction", Known::kSat,
     "LLVM InstCombine, fadd of fneg"},
    {93, ' ', "abs(a)*abs(a) == a*a", "Y Y Y Y", "", Known::kSat, "LLVM InstCombine, fmul of fabs"},
    {94, ' ', "abs(a-b) == abs(b-a)", "Y Y Y Y", "", Known::kSat, "IEEE 754-2019, 4.3"},
    {95, ' ', "a*0+b == b", "Y0 N N N", "needs nnan, ninf and nsz; an addition flushes", Known::kSat,
     "LLVM LangRef, nsz"},
    {96, ' ', "(a*a)*(a*a) == ((a*a)*a)*a", "X X X X", "pow(a,4) by squaring", Known::kRefuted,
     "LLVM LangRef, reassoc"},

    // Reassociation and the distributive law.
    {97, ' ', "a+a+a == 3*a", "Y N Y Y", "one rounding on both sides", Known::kSat,
     "Goldberg 1991, section on optimizers"},
    {98, ' ', "a+a+a+a == 4*a", "Y N Y Y", "four equal terms are exact in the end", Known::kSat,
     "Stack Overflow, \"Is 3*x+x always exact?\""},
    {99, ' ', "a+a+a+a+a == 5*a", "Y N Y Y", "and five", Known::kSat, "Stack Overflow, \"Is 3*x+x always exact?\""},
    {100, ' ', "a+a+a+a+a+a == 6*a", "X X X X", "six are not", Known::kRefuted,
     "Stack Overflow, \"Is 3*x+x always exact?\""},
    {101, ' ', "(a*2)*3 == a*6", "Y N Y Y", "constants merge through a power of two", Known::kSat,
     "LLVM InstCombine, fmul of fmul by a constant"},
    {102, ' ', "(a*3)*5 == a*15", "X X X X", "and through no other", Known::kRefuted,
     "LLVM InstCombine, fmul of fmul by a constant"},
    {103, ' ', "a*b + a == a*(b+1)", "X X X X", "factoring", Known::kRefuted, "LLVM LangRef, reassoc"},
    {104, ' ', "sum(a,b,c,d) == sum_pairs(a,b,c,d)", "X X X X", "a vectorised reduction", Known::kRefuted,
     "GCC manual, -fassociative-math"},
    {105, ' ', "dot(a,b,c,d) == dot_fma(a,b,c,d)", "X X X X", "a contracted dot product", Known::kRefuted,
     "GCC manual, -ffp-contract"},
    {106, ' ', "(a+b)+c == a+(b+c) when exact(a+b) and exact(b+c)", "Y U U U", "both are the sum rounded once",
     Known::kExhausted, "Knuth, TAOCP 2, section 4.2.2"},
    {107, ' ', "(a*b)*c == a*(b*c) when exact(a*b) and exact(b*c)", "Y U U U", "", Known::kExhausted,
     "Knuth, TAOCP 2, section 4.2.2"},
    {108, ' ', "a*(b+c) == fma(a,b,a*c) when exact(b+c) and exact(a*c)", "Y0 U U U", "", Known::kExhausted,
     "Goldberg 1991, section on optimizers"},
    {109, ' ', "(a+b)-b == a when is_integer(a) and is_integer(b) and abs(a) <= 0.5/eps and abs(b) <= 0.5/eps",
     "Y0 Y0 Y0 Y0", "whole numbers add exactly", Known::kSat, "Goldberg 1991, exactly rounded operations"},

    // Reciprocals and quotients (arcp).
    {110, ' ', "(a/b)/c == a/(b*c)", "X X X X", "one division less", Known::kRefuted, "LLVM InstCombine, fdiv of fdiv"},
    {111, ' ', "a/(b/c) == a*(c/b)", "X X X X", "", Known::kRefuted, "rust-lang/rust#136469"},
    {112, ' ', "(a*b)/c == a*(b/c)", "X X X X", "", Known::kRefuted, "LLVM LangRef, arcp"},
    {113, ' ', "1/(a/b) == b/a", "X X X X", "", Known::kRefuted, "LLVM InstCombine, fdiv by fdiv"},
    {114, ' ', "(a/b)*(b/a) == 1", "X X X X", "", Known::kRefuted, "GCC manual, -freciprocal-math"},
    {115, ' ', "a/10 == a*0.1", "X X X X", "a reciprocal that is not exact", Known::kRefuted, "golang/go#41657"},
    {116, ' ', "let h = 1/3, l = fma(-3,h,1)/3 in fma(a, h, a*l) == a/3", "U U U U",
     "a constant division by two operations", Known::kExhausted, "Brisebarre, Muller and Raina 2004"},
    {117, ' ', "(a/3)*3 == a when is_integer(a) and abs(a) < 0.5/eps", "Y Y Y Y", "Kahan: divisors 2^i + 2^j come back",
     Known::kSat, "Goldberg 1991, theorem 7"},
    {118, ' ', "(a/7)*7 == a when is_integer(a) and abs(a) < 0.5/eps", "X X X X",
     "7 is no such divisor: 29 in binary64", Known::kRefuted, "Goldberg 1991, theorem 7"},
    {119, ' ', "(a*3)/3 == a", "X X X X", "a product need not come back", Known::kRefuted, "Goldberg 1991, theorem 7"},
    {120, ' ', "a/sqrt(b) == a*(1/sqrt(b))", "X X X X", "29 % of binary64 differ", Known::kRefuted,
     "openxla/xla#40844"},
    {121, ' ', "a/sqrt(a) == sqrt(a) when a > 0", "X X X X", "", Known::kRefuted, "llvm/llvm-project#87474"},
    {122, ' ', "a/sqrt(b/c) == a*sqrt(c/b)", "X X X X", "", Known::kRefuted, "llvm/llvm-project#76605"},
    {123, ' ', "(1/sqrt(a))*(1/sqrt(a)) == 1/a when a > 0", "X X X X", "", Known::kRefuted, "llvm/llvm-project#87474"},
    {124, ' ', "a/(b*sqrt(b)) == a/sqrt((b*b)*b) when b > 0", "X X X X", "", Known::kRefuted,
     "llvm/llvm-project#167595"},
    {125, ' ', "sqrt(1/a) == 1/sqrt(a)", "X X X X", "", Known::kRefuted, "GCC manual, -funsafe-math-optimizations"},
    {126, ' ', "sqrt((a*a)*b) == abs(a)*sqrt(b)", "X X X X", "", Known::kRefuted,
     "LLVM SimplifyLibCalls, sqrt of a repeated factor"},
    {127, ' ', "(a*a)/(b*b) == (a/b)*(a/b)", "X X X X", "", Known::kRefuted, "LLVM LangRef, reassoc"},
    {128, ' ', "1/sqrt(a*a) == 1/abs(a)", "U U U U", "", Known::kExhausted, "openxla/xla#45560"},
    {129, ' ', "a*(1/3) ~ a/3 within 1 ulp", "Y Y Y Y", "how far a reciprocal is off", Known::kExhausted,
     "GCC manual, -freciprocal-math"},
    {130, ' ', "a*(1/b) ~ a/b within 1 ulp", "U U U U", "and for any divisor", Known::kExhausted,
     "GCC manual, -freciprocal-math"},

    // Contraction.
    {131, ' ', "fma(a,b,c*d) == fma(c,d,a*b)", "X X X X", "which product is fused", Known::kRefuted,
     "GCC manual, -ffp-contract"},
    {132, ' ', "fma(a,2,b) == a*2+b", "Y N Y Y", "a factor 2 is exact", Known::kExhausted, "JuliaLang/julia#40139"},
    {133, ' ', "fma(a,b,c) >= c when a >= 0 and b >= 0", "Y N N N", "", Known::kSat, "rounding is monotone"},
    {134, ' ', "fma(a,b,-(a*b)) == 0 <=> exact(a*b)", "U U U U", "a test for inexact products", Known::kExhausted,
     "Handbook of Floating-Point Arithmetic, Fast2Mult"},
    {135, ' ', "fma(a,b,a*c) == a*(b+c)", "X X X X", "", Known::kRefuted, "LLVM LangRef, contract"},
    {136, ' ', "fma(fma(a,x,b), x*x, fma(c,x,d)) == fma(fma(fma(a,x,b), x, c), x, d)", "X X X X", "Estrin and Horner",
     Known::kRefuted, "ARM-software/astc-encoder#223"},
    {137, ' ', "(a*x+b)*x+c == (a*x)*x+b*x+c", "X X X X", "Horner and powers", Known::kRefuted,
     "LLVM LangRef, reassoc"},
};

std::span<const CatalogueEntry> CatalogueRewritesRows() { return kRows; }

}  // namespace fplab::identity
