// Files when the system fails: each call in turn, with each reason; the last good state stays, and nothing else.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/files/system_calls.h>

#include <fcntl.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <system_error>

#include <fplab/nets/files/atomic_file.h>
#include <fplab/nets/files/byte_reader.h>
#include <fplab/nets/files/folder_lock.h>
#include <fplab/nets/files/run_directory.h>
#include <fplab/nets/files/safetensors.h>
#include "proptests/support/faulty_calls.h"
#include "proptests/support/scratch_folder.h"

namespace fplab::nets {
namespace {

using Words = std::vector<std::string>;
using Faults = FaultyCalls::Faults;

constexpr std::initializer_list<int> kReasons = {ENOSPC, EIO, EDQUOT, EROFS};

std::string Reason(int error) { return std::generic_category().message(error); }

// Lets each call of `action` fail in turn, for each reason, once alone and once with all later ones that take space.
// `prepare` comes before each, in an empty folder; `check` after it with the message ("(no error)" where the failure
// does no harm) and the number of the call.
void FailEachCall(const std::function<void(const ScratchFolder&)>& prepare,
                  const std::function<void(const ScratchFolder&)>& action,
                  const std::function<void(const ScratchFolder&, const std::string& message, size_t failing)>& check) {
  size_t count = 0;
  {
    const ScratchFolder scratch;
    prepare(scratch);
    count = CallsOf([&] { action(scratch); }).size();
  }
  ASSERT_GT(count, 0u);
  for (const bool for_ever : {false, true}) {
    for (const int error : kReasons) {
      for (size_t failing = 0; failing < count; ++failing) {
        const ScratchFolder scratch;
        prepare(scratch);
        std::string message, name;
        {
          const FaultyCalls faulty({static_cast<int64_t>(failing), error, for_ever});
          message = ErrorOf([&] { action(scratch); });
          name = faulty.calls()[failing];
        }
        SCOPED_TRACE(fmt::format("call {} ({}) fails: {}; {}", failing, name, Reason(error), message));
        if (message != "(no error)") {
          EXPECT_TRUE(message.starts_with(scratch.path().string())) << message;
          EXPECT_TRUE(message.ends_with(Reason(error))) << message;
        }
        check(scratch, message, failing);
      }
    }
  }
}

// Lets a signal interrupt each call of `action` in turn; it succeeds all the same.
void InterruptEachCall(const std::function<void(const ScratchFolder&)>& prepare,
                       const std::function<void(const ScratchFolder&)>& action,
                       const std::function<void(const ScratchFolder&)>& check) {
  int64_t count = 1;
  for (int64_t interrupted = 0; interrupted < count; ++interrupted) {
    const ScratchFolder scratch;
    prepare(scratch);
    {
      const FaultyCalls faulty({interrupted, EINTR});
      EXPECT_EQ(ErrorOf([&] { action(scratch); }), "(no error)") << faulty.calls().back() << " interrupted";
      count = static_cast<int64_t>(faulty.calls().size());
    }
    check(scratch);
  }
  EXPECT_GT(count, 3);
}

void PutOld(const ScratchFolder& scratch) { Put(scratch / "file", "old"); }
void WriteNew(const ScratchFolder& scratch) { WriteFileAtomically(scratch / "file", "new content"); }

TEST(SystemCalls, AnAtomicWriteSyncsTheFileBeforeItsNameAndTheFolderAfterIt) {
  const ScratchFolder scratch;
  EXPECT_EQ(CallsOf([&] { WriteNew(scratch); }),
            (Words{"stat", "getrandom", "open", "write", "fsync", "close", "rename", "open", "fsync", "close"}));
}

TEST(SystemCalls, WhateverCallFailsAnAtomicWriteLeavesTheOldFileOrTheNewAndNothingElse) {
  const Words calls = CallsOf([] {
    const ScratchFolder scratch;
    WriteNew(scratch);
  });
  const size_t renamed = static_cast<size_t>(std::find(calls.begin(), calls.end(), "rename") - calls.begin());
  FailEachCall(PutOld, WriteNew, [&](const ScratchFolder& scratch, const std::string& message, size_t failing) {
    EXPECT_EQ(Get(scratch / "file"), failing <= renamed ? "old" : "new content");
    if (failing <= renamed) {
      EXPECT_NE(message, "(no error)");
    }
    EXPECT_EQ(Names(scratch.path()), Words{"file"});
  });
}

TEST(SystemCalls, AFolderThatCannotBeSyncedIsAnError) {
  const ScratchFolder scratch;
  for (const int64_t call : {7, 8}) {  // open and fsync of the folder
    const FaultyCalls faulty({call, EIO});
    EXPECT_TRUE(Contains(ErrorOf([&] { WriteNew(scratch); }), ": cannot sync the folder: ")) << call;
  }
}

TEST(SystemCalls, ASignalBetweenAnyTwoCallsChangesNothing) {
  InterruptEachCall(PutOld, WriteNew, [](const ScratchFolder& scratch) {
    EXPECT_EQ(Get(scratch / "file"), "new content");
    EXPECT_EQ(Names(scratch.path()), Words{"file"});
  });
}

TEST(SystemCalls, ShortWritesAreGoneOnWith) {
  const ScratchFolder scratch;
  for (const size_t longest : {size_t{1}, size_t{7}}) {
    const FaultyCalls faulty({.longest_write = longest});
    WriteFileAtomically(scratch / "file", "0123456789abcdef");
    EXPECT_EQ(Get(scratch / "file"), "0123456789abcdef");
    EXPECT_EQ(static_cast<size_t>(std::count(faulty.calls().begin(), faulty.calls().end(), "write")),
              (16 + longest - 1) / longest);
  }
}

TEST(SystemCalls, AWriteThatTakesNothingIsAnErrorNotALoop) {
  const ScratchFolder scratch;
  const FaultyCalls faulty({.longest_write = 0});
  EXPECT_TRUE(ErrorOf([&] { WriteNew(scratch); }).ends_with(": cannot write: " + Reason(EIO)));
}

// A source of random words that repeats itself.
class SameWord : public FaultyCalls {
 public:
  explicit SameWord(int words) : FaultyCalls({}), words_(words) {}
  ssize_t Getrandom(void* out, size_t size) override {
    std::fill_n(static_cast<char*>(out), size, static_cast<char>(words_ > 0 ? 0 : 1));
    --words_;
    return static_cast<ssize_t>(size);
  }

 private:
  int words_;
};

TEST(SystemCalls, ATemporaryThatIsThereAlreadyIsLeftAloneAndAnotherNameTaken) {
  const ScratchFolder scratch;
  Put(scratch / ".file.0000000000000000.tmp", "another's");
  {
    const SameWord three_times(3);
    WriteNew(scratch);
  }
  EXPECT_EQ(Get(scratch / "file"), "new content");
  EXPECT_EQ(Get(scratch / ".file.0000000000000000.tmp"), "another's");
  EXPECT_EQ(Names(scratch.path()).size(), 2u);
  const SameWord for_ever(1 << 20);
  EXPECT_TRUE(ErrorOf([&] { WriteNew(scratch); }).ends_with(": cannot write: " + Reason(EEXIST)));
}

TEST(SystemCalls, WhateverCallFailsAFolderIsMadeByTheNextTry) {
  const auto make = [](const ScratchFolder& scratch) { CreateFolder(scratch / "a/b/c"); };
  FailEachCall([](const ScratchFolder&) {}, make,
               [&](const ScratchFolder& scratch, const std::string&, size_t) {
                 make(scratch);
                 EXPECT_TRUE(std::filesystem::is_directory(scratch / "a/b/c"));
               });
  InterruptEachCall(
      [](const ScratchFolder&) {}, make,
      [](const ScratchFolder& scratch) { EXPECT_TRUE(std::filesystem::is_directory(scratch / "a/b/c")); });
}

TEST(SystemCalls, EachNewFolderIsSyncedIntoTheOneThatHoldsIt) {
  const ScratchFolder scratch;
  const Words calls = CallsOf([&] { CreateFolder(scratch / "a/b"); });
  EXPECT_EQ(std::count(calls.begin(), calls.end(), "mkdir"), 2);
  EXPECT_EQ(std::count(calls.begin(), calls.end(), "fsync"), 2);
}

TEST(SystemCalls, WhateverCallFailsReadingIsAnErrorOrTheWholeContent) {
  const auto prepare = [](const ScratchFolder& scratch) { Put(scratch / "file", std::string(100000, 'x')); };
  std::string read;
  const auto whole = [&](const ScratchFolder& scratch) { read = ReadFile(scratch / "file", 1 << 20); };
  const auto pieces = [&](const ScratchFolder& scratch) {
    ByteReader reader(scratch / "file");
    read = ReadAll(reader, 1 << 20);
  };
  for (const std::function<void(const ScratchFolder&)>& action : {std::function(whole), std::function(pieces)}) {
    FailEachCall(prepare, action, [&](const ScratchFolder& scratch, const std::string& message, size_t) {
      if (message == "(no error)") {
        EXPECT_EQ(read, Get(scratch / "file"));
      }
      read.clear();
    });
    InterruptEachCall(prepare, action, [&](const ScratchFolder& scratch) {
      EXPECT_EQ(read, Get(scratch / "file"));
      read.clear();
    });
  }
}

TEST(SystemCalls, WhateverCallFailsALockIsFreeAfterwards) {
  const auto hold = [](const ScratchFolder& scratch) { FolderLock lock(scratch.path()); };
  const auto none = [](const ScratchFolder&) {};
  FailEachCall(none, hold, [&](const ScratchFolder& scratch, const std::string&, size_t) {
    EXPECT_EQ(ErrorOf([&] { hold(scratch); }), "(no error)");
    EXPECT_EQ(Names(scratch.path()), Words{});
  });
  InterruptEachCall(none, hold, [](const ScratchFolder& scratch) { EXPECT_EQ(Names(scratch.path()), Words{}); });
}

TEST(SystemCalls, AFileSystemWithoutLocksIsRefusedByName) {
  const ScratchFolder scratch;
  for (const int error : {ENOLCK, EOPNOTSUPP, ENOSYS}) {
    const FaultyCalls faulty({1, error});
    EXPECT_EQ(ErrorOf([&] { FolderLock lock(scratch.path()); }),
              (scratch / ".lock").string() + ": cannot lock: " + Reason(error));
  }
}

// The first file of each name is somebody else's, who let it be read alone.
class AnothersFile : public FaultyCalls {
 public:
  AnothersFile() : FaultyCalls({}) {}
  int Open(const char* path, int flags) override {
    const bool refused = theirs_ && (flags & O_ACCMODE) != O_RDONLY;
    if (refused) errno = EACCES;
    return refused ? -1 : FaultyCalls::Open(path, flags);
  }
  int Unlink(const char* path) override {
    theirs_ = false;
    return FaultyCalls::Unlink(path);
  }

 private:
  bool theirs_ = true;
};

TEST(SystemCalls, ALockThatAKilledProcessOfAnotherUserLeftIsInNobodysWay) {
  const ScratchFolder scratch;
  Put(scratch / ".lock", "process 1 on host there since long ago\n");
  const AnothersFile calls;
  std::optional<FolderLock> lock(scratch.path());
  EXPECT_TRUE(Contains(Get(scratch / ".lock"), "on host "));
  EXPECT_FALSE(Contains(Get(scratch / ".lock"), "there"));
  lock.reset();
  EXPECT_EQ(Names(scratch.path()), Words{});
}

TEST(SystemCalls, ALockThatAnotherUserHoldsIsNotTakenFromHim) {
  const ScratchFolder scratch;
  std::optional<FolderLock> lock(scratch.path());
  {
    const AnothersFile calls;
    EXPECT_TRUE(Contains(ErrorOf([&] { FolderLock second(scratch.path()); }), "is in use by process "));
  }
  lock.reset();
  EXPECT_EQ(Names(scratch.path()), Words{});
}

OrderedJson Line(int64_t step) { return {{"step", step}, {"loss", 0.25}}; }

TEST(SystemCalls, WhateverCallFailsARunIsCreatedByTheNextTry) {
  const auto create = [](const ScratchFolder& scratch) { RunDirectory::Create(scratch / "run", {{"seed", 1}}); };
  FailEachCall([](const ScratchFolder&) {}, create,
               [&](const ScratchFolder& scratch, const std::string& message, size_t) {
                 if (message == "(no error)" || std::filesystem::exists(scratch / "run/config.json")) {
                   EXPECT_EQ(RunDirectory::Resume(scratch / "run").config().dump(), R"({"seed":1})");
                 } else {
                   EXPECT_EQ(ErrorOf([&] { create(scratch); }), "(no error)");
                 }
                 EXPECT_EQ(Names(scratch / "run"), Words{"config.json"});
               });
}

// A run with one line of metrics, and what is there after `write` when the call of each number fails.
struct Written {
  std::optional<RunDirectory> run;
  void Begin(const ScratchFolder& scratch) {
    run.reset();
    run.emplace(RunDirectory::Create(scratch / "run", OrderedJson::object()));
    for (const int step : {1, 2}) run->AppendMetrics(Line(step));
  }
};

TEST(SystemCalls, WhateverCallFailsAnAppendedLineIsThereWholeOrNotAtAll) {
  Written written;
  std::string before, after;
  const auto prepare = [&](const ScratchFolder& scratch) {
    written.Begin(scratch);
    before = Get(written.run->metrics_path());
    after = before + Line(3).dump() + "\n";
  };
  const auto append = [&](const ScratchFolder&) { written.run->AppendMetrics(Line(3)); };
  FailEachCall(prepare, append, [&](const ScratchFolder&, const std::string& message, size_t failing) {
    const std::string found = Get(written.run->metrics_path());
    const bool closing = failing == 4;  // then the line has been synced
    EXPECT_EQ(found, message == "(no error)" || closing ? after : before);
    EXPECT_NE(message, "(no error)");
  });
  InterruptEachCall(prepare, append, [&](const ScratchFolder&) { EXPECT_EQ(Get(written.run->metrics_path()), after); });
  written.run.reset();
}

TEST(SystemCalls, WhatIsAppendedOrShortenedIsSyncedBeforeItIsClosed) {
  const ScratchFolder scratch;
  Written written;
  written.Begin(scratch);
  EXPECT_EQ(CallsOf([&] { written.run->AppendMetrics(Line(3)); }), (Words{"open", "fstat", "write", "fsync", "close"}));
  const Words rewind = CallsOf([&] { written.run->RewindMetrics(2); });
  EXPECT_EQ(Words(rewind.end() - 4, rewind.end()), (Words{"open", "ftruncate", "fsync", "close"}));
}

TEST(SystemCalls, ALineThatIsCutShortByAFullDiskIsTakenBack) {
  const ScratchFolder scratch;
  Written written;
  written.Begin(scratch);
  const std::string before = Get(written.run->metrics_path());
  {
    const FaultyCalls faulty({.failing = 3, .error = ENOSPC, .longest_write = 5});  // the second write
    EXPECT_NE(ErrorOf([&] { written.run->AppendMetrics(Line(3)); }), "(no error)");
    EXPECT_EQ(faulty.calls(), (Words{"open", "fstat", "write", "write", "ftruncate", "close"}));
  }
  EXPECT_EQ(Get(written.run->metrics_path()), before);
}

TEST(SystemCalls, WhateverCallFailsRewindingLeavesAllLinesOrThoseThatAreToStay) {
  Written written;
  std::string before;
  const auto prepare = [&](const ScratchFolder& scratch) {
    written.Begin(scratch);
    before = Get(written.run->metrics_path());
  };
  const auto rewind = [&](const ScratchFolder&) { written.run->RewindMetrics(1); };
  FailEachCall(prepare, rewind, [&](const ScratchFolder&, const std::string& message, size_t) {
    const std::string found = Get(written.run->metrics_path());
    EXPECT_TRUE(found == Line(1).dump() + "\n" || (message != "(no error)" && found == before)) << found;
  });
  InterruptEachCall(prepare, rewind,
                    [&](const ScratchFolder&) { EXPECT_EQ(Get(written.run->metrics_path()), Line(1).dump() + "\n"); });
  written.run.reset();
}

TEST(SystemCalls, WhateverCallFailsACheckpointIsTheOldOneOrTheNew) {
  const Safetensors old{{{"w", {1}, std::vector<float>{1}}}, {}}, next{{{"w", {1}, std::vector<float>{2}}}, {}};
  FailEachCall([&](const ScratchFolder& scratch) { WriteSafetensors(scratch / "file", old); },
               [&](const ScratchFolder& scratch) { WriteSafetensors(scratch / "file", next); },
               [&](const ScratchFolder& scratch, const std::string& message, size_t) {
                 const Tensor found = ReadSafetensors(scratch / "file").tensors.front();
                 EXPECT_TRUE(SameTensor(found, next.tensors.front()) ||
                             (message != "(no error)" && SameTensor(found, old.tensors.front())));
                 EXPECT_EQ(Names(scratch.path()), Words{"file"});
               });
}

}  // namespace
}  // namespace fplab::nets
