#include "fmnet/figures/evaluation_figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "data/random.h"
#include "fmnet/training_set.h"

namespace fmnet {
namespace {

// Sorted angles with the share of events up to each.
Table cumulative_table(std::vector<double> angles_deg) {
  std::sort(angles_deg.begin(), angles_deg.end());
  Table table({"kagan_deg", "percent"});
  for (std::size_t i = 0; i < angles_deg.size(); ++i) {
    table.add_row(std::vector<double>{angles_deg[i],
                                      100.0 * static_cast<double>(i + 1) / static_cast<double>(angles_deg.size())});
  }
  return table;
}

// Angles between pairs of double couples drawn at random: what chance gives.
std::vector<double> random_kagan_angles_deg() {
  constexpr int n_pairs = 2000;
  data::RandomStream random(1, 0);
  std::vector<double> angles_deg;
  for (int i = 0; i < n_pairs; ++i) {
    const propagator::FocalMechanism a = random_double_couple(random), b = random_double_couple(random);
    angles_deg.push_back(propagator::kagan_angle_deg(a, b));
  }
  return angles_deg;
}

// Columns: middle, lower and upper end of a class, its share and the share's interval in percent, its events.
Table class_table(const std::vector<EvaluationClass>& classes) {
  Table table({"middle", "low", "high", "percent", "percent_low", "percent_high", "events"});
  for (const EvaluationClass& c : classes) {
    const KaganSummary& s = c.within_20;
    table.add_row(std::vector<double>{0.5 * (c.low + c.high), c.low, c.high, 100.0 * s.share_good,
                                      100.0 * s.share_interval.low, 100.0 * s.share_interval.high,
                                      static_cast<double>(s.n)});
  }
  return table;
}

// A panel without axes: what stands in the place of classes that would tell nothing.
std::string words_panel(const std::string& words) {
  return fmt::format(
      "unset border\nunset tics\nset xlabel ''\nset ylabel ''\nset xrange [0:1]\n"
      "set label 1 \"{}\" at graph 0.5,0.5 center\nplot 1/0\nunset label 1\n{}",
      words, axes_style);
}

// One criterion: a point a class, as wide as the class, as high as its interval.
std::string class_panel(const std::string& name, const Criterion& criterion,
                        const std::vector<EvaluationClass>& classes) {
  if (classes.empty()) return words_panel(fmt::format("no {} known", criterion.axis));
  const double low = classes.front().low, high = classes.back().high;
  if (low == high) return words_panel(fmt::format("{}:\\n{:g} for every event", criterion.axis, low));
  const double room = 0.06 * (high - low);
  return fmt::format(
      "set xlabel '{0}'\nset ylabel '% within 20 degrees'\nset xrange [{1:.6g}:{2:.6g}]\nset yrange [0:105]\n"
      "set xtics {6}\n"
      "plot '{3}.{4}.tsv' using 1:4:2:3:5:6 with xyerrorbars pointtype 7 pointsize 0.8 linewidth 1.5 linecolor '{5}'\n",
      criterion.axis, low - room, high + room, name, criterion.name, our_color,
      criterion.name == "n_missing" ? "1" : "autofreq");
}

}  // namespace

Figure kagan_figure(const std::vector<double>& angles_deg, const KaganSummary& summary) {
  const KaganHistogram histogram = kagan_histogram(angles_deg, 100);
  Table table({"centre_deg", "count"});
  for (std::size_t i = 0; i < histogram.counts.size(); ++i) {
    table.add_row(std::vector<double>{(static_cast<double>(i) + 0.5) * histogram.bin_width_deg,
                                      static_cast<double>(histogram.counts[i])});
  }
  Figure figure = blank_figure(
      "kagan_histogram", "Kagan angles between truth and prediction, synthetic events",
      fmt::format(
          "{} synthetic events with noise and shifts of their own; {} bins of {:g} degrees. Red: "
          "{:g} degrees and less, the paper's threshold (the bar that it cuts is pale red): {} "
          "events, {:.1f} % (95 % interval {:.1f} to {:.1f} %). Median {:.1f} degrees. Two mechanisms drawn at random have a "
          "median of 79 degrees, and 1 % of such pairs lie within 20.",
          summary.n, histogram.counts.size(), histogram.bin_width_deg, summary.threshold_deg, summary.n_good,
          100.0 * summary.share_good, 100.0 * summary.share_interval.low, 100.0 * summary.share_interval.high,
          summary.median_deg),
      820, 440);
  figure.tables = {{"bins", table}};
  // Bars with these middles end or begin at the threshold.
  const double whole_below = summary.threshold_deg - 0.499 * histogram.bin_width_deg;
  const double whole_above = summary.threshold_deg + 0.499 * histogram.bin_width_deg;
  constexpr const char* cut_color = "#e6a79f";
  figure.commands = fmt::format(
      "unset key\nset xlabel 'Kagan angle (degrees)'\nset ylabel 'events in a bin'\nset xrange [-0.5:121]\nset "
      "yrange [0:*]\n"
      "set xtics 20\nset boxwidth {:.4g}\nset style fill solid 1.0 noborder\n"
      "set arrow 1 from {:g}, graph 0 to {:g}, graph 1 nohead linecolor '#555555' dashtype 2\n"
      "set label 1 '{:.1f} % within {:g} degrees' at {:g}, graph 0.94 textcolor rgb '{}'\n"
      "set label 2 'median {:.1f} degrees' at {:g}, graph 0.87\n"
      "plot 'kagan_histogram.bins.tsv' using 1:($1 < {:.4g} ? $2 : 1/0) with boxes linecolor '{}', \\\n"
      "     '' using 1:($1 < {:.4g} || $1 > {:.4g} ? 1/0 : $2) with boxes linecolor '{}', \\\n"
      "     '' using 1:($1 > {:.4g} ? $2 : 1/0) with boxes linecolor '{}'",
      0.9 * histogram.bin_width_deg, summary.threshold_deg, summary.threshold_deg, 100.0 * summary.share_good,
      summary.threshold_deg, summary.threshold_deg + 2.0, our_color, summary.median_deg, summary.threshold_deg + 2.0,
      whole_below, our_color, whole_below, whole_above, cut_color, whole_above, pale_color);
  return figure;
}

Figure evaluation_figure(const std::string& set, const std::vector<EvaluatedEvent>& events) {
  if (events.empty()) throw std::invalid_argument("evaluation_figure: events: at least one expected");
  const std::vector<double> angles = kagan_angles_of(events);
  const KaganSummary s = summarize_kagan(angles), wider = summarize_kagan(angles, 30.0);
  Figure figure =
      blank_figure("evaluation_" + set, "Events of the set " + set + ": how many are right, and when",
                   fmt::format("{} events. Upper left: the share of events up to each Kagan angle; {:.1f} % (95 % "
                               "interval {:.1f} to {:.1f} %) lie within 20 degrees, {:.1f} % ({:.1f} to {:.1f} %) "
                               "within 30, the median is {:.1f} and the 90th percentile {:.1f} degrees; grey: pairs "
                               "drawn at random. Others: the share within 20 degrees in classes (horizontal bars), "
                               "with 95 % intervals (vertical bars).",
                               s.n, 100.0 * s.share_good, 100.0 * s.share_interval.low, 100.0 * s.share_interval.high,
                               100.0 * wider.share_good, 100.0 * wider.share_interval.low,
                               100.0 * wider.share_interval.high, s.median_deg, s.percentile_90_deg),
                   1440, 640);
  figure.tables = {{"cumulative", cumulative_table(angles)}, {"random", cumulative_table(random_kagan_angles_deg())}};
  figure.commands = fmt::format(
      "unset key\nset multiplot layout 2,4 margins 0.05,0.99,0.1,0.97 spacing 0.06,0.16\n"
      "set grid ytics linecolor '#e5e5e5'\n"
      "set xlabel 'Kagan angle (degrees)'\nset ylabel '% of events'\nset xrange [0:120]\nset yrange [0:105]\nset "
      "xtics 20\n"
      "set arrow 1 from 20, graph 0 to 20, graph 1 nohead linecolor '#888888' dashtype 2\n"
      "plot '{0}.random.tsv' using 1:2 with lines linewidth 1.5 linecolor '{1}', \\\n"
      "     '{0}.cumulative.tsv' using 1:2 with lines linewidth 2 linecolor '{2}'\nunset arrow 1\n",
      figure.name, pale_color, our_color);
  for (const Criterion& criterion : criteria()) {
    const std::vector<EvaluationClass> classes = classes_by(criterion, events);
    figure.tables.emplace_back(criterion.name, class_table(classes));
    figure.commands += class_panel(figure.name, criterion, classes);
  }
  figure.commands += "unset multiplot";
  return figure;
}

}  // namespace fmnet
