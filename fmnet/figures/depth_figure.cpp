#include "fmnet/figures/depth_figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace fmnet {
namespace {

constexpr int n_shown = 4;  // stations

double correlation(const Eigen::Ref<const data::Waveforms>& a, const Eigen::Ref<const data::Waveforms>& b) {
  const double norms = a.cast<double>().norm() * b.cast<double>().norm();
  return norms > 0.0 ? a.cast<double>().cwiseProduct(b.cast<double>()).sum() / norms : 0.0;
}

// The rows of one station below each other.
data::Waveforms rows_of(const DepthPicture& p, std::size_t depth, int station) {
  data::Waveforms rows(data::n_components, p.samples[depth].cols());
  for (int c = 0; c < data::n_components; ++c) rows.row(c) = p.samples[depth].row(row_of(station, c, p.settings));
  return rows;
}

// Stations from near to far, evenly over their ranks.
std::vector<int> shown_stations(const DepthPicture& p) {
  std::vector<int> order(p.station_names.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&p](int a, int b) {
    return p.distances_km[static_cast<std::size_t>(a)] < p.distances_km[static_cast<std::size_t>(b)];
  });
  const int n = std::min<int>(n_shown, static_cast<int>(order.size()));
  std::vector<int> shown;
  for (int i = 0; i < n; ++i) {
    shown.push_back(order[static_cast<std::size_t>(n == 1 ? 0 : i * (static_cast<int>(order.size()) - 1) / (n - 1))]);
  }
  return shown;
}

// Columns: seconds after P, amplitude over the station's largest at any depth, depth. A block a depth.
Table trace_table(const DepthPicture& p, int station) {
  const int row = row_of(station, 2, p.settings);
  float largest = 0.0f;
  for (const data::Waveforms& sample : p.samples) largest = std::max(largest, sample.row(row).cwiseAbs().maxCoeff());
  Table table({"seconds_after_p", "amplitude", "depth_km"});
  for (std::size_t d = 0; d < p.samples.size(); ++d) {
    table.begin_block();
    for (Eigen::Index t = 0; t < p.samples[d].cols(); ++t) {
      table.add_row(std::vector<double>{static_cast<double>(t) * p.settings.dt_s - p.settings.before_p_s,
                                        static_cast<double>(p.samples[d](row, t) / std::max(largest, 1e-30f)),
                                        p.depths_km[d]});
    }
  }
  return table;
}

Table correlation_table(const DepthPicture& p) {
  Table table({"depth_km", "all", "worst_station", "best_station"});
  for (std::size_t d = 0; d < p.samples.size(); ++d) {
    double worst = 1.0, best = -1.0;
    for (int s = 0; s < static_cast<int>(p.station_names.size()); ++s) {
      const double c = correlation(rows_of(p, d, s), rows_of(p, p.reference, s));
      worst = std::min(worst, c);
      best = std::max(best, c);
    }
    table.add_row(std::vector<double>{p.depths_km[d], correlation(p.samples[d], p.samples[p.reference]), worst, best});
  }
  return table;
}

}  // namespace

Figure depth_figure(const DepthPicture& p) {
  if (p.samples.empty() || p.samples.size() != p.depths_km.size() || p.reference >= p.samples.size() ||
      p.station_names.empty() || p.distances_km.size() != p.station_names.size()) {
    throw std::invalid_argument(
        fmt::format("depth_figure: {} samples at {} depths, {} stations: expected as many of each", p.samples.size(),
                    p.depths_km.size(), p.station_names.size()));
  }
  Figure figure = blank_figure(
      "depth", "What the depth of the source changes (Figure S5)",
      fmt::format(
          "{}. Left: the vertical component of {} stations from near to far at {} depths, without noise. Right: "
          "correlation of all rows with those at {:g} km (red), and of the station that correlates worst and best "
          "(grey).",
          p.description, std::min<std::size_t>(n_shown, p.station_names.size()), p.depths_km.size(),
          p.depths_km[p.reference]),
      1050, 620);
  figure.tables = {{"correlation", correlation_table(p)}};
  figure.commands = fmt::format(
      "set multiplot\nunset key\nset palette defined (0 '#fdae61', 0.5 '#d7301f', 1 '#2166ac')\n"
      "set cbrange [{:g}:{:g}]\nset cblabel 'depth (km)'\nset cbtics 6\nset xrange [-5:90]\nset yrange "
      "[-1.15:1.15]\nset ytics -1,1\n",
      p.depths_km.front(), p.depths_km.back() > p.depths_km.front() ? p.depths_km.back() : p.depths_km.front() + 1.0);
  const std::vector<int> shown = shown_stations(p);
  const double height = 0.86 / static_cast<double>(shown.size());
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const auto station = static_cast<std::size_t>(shown[i]);
    const std::string table = fmt::format("station_{}", i + 1);
    figure.tables.emplace_back(table, trace_table(p, shown[i]));
    const double top = 0.96 - height * static_cast<double>(i);
    const bool last = i + 1 == shown.size();
    figure.commands += fmt::format(
        "set lmargin at screen 0.06\nset rmargin at screen 0.53\nset tmargin at screen {:.4g}\nset bmargin at screen "
        "{:.4g}\n"
        "set label 1 '{}, {:.0f} km' at graph 0.985,0.86 right\nset xlabel '{}'\nset format x '{}'\n{}colorbox\n"
        "plot 'depth.{}.tsv' using 1:2:3 with lines linewidth 1.3 palette\nunset label 1\n",
        top, top - height + 0.035, checked_name(p.station_names[station], "station"), p.distances_km[station],
        last ? "time after P (s)" : "", last ? "%g" : "", last ? "set " : "unset ", table);
  }
  figure.commands += fmt::format(
      "unset colorbox\nset format x '%g'\nset lmargin at screen 0.72\nset rmargin at screen 0.98\nset tmargin at "
      "screen 0.96\n"
      "set bmargin at screen 0.13\nset xlabel 'depth (km)'\nset ylabel 'correlation'\nset xrange [{:g}:{:g}]\n"
      "set yrange [*:1.02]\nset ytics autofreq\nset key bottom center\n"
      "plot 'depth.correlation.tsv' using 1:4 with lines linewidth 1.5 linecolor '{}' title 'best station', \\\n"
      "     '' using 1:2 with linespoints pointtype 7 pointsize 0.8 linewidth 2 linecolor '{}' title 'all rows', \\\n"
      "     '' using 1:3 with lines linewidth 1.5 dashtype 2 linecolor '{}' title 'worst station'\nunset multiplot",
      p.depths_km.front() - 1.0, p.depths_km.back() + 1.0, "#888888", our_color, "#888888");
  return figure;
}

}  // namespace fmnet
