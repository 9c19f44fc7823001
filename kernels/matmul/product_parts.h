// How an output is divided among workers. In integers: nobody sets a mode for it.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_KERNELS_MATMUL_PRODUCT_PARTS_H_
#define FPLAB_KERNELS_MATMUL_PRODUCT_PARTS_H_

namespace fplab::kernels {

// How many units of `unit` it takes to hold `count`.
int Units(int count, int unit);

// Into how many parts to divide m x n outputs of k steps for `workers` workers: at least 1.
int Parts(int workers, int m, int n, int k);

// Whether the largest of `parts` parts of `a` units has at most the share of them that it has of `b` units; of no units
// it has all.
bool DividesAsEqually(int a, int b, int parts);

// Part i of `parts` nearly equal parts of [0, units).
struct PartOfUnits {
  PartOfUnits(int units, int parts, int i);
  int first, size;
};

}  // namespace fplab::kernels

#endif  // FPLAB_KERNELS_MATMUL_PRODUCT_PARTS_H_
