// The catalogue: 405 rows of identities that programs, compilers and proofs rely on, how far each holds in each
// flushing mode, under rounding to nearest-even, how that is known and where it is argued about.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_IDENTITY_CATALOGUE_H_
#define FPLAB_FPARITH_IDENTITY_CATALOGUE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/float/format.h>
#include <fplab/fparith/identity/identity.h>

namespace fplab::identity {

// An expected verdict, for binary32, binary64, binary16 and bfloat16. The tests find them by search, and prove them
// over all operands of small formats. Formats of fewer than 5 significand bits differ in rows 36, 41 and 75a, whose
// counterexamples need them, and those of 3 exponent bits in rows 50 to 52, as half of their numbers are subnormal.
struct ExpectedVerdict {
  Verdict verdict;
  bool up_to_sign_of_zero;

  friend constexpr bool operator==(const ExpectedVerdict&, const ExpectedVerdict&) = default;
};

// How the verdicts of an entry are known. What fails is always refuted by operands, which `fplab identities` finds.
enum class Known : uint8_t {
  kRefuted,    // such operands are all: no verdict is better than "fails"
  kExhausted,  // by every operand: of binary16 if there is one, of e4p5 if there are two, of e4p3 if there are three;
               // of the entry's own formats if it has some
  kSat,        // what holds is proved for binary32, or the entry's own formats, by SAT (fparith/proof)
  kSearched,   // by search alone
};

// "refuted", "exhausted", "SAT", "searched".
FPLAB_EXPORT std::string_view Name(Known known);

// One statement of a row; rows that make several statements have several entries.
struct CatalogueEntry {
  int row;                     // 1..405
  char part;                   // 'a', 'b' ... of a row with several entries; ' ' otherwise
  std::string_view statement;  // in the language of fparith/statement/expression.h
  std::string_view codes;      // verdicts under none, ftz, daz, ftz+daz: "Y" "Y0" (up to the sign of zero) "N" "U" "X"
  std::string_view note;       // why, or a well-known counterexample; may be empty
  Known known;
  std::string_view source;       // a public thread, paper or section of a standard; "folklore" if there is no first one
  std::string_view format = {};  // that the entry is about, whatever format is asked for; empty: any
};

struct CatalogueGroup {
  std::string_view name;  // "symmetry and sign"
  int first_row;
};

FPLAB_EXPORT std::span<const CatalogueEntry> Catalogue();
FPLAB_EXPORT std::span<const CatalogueGroup> CatalogueGroups();

// "15a".
FPLAB_EXPORT std::string Label(const CatalogueEntry& entry);

// What the entry says about kFlushModes[mode].
FPLAB_EXPORT ExpectedVerdict Expected(const CatalogueEntry& entry, size_t mode);

// The format that the entry is about, whatever format is asked for: conversions, and tricks with a format's bits.
FPLAB_EXPORT std::optional<Format> OwnFormat(const CatalogueEntry& entry);

// The catalogue as a page: a table for each group, with the verdicts' letters by mode, in Markdown.
FPLAB_EXPORT std::string CatalogueMarkdown();

// Whether the entry's statement can be put for `format` on `target`: it parses, and the target has its operations.
FPLAB_EXPORT bool IsApplicable(const CatalogueEntry& entry, const Format& format, statement::Target target);

}  // namespace fplab::identity

#endif  // FPLAB_FPARITH_IDENTITY_CATALOGUE_H_
