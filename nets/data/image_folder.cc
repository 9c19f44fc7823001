// Names of files, and the sets that they make up.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/data/image_folder.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string_view>
#include <system_error>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/float/outside_text.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/nets/data/idx_reader.h>

namespace fplab::nets {
namespace {

namespace fs = std::filesystem;

constexpr size_t kImageParts = 4;
enum { kTrainImages, kTrainLabels, kTestImages, kTestLabels };
struct ImagePart {
  std::string_view text, example;
};
constexpr std::array<ImagePart, kImageParts> kParts = {{{"training images", "train-images-idx3-ubyte"},
                                                        {"training labels", "train-labels-idx1-ubyte"},
                                                        {"test images", "t10k-images-idx3-ubyte"},
                                                        {"test labels", "t10k-labels-idx1-ubyte"}}};

// What a file's name says of it.
struct ImageFile {
  std::string set;  // "" for none
  size_t part = 0;
  std::string word;  // "train", "t10k" or "test"
  bool gzip = false, usual = false;
  std::string name;
};

struct Word {
  size_t begin;
  std::string text;  // in lower case
};

std::vector<Word> WordsOf(std::string_view name) {
  std::vector<Word> words;
  size_t begin = 0;
  for (size_t i = 0; i <= name.size(); ++i) {
    if (i < name.size() && name[i] != '-' && name[i] != '_' && name[i] != '.') continue;
    Word word{begin, std::string(name.substr(begin, i - begin))};
    for (char& c : word.text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    words.push_back(std::move(word));
    begin = i + 1;
  }
  return words;
}

std::optional<ImageFile> ParseName(const std::string& name) {
  ImageFile file;
  file.name = name;
  std::string_view stem = name;
  file.gzip = stem.ends_with(".gz");
  if (file.gzip) stem.remove_suffix(3);
  const std::vector<Word> words = WordsOf(stem);
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    const std::string &split = words[i].text, &what = words[i + 1].text;
    const bool test = split == "t10k" || split == "test";
    if ((!test && split != "train") || (what != "images" && what != "labels")) continue;
    const size_t rest = words.size() - i - 2;
    if (rest > 2 || (rest > 0 && !words[i + 2].text.starts_with("idx"))) continue;
    file.part = (test ? kTestImages : kTrainImages) + (what == "labels" ? 1 : 0);
    file.word = split;
    file.set = stem.substr(0, i == 0 ? 0 : words[i].begin - 1);
    file.usual = stem == kParts[file.part].example;
    return file;
  }
  return std::nullopt;
}

// The regular files of a folder and, for a message, all of it.
struct FolderContent {
  std::map<std::string, std::vector<ImageFile>> sets;
  std::vector<std::string> names;
};

FolderContent ContentOf(const fs::path& folder) {
  constexpr size_t kMaxFiles = 100000;
  FolderContent content;
  std::error_code error;
  size_t seen = 0;
  for (fs::directory_iterator i(folder, error), end; !error && i != end && seen < kMaxFiles;
       i.increment(error), ++seen) {
    const std::string name = i->path().filename().string();
    content.names.push_back(name);
    std::error_code none;
    if (!i->is_regular_file(none)) continue;
    if (std::optional<ImageFile> file = ParseName(name)) content.sets[file->set].push_back(std::move(*file));
  }
  if (error) throw Error("{}: cannot be read: {}", folder.string(), error.message());
  std::sort(content.names.begin(), content.names.end());
  return content;
}

// "there are a, b and 3 more"
std::string WhatLiesThere(const std::vector<std::string>& names) {
  if (names.empty()) return "it is empty";
  constexpr size_t kShown = 6;
  std::string text = "there are ";
  for (size_t i = 0; i < std::min(kShown, names.size()); ++i) text += (i == 0 ? "" : ", ") + Printable(names[i]);
  return names.size() > kShown ? text + fmt::format(" and {} more", names.size() - kShown) : text;
}

std::string NamesOf(const std::map<std::string, std::vector<ImageFile>>& sets) {
  std::string text;
  for (const auto& [name, files] : sets) text += (text.empty() ? "" : ", ") + Printable(name);
  return text;
}

// The set that is meant: the one asked for, that of no name, or the only one.
const std::vector<ImageFile>& Choose(const FolderContent& content, const fs::path& folder,
                                     const std::optional<std::string>& asked) {
  const auto& sets = content.sets;
  if (sets.empty()) {
    throw Error("{}: no images and labels under names such as {} and {}, plain or .gz; {}", folder.string(),
                kParts[kTrainImages].example, kParts[kTrainLabels].example, WhatLiesThere(content.names));
  }
  if (asked) {
    const auto found = sets.find(*asked);
    if (found != sets.end()) return found->second;
    throw Error("{}: no set {}, expected one of {}", folder.string(), Printable(*asked), NamesOf(sets));
  }
  if (sets.size() > 1 && !sets.contains("")) {
    throw Error("{}: holds several sets ({}); name one, as in {}", folder.string(), NamesOf(sets),
                (folder / sets.begin()->first).string());
  }
  return sets.begin()->second;
}

fs::path PathOf(const std::vector<ImageFile>& set, size_t part, const FolderContent& content, const fs::path& folder) {
  const ImageFile* best = nullptr;
  for (const ImageFile& file : set) {
    if (file.part != part) continue;
    if (best != nullptr && best->word != file.word) {
      throw Error("{}: two files for the {}: {} and {}", folder.string(), kParts[part].text, Printable(best->name),
                  Printable(file.name));
    }
    // MNIST's own name before others, then what needs no unpacking.
    const auto rank = [](const ImageFile& f) { return std::tuple(!f.usual, f.gzip, std::string_view(f.name)); };
    if (best == nullptr || rank(file) < rank(*best)) best = &file;
  }
  if (best != nullptr) return folder / best->name;
  throw Error("{}: no {} ({}{}, plain or .gz); {}", folder.string(), kParts[part].text,
              set.front().set.empty() ? "" : Printable(set.front().set) + "-", kParts[part].example,
              WhatLiesThere(content.names));
}

// EMNIST's files hold every image with rows and columns exchanged, its digits too.
void NoteKnown(const std::string& set, TrainTest& data) {
  const std::vector<Word> words = WordsOf(set);
  if (words.empty() || words.front().text != "emnist") return;
  data.notes.push_back(
      "EMNIST's files hold images transposed, columns first: as they are, they do not mix with MNIST or others that "
      "stand upright");
}

}  // namespace

TrainTest ReadImageFolder(const fs::path& place) {
  const ScopedGuest guest;  // paths of the standard library compute
  std::error_code error;
  std::optional<std::string> asked;
  fs::path folder = place;
  if (!fs::is_directory(place, error)) {
    asked = place.filename().string();
    folder = place.has_parent_path() ? place.parent_path() : fs::path(".");
  }
  const FolderContent content = ContentOf(folder);
  const std::vector<ImageFile>& set = Choose(content, folder, asked);
  std::array<fs::path, kImageParts> paths;
  for (size_t i = 0; i < kImageParts; ++i) paths[i] = PathOf(set, i, content, folder);

  TrainTest data;
  data.train = ReadIdxImages(paths[kTrainImages], paths[kTrainLabels]);
  data.test = ReadIdxImages(paths[kTestImages], paths[kTestLabels]);
  if (data.train.image_width != data.test.image_width || data.train.image_height != data.test.image_height) {
    throw Error("{}: images of {} x {} pixels, expected {} x {} as in {}", paths[kTestImages].string(),
                data.test.image_height, data.test.image_width, data.train.image_height, data.train.image_width,
                paths[kTrainImages].string());
  }
  data.train.classes = data.test.classes = std::max(data.train.classes, data.test.classes);
  data.source = place.string();
  data.train.name = data.test.name = DataName(place.string());
  NoteKnown(set.front().set, data);
  return data;
}

bool HoldsImages(const fs::path& folder) {
  const ScopedGuest guest;  // paths of the standard library compute
  std::error_code error;
  return fs::is_directory(folder, error) && !ContentOf(folder).sets.empty();
}

}  // namespace fplab::nets
