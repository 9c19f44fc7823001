// Downloads: one URL into memory, through libcurl.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_DATA_DOWNLOAD_H_
#define FPLAB_NETS_DATA_DOWNLOAD_H_

#include <cstddef>
#include <string>

namespace fplab::nets {

inline constexpr long kMaxDownloadSeconds = 600;

// The body behind an http, https or file URL. Gives up after 5 s without a connection, after 10 s of near
// standstill, and in any case after kMaxDownloadSeconds.
// Throws Error with the URL and the reason, also for a body of more than max_bytes and in a build without libcurl.
// Prints nothing.
std::string Download(const std::string& url, size_t max_bytes);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_DATA_DOWNLOAD_H_
