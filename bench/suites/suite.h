// The benchmarks, to be registered with Google Benchmark by its programs (with their own flags and JSON) and by
// `fplab bench`. Names are paths: what/who/on what, with parameters as name:value. One thread is timed by its own
// processor time, which other load on the machine moves least; more threads by the wall clock.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_BENCH_SUITES_SUITE_H_
#define FPLAB_BENCH_SUITES_SUITE_H_

#include <string>
#include <vector>

#include <fplab/kernels/core/isa.h>

namespace fplab::bench {

// "ceiling/<isa>/threads:<t>": counter FLOPS. For every instruction set that has one, and 1 or 2 threads. Once: further
// calls register nothing.
void RegisterCeiling();

struct MatmulShape {
  std::string group;  // "network", "square", "skinny" or "batch"
  int m, n, k;
  int threads;

  std::string Name() const;  // "m:64/n:512/k:784/threads:1"
};

// The shapes of issue and README: batches of the post's network, squares (powers of two and primes), skinny ones, and
// the network's again with two threads. `quick` keeps one in three.
std::vector<MatmulShape> MatmulShapes(bool quick);

// Whether a product of the shape is so short that the checks of a call are felt.
bool HasPreparedContestants(const MatmulShape& shape);

// Contestants of a shape: ours ("row-major" for Matmul with weights packed before, "panels" for MatmulTransposed with
// the batch in the lanes, "prepared-..." for a PreparedMatmul of either layout) on every SIMD instruction set, and each
// peer that has the threads. "matmul/ours-<layout>/<isa>/<shape>" and "matmul/<peer>/<shape>": counter FLOPS. Operands
// are in cache as far as they fit.
void RegisterMatmul(const std::vector<MatmulShape>& shapes);

// Rows times one matrix of kBatchWidth x kBatchWidth, which no cache holds.
inline constexpr int kBatchWidth = 4096;
std::vector<MatmulShape> BatchShapes(bool quick);
// "read/floats:<n>": counter bytes_per_second of a sum over as many floats as that matrix has, by one thread.
void RegisterRead();

// A product of squares in a format ("binary32", "binary64", "bfloat16", "binary16", "int8"): "gemm" (Gemm),
// "gemm-turned" (both operands transposed), "gemm-alpha-beta", "packed" (PackedGemm), "panels" (MatmulTransposed),
// "dot" (Bfloat16DotGemm, where the processor has it) or "batch" (a hundred small ones by BatchedGemm). `ceiling` is
// the arithmetic that it is compared with.
struct FormatProduct {
  std::string format, product;
  int size;
  std::string ceiling;

  double Operations() const;
};
std::vector<FormatProduct> FormatProducts(bool quick);

// "formats/<format>/<product>/<isa>/n:<size>", peers under their names in place of the instruction set, and
// "formats/ceiling/<arithmetic>/<isa>": counter FLOPS (of int8 operations likewise). One thread.
void RegisterFormats(bool quick);

// "elementwise/<operation>/<isa>/floats:<n>" and "elementwise/copy/floats:<n>" (memcpy): counters bytes_per_second
// (what the operation must read and write), items_per_second and multiplies (multiplications and multiply-adds a
// second, which share the units that the ceiling measures). In the post's modes, on arrays that fit the first-level
// cache, the second, and none.
void RegisterElementwise(bool quick);

// "random/<function>/<isa>" and "random/std::normal_distribution<float>": counters items_per_second and, of ours,
// multiplies.
void RegisterRandom();
void RegisterSearch();

// "subnormals/<operation>/<operands>/<mode>": counters ticks and ns an operation (of one number; a multiply-add for
// matmul), subnormal_operands and subnormal_results as shares.
void RegisterSubnormals();

// Whether the training benchmarks multiply at scale 1, because this processor is slow at subnormal products.
bool TrainingIsRescaled();

// "training/<estimator>/threads:<t>": counters samples_per_second and member_samples_per_second, of steps that choose a
// batch, estimate its gradient and update the post's network. "bound/<estimator>/threads:<t>", for `lowrank` and
// `gaussian`: the same counters of a step's matmuls and noise alone.
void RegisterTraining();

// "updated-product/<fused|separate>/<isa>": counter FLOPS, of the activation estimator's flipped blocks in the post's
// network: by UpdatedProducts, and by a rank update, an element-wise layer and a product a slice.
void RegisterUpdatedProduct();

// The main function of the programs: registers, adds the machine to the context, runs.
int RunMain(int argc, char** argv, void (*register_benchmarks)());

}  // namespace fplab::bench

#endif  // FPLAB_BENCH_SUITES_SUITE_H_
