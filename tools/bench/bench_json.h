// The JSON of `fplab bench`: objects that keep the order of their fields.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_BENCH_BENCH_JSON_H_
#define FPLAB_TOOLS_BENCH_BENCH_JSON_H_

#include <fplab/nets/files/ordered_json.h>

namespace fplab::tools {

using BenchJson = nets::OrderedJson;

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_BENCH_BENCH_JSON_H_
