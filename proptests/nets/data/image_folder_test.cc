// Folders of images: by which names they are known, how many classes they have, and what is said of what is none.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/data/image_folder.h>

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "proptests/support/idx_files.h"
#include "proptests/support/scratch_folder.h"

namespace fplab::nets {
namespace {

namespace fs = std::filesystem;

std::string Images(uint32_t count, uint32_t side = 2) {
  return Idx({count, side, side}, std::string(count * side * side, 'x'));
}

// 32-bit labels, `columns` a sample, the first the label.
std::string Labels32(const std::vector<uint32_t>& labels, uint32_t columns) {
  const auto count = static_cast<uint32_t>(labels.size());
  std::string bytes =
      columns == 0 ? BigEndian(0x0c01) + BigEndian(count) : BigEndian(0x0c02) + BigEndian(count) + BigEndian(columns);
  for (const uint32_t label : labels) {
    bytes += BigEndian(label);
    for (uint32_t i = 1; i < columns; ++i) bytes += BigEndian(4711);
  }
  return bytes;
}

class ImageFolder : public ::testing::Test {
 protected:
  // Writes a set whose files have these names; labels 0 to the last of training, 1 in test.
  void PutSet(const std::vector<std::string>& names, const std::string& labels = std::string("\0\1\2", 3)) {
    const auto put = [&](const std::string& name, const std::string& bytes) {
      Put(folder_ / name, name.ends_with(".gz") ? Gzip(bytes) : bytes);
    };
    put(names[0], Images(3));
    put(names[1], Idx({3}, labels));
    put(names[2], Images(2));
    put(names[3], Idx({2}, std::string(2, '\1')));
  }
  std::string Refusal(const fs::path& place) {
    return ErrorOf([&] { ReadImageFolder(place); });
  }

  ScratchFolder scratch_;
  fs::path folder_ = scratch_ / "set";
};

TEST_F(ImageFolder, TheNamesOfMnistAndOfWhatCopiesItAreKnown) {
  const std::vector<std::vector<std::string>> sets = {
      {"train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"},
      {"train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz",
       "t10k-labels-idx1-ubyte.gz"},
      {"train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte"},
      {"train-images-idx3-ubyte", "train-labels-idx1-ubyte", "test-images-idx3-ubyte", "test-labels-idx1-ubyte"},
      {"emnist-letters-train-images-idx3-ubyte", "emnist-letters-train-labels-idx1-ubyte",
       "emnist-letters-test-images-idx3-ubyte", "emnist-letters-test-labels-idx1-ubyte"},
      {"qmnist-train-images-idx3-ubyte.gz", "qmnist-train-labels-idx2-int", "qmnist-test-images-idx3-ubyte.gz",
       "qmnist-test-labels-idx2-int.gz"},
      {"My_Set_Train_Images", "My_Set_Train_Labels", "My_Set_Test_Images.gz", "My_Set_Test_Labels"}};
  for (const std::vector<std::string>& names : sets) {
    fs::remove_all(folder_);
    PutSet(names);
    EXPECT_TRUE(HoldsImages(folder_)) << names[0];
    const TrainTest data = ReadImageFolder(folder_);
    EXPECT_EQ(data.train.count(), 3) << names[0];
    EXPECT_EQ(data.test.count(), 2) << names[0];
    EXPECT_EQ(data.train.name, "set");
  }
}

TEST_F(ImageFolder, TheClassesAreThoseOfTheLabelsOfBothParts) {
  const std::vector<std::string> names = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                          "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};
  PutSet(names, std::string("\0\1\0", 3));
  EXPECT_EQ(ReadImageFolder(folder_).train.classes, 2);
  PutSet(names, std::string("\0\0\0", 3));
  EXPECT_EQ(ReadImageFolder(folder_).train.classes, 2) << "a label of the test counts";
  PutSet(names, std::string("\1\x1a\2", 3));
  const TrainTest letters = LoadData(folder_.string());
  EXPECT_EQ(letters.train.classes, 27);
  EXPECT_EQ(letters.test.classes, 27);
  EXPECT_EQ(letters.train.y[1], 26) << "a label is the number of its class";
  ASSERT_EQ(letters.notes.size(), 1u);
  EXPECT_EQ(letters.notes[0], "its labels are 1 to 26: no sample has one below");
}

TEST_F(ImageFolder, LabelsOf32BitsAreTheirFirstColumn) {
  PutSet({"train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"});
  for (const uint32_t columns : {0u, 1u, 8u}) {
    Put(folder_ / "train-labels-idx1-ubyte", Labels32({3, 1, 9}, columns));
    const TrainTest data = ReadImageFolder(folder_);
    EXPECT_EQ(data.train.y, (std::vector<uint8_t>{3, 1, 9}));
    EXPECT_EQ(data.train.classes, 10);
  }
  Put(folder_ / "train-labels-idx1-ubyte", Labels32({3, 256, 9}, 8));
  EXPECT_TRUE(Contains(Refusal(folder_), "label 1 is 256, expected 0 to 255"));
  Put(folder_ / "train-labels-idx1-ubyte", Labels32({3, 0xffffffff, 9}, 0));
  EXPECT_TRUE(Contains(Refusal(folder_), "label 1 is -1, expected 0 to 255"));
  Put(folder_ / "train-labels-idx1-ubyte", Labels32({3, 1, 9}, 8) + "x");
  EXPECT_TRUE(Contains(Refusal(folder_), "header promises 3 x 8 x 4 bytes, the file holds 97"));
}

TEST_F(ImageFolder, OfSeveralSetsOneIsNamed) {
  for (const std::string set : {"emnist-digits", "emnist-letters"}) {
    PutSet({set + "-train-images-idx3-ubyte", set + "-train-labels-idx1-ubyte", set + "-test-images-idx3-ubyte",
            set + "-test-labels-idx1-ubyte"});
  }
  EXPECT_EQ(Refusal(folder_), folder_.string() +
                                  ": holds several sets (emnist-digits, emnist-letters); name one, as in " +
                                  (folder_ / "emnist-digits").string());
  const TrainTest data = LoadData((folder_ / "emnist-letters").string());
  EXPECT_EQ(data.train.name, "emnist-letters");
  EXPECT_TRUE(
      Contains(Refusal(folder_ / "emnist-mnist"), "no set emnist-mnist, expected one of emnist-digits, emnist"));
}

TEST_F(ImageFolder, ThatEmnistStoresImagesTransposedIsSaid) {
  PutSet({"emnist-digits-train-images-idx3-ubyte", "emnist-digits-train-labels-idx1-ubyte",
          "emnist-digits-test-images-idx3-ubyte", "emnist-digits-test-labels-idx1-ubyte"});
  const TrainTest data = ReadImageFolder(folder_);
  ASSERT_EQ(data.notes.size(), 1u);
  EXPECT_TRUE(Contains(data.notes[0], "EMNIST's files hold images transposed"));
}

TEST_F(ImageFolder, AFolderThatHoldsNoSetSaysWhatItHolds) {
  fs::create_directories(folder_);
  EXPECT_EQ(Refusal(folder_), folder_.string() +
                                  ": no images and labels under names such as train-images-idx3-ubyte and "
                                  "train-labels-idx1-ubyte, plain or .gz; it is empty");
  for (const char* name : {"a.csv", "b\x1b.csv", "train-images-idx3-ubyte.part", "train-labels.tsv"})
    Put(folder_ / name, "x");
  fs::create_directories(folder_ / "train-images-idx3-ubyte");  // as an archive of Kaggle's unpacks
  EXPECT_TRUE(Refusal(folder_).ends_with(
      "there are a.csv, b\\x1b.csv, train-images-idx3-ubyte, train-images-idx3-ubyte.part, train-labels.tsv"))
      << Refusal(folder_);
  EXPECT_FALSE(HoldsImages(folder_));
}

TEST_F(ImageFolder, AMissingFileAndTwoForOnePartAreNamed) {
  PutSet({"train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"});
  Put(folder_ / "test-images-idx3-ubyte", Images(2));
  EXPECT_TRUE(Contains(Refusal(folder_), ": two files for the test images: "));
  fs::remove(folder_ / "test-images-idx3-ubyte");
  Put(folder_ / "t10k-images-idx3-ubyte.gz", "damaged, but what is unpacked goes before it");
  EXPECT_EQ(ReadImageFolder(folder_).test.count(), 2);
  fs::remove(folder_ / "t10k-labels-idx1-ubyte");
  EXPECT_TRUE(Contains(Refusal(folder_), folder_.string() + ": no test labels (t10k-labels-idx1-ubyte, plain or .gz); "
                                                            "there are t10k-images-idx3-ubyte, "))
      << Refusal(folder_);
}

TEST_F(ImageFolder, APageOrATextUnderAFilesNameIsSaidToBeOne) {
  const std::vector<std::string> names = {"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                          "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};
  PutSet(names);
  const auto with = [&](const std::string& bytes) {
    Put(folder_ / names[1], bytes);
    return Refusal(folder_);
  };
  const std::string expected = ", expected an IDX file: magic number 0x00000801 (unsigned bytes in 1 dimension)";
  const std::string file = (folder_ / names[1]).string() + ": is ";
  EXPECT_EQ(with("\n\n\n\n\n<!DOCTYPE html><html>"), file + "an HTML page" + expected);
  EXPECT_EQ(with(Gzip("<HTML><body>")), file + "an HTML page" + expected);
  EXPECT_EQ(with("404: Not Found\n"), file + "text beginning \"404: Not Found\"" + expected);
  EXPECT_EQ(with("\n\n\n\n"), file + "blank text" + expected);
  EXPECT_EQ(with("PK\x03\x04zzz"), file + "a zip archive" + expected);
  EXPECT_EQ(with("version https://git-lfs.github.com/spec/v1\n"),
            file + "a Git LFS pointer, not the file that it stands for" + expected);
}

TEST_F(ImageFolder, ASetIsCalledByItsFolderHoweverThatIsNamed) {
  PutSet({"train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"});
  EXPECT_EQ(ReadImageFolder(folder_ / "").train.name, "set");
  EXPECT_EQ(DataName(folder_.string() + "//"), "set");
  EXPECT_EQ(DataName(folder_.string() + "/."), "set");
  EXPECT_EQ(DataName(folder_.string() + "/x/.."), "set");
  EXPECT_EQ(DataName("."), fs::current_path().filename().string());
  EXPECT_EQ(DataName("sets/mnist.npz"), "mnist");
  EXPECT_EQ(DataName("spirals"), "spirals");
  EXPECT_EQ(DataName("/"), "data");
}

TEST_F(ImageFolder, AnotherSetInAFolderCalledMnistIsNotTakenForIt) {
  folder_ = scratch_ / "MNIST";
  PutSet({"train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"});
  const TrainTest data = LoadData(folder_.string());
  ASSERT_EQ(data.notes.size(), 1u);
  EXPECT_EQ(data.notes[0], "these are not the original files of MNIST");
}

}  // namespace
}  // namespace fplab::nets
