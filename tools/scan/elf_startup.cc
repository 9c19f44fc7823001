// From the cheapest proof to the dearest: no instruction that could; none that start-up code can get to; none that does
// harm where it stands; and, following every constructor, none that leaves a flushing mode behind.
// SPDX-License-Identifier: Apache-2.0
#include "tools/scan/elf_startup.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include <fplab/fparith/float/outside_text.h>
#include "tools/scan/code_graph.h"
#include "tools/scan/elf_x86_decode.h"
#include "tools/scan/elf_x86_execute.h"
#include "tools/scan/elf_x86_follow.h"
#include "tools/scan/libc_control_word.h"
#include "tools/scan/outside_file.h"

namespace fplab::tools {
namespace {

constexpr size_t kMaxReasons = 8;

bool IsHarmless(BitEffect effect) { return effect == BitEffect::kKept || effect == BitEffect::kCleared; }

bool IsHarmless(const MxcsrEffect& effect) {
  return effect.incomplete.empty() &&
         std::all_of(effect.outcomes.begin(), effect.outcomes.end(),
                     [](const auto& outcome) { return IsHarmless(outcome.ftz) && IsHarmless(outcome.daz); });
}

// Whether the file has an instruction, or the name of a function, that can change FTZ or DAZ, wherever it stands.
bool HasWriters(const ElfImage& image) {
  for (const ElfImage::Range& range : image.ExecutableRanges()) {
    if (FindWriterBytes(image.BytesAt(range.begin).first(range.end - range.begin), {})) return true;
  }
  for (const auto& slack : image.ExecutableSlack()) {
    if (FindWriterBytes(slack, {})) return true;
  }
  return std::any_of(image.Pointers().begin(), image.Pointers().end(),
                     [](const ElfImage::Pointer& p) { return MaySwitch(p.import); });
}

// Whether the file asks for functions by name and holds, as a whole string, the name of one that may switch.
std::string NameForDlsym(const ElfImage& image) {
  const bool asks = std::any_of(image.Pointers().begin(), image.Pointers().end(),
                                [](const ElfImage::Pointer& p) { return p.import == "dlsym" || p.import == "dlvsym"; });
  if (!asks) return "";
  for (const auto& bytes : image.DataBytes()) {
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    for (const std::string_view name : kSwitchNames) {
      for (size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
        const bool whole =
            (at == 0 || text[at - 1] == '\0') && at + name.size() < text.size() && text[at + name.size()] == '\0';
        if (whole) return std::string(name);
      }
    }
  }
  return "";
}

class Examination {
 public:
  Examination(const ElfImage& image, const StartupLimits& limits) : image_(image), limits_(limits), graph_(image) {}

  StartupReport Run() {
    const ElfImage::StartupFunctions startup = image_.Startup();
    report_.constructors = static_cast<int>(startup.list.size() + startup.others.size());
    report_.partly_followed = static_cast<int>(startup.others.size());
    for (const std::string& other : startup.others) Undecided(Printable(other));
    const std::string change = image_.WhyCodeMayChange();
    if (!change.empty()) Undecided(change);
    const std::string dlsym = NameForDlsym(image_);
    if (!HasWriters(image_) && dlsym.empty()) {
      return Clean("nothing in it can load MXCSR");
    }
    std::vector<uint64_t> roots;
    for (const Constructor& constructor : startup.list) roots.push_back(constructor.address);
    reach_ = graph_.ReachFrom(roots);
    for (uint64_t address : reach_.nowhere)
      Undecided(fmt::format("start-up code goes to {:#x}, where there is no code", address));
    if (!graph_.IsComplete()) Undecided("its code and data point at each other too often to be followed");
    if (!dlsym.empty() && (reach_.imports.contains("dlsym") || reach_.imports.contains("dlvsym"))) {
      Undecided(fmt::format("start-up code may ask dlsym for {}", dlsym));
    }
    FindWriters();
    const bool any = !writers_.empty() || std::any_of(reach_.imports.begin(), reach_.imports.end(),
                                                      [](const auto& import) { return MaySwitch(import.first); });
    if (!any) return Clean("start-up code gets to nothing that loads MXCSR");
    const auto is_goal = [this](int function) { return writers_.contains(function); };
    may_write_ = graph_.CallersOf(reach_, is_goal, LoadsLibraries);
    SetAsideHarmless();
    matters_ = graph_.CallersOf(reach_, is_goal, LoadsLibraries);
    LookForPointers();
    FollowConstructors(startup.list);
    if (!graph_.IsComplete()) Undecided("its tables are too many to be followed");
    if (!report_.findings.empty()) report_.verdict = Verdict::kSwitches;
    if (report_.verdict != Verdict::kClean) return report_;
    return Clean("start-up code keeps or restores the mode");
  }

 private:
  static bool LoadsLibraries(std::string_view import) { return MaySwitch(import) && !SetsEnvironment(import); }

  void Undecided(const std::string& reason) {
    if (report_.verdict == Verdict::kClean) report_.verdict = Verdict::kUndecided;
    if (report_.reasons.size() < kMaxReasons) report_.reasons.push_back(reason);
  }

  StartupReport Clean(const char* how) {
    if (report_.verdict == Verdict::kClean) report_.how = how;
    return report_;
  }

  std::string Describe(int function) const {
    const uint64_t begin = graph_.RangeOf(function).begin;
    const std::string symbol = image_.SymbolAt(begin);
    return symbol.empty() ? fmt::format("the function at {:#x}", begin)
                          : fmt::format("{} at {:#x}", Printable(symbol), begin);
  }

  // The functions that start-up code can get to and that load MXCSR or call the C library's functions that do.
  void FindWriters() {
    for (int function : reach_.functions) {
      const auto imports = graph_.ImportsOf(function);
      if (!graph_.WritersIn(function).empty() || std::any_of(imports.begin(), imports.end(), SetsEnvironment)) {
        writers_.insert(function);
      }
    }
  }

  // Takes from writers_ the functions that, entered with any mode, return with that mode or without flushing, whatever
  // their arguments. A cold part is judged with the functions that jump to it.
  void SetAsideHarmless() {
    std::set<int> judged;
    for (int function : reach_.functions) {
      const auto parts = graph_.JumpsOf(function);
      const bool has_part = std::any_of(parts.begin(), parts.end(), [this](int part) {
        return writers_.contains(part) && graph_.IsContinuation(part);
      });
      if ((writers_.contains(function) && !graph_.IsContinuation(function)) || has_part) judged.insert(function);
    }
    const FollowScope scope{[this](uint64_t address) {
                              const int function = graph_.FunctionAt(address);
                              return function >= 0 && graph_.IsContinuation(function);
                            },
                            false};
    std::set<uint64_t> followed;
    std::set<int> harmless;
    for (int function : judged) {
      const MxcsrEffect effect = Follow(graph_.RangeOf(function).begin, scope);
      const auto& own = graph_.WritersIn(function);
      const bool all = std::all_of(own.begin(), own.end(), [&](uint64_t at) { return effect.loads.contains(at); });
      if (!all || !IsHarmless(effect) || graph_.IsEnteredInside(function)) {
        writers_.insert(function);
        continue;
      }
      harmless.insert(function);
      followed.insert(effect.loads.begin(), effect.loads.end());
    }
    std::erase_if(writers_, [&](int function) {
      if (harmless.contains(function)) return true;
      const auto& own = graph_.WritersIn(function);
      return graph_.IsContinuation(function) &&
             std::all_of(own.begin(), own.end(), [&](uint64_t at) { return followed.contains(at); });
    });
  }

  MxcsrEffect Follow(uint64_t address, const FollowScope& scope) {
    FollowLimits limits;
    limits.instructions = std::min(limits.instructions, limits_.instructions - report_.instructions);
    limits.work = std::min(limits.work, limits_.work - std::min(work_, limits_.work));
    MxcsrEffect effect = FollowX86(image_, graph_, address, scope, limits);
    report_.instructions += effect.instructions;
    work_ += effect.work;
    return effect;
  }

  // Whether start-up code has a pointer to what matters, so that a call to where is not known may lead there. A
  // function that, with all it calls, keeps or restores the mode does not matter, if a call to where is not known does
  // not: which holds if all that are pointed to are such.
  void LookForPointers() {
    const FollowScope scope{[this](uint64_t address) {
                              const int function = graph_.FunctionAt(address);
                              return function >= 0 &&
                                     (matters_[static_cast<size_t>(function)] || graph_.IsContinuation(function));
                            },
                            false};
    for (int function : reach_.functions) {
      if (!matters_[static_cast<size_t>(function)] || !graph_.IsTaken(function)) continue;
      // One is enough: the others are named and not followed.
      MxcsrEffect effect;
      if (!unknown_matters_) effect = Follow(graph_.RangeOf(function).begin, scope);
      if (!unknown_matters_ && IsHarmless(effect) && !graph_.IsEnteredInside(function)) continue;
      unknown_matters_ = true;
      Undecided(fmt::format("start-up code holds a pointer to {}, which may change the mode{}{}", Describe(function),
                            effect.incomplete.empty() ? "" : ": ", effect.incomplete));
    }
    for (const auto& [import, user] : reach_.taken_imports) {
      if (!MaySwitch(import)) continue;
      unknown_matters_ = true;
      Undecided(fmt::format("start-up code holds a pointer to {}", import));
    }
  }

  void FollowConstructors(const std::vector<Constructor>& list) {
    std::vector<std::optional<MxcsrEffect>> effects;
    bool any_set = false;
    for (const Constructor& constructor : list) {
      effects.push_back(FollowConstructor(constructor, matters_));
      if (!effects.back()) continue;
      const MxcsrEffect& effect = *effects.back();
      any_set = any_set || std::any_of(effect.outcomes.begin(), effect.outcomes.end(), [](const auto& outcome) {
                  return outcome.ftz == BitEffect::kSet || outcome.daz == BitEffect::kSet;
                });
      if (effect.incomplete.empty()) continue;
      ++report_.partly_followed;
      Undecided(fmt::format("{} at {:#x}: {}", constructor.table, constructor.address, effect.incomplete));
    }
    // From the last to the first: what a later one always clears, an earlier one does not leave behind.
    bool ftz_survives = true, daz_survives = true;
    for (size_t i = list.size(); i-- > 0;) {
      if (!effects[i] && any_set) effects[i] = FollowConstructor(list[i], may_write_);
      if (!effects[i]) continue;
      StartupFinding finding = Finding(*effects[i], ftz_survives, daz_survives);
      if (effects[i]->incomplete.empty()) {
        ftz_survives = ftz_survives && MayKeep(*effects[i], &MxcsrOutcome::ftz);
        daz_survives = daz_survives && MayKeep(*effects[i], &MxcsrOutcome::daz);
      }
      if (!finding.flush_outputs && !finding.flush_inputs) continue;
      finding.constructor = list[i];
      finding.symbol = image_.SymbolAt(list[i].address);
      report_.findings.push_back(finding);
    }
    std::reverse(report_.findings.begin(), report_.findings.end());
  }

  // What a constructor that is among `functions` does, following calls to these.
  std::optional<MxcsrEffect> FollowConstructor(const Constructor& constructor, const std::vector<bool>& functions) {
    const auto is_among = [&](uint64_t address) {
      const int function = graph_.FunctionAt(address);
      return function >= 0 && functions[static_cast<size_t>(function)];
    };
    if (!is_among(constructor.address)) return std::nullopt;
    const auto follows = [&](uint64_t address) {
      return is_among(address) || graph_.IsContinuation(graph_.FunctionAt(address));
    };
    return Follow(constructor.address, {follows, unknown_matters_});
  }

  static bool MayKeep(const MxcsrEffect& effect, BitEffect MxcsrOutcome::*bit) {
    return effect.outcomes.empty() ||
           std::any_of(effect.outcomes.begin(), effect.outcomes.end(),
                       [bit](const auto& outcome) { return outcome.*bit != BitEffect::kCleared; });
  }

  std::string NameAt(uint64_t address) const {
    const std::span<const uint8_t> bytes = image_.BytesAt(address);
    X86Instruction instruction;
    return DecodeX86(bytes.data(), bytes.size(), instruction) ? WriterName(instruction) : "code";
  }

  // What the constructor leaves behind. Where what one LDMXCSR sets is undone on one path and not on another, and
  // whether it is executed depended on a condition, the two conditions may be one: then nothing is claimed.
  StartupFinding Finding(const MxcsrEffect& effect, bool ftz_survives, bool daz_survives) {
    StartupFinding finding;
    for (const MxcsrOutcome& outcome : effect.outcomes) {
      const bool ftz = outcome.ftz == BitEffect::kSet && ftz_survives;
      const bool daz = outcome.daz == BitEffect::kSet && daz_survives;
      const bool undone = std::any_of(effect.outcomes.begin(), effect.outcomes.end(),
                                      [&](const auto& other) { return other.undone == outcome.loaded_by; });
      if ((ftz || daz) && undone && outcome.conditional) {
        Undecided(fmt::format("the mode that is set at {:#x} is restored on some paths", outcome.loaded_by));
        continue;
      }
      if (ftz || daz) {
        finding.instruction = outcome.loaded_by;
        finding.by = NameAt(outcome.loaded_by);
      }
      finding.flush_outputs = finding.flush_outputs || ftz;
      finding.flush_inputs = finding.flush_inputs || daz;
      const bool unknown =
          (outcome.ftz == BitEffect::kUnknown && ftz_survives) || (outcome.daz == BitEffect::kUnknown && daz_survives);
      if (unknown) Undecided(fmt::format("what is loaded into MXCSR at {:#x} is not known", outcome.loaded_by));
    }
    return finding;
  }

  const ElfImage& image_;
  const StartupLimits limits_;
  CodeGraph graph_;
  CodeGraph::Reach reach_;
  std::set<int> writers_;
  std::vector<bool> may_write_;  // functions that may get to anything that loads MXCSR by calls
  std::vector<bool> matters_;    // functions that may get to one of writers_ by calls
  bool unknown_matters_ = false;
  uint64_t work_ = 0;
  StartupReport report_;
};

}  // namespace

const char* Name(Verdict verdict) {
  return verdict == Verdict::kClean ? "clean" : verdict == Verdict::kSwitches ? "switches" : "undecided";
}

StartupReport ExamineStartup(std::span<const uint8_t> bytes, const std::string& name, const StartupLimits& limits) {
  const ElfImage image(bytes, name);
  if (image.why_opaque().empty()) return Examination(image, limits).Run();
  StartupReport report;
  report.verdict = Verdict::kUndecided;
  report.not_examined = image.why_opaque();
  return report;
}

StartupReport ExamineStartup(const std::string& path) {
  const OutsideFile file(path, OutsideFile::Links::kFollow);
  return ExamineStartup(file.ReadAll(kMaxFileBytes), Printable(path));
}

}  // namespace fplab::tools
