#include "fmnet/figures/fit_figure.h"

#include <fmt/format.h>

#include <algorithm>

namespace fmnet {
namespace {

constexpr const char* component_names[] = {"east", "north", "up"};

// Columns: seconds after P, height. A block a station.
void add_trace(Table& table, const Eigen::ArrayXd& x, int line, const data::PreprocessSettings& settings) {
  const double largest = x.abs().maxCoeff();
  table.begin_block();
  for (Eigen::Index k = 0; k < x.size(); ++k) {
    table.add_row(std::vector<double>{static_cast<double>(k) * settings.dt_s - settings.before_p_s,
                                      -line + (largest > 0.0 ? 0.42 * x[k] / largest : 0.0)});
  }
}

std::string column_commands(int component, const FitPicture& picture, const Trust& trust) {
  const auto n = static_cast<int>(trust.fit.stations.size());
  const double left = 0.08 + 0.235 * component;
  const double end_s = (picture.settings.n_samples - 1) * picture.settings.dt_s - picture.settings.before_p_s;
  std::string tics, labels;
  for (int i = 0; i < n; ++i) {
    const StationFit& station = trust.fit.stations[static_cast<std::size_t>(i)];
    const TraceFit& trace = station.traces[static_cast<std::size_t>(component)];
    const std::string& name = picture.station_names[static_cast<std::size_t>(station.slot)];
    tics += fmt::format("{}{} {}", i == 0 ? "" : ", ",
                        component == 0 ? gnuplot_quoted(checked_name(name, "station")) : "''", -i);
    labels += fmt::format("set label '{:.2f}  {:+.0f} s' at {:.6g},{:.3g} right font ',9' textcolor rgb '#555555'\n",
                          trace.correlation, trace.lag * picture.settings.dt_s, end_s, -i + 0.36);
  }
  return fmt::format(
      "set lmargin at screen {:.4g}\nset rmargin at screen {:.4g}\nset title '{}'\n{}"
      "set xrange [{:.6g}:{:.6g}]\nset yrange [{:.3g}:0.6]\nset ytics ({}) scale 0\nset xtics 30\n"
      "set xlabel 'time after P (s)'\nunset key\n"
      "plot 'fit.{}_records.tsv' using 1:2 with lines linewidth 1.5 linecolor '{}', "
      "'fit.{}_synthetics.tsv' using 1:2 with lines linewidth 1.5 linecolor '{}'\nunset label\n",
      left, left + 0.215, component_names[component], labels, -picture.settings.before_p_s, end_s, -n + 0.4, tics,
      component_names[component], reference_color, component_names[component], our_color);
}

std::string depth_commands() {
  return fmt::format(
      "set lmargin at screen 0.85\nset rmargin at screen 0.985\nset title 'depth'\nset autoscale\n"
      "set xrange [0:1]\nset yrange [*:*] reverse\nset xtics 0.5\nset ytics autofreq\n"
      "set xlabel 'mean correlation'\nset ylabel 'km' offset 2\n"
      "plot 'fit.depths.tsv' using 2:1 with linespoints pointtype 7 linecolor '{}'\n",
      our_color);
}

}  // namespace

Figure fit_figure(const FitPicture& picture, const Trust& trust) {
  Figure figure;
  figure.name = "fit";
  figure.title = "Records and synthetics of the predicted mechanism for " + picture.event_name + " (Figure S4)";
  figure.caption = fmt::format(
      "Black: records, band-passed. Red: synthetics of the mechanism that the network {} reads, at the catalogue's place "
      "and depth, {}moved by the station's lag, of which {:+.0f} s are common to all. Each trace is scaled to its own largest "
      "value. Beside it: largest cross-correlation and its shift (positive: the record is later). Mean over traces "
      "{:.2f}, over stations {:.2f}. Right: mean over stations at each depth of the training grid, same mechanism.",
      picture.network,
      picture.delay_s != 0.0 ? fmt::format("all {:g} s later than P of the velocity model, and ", picture.delay_s) : "",
      trust.fit.common_lag * picture.settings.dt_s, trust.fit.mean_trace_correlation, trust.fit.mean_correlation);
  figure.width_px = 1150;
  figure.height_px = std::clamp(140 + 62 * static_cast<int>(trust.fit.stations.size()), 300, 1200);
  std::string commands = fmt::format("set multiplot\nset bmargin at screen {:.4g}\nset tmargin at screen {:.4g}\n",
                                     64.0 / figure.height_px, 1.0 - 50.0 / figure.height_px);
  const Eigen::ArrayXXd records = picture.amplitudes.cast<double>().array();
  for (int c = 0; c < data::n_components; ++c) {
    Table observed({"seconds_after_p", "height"}), synthetic = observed;
    for (std::size_t i = 0; i < trust.fit.stations.size(); ++i) {
      const StationFit& station = trust.fit.stations[i];
      const int row = data::row_of(station.slot, c, picture.settings), line = static_cast<int>(i);
      add_trace(observed, records.row(row).transpose(), line, picture.settings);
      add_trace(synthetic,
                trust.synthetics.row(row).segment(trust.limits.longest() - station.lag, records.cols()).transpose(),
                line, picture.settings);
    }
    figure.tables.emplace_back(std::string(component_names[c]) + "_records", observed);
    figure.tables.emplace_back(std::string(component_names[c]) + "_synthetics", synthetic);
    commands += column_commands(c, picture, trust);
  }
  Table depths({"depth_km", "mean_correlation"});
  for (const DepthFit& d : trust.depths) depths.add_row(std::vector<double>{d.depth_km, d.mean_correlation});
  figure.tables.emplace_back("depths", depths);
  figure.commands = commands + depth_commands() + "unset multiplot";
  return figure;
}

}  // namespace fmnet
