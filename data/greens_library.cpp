#include "data/greens_library.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

#include "data/checksum.h"
#include "propagator/errors.h"
#include "propagator/parallel_failures.h"

namespace data {
namespace {

using propagator::Fundamental;
using propagator::GreensFunctions;

// The columns of the library among the ten fundamental series.
constexpr Fundamental library_order[n_double_couple_series] = {Fundamental::ZSS, Fundamental::RSS, Fundamental::TSS,
                                                               Fundamental::ZDS, Fundamental::RDS, Fundamental::TDS,
                                                               Fundamental::ZDD, Fundamental::RDD};

// A station right above the source is given this distance: the propagator's limit of zero distance is smooth.
constexpr double smallest_distance_km = 1e-3;

double series_distance_km(const Path& path) { return std::max(path.distance_km, smallest_distance_km); }

std::size_t position(const std::vector<double>& sorted, double value) {
  return static_cast<std::size_t>(std::lower_bound(sorted.begin(), sorted.end(), value) - sorted.begin());
}

// Depths that need the same distances, sorted, and the pairs (place-major) that they serve.
struct Group {
  std::vector<double> depths_km, distances_km;
  std::vector<std::size_t> pairs;
};

std::vector<Group> group_by_depth(const std::vector<Place>& places, const std::vector<Path>& paths, int n_stations) {
  std::map<double, Group> of_depth;
  for (std::size_t pair = 0; pair < paths.size(); ++pair) {
    const double depth_km = places[pair / static_cast<std::size_t>(n_stations)].depth_km;
    Group& group = of_depth[depth_km];
    group.distances_km.push_back(series_distance_km(paths[pair]));
    group.pairs.push_back(pair);
  }
  std::map<std::vector<double>, Group> of_distances;
  for (auto& [depth_km, group] : of_depth) {
    std::vector<double>& d = group.distances_km;
    std::sort(d.begin(), d.end());
    d.erase(std::unique(d.begin(), d.end()), d.end());
    Group& joined = of_distances[d];
    joined.distances_km = d;
    joined.depths_km.push_back(depth_km);
    joined.pairs.insert(joined.pairs.end(), group.pairs.begin(), group.pairs.end());
  }
  std::vector<Group> groups;
  for (auto& [distances, group] : of_distances) groups.push_back(std::move(group));
  return groups;
}

// Where the window of a pair lies in its series: zeros that are prepended (at rest before the first sample, as far back as the
// window reaches), P in s after the first of them, and how many samples the series must have.
struct WindowInSeries {
  Eigen::Index n_zeros;
  double p_s;
  Eigen::Index n_needed;
};

WindowInSeries window_in_series(double p_time_s, const GreensLibrarySettings& settings) {
  const double dt_s = settings.greens.dt_s;
  double p_s = p_time_s - settings.greens.first_sample_s;
  const auto span = [&] { return required_span(dt_s, p_s, settings.preprocess, settings.margin); };
  const double missing_s = std::max(0.0, -span().first_s);
  const auto n_zeros = static_cast<Eigen::Index>(std::ceil(missing_s / dt_s));
  p_s += static_cast<double>(n_zeros) * dt_s;
  return {n_zeros, p_s, static_cast<Eigen::Index>(std::ceil(span().last_s / dt_s)) + 1 - n_zeros};
}

// Over all pairs, and before the first series is computed.
void require_enough_samples(const std::vector<double>& p_times_s, const GreensLibrarySettings& settings) {
  const double latest_p_s = *std::max_element(p_times_s.begin(), p_times_s.end());
  int n_needed = 0;
  for (const double p_s : p_times_s) n_needed = std::max(n_needed, samples_needed(p_s, settings));
  if (settings.greens.n_samples >= n_needed) return;
  throw propagator::InputError(
      "Green's library", "", "greens.n_samples", std::to_string(settings.greens.n_samples),
      fmt::format("must be at least {} of {} s for the window of the latest P, {:.1f} s after the origin time",
                  n_needed, settings.greens.dt_s, latest_p_s));
}

void check_source(const std::vector<GreensFunctions>& greens, const Group& group,
                  const propagator::GreensSettings& settings) {
  if (greens.size() != group.depths_km.size() * group.distances_km.size()) {
    throw std::runtime_error(fmt::format("GreensLibrary: the source gave {} series for {} depths and {} distances",
                                         greens.size(), group.depths_km.size(), group.distances_km.size()));
  }
  for (const GreensFunctions& g : greens) {
    if (g.dt_s != settings.dt_s || g.first_sample_s != settings.first_sample_s || g.first_sample_s > 0.0 ||
        g.series.rows() != settings.n_samples || g.series.cols() < n_double_couple_series) {
      throw std::runtime_error(fmt::format(
          "GreensLibrary: series at depth {} km, distance {} km: {} samples of {} s beginning {} s, {} columns: "
          "expected {} samples of {} s beginning {} s, no later than the origin time, and at least {} columns",
          g.source_depth_km, g.distance_km, g.series.rows(), g.dt_s, g.first_sample_s, g.series.cols(),
          settings.n_samples, settings.dt_s, settings.first_sample_s, n_double_couple_series));
    }
    if (!g.series.allFinite()) {
      throw std::runtime_error(fmt::format("GreensLibrary: series at depth {} km, distance {} km: not finite",
                                           g.source_depth_km, g.distance_km));
    }
  }
}

}  // namespace

GreensLibrary::GreensLibrary(propagator::LayeredModel model, std::vector<Station> stations, std::vector<Place> places,
                             GreensLibrarySettings settings)
    : model_(std::move(model)),
      stations_(std::move(stations)),
      places_(std::move(places)),
      settings_(std::move(settings)) {
  check(settings_.preprocess);
  if (settings_.margin < 0 || settings_.margin > 100'000) {
    throw std::invalid_argument(fmt::format("GreensLibrary: margin = {}: expected 0 to 100000", settings_.margin));
  }
  if (stations_.empty() || places_.empty()) {
    throw std::invalid_argument(fmt::format("GreensLibrary: {} stations and {} places: expected at least one of each",
                                            stations_.size(), places_.size()));
  }
  settings_.greens.source_time = settings_.preprocess.quantity == Quantity::displacement
                                     ? propagator::SourceTime::step
                                     : propagator::SourceTime::impulse;
  settings_.greens.excitation = propagator::Excitation::double_couple;
  const std::size_t n_pairs = stations_.size() * places_.size();
  paths_.resize(n_pairs);
  p_times_s_.resize(n_pairs);
  series_.resize(n_pairs * static_cast<std::size_t>(n_samples() * n_double_couple_series));
}

GreensLibrary GreensLibrary::assemble(const propagator::LayeredModel& model, const std::vector<Station>& stations,
                                      const std::vector<Place>& places, const GreensLibrarySettings& settings,
                                      const Source& source, const Progress& progress) {
  GreensLibrary library(model, stations, places, settings);
  const std::size_t n_stations = stations.size();
  for (std::size_t pair = 0; pair < library.paths_.size(); ++pair) {
    const Place& place = places[pair / n_stations];
    const Station& station = stations[pair % n_stations];
    library.paths_[pair] =
        geodesic(place.latitude_deg, place.longitude_deg, station.latitude_deg, station.longitude_deg);
    library.p_times_s_[pair] = source.p_time_s(place.depth_km, series_distance_km(library.paths_[pair]));
  }
  require_enough_samples(library.p_times_s_, settings);
  const std::vector<Group> groups = group_by_depth(places, library.paths_, library.n_stations());
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const Group& group = groups[i];
    const Progress part = [&](double fraction) {
      if (progress) progress((static_cast<double>(i) + fraction) / static_cast<double>(groups.size()));
    };
    const std::vector<GreensFunctions> greens = source.series(group.depths_km, group.distances_km, part);
    check_source(greens, group, settings.greens);

    // One pair is independent of every other.
    propagator::ParallelFailures failures(group.pairs.size());
    const auto n_pairs = static_cast<std::int64_t>(group.pairs.size());
#pragma omp parallel for schedule(static)
    for (std::int64_t j = 0; j < n_pairs; ++j) {
      failures.watch(static_cast<std::size_t>(j), [&] {
        const std::size_t pair = group.pairs[static_cast<std::size_t>(j)];
        const std::size_t depth = position(group.depths_km, places[pair / n_stations].depth_km);
        const std::size_t distance = position(group.distances_km, series_distance_km(library.paths_[pair]));
        library.fill(pair, greens[depth * group.distances_km.size() + distance]);
      });
    }
    failures.rethrow();
  }
  return library;
}

void GreensLibrary::fill(std::size_t pair, const GreensFunctions& greens) {
  const WindowInSeries window = window_in_series(p_times_s_[pair], settings_);
  Eigen::ArrayXd record = Eigen::ArrayXd::Zero(window.n_zeros + greens.series.rows());
  float* out = series_.data() + pair * static_cast<std::size_t>(n_samples() * n_double_couple_series);
  for (const Fundamental column : library_order) {
    record.tail(greens.series.rows()) = greens.series.col(static_cast<Eigen::Index>(column));
    Eigen::Map<Eigen::ArrayXf>(out, n_samples()) =
        filter_and_cut(record, greens.dt_s, window.p_s, settings_.preprocess, settings_.margin).cast<float>();
    out += n_samples();
  }
}

std::size_t GreensLibrary::pair(std::int64_t place, int station) const {
  if (place < 0 || place >= n_places() || station < 0 || station >= n_stations()) {
    throw std::out_of_range(fmt::format("GreensLibrary: place {}, station {}: expected below {} and {}", place, station,
                                        n_places(), n_stations()));
  }
  return static_cast<std::size_t>(place * n_stations() + station);
}

Eigen::Map<const Eigen::MatrixXf> GreensLibrary::series(std::int64_t place, int station) const {
  const auto size = static_cast<std::size_t>(n_samples() * n_double_couple_series);
  return {series_.data() + pair(place, station) * size, n_samples(), n_double_couple_series};
}

std::string GreensLibrary::fingerprint() const {
  return sha256_hex({reinterpret_cast<const char*>(series_.data()), series_.size() * sizeof(float)});
}

int samples_needed(double p_time_s, const GreensLibrarySettings& settings) {
  return static_cast<int>(window_in_series(p_time_s, settings).n_needed);
}

}  // namespace data
