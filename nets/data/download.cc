// Downloads through libcurl, which is optional.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/data/download.h>

#include <fplab/fparith/float/check.h>
#include <fplab/fparith/float/error.h>

#ifdef FPLAB_HAVE_CURL

#include <curl/curl.h>

#include <exception>
#include <memory>

namespace fplab::nets {
namespace {

struct Body {
  std::string bytes;
  size_t max_bytes;
  std::exception_ptr failure = {};
};

// libcurl's write callback: anything but `count` ends the transfer. No exception may cross libcurl's C frames.
size_t Append(char* data, size_t size, size_t count, void* user) noexcept {
  auto* body = static_cast<Body*>(user);
  if (size * count > body->max_bytes - body->bytes.size()) return 0;
  try {
    body->bytes.append(data, size * count);
  } catch (...) {
    body->failure = std::current_exception();
    return 0;
  }
  return size * count;
}

void SetOptions(CURL* curl, const std::string& url, Body* body, char* reason) {
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, reason);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, Append);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(curl, CURLOPT_MAXREDIRS, 5L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 5L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, kMaxDownloadSeconds);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1000L);  // bytes a second
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, 10L);
#if LIBCURL_VERSION_NUM >= 0x075500
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https,file");
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
#else
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS, static_cast<long>(CURLPROTO_HTTP | CURLPROTO_HTTPS | CURLPROTO_FILE));
  curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS, static_cast<long>(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

}  // namespace

std::string Download(const std::string& url, size_t max_bytes) {
  const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
  FPLAB_CHECK(curl != nullptr, "libcurl starts");
  Body body{{}, max_bytes};
  char reason[CURL_ERROR_SIZE] = "";
  SetOptions(curl.get(), url, &body, reason);
  const CURLcode code = curl_easy_perform(curl.get());
  if (body.failure) std::rethrow_exception(body.failure);
  if (code == CURLE_WRITE_ERROR) throw Error("{}: longer than the {} bytes expected at most", url, max_bytes);
  if (code != CURLE_OK) throw Error("{}: {}", url, reason[0] != '\0' ? reason : curl_easy_strerror(code));
  return std::move(body.bytes);
}

}  // namespace fplab::nets

#else

namespace fplab::nets {

std::string Download(const std::string& url, size_t) {
  throw Error("{}: this build has no libcurl to download it", url);
}

}  // namespace fplab::nets

#endif
