// AntitheticPopulation: the antithetic pairs of one step of weight-space evolution strategies, the samples that each
// evaluates, and what follows from their losses.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_ESTIMATORS_ANTITHETIC_POPULATION_H_
#define FPLAB_NETS_ESTIMATORS_ANTITHETIC_POPULATION_H_

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/nets/data/batch.h>
#include <fplab/nets/estimators/estimator_config.h>
#include <fplab/nets/estimators/fitness.h>
#include <fplab/nets/ranks/ranks.h>

namespace fplab::nets {

// The batch is cut into subsets of samples_per_pair samples (the last may be smaller), and each subset is evaluated by
// `pairs` pairs: pair visit * subsets + k evaluates subset k on its visit of it. The members of a pair are the network
// with its noise added and subtracted.
//
// On a panel of 32 samples a visit has one group of columns for each pair: 32 / samples_per_pair groups, or one where
// a subset is of 32 samples or more.
//
// What ranks share out are looks: a look is one visit of the panels that a pair sees, which are a panel, or all of a
// subset. Look `unit * visits() + visit`; a pair is evaluated by one look.
class FPLAB_EXPORT AntitheticPopulation {
 public:
  // Throws Error: sigma missing, not positive or not finite; pairs, samples_per_pair out of range; temperature
  // not positive; smoothing outside [0, 1). samples_per_pair is 0, a multiple of 32 or, with `mixed_panels`, a power
  // of two below.
  static void Validate(const PopulationConfig& config, bool mixed_panels);

  // Precondition: a valid configuration, samples > 0.
  AntitheticPopulation(const PopulationConfig& config, int samples);

  int visits() const { return visits_; }
  int panels() const { return panels_; }
  int pairs() const { return visits_ * subsets_; }
  int groups() const { return kernels::kPanelWidth / width_; }
  int width() const { return width_; }  // columns of a group
  int PairOf(int visit, int panel, int group) const;
  // Panels of subset k: first and number. Precondition: groups() == 1.
  int FirstPanel(int subset) const { return subset * (per_pair_ / kernels::kPanelWidth); }
  int PanelsOf(int subset) const;
  int subsets() const { return subsets_; }
  int units() const { return groups() > 1 ? panels_ : subsets_; }
  int looks() const { return units() * visits_; }
  ItemRange PanelsOfUnit(int unit) const;

  // Losses of a panel's samples (the first `count` columns) on a visit, by the plus and the minus members. Panels and
  // visits may be recorded at the same time.
  void Record(int visit, int panel, int count, const float* plus, const float* minus);

  // After the panels of these looks were recorded: adds up the losses of their pairs.
  void AddUp(ItemRange looks);
  // Where they are: 16 bytes a pair, what ranks exchange.
  std::span<std::byte> LossesOf(ItemRange looks);

  // After the losses of all looks are known: for each pair the factor w such that the sum over the pairs of w times
  // their noise, in units of its standard deviation sigma, is the estimate times sigma.
  std::vector<double> Weights(Fitness fitness) const;
  // Mean over the members of the sum of the samples' losses.
  double TotalLoss() const;

 private:
  int SamplesOf(int subset) const;

  int samples_, per_pair_, subsets_, visits_, panels_, width_;
  std::vector<PairLoss> sums_;    // [visit][panel][group]
  std::vector<PairLoss> losses_;  // [unit][visit][group]: of a pair's panels together
};

// Adds up the losses of this rank's looks and exchanges them, for populations of the same units. looks_of tells which
// looks of a population are a rank's; `right` is how many samples this rank saw classified right. Returns how many all
// ranks did.
FPLAB_EXPORT int64_t ShareLosses(Ranks& ranks, const std::vector<AntitheticPopulation*>& populations,
                                 const std::function<ItemRange(const AntitheticPopulation&, int rank)>& looks_of,
                                 int64_t right);

// Standard deviation of the weight noise of layer l.
FPLAB_EXPORT float SigmaOf(const PopulationConfig& config, int l);

// The members' losses, a column a sample: softmax cross-entropy of logits / temperature, against labels that give
// `label_smoothing` of their weight to all classes alike. Scales `logits` in place.
FPLAB_EXPORT void MemberLosses(const PopulationConfig& config, kernels::PanelView logits, const int32_t* labels,
                               float* losses, kernels::Isa isa);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_ESTIMATORS_ANTITHETIC_POPULATION_H_
