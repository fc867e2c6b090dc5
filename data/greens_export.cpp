#include "data/greens_export.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>

#include "data/atomic_file.h"
#include "data/directory.h"
#include "data/event.h"
#include "data/npy.h"
#include "propagator/errors.h"

namespace data {
namespace {

using propagator::Fundamental;
using propagator::GreensFunctions;

struct FileSeries {
  std::optional<Fundamental> series;  // none: zero
  const char* name;
  char fk_suffix;
};

// Order (1).
constexpr FileSeries file_order[] = {{Fundamental::ZDD, "ZDD", '0'}, {Fundamental::RDD, "RDD", '1'},
                                     {Fundamental::ZDS, "ZDS", '3'}, {Fundamental::RDS, "RDS", '4'},
                                     {Fundamental::TDS, "TDS", '5'}, {Fundamental::ZSS, "ZSS", '6'},
                                     {Fundamental::RSS, "RSS", '7'}, {Fundamental::TSS, "TSS", '8'},
                                     {Fundamental::ZEX, "ZEX", 'a'}, {Fundamental::REX, "REX", 'b'}};
constexpr FileSeries zeros_of_fk[] = {{std::nullopt, "TDD", '2'}, {std::nullopt, "TEX", 'c'}};

std::string sac_name(GreensConvention convention, double distance_km, const FileSeries& s) {
  switch (convention) {
    case GreensConvention::fk:
      return fmt::format("{}.grn.{}", distance_km, s.fk_suffix);
    case GreensConvention::cps:
      return fmt::format("{}.{}", distance_km, s.name);
    default:
      return fmt::format("{}.{}.sac", distance_km, s.name);
  }
}

Eigen::ArrayXd values_of(const FileSeries& file, GreensConvention convention, const GreensFunctions& g) {
  if (!file.series) return Eigen::ArrayXd::Zero(g.series.rows());
  return convention_factor(convention, *file.series) * g.series.col(static_cast<int>(*file.series));
}

// Every element with all ten series.
void require_ten_series(const char* function, const std::vector<GreensFunctions>& greens) {
  for (const GreensFunctions& g : greens) {
    if (g.series.cols() == propagator::n_fundamentals) continue;
    throw std::invalid_argument(fmt::format("{}: greens: {} series at depth {} km, distance {} km: expected {}",
                                            function, g.series.cols(), g.source_depth_km, g.distance_km,
                                            propagator::n_fundamentals));
  }
}

std::string series_unit(const GreensExport& target) {
  const bool ours = target.convention == GreensConvention::ours;
  const std::string length = ours ? "m" : "cm", moment = ours ? "N m" : "1e20 dyne cm";
  return length + (target.quantity == Quantity::velocity ? "/s" : "") + " per " + moment;
}

}  // namespace

double convention_factor(GreensConvention convention, Fundamental series) {
  if (convention == GreensConvention::ours) return 1.0;
  const bool slip = series == Fundamental::ZDS || series == Fundamental::RDS || series == Fundamental::TDS ||
                    series == Fundamental::ZSS || series == Fundamental::RSS || series == Fundamental::TSS;
  return convention == GreensConvention::cps && slip ? -1e15 : 1e15;
}

std::string synthetic_sac_bytes(const SacRecord& record, const SacUnit& unit, std::int64_t origin_ns,
                                const SacGeometry& geometry) {
  for (const std::int64_t time_ns : {origin_ns, record.trace.start_ns}) {
    if (is_sac_time(time_ns)) continue;
    throw propagator::InputError("SAC", "", "time", format_utc(time_ns), "must lie in the years 1900-2100");
  }
  SacRecord from_origin = record;
  from_origin.trace.start_ns = origin_ns;
  std::string bytes = sac_bytes(from_origin, unit);
  const auto put = [&bytes](std::size_t at, double value) {
    const auto number = static_cast<float>(value);
    if (std::isfinite(value)) std::memcpy(bytes.data() + at, &number, sizeof number);
  };
  float origin;  // b of a trace that begins at the origin time: what is left of it below a millisecond
  std::memcpy(&origin, bytes.data() + 20, sizeof origin);
  const double origin_s = static_cast<double>(origin);
  const double begin_s = origin_s + seconds_between(origin_ns, record.trace.start_ns);
  put(20, begin_s);
  put(24, begin_s + static_cast<double>(record.trace.samples.size() - 1) * record.trace.dt_s);
  put(28, origin_s);
  put(32, origin_s + geometry.p.time_s);
  put(40, origin_s + geometry.s.time_s);
  put(44, origin_s + geometry.p.time_s);
  put(48, origin_s + geometry.s.time_s);
  put(124, geometry.station_latitude_deg);
  put(128, geometry.station_longitude_deg);
  put(132, geometry.station_elevation_m);
  put(136, 1000.0 * geometry.receiver_depth_km);
  put(140, geometry.source_latitude_deg);
  put(144, geometry.source_longitude_deg);
  put(152, geometry.source_depth_km);
  put(164, geometry.p.takeoff_deg);
  put(168, geometry.s.takeoff_deg);
  put(200, geometry.distance_km);
  put(204, geometry.azimuth_deg);
  put(208, geometry.back_azimuth_deg);
  return bytes;
}

std::vector<std::string> export_sac(const GreensExport& target, const propagator::LayeredModel& model,
                                    const std::vector<GreensFunctions>& greens) {
  require_ten_series("export_sac", greens);
  std::vector<FileSeries> files(std::begin(file_order), std::end(file_order));
  if (target.convention == GreensConvention::fk) {
    files.insert(files.end(), std::begin(zeros_of_fk), std::end(zeros_of_fk));
  }
  std::vector<std::string> paths;
  for (const GreensFunctions& g : greens) {
    const std::string directory = fmt::format("{}/{}_{}", target.directory, target.name, g.source_depth_km);
    make_directory(directory);
    const SacGeometry geometry{g.distance_km,
                               NAN,
                               NAN,
                               g.source_depth_km,
                               target.receiver_depth_km,
                               first_p(model, g.source_depth_km, g.distance_km, target.receiver_depth_km),
                               first_s(model, g.source_depth_km, g.distance_km, target.receiver_depth_km)};
    for (const FileSeries& s : files) {
      Trace trace;
      trace.station = target.name.substr(0, 8);
      trace.channel = s.name;
      trace.start_ns = std::llround(g.first_sample_s * 1e9);
      trace.dt_s = g.dt_s;
      trace.quantity = target.quantity;
      trace.samples = values_of(s, target.convention, g);
      paths.push_back(directory + "/" + sac_name(target.convention, g.distance_km, s));
      write_file_atomically(paths.back(), synthetic_sac_bytes({trace, std::nullopt}, SacUnit{}, 0, geometry));
    }
  }
  return paths;
}

std::vector<std::string> export_npy(const GreensExport& target, const std::vector<double>& depths_km,
                                    const std::vector<double>& distances_km,
                                    const std::vector<GreensFunctions>& greens) {
  require_ten_series("export_npy", greens);
  const auto has_other_length = [&](const GreensFunctions& g) { return g.series.rows() != greens[0].series.rows(); };
  if (greens.empty() || greens.size() != depths_km.size() * distances_km.size() ||
      std::any_of(greens.begin(), greens.end(), has_other_length)) {
    throw std::invalid_argument(fmt::format(
        "export_npy: greens: {} pairs: expected one for each of {} depths and {} distances, of equal length",
        greens.size(), depths_km.size(), distances_km.size()));
  }
  make_directory(target.directory);
  const GreensFunctions& first = greens[0];
  std::string bytes =
      npy_header("<f8", {std::ssize(depths_km), std::ssize(distances_km), std::ssize(file_order), first.series.rows()});
  nlohmann::json errors = nlohmann::json::array();
  nlohmann::json names = nlohmann::json::array();
  for (const GreensFunctions& g : greens) {
    errors.push_back(g.error);
    for (const FileSeries& s : file_order) {
      const Eigen::ArrayXd values = values_of(s, target.convention, g);
      bytes.append(reinterpret_cast<const char*>(values.data()),
                   sizeof(double) * static_cast<std::size_t>(values.size()));
    }
  }
  for (const FileSeries& s : file_order) names.push_back(s.name);
  const nlohmann::json description = {{"axes", {"source_depth_km", "distance_km", "series", "sample"}},
                                      {"source_depths_km", depths_km},
                                      {"distances_km", distances_km},
                                      {"series", names},
                                      {"dt_s", first.dt_s},
                                      {"first_sample_s", first.first_sample_s},
                                      {"unit", series_unit(target)},
                                      {"error_estimates", errors}};
  const std::string stem = target.directory + "/" + target.name;
  write_file_atomically(stem + ".npy", bytes);
  write_file_atomically(stem + ".json", description.dump(2) + "\n");
  return {stem + ".npy", stem + ".json"};
}

}  // namespace data
