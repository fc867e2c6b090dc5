#include "fmnet/figures/waveform_figures.h"

#include <fmt/format.h>

#include "fmnet/figures/ball_sheet.h"
#include "fmnet/figures/curve_figures.h"
#include "fmnet/figures/waveform_panel.h"

namespace fmnet {
namespace {

std::string angles(const propagator::FocalMechanism& m) {
  return fmt::format("{:.0f}° / {:.0f}° / {:.0f}°", m.strike_deg, m.dip_deg, m.rake_deg);
}

// The balls in the upper left corner: the network's, and the reference where there is one.
std::string ball_panel(const PredictionPicture& picture, Figure& figure) {
  BallSheet sheet("prediction.outlines.tsv");
  const bool two = picture.reference.has_value();
  const double x0 = two ? -1.4 : 0.0;
  sheet.add(picture.mechanism, x0, 0.0, 1.0, our_color);
  std::string labels = fmt::format(
      "set label 'network' at {0},1.25 center textcolor rgb '{1}'\nset label {2} at {0},-1.28 center\nset label {3} "
      "at {0},-1.62 center textcolor rgb '#555555'\n",
      x0, our_color, gnuplot_quoted(angles(picture.mechanism)),
      gnuplot_quoted(angles(propagator::auxiliary_plane(picture.mechanism))));
  if (two) {
    sheet.add(*picture.reference, 1.4, 0.0, 1.0, reference_color);
    labels += fmt::format(
        "set label 'reference' at 1.4,1.25 center\nset label {} at 1.4,-1.28 center\nset label 'Kagan angle {:.1f}°' "
        "at 1.4,-1.62 center\n",
        gnuplot_quoted(angles(*picture.reference)), propagator::kagan_angle_deg(picture.mechanism, *picture.reference));
  }
  figure.tables.emplace_back("outlines", sheet.table());
  return fmt::format(
      "set origin 0.0,0.66\nset size 0.48,0.33\nset margins 0,0,0,0\nset size ratio -1\nunset border\nunset "
      "tics\nunset key\n"
      "set xrange [-2.7:2.7]\nset yrange [-1.8:1.5]\n{}{}{}\nunset label\nset size noratio\n{}",
      labels, sheet.labels(), sheet.plot_command(), axes_style);
}

// The three curves under the balls.
std::string curve_panels(const PredictionPicture& picture, Figure& figure) {
  figure.tables.emplace_back("curves", curve_table(picture.curves));
  const double peaks[n_curves] = {picture.mechanism.strike_deg, picture.mechanism.dip_deg, picture.mechanism.rake_deg};
  std::string commands = "set yrange [-0.15:1.15]\nset ytics 0,0.5\n";
  for (int curve = 0; curve < n_curves; ++curve) {
    const double top = 0.64 - 0.215 * curve;
    commands += fmt::format(
        "set lmargin at screen 0.07\nset rmargin at screen 0.46\nset tmargin at screen {:.4g}\nset bmargin at screen "
        "{:.4g}\n"
        "{}set xlabel '{} (degrees)'\n"
        "set arrow 1 from {:.6g}, graph 0 to {:.6g}, graph 1 nohead linecolor '{}' dashtype 2 back\n"
        "plot 'prediction.curves.tsv' index {} using 1:2 with lines linewidth 2 linecolor '{}'\nunset arrow 1\n",
        top, top - 0.14, curve_axis(curve), curve_names[static_cast<std::size_t>(curve)], peaks[curve], peaks[curve],
        reference_color, curve, our_color);
  }
  return commands;
}

std::string screen_margins(double left, double right, double bottom, double top) {
  return fmt::format(
      "set lmargin at screen {}\nset rmargin at screen {}\nset bmargin at screen {}\nset tmargin at screen {}\n", left,
      right, bottom, top);
}

}  // namespace

Figure sample_figure(const data::Waveforms& clean, const data::Waveforms& noisy,
                     const std::vector<std::string>& station_names, const data::PreprocessSettings& settings,
                     const std::string& description, const std::string& changes) {
  const int n_stations = static_cast<int>(station_names.size());
  Figure figure = blank_figure(
      "sample", "A training sample before and after noise and shift (Figure S1)",
      fmt::format(
          "{}. Left: as computed, aligned on P at 0 s. Right: what the network is trained on, with {}. East, north and "
          "up of each station under each other; amplitudes as the network sees them.",
          description, changes),
      1000, 900);
  figure.tables = {{"before", waveform_table(clean, n_stations, settings)},
                   {"after", waveform_table(noisy, n_stations, settings)}};
  figure.commands = fmt::format(
      "set multiplot\nset label 8 'before' at graph 0.97,0.985 right font ',12'\n{}{}"
      "set label 8 'after' at graph 0.97,0.985 right font ',12'\n{}{}unset multiplot",
      screen_margins(0.07, 0.49, 0.07, 0.95), waveform_commands("sample.before.tsv", station_names, settings),
      screen_margins(0.56, 0.98, 0.07, 0.95), waveform_commands("sample.after.tsv", station_names, settings));
  return figure;
}

Figure prediction_figure(const PredictionPicture& picture) {
  Figure figure = blank_figure(
      "prediction", "Prediction for " + picture.event_name,
      fmt::format(
          "Above: the mechanism that the network {} reads{}, lower hemisphere, equal area, filled where the first P motion is a "
          "compression; strike / dip / rake of its two planes. Below: the three curves of the network's answer, "
          "their peaks dashed. Right: what the network was given, band-passed and aligned on P; flat lines are "
          "channels that were left out.",
          picture.network, picture.reference ? " beside the reference" : ""),
      1150, 900);
  figure.tables = {
      {"rows", waveform_table(picture.waveforms, static_cast<int>(picture.station_names.size()), picture.settings)}};
  figure.commands = "set multiplot\n" + ball_panel(picture, figure) + curve_panels(picture, figure) +
                    screen_margins(0.55, 0.985, 0.07, 0.95) +
                    waveform_commands("prediction.rows.tsv", picture.station_names, picture.settings) +
                    "unset multiplot";
  return figure;
}

}  // namespace fmnet
