// MNIST: where it is looked for, in which order, and that nothing but the original is ever downloaded.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/data/mnist.h>

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>

#include <fplab/nets/data/download.h>
#include <fplab/nets/data/image_folder.h>
#include <fplab/nets/files/sha256.h>
#include "proptests/support/idx_files.h"
#include "proptests/support/scratch_folder.h"

namespace fplab::nets {
namespace {

namespace fs = std::filesystem;

class EnvironmentVariable {
 public:
  explicit EnvironmentVariable(const char* name) : name_(name) {
    if (const char* value = std::getenv(name)) old_ = value;
    ::unsetenv(name);
  }
  ~EnvironmentVariable() { old_ ? ::setenv(name_, old_->c_str(), 1) : ::unsetenv(name_); }
  void Set(const std::string& value) { ::setenv(name_, value.c_str(), 1); }

 private:
  const char* name_;
  std::optional<std::string> old_;
};

// A tiny set in the format of MNIST; `label` tells sets apart.
std::string Images(uint32_t count, uint32_t side = 2) {
  return Idx({count, side, side}, std::string(count * side * side, 'x'));
}
std::string Labels(uint32_t count, char label) { return Idx({count}, std::string(count, label)); }

void PutSet(const fs::path& folder, char label) {
  Put(folder / "train-images-idx3-ubyte", Images(3));
  Put(folder / "train-labels-idx1-ubyte", Labels(3, label));
  Put(folder / "t10k-images-idx3-ubyte", Images(2));
  Put(folder / "t10k-labels-idx1-ubyte", Labels(2, label));
}

// In an empty folder, with an empty cache and no settings of the user's.
class Mnist : public ::testing::Test {
 protected:
  Mnist() : old_folder_(fs::current_path()) {
    fs::create_directories(scratch_ / "work");
    fs::current_path(scratch_ / "work");
    cache_home_.Set((scratch_ / "cache").string());
  }
  ~Mnist() override { fs::current_path(old_folder_); }

  fs::path cache() const { return scratch_ / "cache/fplab/mnist"; }
  void UseMirror(const fs::path& folder) { mirror_.Set("file://" + folder.string()); }

  ScratchFolder scratch_;
  EnvironmentVariable data_{"FPLAB_DATA"}, cache_home_{"XDG_CACHE_HOME"}, mirror_{"FPLAB_MNIST_MIRROR"}, home_{"HOME"};

 private:
  fs::path old_folder_;
};

// The refusal of a data set that lies where MNIST is looked for.
std::string RefusedAt(const fs::path& folder) {
  return fmt::format(
      "mnist: {} does not hold the original files of MNIST: its training images have SHA-256 {}, expected "
      "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db; to take another data set, name it with --data",
      folder.string(), Sha256Hex(Images(3)));
}

TEST_F(Mnist, PlacesAreTriedInTheirOrderAndWhatLiesThereIsNotCalledMnistUnlessItIs) {
  PutSet(cache(), 1);
  EXPECT_EQ(ErrorOf([] { LoadMnist(false); }), RefusedAt(cache()));
  PutSet("data/mnist", 3);
  EXPECT_EQ(ErrorOf([] { LoadMnist(false); }), RefusedAt("data/mnist"));
  PutSet(scratch_ / "chosen", 4);
  data_.Set((scratch_ / "chosen").string());
  EXPECT_EQ(ErrorOf([] { LoadMnist(false); }), RefusedAt(scratch_ / "chosen"));
  EXPECT_EQ(LoadData((scratch_ / "chosen").string()).train.name, "chosen") << "by its own name it is taken";
}

TEST_F(Mnist, APlaceThatIsNamedIsTheOneTakenOrAnError) {
  PutSet(cache(), 1);
  PutSet("data/mnist", 3);
  data_.Set("/typo");
  EXPECT_EQ(ErrorOf([] { LoadMnist(true); }),
            "mnist: FPLAB_DATA is /typo, which does not exist; expected the folder of MNIST's four files, or nothing");
  Put(scratch_ / "chosen/notes.txt", "x");
  data_.Set((scratch_ / "chosen").string());
  EXPECT_TRUE(Contains(ErrorOf([] { LoadMnist(true); }), "chosen: no images and labels under names such as")) << "";
}

TEST_F(Mnist, AnIncompletePlaceIsAnErrorNotPassedOver) {
  PutSet("data/mnist", 3);
  fs::remove("data/mnist/train-labels-idx1-ubyte");
  EXPECT_TRUE(Contains(ErrorOf([] { LoadMnist(false); }), "data/mnist: no training labels (train-labels-idx1-ubyte"));
}

TEST_F(Mnist, WithoutDataTheErrorSaysWhereItLookedAndWhatToDo) {
  for (bool allow : {false, true}) {
    UseMirror(scratch_ / "none");
    const std::string message = ErrorOf([&] { LoadMnist(allow); });
    for (const char* part : {"FPLAB_DATA", "data/mnist", "cache", "--data", "glyphs"}) {
      EXPECT_TRUE(Contains(message, part)) << part << " in: " << message;
    }
    EXPECT_EQ(Contains(message, "file://"), allow) << message;
  }
}

TEST_F(Mnist, WithoutAHomeNothingIsDownloaded) {
  cache_home_.Set("relative");
  UseMirror(scratch_ / "none");
  EXPECT_TRUE(Contains(ErrorOf([] { LoadMnist(true); }), "neither XDG_CACHE_HOME nor HOME"));
  home_.Set((scratch_ / "home").string());
  PutSet(scratch_ / "home/.cache/fplab/mnist", 6);
  EXPECT_EQ(ErrorOf([] { LoadMnist(true); }), RefusedAt(scratch_ / "home/.cache/fplab/mnist"));
}

#ifdef FPLAB_HAVE_CURL
TEST_F(Mnist, ADownloadThatIsNotTheOriginalIsRefusedAndNotKept) {
  const fs::path mirror = scratch_ / "mirror";
  const std::string genuine_looking = Gzip(Images(60000, 28));
  const std::vector<std::pair<std::string, std::string>> corrupt = {
      {genuine_looking, "SHA-256 of the uncompressed bytes is "},
      {genuine_looking.substr(0, genuine_looking.size() / 2), "truncated"},
      {"<html>no such file</html>", "SHA-256"},
      {"", "SHA-256"},
      {"\x1f\x8bgarbage", "gzip data is damaged"},
      {Gzip(std::string(size_t{100} << 20, '\0')), "more than 67108864 bytes"}};
  UseMirror(mirror);
  PutSet(cache(), 0);  // lacks one file
  fs::remove(cache() / "train-images-idx3-ubyte");
  for (const auto& [bytes, reason] : corrupt) {
    Put(mirror / "train-images-idx3-ubyte.gz", bytes);
    const std::string message = ErrorOf([] { LoadMnist(true); });
    EXPECT_TRUE(Contains(message, reason)) << message;
    EXPECT_EQ(Names(cache()).size(), 3u);
  }
}

TEST_F(Mnist, ABodyLongerThanAllowedOrAMissingOneIsRefused) {
  const std::string url = "file://" + Put(scratch_ / "body", std::string(100000, 'x')).string();
  EXPECT_EQ(Download(url, 100000).size(), 100000u);
  EXPECT_TRUE(Contains(ErrorOf([&] { Download(url, 99999); }), "longer than the 99999 bytes"));
  EXPECT_TRUE(Contains(ErrorOf([&] { Download(url + "-none", 1); }), url + "-none: "));
  EXPECT_TRUE(Contains(ErrorOf([&] { Download("gopher://localhost/x", 1); }), "gopher://localhost/x: "));
}

// Where FPLAB_TEST_MNIST names a folder with the original, it serves as a mirror.
TEST_F(Mnist, TheOriginalIsDownloadedOnceAndKept) {
  const char* folder = std::getenv("FPLAB_TEST_MNIST");
  const fs::path original = folder != nullptr ? folder : "";
  if (!fs::exists(original / "t10k-images-idx3-ubyte.gz")) GTEST_SKIP() << "FPLAB_TEST_MNIST names no MNIST";
  mirror_.Set("file://" + (scratch_ / "none").string() + "  file://" + original.string() + "/");
  const TrainTest data = LoadMnist(true);
  EXPECT_EQ(data.train.count(), 60000);
  EXPECT_EQ(data.test.count(), 10000);
  EXPECT_EQ(data.train.features, 784);
  EXPECT_EQ(std::vector<uint8_t>(data.train.y.begin(), data.train.y.begin() + 5),
            (std::vector<uint8_t>{5, 0, 4, 1, 9}));
  EXPECT_EQ(data.source, cache().string());
  EXPECT_EQ(Names(cache()).size(), 4u);
  UseMirror(scratch_ / "none");
  EXPECT_EQ(LoadMnist(true).test.y, data.test.y);
  EXPECT_EQ(data.train.name, "mnist");

  // The images of one, the labels of another: the pixels alone are not enough.
  fs::remove(cache() / "t10k-labels-idx1-ubyte.gz");
  Put(cache() / "t10k-labels-idx1-ubyte", Labels(10000, 3));
  EXPECT_TRUE(Contains(ErrorOf([] { LoadMnist(false); }), "its test labels have SHA-256"));
}
#endif

}  // namespace
}  // namespace fplab::nets
