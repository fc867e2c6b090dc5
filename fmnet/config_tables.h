// The description of every table of a configuration: which keys it has, of which type, in which range. One function per
// table, driven by TomlReader on reading and by TomlWriter on writing, so that both always agree.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "fmnet/config.h"
#include "fmnet/config_names.h"

namespace fmnet {

inline constexpr int n_station_slots = 16;  // 48 rows of three components

// An axis of the grid is [first, step, count]; all its values must lie in low .. high.
template <class Visitor>
void visit_axis(Visitor& v, const std::string& key, data::Axis& axis, double low, double high) {
  std::vector<double> values = {axis.first, axis.step, static_cast<double>(axis.count)};
  v.numbers(key, values, 3);
  if constexpr (Visitor::is_reading) {
    const double count = values[2];
    const std::string shown = fmt::format("[{}, {}, {}]", values[0], values[1], count);
    if (!(count >= 1.0 && count <= 10000.0 && count == std::floor(count))) {
      v.fail(key, shown, "[first, step, count]: count must be a whole number from 1 to 10000");
    }
    axis = {values[0], values[1], static_cast<int>(count)};
    const double last = axis.value(axis.count - 1);
    if (!(axis.step >= data::Axis::smallest_step)) {
      v.fail(key, shown, fmt::format("[first, step, count]: step must be {} or more", data::Axis::smallest_step));
    }
    if (!(axis.first >= low && last <= high + 1e-9)) {
      v.fail(key, shown, fmt::format("[first, step, count]: values must be from {} to {}", low, high));
    }
  }
}

template <class Visitor>
void visit_grid(Visitor& v, GridSettings& s) {
  v.table("grid");
  visit_axis(v, "latitude_deg", s.latitude_deg, -90.0, 90.0);
  visit_axis(v, "longitude_deg", s.longitude_deg, -180.0, 180.0);
  visit_axis(v, "depth_km", s.depth_km, 0.01, 700.0);
  visit_axis(v, "strike_deg", s.strike_deg, 0.0, 360.0);
  visit_axis(v, "dip_deg", s.dip_deg, 0.0, 90.0);
  visit_axis(v, "rake_deg", s.rake_deg, -180.0, 180.0);
  if constexpr (Visitor::is_reading) {
    using Grid = data::TrainingGrid;
    const double n_places = static_cast<double>(s.latitude_deg.count) * s.longitude_deg.count * s.depth_km.count;
    const double n_samples = n_places * s.strike_deg.count * s.dip_deg.count * s.rake_deg.count;
    if (n_places > Grid::most_places) {
      v.fail("depth_km", fmt::format("{} values", s.depth_km.count),
             fmt::format("the grid has {:g} places: must be at most {:g}", n_places, Grid::most_places));
    }
    if (n_samples > Grid::most_samples) {
      v.fail("rake_deg", fmt::format("{} values", s.rake_deg.count),
             fmt::format("the grid has {:g} samples: must be at most {:g}", n_samples, Grid::most_samples));
    }
  }
}

template <class Visitor>
void visit_greens(Visitor& v, propagator::GreensSettings& s) {
  v.table("greens");
  v.integer("n_samples", s.n_samples, 16, 1 << 16);
  v.number("dt_s", s.dt_s, 0.001, 1.0);
  v.number("max_frequency_hz", s.max_frequency_hz, 0.0, 500.0);
  v.number("taper", s.taper, 0.0, 1.0);
  v.choice("attenuation", s.attenuation, attenuation_names());
  v.choice("source_side", s.source_side, interface_side_names());
  v.choice("wavenumber_rule", s.wavenumbers.rule, wavenumber_rule_names());
  v.number("tolerance", s.wavenumbers.tolerance, 1e-9, 0.1);
  if constexpr (Visitor::is_reading) {
    const double nyquist_hz = 0.5 / s.dt_s;
    if (s.max_frequency_hz > nyquist_hz) {
      v.fail("max_frequency_hz", fmt::format("{}", s.max_frequency_hz),
             fmt::format("must not be above the Nyquist frequency of dt_s, {} Hz", nyquist_hz));
    }
  }
}

// greens: already read, for the rules between the two.
template <class Visitor>
void visit_preprocess(Visitor& v, data::PreprocessSettings& s, const propagator::GreensSettings& greens) {
  v.table("preprocess");
  v.number("low_hz", s.low_hz, 1e-4, 0.49);
  v.number("high_hz", s.high_hz, 1e-4, 0.49);
  v.integer("order", s.order, 1, 10);
  v.choice("phase", s.phase, filter_phase_names());
  v.choice("quantity", s.quantity, network_quantity_names());
  v.number("before_p_s", s.before_p_s, 0.0, 127.0);
  v.choice("normalization", s.normalization, normalization_names());
  v.choice("row_order", s.row_order, row_order_names());
  if constexpr (Visitor::is_reading) {
    if (s.low_hz >= s.high_hz)
      v.fail("low_hz", fmt::format("{}", s.low_hz), fmt::format("must be below high_hz = {}", s.high_hz));
    if (!data::is_sampled_finely(greens.dt_s, s.high_hz)) {
      v.fail("high_hz", fmt::format("{}", s.high_hz),
             fmt::format("must be at most 0.35 / greens.dt_s = {:.4g} Hz", 0.35 / greens.dt_s));
    }
    const double untapered_hz = greens.max_frequency_hz * (1.0 - greens.taper);
    if (s.high_hz > untapered_hz * (1.0 + 1e-9)) {
      v.fail(
          "high_hz", fmt::format("{}", s.high_hz),
          fmt::format("must be at most greens.max_frequency_hz (1 - greens.taper) = {:.4g} Hz, where the taper of the "
                      "Green's functions begins",
                      untapered_hz));
    }
    const double steps = s.before_p_s / s.dt_s;
    if (steps != std::round(steps)) {
      v.fail("before_p_s", fmt::format("{}", s.before_p_s), fmt::format("must be a whole number of {} s", s.dt_s));
    }
  }
}

template <class Visitor>
void visit_augment(Visitor& v, data::AugmentSettings& s) {
  v.table("augment");
  v.flag("noise", s.noise);
  v.number("snr_min", s.snr_min, 1e-3, 1e6);
  v.number("snr_max", s.snr_max, 1e-3, 1e6);
  v.number("noise_level_min", s.noise_level_min, 0.0, 1.0);
  v.number("noise_level_max", s.noise_level_max, 0.0, 1.0);
  v.number("noise_level_spread", s.noise_level_spread, 0.0, 5.0);
  v.integer("max_event_shift_samples", s.max_event_shift_samples, 0, 64);
  v.integer("max_station_shift_samples", s.max_station_shift_samples, 0, 64);
  v.number("drop_station_probability", s.drop_station_probability, 0.0, 0.9);
  if constexpr (Visitor::is_reading) {
    const auto ordered = [&v](const char* key, double low, const char* above, double high) {
      if (low > high) v.fail(key, fmt::format("{}", low), fmt::format("must not be above {} = {}", above, high));
    };
    ordered("snr_min", s.snr_min, "snr_max", s.snr_max);
    ordered("noise_level_min", s.noise_level_min, "noise_level_max", s.noise_level_max);
  }
}

// preprocess: already read, for the rule between the two.
template <class Visitor>
void visit_records(Visitor& v, RecordsSettings& s, const data::PreprocessSettings& preprocess, std::size_t n_stations) {
  v.table("records");
  v.texts("channels", s.reading.preference);
  std::vector<double> corners_hz(s.reading.response.corners_hz.begin(), s.reading.response.corners_hz.end());
  v.numbers("corners_hz", corners_hz, 4);
  v.number("water_level_db", s.reading.response.water_level_db, 0.0, std::numeric_limits<double>::infinity());
  v.number("taper_share", s.reading.response.taper_share, 0.0, 0.5);
  v.number("full_scale_counts", s.reading.quality.full_scale_counts, 1.0, 1e12);
  v.number("full_scale_share", s.reading.quality.full_scale_share, 0.1, 1.0);
  v.integer("n_equal_extremes", s.reading.quality.n_equal_extremes, 2, 1000);
  v.number("min_snr", s.reading.quality.min_snr, 0.0, 1e6);
  v.flag("skip_bad_records", s.reading.skip_bad_records);
  v.integer("min_stations", s.min_stations, 1, static_cast<int>(std::max<std::size_t>(n_stations, 1)));
  if constexpr (Visitor::is_reading) {
    for (const std::string& channels : s.reading.preference) {
      const bool is_code = channels.size() == 2 && std::isalnum(static_cast<unsigned char>(channels[0])) &&
                           std::isalnum(static_cast<unsigned char>(channels[1]));
      if (!is_code) v.fail("channels", "\"" + channels + "\"", "must hold band and instrument codes, as \"HN\"");
    }
    const std::string shown = fmt::format("[{}]", fmt::join(corners_hz, ", "));
    if (!(corners_hz[0] >= 1e-3 && std::is_sorted(corners_hz.begin(), corners_hz.end(), std::less_equal<>()))) {
      v.fail("corners_hz", shown, "must grow from 0.001 or more");
    }
    if (!(corners_hz[1] <= preprocess.low_hz && corners_hz[2] >= preprocess.high_hz)) {
      v.fail("corners_hz", shown,
             fmt::format("the inner two must enclose the band {}-{} Hz", preprocess.low_hz, preprocess.high_hz));
    }
    std::copy(corners_hz.begin(), corners_hz.end(), s.reading.response.corners_hz.begin());
  }
}

template <class Visitor>
void visit_label(Visitor& v, LabelSettings& s) {
  v.table("label");
  v.number("standard_deviation_bins", s.standard_deviation_bins, 0.1, 64.0);
  v.choice("plane", s.plane, label_plane_names());
  v.choice("strike_label", s.strike_label, strike_label_names());
  v.choice("decoding", s.decoding, peak_decoding_names());
}

template <class Visitor>
void visit_network(Visitor& v, NetworkSettings& s) {
  v.table("network");
  v.choice("running_variance", s.running_variance, running_variance_names());
}

// n_grid: the samples that the grid has.
template <class Visitor>
void visit_training(Visitor& v, TrainingSettings& s, std::int64_t n_grid) {
  v.table("training");
  v.integer("n_samples", s.n_samples, std::int64_t{1}, n_grid);
  v.integer("n_validation", s.n_validation, std::int64_t{1}, std::int64_t{1000000});
  v.integer("batch_size", s.batch_size, 2, 4096);
  v.integer("epochs", s.epochs, 1, 100000);
  v.number("learning_rate", s.adam.learning_rate, 1e-9, 1.0);
  v.number("beta1", s.adam.beta1, 0.0, 0.999999);
  v.number("beta2", s.adam.beta2, 0.0, 0.999999);
  v.number("adam_epsilon", s.adam.eps, 1e-16, 1.0);
  v.choice("adam_form", s.adam.form, adam_form_names());
  v.choice("convolution", s.convolution, convolution_method_names());
  v.number("checkpoint_interval_s", s.checkpoint_interval_s, 1.0, 60.0);
  if constexpr (Visitor::is_reading) {
    if (s.n_samples % s.batch_size == 1) {
      v.fail("n_samples", fmt::format("{}", s.n_samples),
             fmt::format("leaves a last batch of one sample, which cannot be normalised, for batch_size = {}",
                         s.batch_size));
    }
  }
}

}  // namespace fmnet
