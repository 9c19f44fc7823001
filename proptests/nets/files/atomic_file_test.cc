// Atomic files: the old content or the new, never a mixture, and nothing left behind by a failure.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/files/atomic_file.h>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <stdexcept>
#include <thread>

#include <fplab/nets/files/sha256.h>
#include "proptests/support/forks.h"
#include "proptests/support/permissions.h"
#include "proptests/support/scratch_folder.h"

namespace fplab::nets {
namespace {

// No file can grow beyond `bytes` while it lives: a disk that is full, as far as write() can tell.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) : old_handler_(::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit limit{bytes, old_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &old_);
    ::signal(SIGXFSZ, old_handler_);
  }

 private:
  rlimit old_;
  void (*old_handler_)(int);
};

std::string WriteRefusal(const std::filesystem::path& path, std::string_view bytes) {
  return ErrorOf([&] { WriteFileAtomically(path, bytes); });
}

TEST(AtomicFile, AWriteCreatesAndReplaces) {
  const ScratchFolder scratch;
  for (const std::string& bytes : {std::string("first\0line", 10), std::string(), std::string(3 << 20, 'x')}) {
    WriteFileAtomically(scratch / "file", bytes);
    EXPECT_EQ(Get(scratch / "file"), bytes);
    EXPECT_EQ(Names(scratch.path()), std::vector<std::string>{"file"});
  }
}

TEST(AtomicFile, AFullDiskLeavesTheOldFileAndNothingElse) {
  const ScratchFolder scratch;
  Put(scratch / "file", "old");
  std::string message;
  {
    const FullDisk full(4096);
    message = WriteRefusal(scratch / "file", std::string(100000, 'x'));
  }
  EXPECT_EQ(message, (scratch / "file").string() + ": cannot write: File too large");
  EXPECT_EQ(Get(scratch / "file"), "old");
  EXPECT_EQ(Names(scratch.path()), std::vector<std::string>{"file"});
}

TEST(AtomicFile, ContentInPiecesIsOneFile) {
  const ScratchFolder scratch;
  WriteFileAtomically(scratch / "file", [&](const ByteSink& sink) {
    for (const char* piece : {"first", "", " second"}) sink(piece);
    EXPECT_FALSE(std::filesystem::exists(scratch / "file"));
  });
  EXPECT_EQ(Get(scratch / "file"), "first second");
  EXPECT_EQ(Names(scratch.path()), std::vector<std::string>{"file"});
}

TEST(AtomicFile, ADiskThatFillsUpBetweenPiecesLeavesTheOldFileAndNothingElse) {
  const ScratchFolder scratch;
  Put(scratch / "file", "old");
  std::string message;
  int pieces = 0;
  {
    const FullDisk full(4096);
    message = ErrorOf([&] {
      WriteFileAtomically(scratch / "file", [&](const ByteSink& sink) {
        for (; pieces < 10; ++pieces) sink(std::string(1000, 'x'));
      });
    });
  }
  EXPECT_EQ(message, (scratch / "file").string() + ": cannot write: File too large");
  EXPECT_EQ(pieces, 4);
  EXPECT_EQ(Get(scratch / "file"), "old");
  EXPECT_EQ(Names(scratch.path()), std::vector<std::string>{"file"});
}

TEST(AtomicFile, WhatTheContentThrowsComesOutAndLeavesTheOldFileAndNothingElse) {
  const ScratchFolder scratch;
  Put(scratch / "file", "old");
  EXPECT_THROW(WriteFileAtomically(scratch / "file",
                                   [](const ByteSink& sink) {
                                     sink("new");
                                     throw std::runtime_error("no more");
                                   }),
               std::runtime_error);
  EXPECT_EQ(Get(scratch / "file"), "old");
  EXPECT_EQ(Names(scratch.path()), std::vector<std::string>{"file"});
}

TEST(AtomicFile, ADeviceWithoutSpaceIsReportedByWriteAll) {
  const int full = ::open("/dev/full", O_WRONLY);
  ASSERT_GE(full, 0);
  EXPECT_EQ(WriteAll(full, "x"), ENOSPC);
  ::close(full);
}

TEST(AtomicFile, OnlyARegularFileIsReplaced) {
  const ScratchFolder scratch;
  std::filesystem::create_directory(scratch / "folder");
  std::filesystem::create_symlink("/dev/full", scratch / "device");
  EXPECT_TRUE(Contains(WriteRefusal(scratch / "folder", "x"), "folder: not a regular file"));
  EXPECT_TRUE(Contains(WriteRefusal(scratch / "device", "x"), "device: not a regular file"));
  EXPECT_TRUE(std::filesystem::is_symlink(scratch / "device"));
}

TEST(AtomicFile, AFolderThatIsMissingOrUnwritableIsNamed) {
  const ScratchFolder scratch;
  Put(scratch / "file", "old");
  EXPECT_EQ(WriteRefusal(scratch / "none/file", "x"),
            (scratch / "none/file").string() + ": cannot write: No such file or directory");
  EXPECT_TRUE(Contains(WriteRefusal(scratch / "file/inner", "x"), ": cannot write: Not a directory"));
  EXPECT_TRUE(Contains(ErrorOf([&] { CreateFolder(scratch / "file/inner"); }), "cannot create the folder: "));
  EXPECT_TRUE(Contains(ErrorOf([&] { CreateFolder(scratch / "file"); }), "file"));
  EXPECT_EQ(Get(scratch / "file"), "old");
}

TEST(AtomicFile, AFolderWithoutWritePermissionIsRefused) {
  const ScratchFolder scratch;
  ::chmod(scratch.path().c_str(), 0500);
  constexpr int kRefused = 0, kWritten = 1, kRootCannotObey = 2;
  const int answer = InChild([&] {
    if (!ObeyPermissions()) return kRootCannotObey;
    return Contains(WriteRefusal(scratch / "file", "x"), "cannot write: Permission denied") ? kRefused : kWritten;
  });
  ::chmod(scratch.path().c_str(), 0700);
  if (answer == kRootCannotObey) GTEST_SKIP() << "root may write anywhere here";
  EXPECT_EQ(answer, kRefused);
  EXPECT_TRUE(Names(scratch.path()).empty());
}

TEST(AtomicFile, OfTwoWritersAtOnceOneWinsWhole) {
  const ScratchFolder scratch;
  const std::string a(1 << 16, 'a'), b(1 << 16, 'b');
  {
    std::jthread first([&] {
      for (int i = 0; i < 20; ++i) WriteFileAtomically(scratch / "file", a);
    });
    std::jthread second([&] {
      for (int i = 0; i < 20; ++i) WriteFileAtomically(scratch / "file", b);
    });
  }
  const std::string content = Get(scratch / "file");
  EXPECT_TRUE(content == a || content == b);
  EXPECT_EQ(Names(scratch.path()), std::vector<std::string>{"file"});
}

TEST(AtomicFile, StaleTemporariesOfThatFileAloneAreRemoved) {
  const ScratchFolder scratch;
  const std::vector<std::string> stale = {".file.12.0.tmp", ".file.0123456789abcdef.tmp"};
  const std::vector<std::string> others = {"file",
                                           ".other.12.0.tmp",
                                           ".file.12.0",
                                           ".file.tmp",
                                           ".file..tmp",
                                           ".file.json.0123456789abcdef.tmp",
                                           ".file.0123456789abcdeg.tmp",
                                           ".file.notes.tmp"};
  for (const std::string& name : stale) Put(scratch / name, "x");
  for (const std::string& name : others) Put(scratch / name, "x");
  RemoveStaleTemporaries(scratch / "file");
  for (const std::string& name : stale) EXPECT_FALSE(std::filesystem::exists(scratch / name)) << name;
  for (const std::string& name : others) EXPECT_TRUE(std::filesystem::exists(scratch / name)) << name;
  RemoveStaleTemporaries(scratch / "none/file");
}

TEST(ReadFile, ReturnsAllBytesAndRefusesMoreThanAllowed) {
  const ScratchFolder scratch;
  const std::string bytes(100000, 'x');
  Put(scratch / "file", bytes);
  EXPECT_EQ(ReadFile(scratch / "file", 100000), bytes);
  EXPECT_TRUE(Contains(ErrorOf([&] { ReadFile(scratch / "file", 99999); }), "100000 bytes, expected at most 99999"));
  EXPECT_TRUE(Contains(ErrorOf([&] { ReadFile(scratch / "none", 1); }), "cannot read: No such file"));
  EXPECT_TRUE(Contains(ErrorOf([&] { ReadFile(scratch.path(), 1); }), "not a regular file"));
}

TEST(ReadFile, RefusesAPipeAndDoesNotWaitForItsWriter) {
  const ScratchFolder scratch;
  ASSERT_EQ(::mkfifo((scratch / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(ErrorOf([&] { ReadFile(scratch / "pipe", 10); }), (scratch / "pipe").string() + ": not a regular file");
}

TEST(Sha256, MatchesThePublishedVectorsWhateverThePieces) {
  // FIPS 180-4 examples, and the empty message.
  EXPECT_EQ(Sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  Sha256 hash;
  hash.Update("abcdbcdecdefdefgefghfghighijhi");
  hash.Update("");
  hash.Update("jkijkljklmklmnlmnomnopnopq");
  EXPECT_EQ(hash.HexDigest(), "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  Sha256 integer;
  integer.UpdateInteger(0x0807060504030201);
  EXPECT_EQ(integer.HexDigest(), Sha256Hex("\x01\x02\x03\x04\x05\x06\x07\x08"));
}

}  // namespace
}  // namespace fplab::nets
