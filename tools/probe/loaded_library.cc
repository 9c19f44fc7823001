// Names looked up in the library, and in its plug-in table.
// SPDX-License-Identifier: Apache-2.0
#include "tools/probe/loaded_library.h"

#include <dlfcn.h>
#include <fmt/format.h>
#include <link.h>

#include <bit>
#include <cstdint>

#include "tools/probe/fplab_plugin.h"

namespace fplab::tools {
namespace {

// A function that sets the number of threads of all later calls; of a library, or of the OpenMP that it computes with.
struct ThreadSetter {
  const char* name;
  bool wide;
};
constexpr ThreadSetter kThreadSetters[] = {{"openblas_set_num_threads", false},
                                           {"bli_thread_set_num_threads", true},
                                           {"MKL_Set_Num_Threads", false},
                                           {"omp_set_num_threads", false}};

}  // namespace

LoadedLibrary::LoadedLibrary(const std::string& library) : handle_(dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL)) {
  if (handle_ == nullptr) {
    const char* reason = dlerror();
    failure_ = reason != nullptr ? reason : "dlopen gave no reason";
    return;
  }
  FindThreadSetter();
  ReadPlugin();
  if (functions_.empty()) FindKnown();
}

void LoadedLibrary::FindKnown() {
  const link_map* own = nullptr;
  if (dlinfo(handle_, RTLD_DI_LINKMAP, &own) != 0) return;
  for (const KnownFunction& known : KnownFunctions()) {
    const std::string name(known.name);
    void* function = dlsym(handle_, name.c_str());
    Dl_info info;
    link_map* of = nullptr;
    if (function == nullptr || dladdr1(function, &info, reinterpret_cast<void**>(&of), RTLD_DL_LINKMAP) == 0) continue;
    if (of == own) functions_.push_back({name, name, function});
  }
}

void LoadedLibrary::ReadPlugin() {
  void* get = dlsym(handle_, "fplab_get_plugin");
  if (get == nullptr) return;
  const fplab_plugin* plugin = std::bit_cast<const fplab_plugin* (*)()>(get)();
  if (plugin == nullptr || plugin->version != FPLAB_PLUGIN_VERSION) {
    failure_ = plugin == nullptr ? "fplab_get_plugin returns null"
                                 : fmt::format("its plug-in table has version {}, expected {}", plugin->version,
                                               FPLAB_PLUGIN_VERSION);
    return;
  }
  for (const fplab_plugin_function* entry = plugin->functions; entry != nullptr && entry->name != nullptr; ++entry) {
    const std::string kind = entry->kind != nullptr ? entry->kind : "";
    if (!FindKind(kind)) {
      failure_ = fmt::format("{}: no kind \"{}\" of its plug-in table, expected {}", entry->name, kind, KindNames());
      return;
    }
    functions_.push_back({entry->name, kind, std::bit_cast<void*>(entry->function)});
  }
  if (plugin->set_threads != nullptr) {
    set_threads_ = std::bit_cast<void*>(plugin->set_threads);
    thread_setter_ = "set_threads of its plug-in table";
  }
}

void LoadedLibrary::FindThreadSetter() {
  for (const ThreadSetter& setter : kThreadSetters) {
    void* function = dlsym(handle_, setter.name);
    if (function == nullptr) continue;
    set_threads_ = function;
    thread_setter_ = setter.name;
    wide_threads_ = setter.wide;
    return;
  }
}

void* LoadedLibrary::Find(const std::string& name) const {
  for (const FoundFunction& function : functions_) {
    if (function.name == name) return function.function;
  }
  return dlsym(handle_, name.c_str());
}

void LoadedLibrary::SetThreads(int threads) {
  if (set_threads_ == nullptr || threads == threads_) return;
  threads_ = threads;
  wide_threads_ ? std::bit_cast<void (*)(int64_t)>(set_threads_)(threads)
                : std::bit_cast<void (*)(int)>(set_threads_)(threads);
}

}  // namespace fplab::tools
