#include "fmnet/figures/mechanism_row.h"

#include <fmt/format.h>

#include <stdexcept>

#include "fmnet/figures/ball_sheet.h"

namespace fmnet {
namespace {

constexpr double row_height = 3.7;  // in ball radii; columns lie 2.6 radii apart

const NamedMechanism* find_ours(const std::vector<NamedMechanism>& mechanisms) {
  for (const NamedMechanism& m : mechanisms) {
    if (m.ours) return &m;
  }
  return nullptr;
}

std::string centred_label(const std::string& text, double x, double y, const std::string& color) {
  return fmt::format("set label {} at {:.4g},{:.4g} center front textcolor rgb '{}'\n", gnuplot_quoted(text), x, y,
                     color);
}

}  // namespace

Figure mechanism_row(const MechanismRow& row) {
  const std::vector<NamedMechanism>& mechanisms = row.mechanisms;
  if (mechanisms.empty() || row.balls_a_row < 1) {
    throw std::invalid_argument(fmt::format("mechanism_row: {} mechanisms, {} a row: at least one of each expected",
                                            mechanisms.size(), row.balls_a_row));
  }
  const int n = static_cast<int>(mechanisms.size());
  const int n_columns = std::min(n, row.balls_a_row);
  const int n_rows = (n + row.balls_a_row - 1) / row.balls_a_row;
  const NamedMechanism* ours = find_ours(mechanisms);
  BallSheet sheet(row.name + ".outlines.tsv");
  Table list({"source", "strike_deg", "dip_deg", "rake_deg", "kagan_to_ours_deg"});
  std::string labels;
  for (int i = 0; i < n; ++i) {
    const NamedMechanism& m = mechanisms[static_cast<std::size_t>(i)];
    const double x = 2.6 * (i % row.balls_a_row), y = -row_height * (i / row.balls_a_row);
    const std::string color = m.ours ? our_color : m.color;
    sheet.add(m.mechanism, x, y, 1.0, color);
    const std::string angles =
        fmt::format("{:.0f} / {:.0f} / {:.0f}", m.mechanism.strike_deg, m.mechanism.dip_deg, m.mechanism.rake_deg);
    labels += centred_label(m.name, x, y + 1.25, color) + centred_label(angles, x, y - 1.27, "#000000");
    std::string kagan = "-";
    if (ours != nullptr && !m.ours) {
      kagan = fmt::format("{:.1f}", propagator::kagan_angle_deg(ours->mechanism, m.mechanism));
      labels += centred_label("Kagan angle " + kagan + "°", x, y - 1.6, "#555555");
    }
    list.add_row(std::vector<std::string>{m.name, fmt::format("{:.2f}", m.mechanism.strike_deg),
                                          fmt::format("{:.2f}", m.mechanism.dip_deg),
                                          fmt::format("{:.2f}", m.mechanism.rake_deg), kagan});
  }
  Figure figure = blank_figure(row.name, row.title, row.caption, 190 * n_columns + 40, 270 * n_rows);
  figure.tables = {{"outlines", sheet.table()}, {"mechanisms", list}};
  figure.commands = fmt::format(
      "unset border\nunset tics\nunset key\nset margins 0,0,0,0\nset size ratio -1\n"
      "set xrange [-1.3:{:.3g}]\nset yrange [{:.3g}:1.7]\n{}{}{}",
      2.6 * (n_columns - 1) + 1.3, -row_height * (n_rows - 1) - 1.9, labels, sheet.labels(), sheet.plot_command());
  return figure;
}

}  // namespace fmnet
