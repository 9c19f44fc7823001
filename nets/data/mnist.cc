// Finding, fetching and reading MNIST.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/data/mnist.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/nets/data/download.h>
#include <fplab/nets/data/idx_reader.h>
#include <fplab/nets/data/image_folder.h>
#include <fplab/nets/data/npz_images.h>
#include <fplab/nets/files/atomic_file.h>
#include <fplab/nets/files/byte_reader.h>
#include <fplab/nets/files/sha256.h>

namespace fplab::nets {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxDownload = size_t{1} << 26;

struct File {
  std::string_view name;
  std::string_view sha256;  // of the uncompressed original
};
constexpr std::array<File, 4> kFiles = {{
    {"train-images-idx3-ubyte", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"},
    {"train-labels-idx1-ubyte", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"},
    {"t10k-images-idx3-ubyte", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"},
    {"t10k-labels-idx1-ubyte", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"},
}};

constexpr std::string_view kMirrors =
    "https://ossci-datasets.s3.amazonaws.com/mnist https://storage.googleapis.com/cvdf-datasets/mnist";

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

bool InCache(const fs::path& cache, const File& file) {
  std::error_code error;
  return fs::exists(cache / file.name, error) || fs::exists(cache / fmt::format("{}.gz", file.name), error);
}

// Empty when the environment names no home.
fs::path CacheFolder() {
  const fs::path xdg = Environment("XDG_CACHE_HOME"), home = Environment("HOME");
  if (xdg.is_absolute()) return xdg / "fplab" / "mnist";
  return home.is_absolute() ? home / ".cache" / "fplab" / "mnist" : fs::path();
}

std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

// Throws Error unless the mirror holds the original.
void FetchFrom(const std::string& mirror, const File& file, const fs::path& folder) {
  const std::string name = fmt::format("{}.gz", file.name);
  const std::string url = mirror + (mirror.ends_with('/') ? "" : "/") + name;
  const std::string compressed = Download(url, kMaxDownload);
  ByteReader reader(compressed, url);
  const std::string digest = Sha256Hex(ReadAll(reader, kMaxDownload));
  if (digest != file.sha256) {
    throw Error("{}: SHA-256 of the uncompressed bytes is {}, expected {}", url, digest, file.sha256);
  }
  WriteFileAtomically(folder / name, compressed);
}

// Makes the cache hold all four files. A mirror that fails is left for the next one, so a silent one is waited for
// once; an Error joins the reasons of all.
void CompleteCache(const fs::path& cache, bool allow_download) {
  if (cache.empty()) throw Error("neither XDG_CACHE_HOME nor HOME names a folder for it");
  std::vector<File> missing;
  for (const File& file : kFiles) {
    if (!InCache(cache, file)) missing.push_back(file);
  }
  if (missing.empty()) return;
  if (!allow_download) throw Error("download not allowed");
  CreateFolder(cache);
  const std::string chosen = Environment("FPLAB_MNIST_MIRROR");
  std::string reasons;
  for (const std::string& mirror : Words(chosen.empty() ? kMirrors : std::string_view(chosen))) {
    try {
      for (; !missing.empty(); missing.pop_back()) FetchFrom(mirror, missing.back(), cache);
      return;
    } catch (const Error& error) {
      reasons += (reasons.empty() ? "" : "; ") + std::string(error.what());
    }
  }
  throw Error("{}", reasons.empty() ? "FPLAB_MNIST_MIRROR names no URL" : reasons);
}

std::array<std::string, 4> Digests(const TrainTest& data) {
  IdxDigests train = DigestsAsIdx(data.train), test = DigestsAsIdx(data.test);
  return {std::move(train.images), std::move(train.labels), std::move(test.images), std::move(test.labels)};
}

// Throws Error unless the data are those of MNIST: nothing else goes by its name.
void RequireOriginal(const TrainTest& data) {
  constexpr std::array<std::string_view, 4> kWhat = {"training images", "training labels", "test images",
                                                     "test labels"};
  const std::array<std::string, 4> digests = Digests(data);
  for (size_t i = 0; i < kFiles.size(); ++i) {
    if (digests[i] == kFiles[i].sha256) continue;
    throw Error(
        "mnist: {} does not hold the original files of MNIST: its {} have SHA-256 {}, expected {}; to take another "
        "data set, name it with --data",
        data.source, kWhat[i], digests[i].empty() ? "of no file of bytes" : digests[i], kFiles[i].sha256);
  }
}

TrainTest ReadCache(bool allow_download) {
  const fs::path cache = CacheFolder();
  try {
    CompleteCache(cache, allow_download);
  } catch (const Error& error) {
    throw Error(
        "mnist: FPLAB_DATA is not set, data/mnist holds no images, and the cache {} cannot be filled ({}); put its "
        "four files into data/mnist, name their folder with --data or FPLAB_DATA, or use --data glyphs",
        cache.string(), error.what());
  }
  return ReadImageFolder(cache);
}

// What the user named: nothing else is taken in its place.
TrainTest ReadChosen(const fs::path& place) {
  std::error_code error;
  if (!fs::exists(place, error)) {
    throw Error("mnist: FPLAB_DATA is {}, which does not exist; expected the folder of MNIST's four files, or nothing",
                place.string());
  }
  return fs::is_directory(place, error) ? ReadImageFolder(place) : ReadNpzImages(place);
}

}  // namespace

TrainTest LoadMnist(bool allow_download) {
  const ScopedGuest guest;  // paths of the standard library compute
  const fs::path chosen = Environment("FPLAB_DATA"), usual = "data/mnist";
  TrainTest data = !chosen.empty()      ? ReadChosen(chosen)
                   : HoldsImages(usual) ? ReadImageFolder(usual)
                                        : ReadCache(allow_download);
  RequireOriginal(data);
  data.train.name = data.test.name = "mnist";
  return data;
}

bool IsMnist(const TrainTest& data) {
  const std::array<std::string, 4> digests = Digests(data);
  return std::equal(kFiles.begin(), kFiles.end(), digests.begin(),
                    [](const File& file, const std::string& digest) { return file.sha256 == digest; });
}

}  // namespace fplab::nets
