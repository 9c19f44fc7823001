# Toolchain: cross-building for AArch64 with Debian's compiler and multiarch libraries; programs run under QEMU.
# `tools/setup --neon` installs what this needs.
# SPDX-License-Identifier: Apache-2.0
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
find_program(fplab_qemu qemu-aarch64 REQUIRED)  # its whole path: tests empty PATH
set(CMAKE_CROSSCOMPILING_EMULATOR ${fplab_qemu})

# Multiarch keeps the libraries of both machines under /usr: the build machine's are not for us.
set(CMAKE_SYSTEM_IGNORE_PATH
  /lib /usr/lib /usr/lib/${CMAKE_HOST_SYSTEM_PROCESSOR}-linux-gnu /usr/include/${CMAKE_HOST_SYSTEM_PROCESSOR}-linux-gnu)
set(ENV{PKG_CONFIG_LIBDIR} /usr/lib/aarch64-linux-gnu/pkgconfig:/usr/share/pkgconfig)
