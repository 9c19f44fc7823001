// Finding, fetching and reading MNIST.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/data/mnist.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/nets/data/download.h>
#include <fplab/nets/data/idx_reader.h>
#include <fplab/nets/files/atomic_file.h>
#include <fplab/nets/files/byte_reader.h>
#include <fplab/nets/files/sha256.h>

namespace fplab::nets {
namespace {

namespace fs = std::filesystem;

constexpr int kDigits = 10;
constexpr size_t kMaxDownload = size_t{1} << 26;

struct File {
  std::string_view name;
  std::string_view other_name;  // as Kaggle and others spell it
  std::string_view sha256;      // of the uncompressed original
};
enum { kTrainImages, kTrainLabels, kTestImages, kTestLabels };
constexpr std::array<File, 4> kFiles = {{
    {"train-images-idx3-ubyte", "train-images.idx3-ubyte",
     "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"},
    {"train-labels-idx1-ubyte", "train-labels.idx1-ubyte",
     "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"},
    {"t10k-images-idx3-ubyte", "t10k-images.idx3-ubyte",
     "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"},
    {"t10k-labels-idx1-ubyte", "t10k-labels.idx1-ubyte",
     "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"},
}};

constexpr std::string_view kMirrors =
    "https://ossci-datasets.s3.amazonaws.com/mnist https://storage.googleapis.com/cvdf-datasets/mnist";

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

std::optional<fs::path> FindFile(const fs::path& folder, const File& file) {
  std::error_code error;
  for (std::string_view name : {file.name, file.other_name}) {
    for (std::string_view extension : {"", ".gz"}) {
      fs::path path = folder / fmt::format("{}{}", name, extension);
      if (fs::exists(path, error)) return path;
    }
  }
  return std::nullopt;
}

bool HoldsAny(const fs::path& folder) {
  for (const File& file : kFiles) {
    if (FindFile(folder, file)) return true;
  }
  return false;
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
    if (!FindFile(cache, file)) missing.push_back(file);
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

// SHA-256 of the uncompressed bytes.
std::string ContentDigest(const fs::path& path) {
  ByteReader reader(path);
  Sha256 hash;
  std::vector<uint8_t> piece(size_t{1} << 18);
  while (const size_t got = reader.Read(piece.data(), piece.size())) hash.Update(piece.data(), got);
  return hash.HexDigest();
}

// Throws Error unless the files of `folder`, which holds all four, are those of MNIST: nothing else goes by its name.
void RequireOriginal(const fs::path& folder) {
  for (const File& file : kFiles) {
    const fs::path path = *FindFile(folder, file);
    const std::string digest = ContentDigest(path);
    if (digest == file.sha256) continue;
    throw Error(
        "mnist: {} is not MNIST's: SHA-256 of the uncompressed bytes is {}, expected {}; to take another data set, "
        "name "
        "its folder with --data",
        path.string(), digest, file.sha256);
  }
}

// $FPLAB_DATA and the folder where a user of the current one keeps it.
std::optional<fs::path> FindLocalFolder(const std::string& chosen) {
  for (const fs::path& folder : {fs::path(chosen), fs::path("data/mnist")}) {
    if (!folder.empty() && HoldsAny(folder)) return folder;
  }
  return std::nullopt;
}

}  // namespace

TrainTest ReadMnistFolder(const fs::path& folder) {
  const ScopedGuest guest;  // paths of the standard library compute
  std::array<fs::path, 4> paths;
  for (size_t i = 0; i < kFiles.size(); ++i) {
    const std::optional<fs::path> path = FindFile(folder, kFiles[i]);
    if (!path) throw Error("{}: no file {}, plain or .gz", folder.string(), kFiles[i].name);
    paths[i] = *path;
  }
  TrainTest data;
  data.train = ReadIdxImages(paths[kTrainImages], paths[kTrainLabels], kDigits);
  data.test = ReadIdxImages(paths[kTestImages], paths[kTestLabels], kDigits);
  if (data.train.image_width != data.test.image_width || data.train.image_height != data.test.image_height) {
    throw Error("{}: images of {} x {} pixels, expected {} x {} as in {}", paths[kTestImages].string(),
                data.test.image_height, data.test.image_width, data.train.image_height, data.train.image_width,
                paths[kTrainImages].string());
  }
  data.source = folder.string();
  data.train.name = data.test.name = folder.filename().string();
  return data;
}

TrainTest LoadMnist(bool allow_download) {
  const ScopedGuest guest;  // paths of the standard library compute
  const std::string chosen = Environment("FPLAB_DATA");
  std::optional<fs::path> folder = FindLocalFolder(chosen);
  if (!folder) {
    folder = CacheFolder();
    try {
      CompleteCache(*folder, allow_download);
    } catch (const Error& error) {
      throw Error(
          "mnist: not in $FPLAB_DATA ({}) or data/mnist, and the cache {} cannot be filled "
          "({}); put its four files into data/mnist, name their folder with --data or FPLAB_DATA, or use --data "
          "glyphs",
          chosen.empty() ? "not set" : chosen, folder->string(), error.what());
    }
  }
  TrainTest data = ReadMnistFolder(*folder);
  RequireOriginal(*folder);
  data.train.name = data.test.name = "mnist";
  return data;
}

}  // namespace fplab::nets
