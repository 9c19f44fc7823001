// What most users of nets want: data sets, the network, training, checkpoints, accuracy and predictions.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_NETS_H_
#define FPLAB_NETS_NETS_H_

#include <fplab/kernels.h>
#include <fplab/nets/data/dataset.h>
#include <fplab/nets/network/accuracy.h>
#include <fplab/nets/network/network.h>
#include <fplab/nets/network/predict.h>
#include <fplab/nets/training/checkpoint.h>
#include <fplab/nets/training/train_config.h>
#include <fplab/nets/training/trainer.h>

#endif  // FPLAB_NETS_NETS_H_
