// Which sanitizer a test was built with: GCC tells by macros, Clang by features.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_SANITIZERS_H_
#define FPLAB_PROPTESTS_SUPPORT_SANITIZERS_H_

namespace fplab {

#if defined(__SANITIZE_THREAD__)
inline constexpr bool kThreadSanitizer = true;
#elif defined(__has_feature)
inline constexpr bool kThreadSanitizer = __has_feature(thread_sanitizer);
#else
inline constexpr bool kThreadSanitizer = false;
#endif

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_SANITIZERS_H_
