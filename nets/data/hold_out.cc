// The first samples of an order that no epoch has.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/data/hold_out.h>

#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/nets/data/shuffle.h>

namespace fplab::nets {

HeldOut HoldOut(const Dataset& data, int count, uint64_t seed, kernels::Isa isa) {
  if (count < 0 || count >= data.count()) {
    throw Error("validation: found {}, expected less than the {} training samples", count, data.count());
  }
  const std::vector<int> order = HoldOutOrder(data.count(), seed, isa);
  std::vector<bool> held(order.size());
  for (int i = 0; i < count; ++i) held[static_cast<size_t>(order[static_cast<size_t>(i)])] = true;
  HeldOut parts;
  for (Dataset* part : {&parts.rest, &parts.held_out}) {
    *part = {data.name, data.features, data.classes, data.image_width, data.image_height, {}, {}};
  }
  parts.rest.x.reserve(data.x.size());
  for (int i = 0; i < data.count(); ++i) {
    Dataset& part = held[static_cast<size_t>(i)] ? parts.held_out : parts.rest;
    const auto sample = data.Sample(i);
    part.x.insert(part.x.end(), sample.begin(), sample.end());
    part.y.push_back(data.y[static_cast<size_t>(i)]);
  }
  return parts;
}

}  // namespace fplab::nets
