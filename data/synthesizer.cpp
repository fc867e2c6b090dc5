#include "data/synthesizer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "data/random.h"
#include "propagator/radiation.h"

namespace data {
namespace {

double radians(double degrees) { return degrees * std::numbers::pi / 180.0; }

// Columns of GreensLibrary::series.
enum Series { ZSS, RSS, TSS, ZDS, RDS, TDS, ZDD, RDD };

// The weights of the eight series in east, north and up: equations (1) and (2) together.
Eigen::Matrix<float, n_double_couple_series, n_components> component_weights(const propagator::RadiationWeights& w,
                                                                             const Path& path) {
  const double b = radians(path.back_azimuth_deg);
  const EastNorth radial = east_north_from_radial_transverse(1.0, 0.0, b);
  const EastNorth transverse = east_north_from_radial_transverse(0.0, 1.0, b);
  Eigen::Matrix<double, n_double_couple_series, n_components> W;
  W.setZero();
  W(RSS, 0) = w.ss * radial.east;
  W(RDS, 0) = w.ds * radial.east;
  W(RDD, 0) = w.dd * radial.east;
  W(TSS, 0) = w.transverse_ss * transverse.east;
  W(TDS, 0) = w.transverse_ds * transverse.east;
  W(RSS, 1) = w.ss * radial.north;
  W(RDS, 1) = w.ds * radial.north;
  W(RDD, 1) = w.dd * radial.north;
  W(TSS, 1) = w.transverse_ss * transverse.north;
  W(TDS, 1) = w.transverse_ds * transverse.north;
  W(ZSS, 2) = w.ss;
  W(ZDS, 2) = w.ds;
  W(ZDD, 2) = w.dd;
  return W.cast<float>();
}

// The first field in which two chains differ as far as a library is concerned; empty when they agree.
std::string first_difference(const PreprocessSettings& a, const PreprocessSettings& b) {
  if (a.low_hz != b.low_hz) return "low_hz";
  if (a.high_hz != b.high_hz) return "high_hz";
  if (a.order != b.order) return "order";
  if (a.phase != b.phase) return "phase";
  if (a.quantity != b.quantity) return "quantity";
  if (a.dt_s != b.dt_s) return "dt_s";
  if (a.n_samples != b.n_samples) return "n_samples";
  if (a.before_p_s != b.before_p_s) return "before_p_s";
  return "";
}

const GreensLibrary& required(const std::shared_ptr<const GreensLibrary>& library) {
  if (!library) throw std::invalid_argument("Synthesizer: library = null: expected a Green's library");
  return *library;
}

// The library has no series for a change of volume: it would be left out silently.
void require_no_volume_change(const propagator::MomentTensor& M) {
  const double trace = M.xx + M.yy + M.zz, norm = propagator::matrix(M).norm();
  if (!(std::abs(trace) <= 1e-9 * norm)) {
    throw std::invalid_argument(fmt::format(
        "Synthesizer::ground_motion: tensor: trace {:g} N m: expected 0 within 1e-9 of its norm {:g}", trace, norm));
  }
}

float median(std::vector<float> values) {
  const std::size_t middle = values.size() / 2;
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(middle), values.end());
  if (values.size() % 2 == 1) return values[middle];
  return 0.5f *
         (values[middle] + *std::max_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(middle)));
}

}  // namespace

EastNorth east_north_from_radial_transverse(double radial, double transverse, double back_azimuth_rad) {
  const double sin_b = std::sin(back_azimuth_rad);
  const double cos_b = std::cos(back_azimuth_rad);
  return {-radial * sin_b - transverse * cos_b, -radial * cos_b + transverse * sin_b};  // (2)
}

Synthesizer::Synthesizer(std::shared_ptr<const GreensLibrary> library, const PreprocessSettings& preprocess,
                         const AugmentSettings& augment, std::uint64_t seed)
    : library_(std::move(library)),
      preprocess_(preprocess),
      augment_(augment),
      seed_(seed),
      noise_(preprocess, required(library_).settings().greens.dt_s) {
  check(augment_);
  const std::string field = first_difference(library_->settings().preprocess, preprocess_);
  if (!field.empty()) throw std::invalid_argument(fmt::format("Synthesizer: {} differs from the library's", field));
  if (library_->n_stations() > n_slots(preprocess_)) {
    throw std::invalid_argument(fmt::format("Synthesizer: library of {} stations: expected at most {} (n_rows = {})",
                                            library_->n_stations(), n_slots(preprocess_), preprocess_.n_rows));
  }
  if (largest_shift_samples(augment_) > library_->settings().margin) {
    throw std::invalid_argument(
        fmt::format("Synthesizer: max_event_shift_samples + max_station_shift_samples = {}: expected at most the "
                    "library's margin {}",
                    largest_shift_samples(augment_), library_->settings().margin));
  }
}

Waveforms Synthesizer::shifted(std::int64_t place, const propagator::MomentTensor& M,
                               const std::vector<int>& shift_samples) const {
  const int n = preprocess_.n_samples;
  Waveforms rows = Waveforms::Zero(preprocess_.n_rows, n);
  Eigen::Matrix<float, Eigen::Dynamic, n_components> motion(n, n_components);
  for (int s = 0; s < library_->n_stations(); ++s) {
    const Path& path = library_->path(place, s);
    const auto W = component_weights(propagator::radiation_weights(M, radians(path.azimuth_deg)), path);
    const int first = library_->settings().margin + shift_samples[static_cast<std::size_t>(s)];
    motion.noalias() = library_->series(place, s).middleRows(first, n).lazyProduct(W);  // (1), (2)
    for (int c = 0; c < n_components; ++c) rows.row(row_of(s, c, preprocess_)) = motion.col(c).transpose();
  }
  return rows;
}

Waveforms Synthesizer::ground_motion(std::int64_t place, const propagator::FocalMechanism& mechanism) const {
  return ground_motion(place, propagator::moment_tensor(mechanism));
}

Waveforms Synthesizer::ground_motion(std::int64_t place, const propagator::MomentTensor& tensor) const {
  require_no_volume_change(tensor);
  return shifted(place, tensor, std::vector<int>(static_cast<std::size_t>(library_->n_stations()), 0));
}

Waveforms Synthesizer::clean(std::int64_t place, const propagator::FocalMechanism& mechanism) const {
  Waveforms rows = ground_motion(place, mechanism);
  normalize(rows, preprocess_);
  return rows;
}

void Synthesizer::add_noise(Waveforms& rows, const Augmentation& drawn, std::uint64_t key) const {
  const int n_stations = library_->n_stations();
  std::vector<float> peaks;
  for (int s = 0; s < n_stations; ++s) {
    float peak = 0.0f;
    for (int c = 0; c < n_components; ++c) {
      peak = std::max(peak, rows.row(row_of(s, c, preprocess_)).cwiseAbs().maxCoeff());
    }
    peaks.push_back(peak);
  }
  const double ground_noise = median(peaks) / drawn.snr;
  Eigen::ArrayXf rms = Eigen::ArrayXf::Zero(rows.rows());
  for (int s = 0; s < n_stations; ++s) {
    const double sigma = drawn.noise_factor[static_cast<std::size_t>(s)] * ground_noise;  // (1) of augment.h
    for (int c = 0; c < n_components; ++c) rms[row_of(s, c, preprocess_)] = static_cast<float>(sigma);
  }
  RandomStream random(seed_, key, static_cast<std::uint64_t>(Draw::noise));
  noise_.add(rows, rms, drawn.noise_level, random);
}

Waveforms Synthesizer::synthesize(std::int64_t place, const propagator::FocalMechanism& mechanism,
                                  std::uint64_t key) const {
  return disturbed(place, mechanism, draw_augmentation(augment_, library_->n_stations(), seed_, key), augment_.noise,
                   key);
}

Waveforms Synthesizer::disturbed(std::int64_t place, const propagator::FocalMechanism& mechanism,
                                 const Augmentation& drawn, bool with_noise, std::uint64_t key) const {
  const auto n_stations = static_cast<std::size_t>(library_->n_stations());
  const int margin = library_->settings().margin;
  const auto reaches_beyond = [margin](int shift) { return std::abs(shift) > margin; };
  if (drawn.shift_samples.size() != n_stations || drawn.dropped.size() != n_stations ||
      drawn.noise_factor.size() != n_stations ||
      std::any_of(drawn.shift_samples.begin(), drawn.shift_samples.end(), reaches_beyond)) {
    throw std::invalid_argument(
        fmt::format("Synthesizer::disturbed: drawn: expected {} stations and shifts within the library's margin of {}",
                    n_stations, margin));
  }
  Waveforms rows = shifted(place, propagator::moment_tensor(mechanism), drawn.shift_samples);
  if (with_noise) add_noise(rows, drawn, key);
  for (int s = 0; s < library_->n_stations(); ++s) {
    if (!drawn.dropped[static_cast<std::size_t>(s)]) continue;
    for (int c = 0; c < n_components; ++c) rows.row(row_of(s, c, preprocess_)).setZero();
  }
  normalize(rows, preprocess_);
  return rows;
}

}  // namespace data
