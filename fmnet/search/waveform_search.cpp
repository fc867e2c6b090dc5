#include "fmnet/search/waveform_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "fmnet/parallel_items.h"

namespace fmnet {
namespace {

using data::Waveforms;

constexpr int n_free = 5;  // numbers of a tensor without volume change
constexpr int n_lanes = 16;

using Lanes = Eigen::Array<float, n_lanes, 1>;

// mu of every mechanism: column k holds mu_k of all of them; filled up with zeros to whole lanes.
struct Tensors {
  Eigen::Index n;
  Eigen::Array<float, Eigen::Dynamic, n_free> single;
  Eigen::Array<double, Eigen::Dynamic, n_free> precise;
};

Tensors tensors_of(const data::TrainingGrid& grid) {
  const Eigen::Index n = grid.n_mechanisms(), n_padded = (n + n_lanes - 1) / n_lanes * n_lanes;
  Tensors tensors{n, {}, {}};
  tensors.precise.setZero(n_padded, n_free);
  for (Eigen::Index m = 0; m < n; ++m) {
    const propagator::MomentTensor M = propagator::moment_tensor(grid.mechanism(m));
    tensors.precise.row(m) << M.xx, M.yy, M.xy, M.xz, M.yz;
  }
  tensors.single = tensors.precise.cast<float>();
  return tensors;
}

constexpr std::array<propagator::MomentTensor, n_free> unit_tensors = {{{1.0, 0.0, -1.0, 0.0, 0.0, 0.0},
                                                                        {0.0, 1.0, -1.0, 0.0, 0.0, 0.0},
                                                                        {0.0, 0.0, 0.0, 1.0, 0.0, 0.0},
                                                                        {0.0, 0.0, 0.0, 0.0, 1.0, 0.0},
                                                                        {0.0, 0.0, 0.0, 0.0, 0.0, 1.0}}};

// The stations that a record has, and its rows in groups that are normalised together.
struct PreparedRecord {
  const Waveforms* rows;
  double energy;                             // |d|^2
  std::vector<std::vector<int>> row_groups;  // of the stations that are there
};

bool has_station(const Waveforms& record, int slot, const data::PreprocessSettings& settings) {
  for (int c = 0; c < data::n_components; ++c) {
    if (!record.row(row_of(slot, c, settings)).isZero(0.0f)) return true;
  }
  return false;
}

PreparedRecord prepared(const Waveforms& record, const data::Synthesizer& synthesizer) {
  const data::PreprocessSettings& settings = synthesizer.preprocess();
  if (record.rows() != settings.n_rows || record.cols() != settings.n_samples || !record.allFinite()) {
    throw std::invalid_argument(fmt::format("waveform_misfits: record of {} x {} values: expected {} x {} finite ones",
                                            record.rows(), record.cols(), settings.n_rows, settings.n_samples));
  }
  PreparedRecord result{&record, record.cast<double>().squaredNorm(), {}};
  for (int s = 0; s < synthesizer.library().n_stations(); ++s) {
    if (!has_station(record, s, settings)) continue;
    for (int c = 0; c < data::n_components; ++c) {
      const bool begins = settings.normalization == data::Normalization::trace ||
                          (settings.normalization == data::Normalization::station && c == 0) ||
                          result.row_groups.empty();
      if (begins) result.row_groups.emplace_back();
      result.row_groups.back().push_back(row_of(s, c, settings));
    }
  }
  if (result.row_groups.empty()) throw std::invalid_argument("waveform_misfits: record: all of its rows are zero");
  return result;
}

// What the samples of one place have in common for all records.
class PlaceSamples {
 public:
  PlaceSamples(const data::Synthesizer& synthesizer, const Tensors& tensors, std::int64_t place)
      : tensors_(tensors),
        n_rows_(synthesizer.preprocess().n_rows),
        peaks_(tensors.single.rows(), n_rows_),
        energies_(tensors.single.rows(), n_rows_) {
    for (std::size_t k = 0; k < n_free; ++k) motion_[k] = synthesizer.ground_motion(place, unit_tensors[k]);  // (2)
    for (Eigen::Index row = 0; row < n_rows_; ++row) {
      find_peaks(row);
      find_energies(row);
    }
  }

  // (3) of every mechanism.
  void misfits(const PreparedRecord& record, float* to) const {
    const Eigen::Index n = tensors_.single.rows();
    Eigen::ArrayXd squares = Eigen::ArrayXd::Constant(n, record.energy);
    Eigen::ArrayXd energy(n), product(n), scale(n);
    Eigen::ArrayXf peak(n);
    for (const std::vector<int>& group : record.row_groups) {
      std::array<double, n_free> b{};
      peak.setZero();
      energy.setZero();
      for (const int row : group) {
        peak = peak.max(peaks_.col(row));
        energy += energies_.col(row);
        for (std::size_t k = 0; k < n_free; ++k) b[k] += dot(motion_[k].row(row), record.rows->row(row));
      }
      product = b[0] * tensors_.precise.col(0);
      for (int k = 1; k < n_free; ++k) product += b[static_cast<std::size_t>(k)] * tensors_.precise.col(k);
      for (Eigen::Index m = 0; m < n; ++m) scale[m] = peak[m] > 0.0f ? 1.0 / static_cast<double>(peak[m]) : 0.0;
      squares += (energy * scale - 2.0 * product) * scale;  // (3)
    }
    for (Eigen::Index m = 0; m < tensors_.n; ++m) to[m] = static_cast<float>(std::sqrt(std::max(0.0, squares[m])));
  }

 private:
  // In order, whatever the width of the machine's vectors.
  template <class A, class B>
  static double dot(const A& a, const B& b) {
    double sum = 0.0;
    for (Eigen::Index t = 0; t < a.size(); ++t) sum += static_cast<double>(a[t]) * static_cast<double>(b[t]);
    return sum;
  }

  void find_peaks(Eigen::Index row) {
    const Eigen::Index n_samples = motion_[0].cols();
    const float* H[n_free];
    for (std::size_t k = 0; k < n_free; ++k) H[k] = motion_[k].row(row).data();
    for (Eigen::Index m = 0; m < tensors_.single.rows(); m += n_lanes) {
      const Lanes mu0 = tensors_.single.col(0).segment<n_lanes>(m), mu1 = tensors_.single.col(1).segment<n_lanes>(m),
                  mu2 = tensors_.single.col(2).segment<n_lanes>(m), mu3 = tensors_.single.col(3).segment<n_lanes>(m),
                  mu4 = tensors_.single.col(4).segment<n_lanes>(m);
      Lanes peak = Lanes::Zero();
      for (Eigen::Index t = 0; t < n_samples; ++t) {
        const Lanes u = H[0][t] * mu0 + H[1][t] * mu1 + H[2][t] * mu2 + H[3][t] * mu3 + H[4][t] * mu4;
        peak = peak.max(u.abs());  // (4)
      }
      peaks_.col(row).segment<n_lanes>(m) = peak;
    }
  }

  void find_energies(Eigen::Index row) {
    energies_.col(row).setZero();
    for (int i = 0; i < n_free; ++i) {
      for (int j = i; j < n_free; ++j) {
        const double Q =
            dot(motion_[static_cast<std::size_t>(i)].row(row), motion_[static_cast<std::size_t>(j)].row(row));
        energies_.col(row) += (i == j ? Q : 2.0 * Q) * tensors_.precise.col(i) * tensors_.precise.col(j);
      }
    }
  }

  const Tensors& tensors_;
  Eigen::Index n_rows_;
  std::array<Waveforms, n_free> motion_;
  Eigen::ArrayXXf peaks_;     // mechanism x row
  Eigen::ArrayXXd energies_;  // mechanism x row: mu' H_r' H_r mu
};

}  // namespace

std::vector<std::vector<float>> waveform_misfits(const data::Dataset& dataset, const std::vector<std::int64_t>& places,
                                                 const std::vector<Waveforms>& records) {
  const Tensors tensors = tensors_of(dataset.grid());
  std::vector<PreparedRecord> prepared_records;
  for (const Waveforms& record : records) prepared_records.push_back(prepared(record, dataset.synthesizer()));
  std::vector<std::vector<float>> misfits(records.size(),
                                          std::vector<float>(places.size() * static_cast<std::size_t>(tensors.n)));
  for_each_item(static_cast<std::int64_t>(places.size()), [&](std::int64_t i) {
    const PlaceSamples samples(dataset.synthesizer(), tensors, places[static_cast<std::size_t>(i)]);
    for (std::size_t e = 0; e < records.size(); ++e) {
      samples.misfits(prepared_records[e], misfits[e].data() + i * tensors.n);
    }
  });
  return misfits;
}

double waveform_misfit(const data::Dataset& dataset, std::int64_t place, const propagator::FocalMechanism& mechanism,
                       const Waveforms& record) {
  const data::Synthesizer& synthesizer = dataset.synthesizer();
  Waveforms sample = synthesizer.ground_motion(place, mechanism);
  for (int s = 0; s < synthesizer.library().n_stations(); ++s) {
    if (has_station(record, s, synthesizer.preprocess())) continue;
    for (int c = 0; c < data::n_components; ++c) sample.row(row_of(s, c, synthesizer.preprocess())).setZero();
  }
  normalize(sample, synthesizer.preprocess());
  return (record.cast<double>() - sample.cast<double>()).norm();  // (1)
}

}  // namespace fmnet
