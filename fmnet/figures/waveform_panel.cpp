#include "fmnet/figures/waveform_panel.h"

#include <fmt/format.h>

#include <stdexcept>

namespace fmnet {
namespace {

constexpr int n_components = 3;

}  // namespace

Table waveform_table(const data::Waveforms& rows, int n_stations, const data::PreprocessSettings& settings) {
  if (n_stations < 1 || n_components * n_stations > static_cast<int>(rows.rows())) {
    throw std::invalid_argument(
        fmt::format("waveform_table: n_stations = {}: must be 1 to {}", n_stations, rows.rows() / n_components));
  }
  Table table({"seconds_after_p", "line", "amplitude", "component"});
  for (int station = 0; station < n_stations; ++station) {
    for (int component = 0; component < n_components; ++component) {
      table.begin_block();
      const int row = data::row_of(station, component, settings);
      for (int k = 0; k < static_cast<int>(rows.cols()); ++k) {
        table.add_row(std::vector<double>{k * settings.dt_s - settings.before_p_s,
                                          1.0 + n_components * station + component, static_cast<double>(rows(row, k)),
                                          static_cast<double>(component)});
      }
    }
  }
  return table;
}

std::string waveform_commands(const std::string& table_file, const std::vector<std::string>& station_names,
                              const data::PreprocessSettings& settings) {
  std::string tics;
  for (std::size_t i = 0; i < station_names.size(); ++i) {
    tics += fmt::format("{}{} {}", i == 0 ? "" : ", ", gnuplot_quoted(checked_name(station_names[i], "station")),
                        -(n_components * static_cast<int>(i) + 2));
  }
  // Where the whole sample has one scale, most traces are much smaller than the largest: that one may reach its neighbours.
  const double gain = settings.normalization == data::Normalization::sample ? 2.0 : 0.8;
  const double room = gain + 0.3;  // beyond the first and the last row
  std::string items;
  const char* colors[n_components] = {second_color, third_color, reference_color};
  const char* names[n_components] = {"E", "N", "Z"};
  for (int c = 0; c < n_components; ++c) {
    items +=
        fmt::format("{}{} using 1:($4 == {} ? -$2 + {} * $3 : 1/0) with lines linewidth 1 linecolor '{}' title '{}'",
                    c == 0 ? "" : ", \\\n     ", gnuplot_quoted(table_file), c, gain, colors[c], names[c]);
  }
  return fmt::format(
      "set xrange [{:.6g}:{:.6g}]\nset yrange [{:.6g}:{:.6g}]\nset ytics ({}) scale 0\nset xtics 30\n"
      "set xlabel 'time after P (s)'\nset key above horizontal samplen 1.5\n"
      "set arrow 1 from 0, graph 0 to 0, graph 1 nohead linecolor '#999999' dashtype 2 back\nplot {}\nunset arrow 1\n",
      -settings.before_p_s, (settings.n_samples - 1) * settings.dt_s - settings.before_p_s,
      -(n_components * static_cast<double>(station_names.size()) + room), room - 1.0, tics, items);
}

}  // namespace fmnet
