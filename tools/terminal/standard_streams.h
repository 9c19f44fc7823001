// The three standard streams of the program: none is another file by accident, and what was printed was written.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_TERMINAL_STANDARD_STREAMS_H_
#define FPLAB_TOOLS_TERMINAL_STANDARD_STREAMS_H_

namespace fplab::tools {

// To be called first. Of the descriptors 0, 1 and 2 those that the caller left closed get a stand-in that can be
// neither read nor written, so that the next file opened is not taken for standard output.
void OccupyStandardStreams();

// Writes what is still in the buffers of stdout and std::cout. Throws Error with the system's reason if this or any
// print before it failed.
void FlushStandardOutput();

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_TERMINAL_STANDARD_STREAMS_H_
