// Decision regions of a network of two features: which class it gives each point of the plane.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_PICTURES_DECISION_REGIONS_H_
#define FPLAB_TOOLS_PICTURES_DECISION_REGIONS_H_

#include <string>
#include <vector>

#include <fplab/kernels/core/workers.h>
#include <fplab/nets/data/dataset.h>
#include <fplab/nets/network/network.h>

namespace fplab::tools {

// The regions of one network, to be drawn with a title.
struct Regions {
  std::string title;
  nets::Network network;
};

// As trained, and with gradual underflow in the element-wise operations; the titles say the accuracy on `data.test`.
std::vector<Regions> GateOnAndOff(const nets::Network& network, const nets::TrainTest& data, kernels::Isa isa,
                                  kernels::Workers& workers);

// Draws the regions side by side in so many columns, each with the points of `points`, into an .svg or .png file.
// Throws Error: data without exactly two features, data that do not fit the network, a picture that can't be drawn.
void DrawRegions(const std::vector<Regions>& regions, const nets::Dataset& points, int columns, kernels::Isa isa,
                 kernels::Workers& workers, const std::string& file);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_PICTURES_DECISION_REGIONS_H_
