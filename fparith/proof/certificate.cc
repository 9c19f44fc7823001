// Certificates that third parties can check: a formula and its proof, as files.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/proof/certificate.h>

#include <fstream>
#include <system_error>

#include <fplab/fparith/float/error.h>

namespace fplab::proof {

void WriteWhole(const std::filesystem::path& path, const std::function<void(std::ostream&)>& write) {
  std::filesystem::path unfinished = path;
  unfinished += ".unfinished";
  std::ofstream out(unfinished, std::ios::binary);
  write(out);
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(unfinished, path, error);
  if (out && !error) return;
  std::filesystem::remove(unfinished, error);
  throw Error("'{}' can't be written", path.string());
}

void WriteCertificate(const std::filesystem::path& formula, const std::filesystem::path& proof, const Cnf& cnf,
                      const std::string& drat, std::span<const NamedWord> words, std::span<const std::string> remarks) {
  WriteWhole(formula, [&](std::ostream& out) { WriteDimacs(out, cnf, words, remarks); });
  WriteWhole(proof, [&](std::ostream& out) { out.write(drat.data(), static_cast<std::streamsize>(drat.size())); });
}

}  // namespace fplab::proof
