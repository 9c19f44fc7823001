// Images in .npz files: what NumPy and Keras write is taken exactly, everything else is refused and named.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/data/npz_images.h>

#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <string>

#include "proptests/support/npy_bytes.h"
#include "proptests/support/scratch_folder.h"
#include "proptests/support/zip_bytes.h"

namespace fplab::nets {
namespace {

using Arrays = std::map<std::string, std::string>;

std::string Npz(const Arrays& arrays, bool deflate = true) {
  std::vector<ZipFile> files;
  for (const auto& [name, bytes] : arrays) files.push_back({name + ".npy", bytes, deflate});
  return ZipBytes::Of(files);
}

// Three training and two test images of 2 x 2, as Keras would keep them.
Arrays Small() {
  return {{"x_train", Npy("|u1", "(3, 2, 2)",
                          std::string("\x00\x7f\xff\x01"
                                      "abcdefgh",
                                      12))},
          {"y_train", Npy("|u1", "(3,)", std::string("\x00\x02\x01", 3))},
          {"x_test", Npy("|u1", "(2, 2, 2)", "ABCDEFGH")},
          {"y_test", Npy("|u1", "(2,)", std::string("\x01\x00", 2))}};
}

TrainTest Read(const std::string& bytes) {
  return ReadNpzImages({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()}, "dir/set.npz");
}

std::string Refusal(const std::string& name, const std::string& array) {
  Arrays arrays = Small();
  arrays[name] = array;
  return ErrorOf([&] { Read(Npz(arrays)); });
}

TEST(NpzImages, WhatKerasWritesIsReadDeflatedAndStored) {
  for (const bool deflate : {true, false}) {
    const TrainTest data = Read(Npz(Small(), deflate));
    EXPECT_EQ(data.train.name, "set");
    EXPECT_EQ(data.source, "dir/set.npz");
    EXPECT_EQ(data.train.count(), 3);
    EXPECT_EQ(data.train.features, 4);
    EXPECT_EQ(data.train.image_width, 2);
    EXPECT_EQ(data.train.classes, 3);
    EXPECT_EQ(data.test.classes, 3) << "of both parts";
    EXPECT_EQ(data.train.y, (std::vector<uint8_t>{0, 2, 1}));
    EXPECT_EQ(data.train.x[1], 127 / 255.0f);
    EXPECT_EQ(data.train.x[2], 1.0f);
    Validate(data.train);
    Validate(data.test);
  }
}

TEST(NpzImages, TheSameDataInOtherTypesAndShapesAreTheSameBits) {
  const DataDigests digests = DigestsOf(Read(Npz(Small())));
  Arrays arrays = Small();
  arrays["y_train"] = Npy("<i8", "(3, 1)", ElementBytes<int64_t>({0, 2, 1}));
  arrays["y_test"] = Npy("<i4", "(2,)", ElementBytes<int32_t>({1, 0}));
  arrays["x_test"] = Npy("|u1", "(2, 2, 2, 1)", "ABCDEFGH");
  std::string halves, floats;
  for (const char c : std::string("\x00\x7f\xff\x01"
                                  "abcdefgh",
                                  12)) {
    const double value = static_cast<uint8_t>(c) / 255.0;
    halves += ElementBytes<double>({value});
    floats += ElementBytes<float>({static_cast<float>(value)});
  }
  for (const std::string& x : {Npy("<f8", "(3, 1, 2, 2)", halves), Npy("<f4", "(3, 2, 2)", floats)}) {
    arrays["x_train"] = x;
    EXPECT_EQ(DigestsOf(Read(Npz(arrays))), digests);
  }
}

TEST(NpzImages, MedMnistsNamesAndFlatFeaturesAreTaken) {
  const Arrays arrays = {{"train_images", Npy("<f4", "(1, 3)", ElementBytes<float>({0, 0.25f, 1e-40f}))},
                         {"train_labels", Npy("|u1", "(1, 1)", "\1")},
                         {"test_images", Npy("<f4", "(1, 3)", ElementBytes<float>({1, 0, 0}))},
                         {"test_labels", Npy("|u1", "(1, 1)", "\1")},
                         {"val_images", "none of anybody's business"}};
  const TrainTest data = Read(Npz(arrays));
  EXPECT_EQ(data.train.features, 3);
  EXPECT_EQ(data.train.image_width, 0);
  EXPECT_EQ(data.train.x[2], 1e-40f) << "a subnormal number stays";
}

TEST(NpzImages, WhatIsNotAsSaidIsNamedWithItsArray) {
  const std::string x = "dir/set.npz(x_train.npy): ", y = "dir/set.npz(y_train.npy): ";
  const auto floats = [](std::initializer_list<double> values) { return Npy("<f8", "(3, 1)", ElementBytes(values)); };
  EXPECT_EQ(Refusal("x_train", floats({0, 2, 1})), x + "value 1 is 2, expected 0 to 1");
  EXPECT_TRUE(Contains(Refusal("x_train", floats({0, std::numeric_limits<double>::quiet_NaN(), 1})), "value 1 is nan"));
  EXPECT_TRUE(Contains(Refusal("x_train", floats({0, 0.1, 1})), "value 1 is 0.1, which binary32 does not have"));
  EXPECT_EQ(Refusal("x_train", Npy("<i4", "(3, 1)", ElementBytes<int32_t>({0, 256, 1}))),
            x + "pixel 1 is 256, expected 0 to 255");
  EXPECT_EQ(Refusal("y_train", Npy("<i8", "(3,)", ElementBytes<int64_t>({0, -1, 1}))),
            y + "label 1 is -1, expected 0 to 255");
  EXPECT_TRUE(Contains(Refusal("y_train", Npy("|u1", "(3, 10)", std::string(30, '\0'))), y + "shape is (3, 10)"));
  EXPECT_EQ(Refusal("y_train", Npy("<f4", "(3,)", ElementBytes<float>({0, 1, 2}))),
            y + "elements are '<f4', expected integers");
  EXPECT_EQ(Refusal("y_train", Npy("|u1", "(2,)", "\1\2")), y + "2 labels, expected 3 as there are images");
  EXPECT_TRUE(Contains(Refusal("x_train", Npy("|u1", "(1, 2, 2, 3)", std::string(12, 'x'))), "shape is (1, 2, 2, 3)"));
  EXPECT_TRUE(Contains(Refusal("x_train", Npy("|u1", "(0, 2, 2)", "")), "shape is (0, 2, 2)"));
  EXPECT_TRUE(Contains(Refusal("x_train", Npy("|u1", "(3, 1, 4)", std::string(12, 'x'))),
                       "test samples of 4 features (2 x 2), expected 4 (1 x 4)"));
}

TEST(NpzImages, AnArchiveOfOtherThingsSaysWhatItHolds) {
  const std::string other = ZipBytes::Of({{"photo.jpg", "x", true}});
  EXPECT_EQ(ErrorOf([&] { Read(other); }), "dir/set.npz: no array x_train (or train_images); it holds photo.jpg");
  EXPECT_EQ(ErrorOf([&] { Read("<html>moved</html>"); }), "dir/set.npz: is an HTML page, expected an .npz file");
  EXPECT_TRUE(Contains(ErrorOf([&] { Read(""); }), "dir/set.npz: "));
  const std::string array = Small()["x_train"];
  EXPECT_TRUE(Contains(ErrorOf([&] {
                         Read(ZipBytes::Of({{"x_train.npy", array, true}, {"x_train.npy", array, true}}));
                       }),
                       "two arrays x_train, expected one"));
  ZipFile lying{"x_train.npy", array, true};
  lying.size = uint64_t{1} << 40;
  EXPECT_TRUE(Contains(ErrorOf([&] { Read(ZipBytes::Of({lying}, true)); }), "of which no more than"));
}

}  // namespace
}  // namespace fplab::nets
