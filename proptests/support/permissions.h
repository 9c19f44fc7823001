// Permissions bind root too, where a test asks what those of a file do.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_PROPTESTS_SUPPORT_PERMISSIONS_H_
#define FPLAB_PROPTESTS_SUPPORT_PERMISSIONS_H_

#include <unistd.h>
#if defined(__linux__)
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

namespace fplab {

// From here on this thread, and what it executes, may not pass over the permissions of files; false if it still may.
// There is no way back: for the child of a test.
inline bool ObeyPermissions() {
  if (geteuid() != 0) return true;
#if defined(__linux__)
  // What root may do after exec is cut down to the bounding set; what it may do before is its thread's own.
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};
  if (syscall(SYS_capget, &header, data) != 0) return false;
  for (const unsigned capability : {CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH}) {
    if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) return false;
    data[0].effective &= ~(1u << capability);
  }
  return syscall(SYS_capset, &header, data) == 0;
#else
  return false;
#endif
}

}  // namespace fplab

#endif  // FPLAB_PROPTESTS_SUPPORT_PERMISSIONS_H_
