// Which pair sees what, and the sums of its losses.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/nets/estimators/antithetic_population.h>

#include <algorithm>
#include <numeric>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/mode/guest.h>
#include <fplab/kernels/layers/elementwise.h>
#include <fplab/kernels/layers/loss.h>
#include <fplab/kernels/layers/reductions.h>

namespace fplab::nets {

void AntitheticPopulation::Validate(const PopulationConfig& config, bool mixed_panels) {
  RequireRanges(config);
  if (config.sigma.empty()) throw Error("weight sigma: found none, expected a number for each layer");
  const int m = config.samples_per_pair;
  const bool part = mixed_panels && m > 0 && m < kernels::kPanelWidth && (m & (m - 1)) == 0;
  if (m < 0 || (m % kernels::kPanelWidth != 0 && !part)) {
    throw Error("samples per pair: found {}, expected 0 (the whole batch){} or a multiple of 32", m,
                mixed_panels ? ", 1, 2, 4, 8, 16" : "");
  }
}

AntitheticPopulation::AntitheticPopulation(const PopulationConfig& config, int samples)
    : samples_(samples),
      per_pair_(config.samples_per_pair == 0 ? kernels::PanelCount(samples) * kernels::kPanelWidth
                                             : config.samples_per_pair),
      subsets_((samples + per_pair_ - 1) / per_pair_),
      visits_(config.pairs),
      panels_(kernels::PanelCount(samples)),
      width_(std::min(per_pair_, kernels::kPanelWidth)),
      sums_(static_cast<size_t>(visits_) * static_cast<size_t>(panels_ * groups())),
      losses_(static_cast<size_t>(looks()) * static_cast<size_t>(groups())) {}

int AntitheticPopulation::PairOf(int visit, int panel, int group) const {
  // Groups past the last sample have no pair of their own; any noise will do.
  const int subset = (panel * kernels::kPanelWidth + group * width_) / per_pair_;
  return visit * subsets_ + std::min(subset, subsets_ - 1);
}

int AntitheticPopulation::SamplesOf(int subset) const { return std::min(per_pair_, samples_ - subset * per_pair_); }

int AntitheticPopulation::PanelsOf(int subset) const { return kernels::PanelCount(SamplesOf(subset)); }

void AntitheticPopulation::Record(int visit, int panel, int count, const float* plus, const float* minus) {
  AsGuest([&] {
    PairLoss* sums =
        sums_.data() + (static_cast<size_t>(visit) * static_cast<size_t>(panels_) + static_cast<size_t>(panel)) *
                           static_cast<size_t>(groups());
    for (int g = 0; g < groups(); ++g) sums[g] = {};
    for (int c = 0; c < count; ++c) {
      sums[c / width_].plus += plus[c];
      sums[c / width_].minus += minus[c];
    }
  });
}

ItemRange AntitheticPopulation::PanelsOfUnit(int unit) const {
  if (groups() > 1) return {unit, unit + 1};
  return {FirstPanel(unit), FirstPanel(unit) + PanelsOf(unit)};
}

std::span<std::byte> AntitheticPopulation::LossesOf(ItemRange looks) {
  const auto groups_of_look = static_cast<size_t>(groups());
  return PieceOf(losses_.data() + static_cast<size_t>(looks.first) * groups_of_look,
                 static_cast<size_t>(looks.count()) * groups_of_look);
}

void AntitheticPopulation::AddUp(ItemRange looks) {
  AsGuest([&] {
    for (int look = looks.first; look < looks.last; ++look) {
      const ItemRange panels = PanelsOfUnit(look / visits_);
      for (int g = 0; g < groups(); ++g) {
        PairLoss& loss = losses_[static_cast<size_t>(look) * static_cast<size_t>(groups()) + static_cast<size_t>(g)];
        loss = {};
        for (int panel = panels.first; panel < panels.last; ++panel) {
          const PairLoss& sum =
              sums_[(static_cast<size_t>(look % visits_) * static_cast<size_t>(panels_) + static_cast<size_t>(panel)) *
                        static_cast<size_t>(groups()) +
                    static_cast<size_t>(g)];
          loss.plus += sum.plus;
          loss.minus += sum.minus;
        }
      }
    }
  });
}

std::vector<double> AntitheticPopulation::Weights(Fitness fitness) const {
  return AsGuest([&] {
    std::vector<PairLoss> losses(static_cast<size_t>(pairs()));
    size_t at = 0;
    for (int look = 0; look < looks(); ++look) {
      for (int g = 0; g < groups(); ++g, ++at) {
        PairLoss& loss = losses[static_cast<size_t>(PairOf(look % visits_, PanelsOfUnit(look / visits_).first, g))];
        loss.plus += losses_[at].plus;
        loss.minus += losses_[at].minus;
      }
    }
    for (size_t p = 0; p < losses.size(); ++p) {
      const double count = SamplesOf(static_cast<int>(p) % subsets_);
      losses[p].plus /= count;
      losses[p].minus /= count;
    }
    std::vector<double> weights = Shape(fitness, losses);
    for (size_t p = 0; p < weights.size(); ++p) {
      const double share = SamplesOf(static_cast<int>(p) % subsets_) / (static_cast<double>(samples_) * visits_);
      weights[p] *= share / 2;
    }
    return weights;
  });
}

double AntitheticPopulation::TotalLoss() const {
  return AsGuest([&] {
    double total = 0;
    for (int visit = 0; visit < visits_; ++visit) {
      for (int unit = 0; unit < units(); ++unit) {
        for (int g = 0; g < groups(); ++g) {
          const PairLoss& loss = losses_[static_cast<size_t>((unit * visits_ + visit) * groups() + g)];
          total += loss.plus + loss.minus;
        }
      }
    }
    return total / (2.0 * visits_);
  });
}

int64_t ShareLosses(Ranks& ranks, const std::vector<AntitheticPopulation*>& populations,
                    const std::function<ItemRange(const AntitheticPopulation&, int rank)>& looks_of, int64_t right) {
  std::vector<int64_t> rights(static_cast<size_t>(ranks.count()), right);
  std::vector<Pieces> pieces(rights.size());
  for (int r = 0; r < ranks.count(); ++r) {
    Pieces& of_rank = pieces[static_cast<size_t>(r)];
    of_rank.push_back(PieceOf(&rights[static_cast<size_t>(r)], 1));
    for (AntitheticPopulation* population : populations) {
      const ItemRange looks = looks_of(*population, r);
      if (r == ranks.rank()) population->AddUp(looks);
      of_rank.push_back(population->LossesOf(looks));
    }
  }
  ranks.Share(pieces);
  return std::accumulate(rights.begin(), rights.end(), int64_t{0});
}

float SigmaOf(const PopulationConfig& config, int l) {
  return config.sigma[std::min(static_cast<size_t>(l), config.sigma.size() - 1)];
}

void MemberLosses(const PopulationConfig& config, kernels::PanelView logits, const int32_t* labels, float* losses,
                  kernels::Isa isa) {
  AsGuest([&] {
    const kernels::Execution ieee{isa, kIeee};
    if (config.temperature != 1) Scale(logits, 1 / config.temperature, logits, ieee);
    kernels::SoftmaxCrossEntropy(logits, labels, losses, isa);
    if (config.label_smoothing == 0) return;
    // -(1 - e) log p_label - e mean log p = loss + e (logit of the label - mean logit).
    for (int p = 0; p < logits.panels(); ++p) {
      float sums[kernels::kPanelWidth];
      kernels::ColumnSums(logits.Panels(p, 1), sums, isa);
      for (int c = p * kernels::kPanelWidth; c < (p + 1) * kernels::kPanelWidth; ++c) {
        const float mean = sums[c % kernels::kPanelWidth] / static_cast<float>(logits.rows);
        losses[c] += config.label_smoothing * (logits.At(labels[c], c) - mean);
      }
    }
  });
}

}  // namespace fplab::nets
