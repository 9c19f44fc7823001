// Certificates that third parties can check: a formula and its proof, as files.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_PROOF_CERTIFICATE_H_
#define FPLAB_FPARITH_PROOF_CERTIFICATE_H_

#include <filesystem>
#include <functional>
#include <ostream>
#include <span>
#include <string>

#include <fplab/fparith/float/export.h>
#include <fplab/fparith/proof/cnf.h>

namespace fplab::proof {

// Writes `formula`, DIMACS with its comments (WriteDimacs), and `proof`, DRAT in its binary form (SatAnswer::proof), so
// that `drat-trim FORMULA PROOF` can judge them. Each file appears whole or not at all: it is written beside its place
// and moved there, the proof last. Throws Error that names the file.
FPLAB_EXPORT void WriteCertificate(const std::filesystem::path& formula, const std::filesystem::path& proof,
                                   const Cnf& cnf, const std::string& drat, std::span<const NamedWord> words,
                                   std::span<const std::string> remarks);

// What `write` writes, as a file that appears whole or not at all. Throws Error that names it.
FPLAB_EXPORT void WriteWhole(const std::filesystem::path& path, const std::function<void(std::ostream&)>& write);

}  // namespace fplab::proof

#endif  // FPLAB_FPARITH_PROOF_CERTIFICATE_H_
