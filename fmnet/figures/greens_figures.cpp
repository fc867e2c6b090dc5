#include "fmnet/figures/greens_figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace fmnet {
namespace {

constexpr double floor_of_errors = 1e-17;  // where a logarithmic axis ends

Table error_table(const std::string& place, const std::vector<SumError>& studies) {
  Table table({place, "relative_error"});
  for (const SumError& study : studies) {
    table.begin_block();
    for (std::size_t i = 0; i < study.place.size(); ++i) {
      table.add_row(std::vector<double>{study.place[i], std::max(study.error[i], floor_of_errors)});
    }
  }
  return table;
}

Table cost_table(const AccuracyAndCost& study) {
  Table table({"processor_time_s", "relative_error", "tolerance_or_step"});
  for (const std::vector<CostPoint>& points : {study.fk, study.ours}) {
    table.begin_block();
    for (const CostPoint& p : points) {
      table.add_row(
          std::vector<std::string>{fmt::format("{:.4g}", p.seconds), fmt::format("{:.4g}", p.error), p.label});
    }
  }
  return table;
}

// Over the largest of its snapshot, times the distance from the source.
Table field_table(const WaveField& field, double source_depth_km) {
  Table table({"distance_km", "depth_km", "velocity"});
  for (const Eigen::ArrayXXd& snapshot : field.velocity_m_s) {
    table.begin_block();
    Eigen::ArrayXXd scaled = snapshot;
    for (Eigen::Index d = 0; d < scaled.rows(); ++d) {
      for (Eigen::Index x = 0; x < scaled.cols(); ++x) {
        scaled(d, x) *= std::hypot(field.distances_km[static_cast<std::size_t>(x)],
                                   field.depths_km[static_cast<std::size_t>(d)] - source_depth_km);
      }
    }
    scaled /= scaled.abs().maxCoeff();
    for (Eigen::Index d = 0; d < scaled.rows(); ++d) {
      for (Eigen::Index x = 0; x < scaled.cols(); ++x) {
        table.add_row(std::vector<std::string>{fmt::format("{:g}", field.distances_km[static_cast<std::size_t>(x)]),
                                               fmt::format("{:g}", field.depths_km[static_cast<std::size_t>(d)]),
                                               fmt::format("{:.4f}", scaled(d, x))});
      }
    }
  }
  return table;
}

constexpr const char* logarithmic = "set termoption enhanced\nset format y '10^{%T}'\nset logscale y\n";

}  // namespace

Figure wave_field_figure(const WaveField& field) {
  if (field.times_s.size() != 4) throw std::invalid_argument("wave_field_figure: times_s: four expected");
  Figure figure = blank_figure(
      "wave_field", "The waves of a 45-degree dip slip at 8 km in the standard southern California model",
      "Vertical ground velocity below 0.7 Hz in a vertical section, times the distance from the source, at four "
      "times after the origin. Red: up, blue: down. The thin lines are the interfaces, the Moho at 35 km. P waves "
      "run ahead of the shear waves, both are reflected at the surface and at the interfaces, and the slower first "
      "layer keeps the surface waves behind them.",
      1000, 640);
  figure.tables = {{"field", field_table(field, 8.0)}};
  figure.commands =
      "unset key\nunset colorbox\nset palette defined (-1 '#2166ac', -0.3 '#92c5de', 0 '#ffffff', 0.3 '#f4a582', 1 "
      "'#b2182b')\nset cbrange [-0.6:0.6]\nset xrange [0:100]\nset yrange [50.5:-0.5]\nset ytics 10\nset xtics 20\n"
      "set multiplot layout 2,2 margins 0.07,0.985,0.1,0.95 spacing 0.07,0.13\n";
  const std::vector<propagator::Layer> layers = chapter_model().layers();
  for (std::size_t t = 0; t < field.times_s.size(); ++t) {
    figure.commands += fmt::format(
        "set title '{:g} s after the origin' offset 0,-0.6\nset xlabel '{}'\nset ylabel '{}'\n"
        "set object 1 circle at 0,8 size 1.2 front fillstyle solid fillcolor '#000000'\n",
        field.times_s[t], t < 2 ? "" : "distance (km)", t % 2 == 0 ? "depth (km)" : "");
    double depth_km = 0.0;
    int arrow = 0;
    for (const propagator::Layer& layer : layers) {
      depth_km += layer.thickness_km;
      if (layer.thickness_km == 0.0) continue;
      figure.commands += fmt::format("set arrow {} from 0,{:g} to 100,{:g} nohead front linecolor '#666666'\n", ++arrow,
                                     depth_km, depth_km);
    }
    figure.commands += fmt::format("plot 'wave_field.field.tsv' index {} using 1:2:3 with image\n", t);
  }
  figure.commands += "unset multiplot";
  return figure;
}

Figure plain_product_figure(const PlainProduct& study) {
  Table table({"k_per_km", "plain", "minors", "expected_of_plain"});
  for (std::size_t h = 0; h < study.thicknesses_km.size(); ++h) {
    table.begin_block();
    for (std::size_t i = 0; i < study.k_per_km.size(); ++i) {
      const auto at = static_cast<Eigen::Index>(i);
      table.add_row(std::vector<double>{study.k_per_km[i], std::max(study.plain[h][at], floor_of_errors),
                                        std::max(study.minors[h][at], floor_of_errors), study.expected[h][at]});
    }
  }
  Figure figure = blank_figure(
      "plain_product", "Why the minors are carried, and not two solutions",
      fmt::format(
          "Relative error of the minor s over e of the field that radiates down, carried upwards in slices of 1 km "
          "through layers of one medium (5.5 and 3.18 km/s, {:g} rad/s) of four thicknesses; there it is known "
          "exactly. Red: the minors themselves. Other colours: minors of two solutions that were carried one by one "
          "with Haskell's matrix; dashed the size that rounding should have, 2e-16 exp(Re(a - b)). Between the "
          "wavenumbers of P and S waves, where P is evanescent and S travels, 20 km cost twelve digits and 40 km all "
          "of them.",
          study.omega_rad_s),
      860, 520);
  figure.tables = {{"errors", table}};
  figure.commands = fmt::format(
      "{}set xlabel 'horizontal wavenumber k (1/km)'\nset ylabel 'relative error'\nset xrange [0.4:4]\nset yrange "
      "[1e-17:1e3]\nset ytics 1e4\nset grid ytics linecolor '#dddddd'\nset key outside right center samplen 2 "
      "spacing 1.2\n"
      "set arrow 1 from {:.5g}, graph 0 to {:.5g}, graph 1 nohead dashtype 3 linecolor '#666666'\n"
      "set arrow 2 from {:.5g}, graph 0 to {:.5g}, graph 1 nohead dashtype 3 linecolor '#666666'\n"
      "set label 1 'k_α' at {:.5g}, graph 0.96 offset 0.4,0\nset label 2 'k_β' at {:.5g}, graph 0.96 offset "
      "0.4,0\nplot ",
      logarithmic, study.k_alpha_per_km, study.k_alpha_per_km, study.k_beta_per_km, study.k_beta_per_km,
      study.k_alpha_per_km, study.k_beta_per_km);
  const char* colors[] = {pale_color, third_color, second_color, reference_color};
  const std::size_t n = std::min(study.thicknesses_km.size(), std::size(colors));
  for (std::size_t h = n; h-- > 0;) {
    figure.commands += fmt::format(
        "'plain_product.errors.tsv' index {0} using 1:2 with lines linewidth 1.5 linecolor '{1}' title 'two "
        "solutions, {2:g} km', '' index {0} using 1:4 with lines dashtype 2 linecolor '{1}' notitle, \\\n",
        h, colors[h], study.thicknesses_km[h]);
  }
  figure.commands +=
      fmt::format("'' index {} using 1:3 with lines linewidth 1.5 linecolor '{}' title 'minors, {:g} km'", n - 1,
                  our_color, study.thicknesses_km[n - 1]);
  return figure;
}

Figure wavenumber_sum_figure(const std::vector<SumError>& end, const std::vector<SumError>& step) {
  if (end.size() != 2 || step.size() != 2)
    throw std::invalid_argument("wavenumber_sum_figure: two studies each expected");
  Figure figure = blank_figure("wavenumber_sum", "How the sum over wavenumbers converges",
                               "Left: where the sum may end, for a source 0.5 km deep seen 30 km away at 0.1 Hz "
                               "(ZDD). Cut off, it converges when exp(-0.5 km k) has died out; faded out from where "
                               "no wave travels, it is right to 1e-8 (the fade's own size there) at a twentieth of "
                               "that wavenumber. Right: the error in 0.02-0.2 Hz (worst series; source 8 km deep, "
                               "20-100 km away, 256 s) against the number of wavenumbers. One step everywhere has to "
                               "be fine enough for the waves, and then errs at the end k = 0; here the step grows "
                               "where no wave travels, and the end is corrected.",
                               1000, 430);
  figure.tables = {{"end", error_table("last_k_per_km", end)}, {"step", error_table("wavenumbers", step)}};
  figure.commands = fmt::format(
      "{0}set logscale x\nset ylabel 'relative error'\nset ytics 1e2\nset grid ytics linecolor '#dddddd'\n"
      "set multiplot layout 1,2 margins 0.08,0.985,0.17,0.97 spacing 0.1\n"
      "set xlabel 'last wavenumber (1/km)'\nset xrange [0.25:50]\nset yrange [1e-12:1e2]\nset key bottom left\n"
      "plot 'wavenumber_sum.end.tsv' index 0 using 1:2 with lines linecolor '{1}' title '{3}', '' index 1 using 1:2 "
      "with lines linewidth 1.5 linecolor '{2}' title '{4}'\n"
      "set xlabel 'number of wavenumbers'\nset xrange [80:20000]\nset yrange [1e-11:1e1]\nset key top right\n"
      "plot 'wavenumber_sum.step.tsv' index 0 using 1:2 with linespoints pointtype 6 linecolor '{1}' title '{5}', '' "
      "index 1 using 1:2 with linespoints pointtype 7 linecolor '{2}' title '{6}'\nunset multiplot",
      logarithmic, reference_color, our_color, end[0].name, end[1].name, step[0].name, step[1].name);
  return figure;
}

Figure accuracy_and_cost_figure(const AccuracyAndCost& study, const std::string& machine) {
  Figure figure = blank_figure(
      "accuracy_and_cost", "Accuracy against cost",
      fmt::format(
          "Processor time of one thread for 4,000 series (10 depths x 50 distances x 8 series of 256 samples of 1 s; "
          "least of three) and their error in 0.05-0.1 Hz (median over depths and distances of the worst series). "
          "Beside the points the tolerance, or the step of fk's rule in units of pi / x_max; that rule is computed "
          "by this program's kernels, so the curves differ by the choice of wavenumbers alone. Measured on {}; the "
          "times are that machine's.",
          machine),
      820, 500);
  figure.tables = {{"points", cost_table(study)}};
  figure.commands = fmt::format(
      "{0}set logscale x\nset xlabel 'processor time (s)'\nset ylabel 'relative error, 0.05-0.1 Hz'\nset grid "
      "linecolor '#dddddd'\nset key top right\nset offsets graph 0.08, graph 0.12, graph 0.05, graph 0.05\n"
      "plot 'accuracy_and_cost.points.tsv' index 0 using 1:2 with linespoints pointtype 6 linecolor '{1}' title "
      "'step of fk', '' index 0 using 1:2:3 with labels left offset 0.8,0.5 textcolor '{1}' notitle, \\\n"
      "'' index 1 using 1:2 with linespoints pointtype 7 linewidth 1.5 linecolor '{2}' title 'tolerance', '' index 1 "
      "using 1:2:3 with labels left offset 0.8,0.5 textcolor '{2}' notitle",
      logarithmic, reference_color, our_color);
  return figure;
}

}  // namespace fmnet
