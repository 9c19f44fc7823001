// Softmax cross-entropy of logits in panels, one sample a column. Always in IEEE mode; the same bits on every ISA.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_LAYERS_LOSS_H_
#define FPLAB_KERNELS_LAYERS_LOSS_H_

#include <cstdint>

#include <fplab/fparith/float/export.h>
#include <fplab/kernels/core/isa.h>
#include <fplab/kernels/core/panel.h>

namespace fplab::kernels {

// loss[c] = log(sum_r exp(logits(r, c) - max)) + max - logits(labels[c], c), the sum over r ascending. labels and loss
// have PanelCount(cols) * 32 entries; entries of padding columns need a label below rows and get some loss.
// Bad views abort, as do outputs that overlap each other or an input, but that the gradient may be the logits
// themselves. Precondition (aborts): rows > 0. A column with a NaN, with +infinity or of nothing but -infinity has a
// NaN loss; else -infinity is a class of probability 0: the loss is +infinity where that is the label, and as without
// it elsewhere.
FPLAB_EXPORT void SoftmaxCrossEntropy(ConstPanelView logits, const int32_t* labels, float* loss, Isa isa);

// The same losses, and gradient(r, c) = d loss[c] / d logits(r, c) = softmax(r, c) - [r == labels[c]].
FPLAB_EXPORT void SoftmaxCrossEntropyGradient(ConstPanelView logits, const int32_t* labels, float* loss,
                                              PanelView gradient, Isa isa);

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_LAYERS_LOSS_H_
