#include "fmnet/figures/mechanism_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "fmnet/figures/ball_sheet.h"

namespace fmnet {
namespace {

constexpr std::size_t n_published = 3;
constexpr double column_width = 3.9, line_height = 3.9;  // in ball radii

std::string label(const std::string& text, double x, double y, const std::string& style) {
  return fmt::format("set label {} at {:.5g},{:.5g} {} front\n", gnuplot_quoted(text), x, y, style);
}

// Number and day: "1  2019-07-06 03:19".
std::string heading(std::size_t number, const data::Event& event) {
  const std::string utc = data::format_utc(event.origin_ns);
  return fmt::format("{}   {} {}", number, utc.substr(0, 10), utc.substr(11, 5));
}

// The lines of beach balls in units of their radius; an empty circle where the network could not be asked.
std::string ball_panel(const std::vector<MappedEvent>& events, Figure& figure, Table& list) {
  BallSheet sheet("mechanism_map.outlines.tsv");
  std::string labels;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const MappedEvent& e = events[i];
    const double y = -line_height * static_cast<double>(i);
    labels += label(heading(i + 1, e.event), -1.2, y + 1.75, "left font ',12'");
    const auto add = [&](const std::string& name, const propagator::FocalMechanism& m, std::size_t column,
                         const std::string& color) {
      const double x = column_width * static_cast<double>(column);
      sheet.add(m, x, y, 1.0, color);
      labels += label(name, x, y + 1.22, fmt::format("center font ',8' textcolor rgb '{}'", color));
      labels += label(fmt::format("{:.0f} / {:.0f} / {:.0f}", m.strike_deg, m.dip_deg, m.rake_deg), x, y - 1.25,
                      "center font ',9'");
      list.add_row(std::vector<std::string>{std::to_string(i + 1), e.event.id, name,
                                            fmt::format("{:.2f}", m.strike_deg), fmt::format("{:.2f}", m.dip_deg),
                                            fmt::format("{:.2f}", m.rake_deg)});
    };
    if (e.ours) {
      add("network", *e.ours, 0, our_color);
    } else {
      sheet.add_dashed_circle(0.0, y, 1.0, pale_color);
      labels += label("no records", 0.0, y + 0.12, "center font ',9' textcolor rgb '#888888'");
      labels += label("at hand", 0.0, y - 0.2, "center font ',9' textcolor rgb '#888888'");
    }
    for (std::size_t k = 0; k < std::min(n_published, e.published.size()); ++k) {
      add(e.published[k].name, e.published[k].mechanism, k + 1, reference_color);
    }
  }
  figure.tables.emplace_back("outlines", sheet.table());
  const double bottom = -line_height * static_cast<double>(events.size() - 1) - 1.7;
  return fmt::format(
      "unset border\nunset tics\nunset xlabel\nunset ylabel\nunset label\nset size ratio -1\n"
      "set lmargin at screen 0.5\nset rmargin at screen 0.995\nset bmargin at screen 0.01\nset tmargin at screen 0.99\n"
      "set xrange [-1.4:{:.4g}]\nset yrange [{:.4g}:2.2]\n{}{}{}\n",
      column_width * n_published + 2.1, bottom, labels, sheet.labels(), sheet.plot_command());
}

}  // namespace

Figure mechanism_map(const data::TrainingGrid& grid, const std::vector<MappedEvent>& events,
                     const std::string& network) {
  if (events.empty()) throw std::invalid_argument("mechanism_map: events: at least one expected");
  const data::Axis &lat = grid.latitude(), &lon = grid.longitude();
  const double south = lat.first, north = lat.value(lat.count - 1), west = lon.first, east = lon.value(lon.count - 1);
  const double shrink = std::cos(0.5 * (south + north) * std::numbers::pi / 180.0);
  Table epicentres({"longitude_deg", "latitude_deg", "number", "event", "depth_km"});
  for (std::size_t i = 0; i < events.size(); ++i) {
    const data::Event& e = events[i].event;
    epicentres.add_row(std::vector<std::string>{fmt::format("{:.4f}", e.longitude_deg),
                                                fmt::format("{:.4f}", e.latitude_deg), std::to_string(i + 1), e.id,
                                                fmt::format("{:.2f}", e.depth_km)});
  }
  Table list({"number", "event", "source", "strike_deg", "dip_deg", "rake_deg"});
  Figure figure = blank_figure(
      "mechanism_map", "The earthquakes and their mechanisms (Figure 3)",
      "Left: the grid's area and the epicentres. Right: beach balls (lower hemisphere, equal area, filled where the "
      "first P motion is a compression) with strike / dip / rake in degrees. " +
          (network.empty() ? "" : "Red: the network " + network + ". ") +
          "Black: published solutions. A dashed circle: the event's records are not at hand, so that the network was not "
          "asked. The paper shows four events: which one of the candidates in the north is its fourth it does not tell, so "
          "that both stand here; its dots of aftershocks are left out.",
      1250, static_cast<int>(165 * std::max<std::size_t>(events.size(), 3)));
  // The map in the middle of the height that the beach balls need; it is no higher than its width allows.
  constexpr double left = 0.07, right = 0.46, lowest = 0.08, highest = 0.97;
  const double ratio = (north - south) / ((east - west) * shrink);
  const double height = std::min(ratio * (right - left) * figure.width_px / figure.height_px, highest - lowest);
  const double bottom = 0.5 * (lowest + highest - height);
  figure.commands = fmt::format(
      "set multiplot\nunset key\nset lmargin at screen {}\nset rmargin at screen {}\nset bmargin at screen "
      "{:.4g}\nset tmargin at screen {:.4g}\nset xrange [{:.6g}:{:.6g}]\nset yrange [{:.6g}:{:.6g}]\nset size ratio "
      "{:.5g}\n"
      "set xlabel 'longitude (degrees)'\nset ylabel 'latitude (degrees)'\nset xtics 0.2\nset ytics 0.2\n"
      "plot 'mechanism_map.epicentres.tsv' using 1:2 with points pointtype 7 pointsize 1.2 linecolor '{}', \\\n"
      "     '' using 1:2:3 with labels left offset 1,0.4 font ',12'\n",
      left, right, bottom, bottom + height, west, east, south, north, ratio, our_color);
  figure.commands += ball_panel(events, figure, list) + "unset multiplot";
  figure.tables.emplace_back("epicentres", epicentres);
  figure.tables.emplace_back("mechanisms", list);
  return figure;
}

}  // namespace fmnet
