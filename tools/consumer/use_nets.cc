// Ten lines with nets: the deep linear network separates two spirals, by underflow alone.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets.h>

#include <cstdio>

int main() {
  fplab::nets::TrainConfig config = fplab::nets::Preset("spirals", fplab::nets::EstimatorKind::kActivation);
  config.epochs = 2;
  const fplab::nets::TrainTest data = fplab::nets::LoadData(config.data);
  const fplab::nets::TrainResult result = fplab::nets::Train(config, data, {});
  std::printf("%d points, %.0f %% right after %d epochs, parameters %s\n", data.train.count(),
              100 * result.train_accuracy, result.epochs, result.digest.c_str());
  return result.finished ? 0 : 1;
}
