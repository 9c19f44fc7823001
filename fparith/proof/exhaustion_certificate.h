// Certificates of proofs by exhaustion: what was tried and what came out, to be recomputed.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_PROOF_EXHAUSTION_CERTIFICATE_H_
#define FPLAB_FPARITH_PROOF_EXHAUSTION_CERTIFICATE_H_

#include <filesystem>
#include <string>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/identity/exhaustion.h>
#include <fplab/fparith/statement/expression.h>

namespace fplab::proof {

// The most tuples that a certificate is written for, or checked.
inline constexpr uint64_t kMostCertified = uint64_t{1} << 33;

// Writes lines of text: comments that say how to recompute the rest, then statement, format, mode, flush semantics,
// what the operands are, how many tuples there were and their digest (identity::ExhaustionDigest). The same on every
// machine that flushes alike. False, and no file, for a statement that its text alone does not say (a rewrite,
// functions from outside, another machine's flushing or NaNs). The file appears whole or not at all. Throws Error that
// names it.
FPLAB_EXPORT bool WriteExhaustionCertificate(const std::filesystem::path& path, const statement::Expression& expression,
                                             Mode mode, bool all_values);

struct ExhaustionCheck {
  std::string statement, format, mode;
  identity::ExhaustionDigest claimed, recomputed;

  bool Agrees() const { return claimed == recomputed; }
  // Whether the statement is true of every tuple, or of all for which no result overflows or is NaN.
  bool Proves() const { return Agrees() && recomputed.tuples > 0 && recomputed.fails == 0; }
};

// Reads a certificate and tries everything again, from its statement. Throws Error for a file that is none, and for one
// of a machine that flushes otherwise.
FPLAB_EXPORT ExhaustionCheck CheckExhaustionCertificate(const std::filesystem::path& path);

}  // namespace fplab::proof

#endif  // FPLAB_FPARITH_PROOF_EXHAUSTION_CERTIFICATE_H_
