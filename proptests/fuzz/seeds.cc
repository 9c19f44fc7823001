// fuzz_seeds FOLDER: writes the inputs that fuzzing begins with, FOLDER/TARGET/NUMBER, from what fplab itself writes.
//
// FuzzedDataProvider takes numbers from the end of an input and text from its beginning: a seed is a text and the
// choices after it.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fplab/fparith/identity/catalogue.h>
#include <fplab/nets/files/atomic_file.h>
#include <fplab/nets/training/config_json.h>
#include "proptests/fuzz/checkpoint_seed.h"
#include "proptests/fuzz/fuzz.h"
#include "proptests/support/elf_bytes.h"
#include "proptests/support/idx_files.h"
#include "proptests/support/npy_bytes.h"
#include "proptests/support/scratch_folder.h"
#include "proptests/support/zip_bytes.h"

namespace fplab::fuzz {
namespace {

class Seeds {
 public:
  explicit Seeds(std::filesystem::path folder) : folder_(std::move(folder)) {}

  void Add(std::string_view target, std::string_view bytes) {
    Put(folder_ / target / fmt::format("{:04}", number_++), bytes);
  }
  // One seed for each value of the choice that is made first.
  void AddForChoices(std::string_view target, std::string_view text, int choices, std::string_view others = "") {
    for (int i = 0; i < choices; ++i) {
      Add(target, std::string(text).append(others).append(1, static_cast<char>(i)));
    }
  }

 private:
  std::filesystem::path folder_;
  int number_ = 0;
};

// Choices of the targets are taken from the end.
std::string Choices(std::string text) { return {text.rbegin(), text.rend()}; }

void AddStatement(Seeds& seeds, const std::string& statement) {
  const std::string no_condition(1, '\0');
  seeds.Add("statement_parse", statement + no_condition + no_condition + '\2');
  std::string operands;
  for (int i = 0; i < 27; ++i) operands += std::string("\0\0\0\0\0\0\x10\x3f", 8);
  seeds.Add("statement_evaluate", statement + operands + '\0' + '\2');
  seeds.Add("statement_shrink", statement + '\3' + '\0' + std::string(8, '\1') + '\2');
}

void AddStatements(Seeds& seeds) {
  for (const identity::CatalogueEntry& row : identity::Catalogue()) AddStatement(seeds, std::string(row.statement));
  for (const char* wide :
       {"(a: x87)-(b: x87) == 0 <=> a == b when abs(a) <= 0x1.8p-16000", "f64(a: f128) < b or real(a*(c: e12p3) <= 1)",
        "x87(nan) == x87(a) or f128(inf) > b: f128"}) {
    AddStatement(seeds, wide);
  }
}

void AddFpCores(Seeds& seeds) {
  for (const char* text :
       {"(FPCore f (x y) :name \"n\" :precision binary32 :pre (<= 1/10 x 3/10) (let* ((t (+ x 1.5)) (u (* t y))) (/ u "
        "t)))",
        "(FPCore ((! :precision binary16 x)) (! :round toPositive :precision (float 5 12) (sqrt (cast x))))",
        "(FPCore ((! :precision binary80 x) y) :precision binary128 :round toZero (if (< x y) (* (cast x) 1/3) y))",
        "(FPCore (x y) (if (and (< 0 x 1) (!= x y 2)) (fma x -0x1p-3 PI) (- (digits 3 -2 10)))) ; comment",
        "(FPCore [x] (or (isnan (hypot x (fmin x 1))) (not (== (nearbyint x) (remainder x 2)))))"}) {
    seeds.Add("fpcore", text);
  }
}

void AddTexts(Seeds& seeds) {
  for (const char* text : {"1", "-0", ".5", "1.25e-40", "0x1.8p-126", "0x0.000002p-126", "1e-45", "3.4028235e38",
                           "4.9406564584124654e-324", "0.1000000000000000055511151231257827"}) {
    seeds.AddForChoices("number_text", text, std::size(kTextFormats), std::string(1, '\0'));
  }
  for (const char* name : {"f16", "bf16", "f32", "f64", "e5m2", "e4m3", "e8p24", "none", "ftz", "ftz+daz,up",
                           "nearest-even", "f32_mulAdd", "f64_roundToInt_r_minMag", "ui32_to_f16", "A", "before"}) {
    seeds.Add("names", name);
  }
  const std::string plain(1, '\0'), checked(1, '\1');
  seeds.Add("vector_lines", "3F800000 00000001\n80000000 7FC00000\n" + plain + '\0');
  seeds.Add("vector_lines", "3F800000 00000001 3F800001 01\r\n80000000 7FC00000 7FC00000 00\r\n" + checked + '\0');
  seeds.Add("vector_lines",
            "0000000000000001 3FF0000000000000 8000000000000000 0000000000000001 00\n" + checked + '\1');
  seeds.Add("vector_lines", "0001 0C00 01\n" + checked + '\2');
  // The clauses (1 or 2) and (-1 or 2), taken from the end, before a proof as text.
  seeds.Add("drat_proof", std::string("2 0\nd 1 2 0\n0\n") + plain + checked + '\1' + '\1' + '\0' + '\0' + '\2');
  for (int i = 0; i < 64; ++i)
    seeds.Add("hardware_operation", std::string(static_cast<size_t>(26 + i % 3), static_cast<char>(i)));
}

// Headers that are JSON of something else than tensors, each refused for a reason of its own.
void AddHeaders(Seeds& seeds) {
  for (const char* header :
       {"{\"a\":null,\"b\":[true,-1,1.5,\"x\"]}", "{\"a\":1,\"a\":2}", "{\"a\":[[[[[1]]]]]}", "{\"a\":", "[]",
        "{\"__metadata__\":7}", "{\"__metadata__\":{\"a\":7}}", "{\"__metadata__\":{\"tensors_sha256\":\"00\"}}", "{}",
        "{\"t\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,9]}}",
        "{\"t\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,4]}}",
        "{\"t\":{\"dtype\":\"U8\",\"shape\":[-4],\"data_offsets\":[0,4]}}",
        "{\"t\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}}",
        "{\"t\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]}}",
        "{\"t\":{\"dtype\":\"U8\",\"shape\":4,\"data_offsets\":[0,4]}}",
        "{\"t\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0]}}",
        "{\"t\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,4]}}"}) {
    const uint64_t length = std::string_view(header).size();
    seeds.Add("safetensors", BytesOf(length) + header + "data" + '\0');
  }
}

// A checkpoint's metadata with one entry replaced; the keys as the target numbers them.
void AddMetadata(Seeds& seeds, const nets::Safetensors& checkpoint) {
  const auto add = [&](char key, const std::string& value) {
    seeds.Add("checkpoint", value + Choices(std::string{0, key, 0}));
  };
  std::string config = checkpoint.metadata.at("config");
  add(0, config);
  for (const auto& [found, other] :
       {std::pair{"[2,3,2]", "[2,4,2]"}, std::pair{"[2,3,2]", "[2,2]"},
        std::pair{"\"average_decay\":0", "\"average_decay\":0.5"}, std::pair{"\"adam\"", "\"sgd\""}}) {
    std::string changed = config;
    const size_t at = changed.find(found);
    if (at != std::string::npos) add(0, changed.replace(at, std::string_view(found).size(), other));
  }
  for (char key = 1; key < 7; ++key) add(key, "7");
  for (char key = 1; key < 7; ++key) add(key, "seven");
  add(1, "-1");
}

void AddFiles(Seeds& seeds) {
  const ScratchFolder folder;
  const nets::Safetensors checkpoint = SmallCheckpoint(folder / "seed");
  seeds.Add("safetensors", Get(folder / "seed") + '\0');
  seeds.Add("safetensors", std::string(200, '\1'));
  for (const auto& [key, value] : checkpoint.metadata) seeds.Add("checkpoint", value);
  AddMetadata(seeds, checkpoint);
  AddHeaders(seeds);

  for (const char* preset : {"post", "best", "quick", "spirals"}) {
    const std::string text = ToJson(nets::Preset(preset, nets::EstimatorKind::kActivation)).dump();
    seeds.Add("run_config", text);
    seeds.Add("sweep_plan",
              R"({"axes":[{"name":"seed","values":["1"]}],"cells":[{"name":"seed=1","at":["1"],"config":)" + text +
                  "}]}" + '\0');
  }
  seeds.Add("sweep_plan", std::string("scale-exponent=112,125") + '\1');
  const std::string lines = R"({"step":3,"epoch":1,"seconds":0.5,"loss":2.3,"gates":[0.5,0.25]})"
                            "\n"
                            R"({"step":6,"epoch":2,"seconds":1.0,"loss":1.9,"gates":[0.5,0.125]})";
  seeds.Add("metrics", lines + "\n" + std::string(8, '\4'));
  seeds.Add("metrics", lines + std::string(8, '\0'));

  for (int dimensions = 1; dimensions <= 3; ++dimensions) {
    const std::vector<uint32_t> shape(static_cast<size_t>(dimensions), 3);
    const std::string idx = Idx(shape, std::string(static_cast<size_t>(dimensions == 1   ? 3
                                                                       : dimensions == 2 ? 9
                                                                                         : 27),
                                                   'x'));
    seeds.Add("idx", idx + static_cast<char>(dimensions - 1));
    seeds.Add("idx", Gzip(idx) + static_cast<char>(dimensions - 1));
    seeds.Add("gzip", Gzip(idx) + "\x10\1");
    seeds.Add("gzip", Gzip(idx) + Gzip(std::string(5000, 'y')) + "\x10\3");
  }
}

// Two labels and two images of 2 x 3 pixels, as the target makes them: good, and each in one way bad.
void AddImages(Seeds& seeds) {
  const std::string content = std::string("\0\1", 2) + std::string(12, '\x7f');
  struct Case {
    char labels = 2, short_labels = 0, gzip_labels = 0;
    char images = 2, height = 2, width = 3, wide = 0, short_images = 0, gzip_images = 0, elsewhere = 0;
  };
  for (const Case& test :
       {Case{}, Case{.gzip_labels = 1, .gzip_images = 1}, Case{.labels = 1}, Case{.short_labels = 1},
        Case{.short_images = 1}, Case{.height = 0}, Case{.wide = 1}, Case{.labels = 1, .wide = 1}, Case{.elsewhere = 1},
        Case{.elsewhere = 2}, Case{.elsewhere = 3}, Case{.short_images = 1, .gzip_images = 1}}) {
    const std::string images = test.wide != 0 ? std::string{test.images, test.height, test.width, 1, 1}
                                              : std::string{test.images, test.height, test.width, 0};
    seeds.Add("idx_images", content + Choices(std::string{test.labels, test.short_labels, test.gzip_labels} + images +
                                              std::string{test.short_images, test.gzip_images, test.elsewhere}));
  }
}

// What compiler and linker make of the libraries that fplab scan is tested with.
void AddLibraries(Seeds& seeds) {
#ifdef SEED_LIBRARIES
  for (const char* path : {SEED_LIBRARIES}) {
    const std::string bytes = Get(path);
    seeds.Add("elf_image", bytes);
    seeds.Add("elf_startup", bytes + '\0');
  }
#endif
}

void AddCode(Seeds& seeds) {
  const std::string ldmxcsr = "\x0f\xae\x15", stmxcsr = "\x0f\xae\x5c\x24\xfc";
  const std::string or_in_memory = std::string("\x81\x4c\x24\xfc\x40\x80\x00\x00", 8);
  const std::string load_from_stack = "\x0f\xae\x54\x24\xfc", ret = "\xc3";
  const std::string codes[] = {
      stmxcsr + or_in_memory + load_from_stack + ret, ldmxcsr + std::string("\0\0\0\0", 4) + ret,
      std::string("\x85\xff\x74\x02\xeb\x00", 6) + stmxcsr + or_in_memory + load_from_stack + ret,
      std::string("\xe8\x01\x00\x00\x00\xc3", 6) + stmxcsr + or_in_memory + load_from_stack + ret};
  for (const std::string& code : codes) {
    const std::string file = LibraryOf(code);
    seeds.Add("x86_decode", code);
    seeds.Add("elf_startup", code + '\1');
    seeds.Add("elf_startup", file + '\0');
    seeds.Add("elf_image", file);
  }
}

void AddArchives(Seeds& seeds) {
  const ZipFile stored{.name = "lib/a.so", .data = std::string(300, 'x'), .deflate = false};
  const ZipFile deflated{.name = "lib/b.so", .data = std::string(3000, 'y')};
  for (const bool zip64 : {false, true}) {
    seeds.Add("zip", ZipBytes::Of({stored, deflated}, zip64) + std::string(16, '\x10'));
  }
  // An array alone, and images and labels of every type: what is true of them, the target sees to by their last byte.
  const std::string x = Npy("|u1", "(2, 2, 2)", "abcdefgh"), y = Npy("<i8", "(2,)", ElementBytes<int64_t>({0, 1}));
  seeds.Add("npz", x + '\0');
  seeds.Add("npz", Npy("<i4", "(2, 1)", ElementBytes<int32_t>({0, 1}), 2) + '\0');
  for (const std::string& images :
       {x, Npy("<f4", "(2, 2, 2, 1)", std::string(32, '\0')), Npy("<f8", "(2, 1, 2, 2)", std::string(64, '\0')),
        Npy("|u1", "(2, 4)", "abcdefgh")}) {
    for (const bool deflate : {false, true}) {
      seeds.Add("npz", ZipBytes::Of({{"x_train.npy", images, deflate},
                                     {"y_train.npy", y, deflate},
                                     {"x_test.npy", images, deflate},
                                     {"y_test.npy", y, deflate}}) +
                           '\1');
    }
  }
}

}  // namespace
}  // namespace fplab::fuzz

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: fuzz_seeds FOLDER\n");
    return 2;
  }
  fplab::fuzz::Seeds seeds(argv[1]);
  fplab::fuzz::AddStatements(seeds);
  fplab::fuzz::AddFpCores(seeds);
  fplab::fuzz::AddTexts(seeds);
  fplab::fuzz::AddFiles(seeds);
  fplab::fuzz::AddImages(seeds);
  fplab::fuzz::AddCode(seeds);
  fplab::fuzz::AddLibraries(seeds);
  fplab::fuzz::AddArchives(seeds);
  return 0;
}
