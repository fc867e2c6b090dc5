#include "fmnet/figures/search_figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "fmnet/figures/mechanism_row.h"

namespace fmnet {
namespace {

constexpr const char* best_color = "#c51b8a";  // magenta, as in the paper

void require_samples(const char* function, const SearchPicture& picture) {
  if (picture.by_waveform.empty() || picture.by_feature.empty()) {
    throw std::invalid_argument(fmt::format("{}: picture: at least one sample of each domain expected", function));
  }
}

// Columns: rank, misfit over the smallest, strike, dip, rake.
Table ranked(const std::vector<FoundSample>& samples) {
  Table table({"rank", "misfit_over_smallest", "strike_deg", "dip_deg", "rake_deg"});
  const double smallest = std::max(samples.front().misfit, 1e-30);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const FoundSample& s = samples[i];
    table.add_row(std::vector<double>{static_cast<double>(i + 1), s.misfit / smallest, s.mechanism.strike_deg,
                                      s.mechanism.dip_deg, s.mechanism.rake_deg});
  }
  return table;
}

std::string places_of(const SearchPicture& picture) {
  return picture.place_step == 1 ? "all places" : fmt::format("one in {} places", picture.place_step);
}

std::string corner_letter(char letter) {
  return fmt::format("set label 9 '{}' at graph -0.02,1.07 right font ',15' front\n", letter);
}

// One angle against the rank: dots of both domains, the data domain's a little above, the feature domain's a little below
// the value that they have; the nearest of each marked.
std::string angle_panel(char letter, const std::string& name, int column, double offset, const std::string& range) {
  const auto dots = [&](const char* table, double by, const char* color) {
    return fmt::format("'search.{}.tsv' using 1:(${}+({})) with points pointtype 7 pointsize 0.22 linecolor '{}'",
                       table, column, by, color);
  };
  const auto mark = [&](const char* table, double by, int point_type) {
    return fmt::format(
        "'search.{}.tsv' using 1:(${}+({})) every ::0::0 with points pointtype {} pointsize 2.4 linewidth 2 "
        "linecolor '{}'",
        table, column, by, point_type, best_color);
  };
  return fmt::format("{}set ylabel '{} (degrees)'\n{}\nset key off\nplot {}, \\\n     {}, \\\n     {}, \\\n     {}\n",
                     corner_letter(letter), name, range, dots("waveforms", offset, our_color),
                     dots("features", -offset, reference_color), mark("waveforms", offset, 4),
                     mark("features", -offset, 6));
}

}  // namespace

Figure search_figure(const SearchPicture& picture) {
  require_samples("search_figure", picture);
  const std::size_t n = std::max(picture.by_waveform.size(), picture.by_feature.size());
  Figure figure = blank_figure(
      "search", "The nearest samples of the training set to " + picture.event_name + " (Figure 4)",
      fmt::format(
          "The first {} of {} samples (all mechanisms at {} of the training set of the network {}), nearest first. (a) L2 misfit between the waveforms (red) and between the "
          "encoder's features (black), each divided by its smallest. (b)-(d) strike, dip and rake of these samples "
          "in the two orders; the data domain (red) is drawn a little above, the feature domain (black) a little "
          "below the value; the nearest of the data domain is marked by a square, of the feature domain by a circle.",
          n, picture.n_samples, places_of(picture), picture.network),
      1000, 720);
  figure.tables = {{"waveforms", ranked(picture.by_waveform)}, {"features", ranked(picture.by_feature)}};
  figure.commands = fmt::format(
      "set multiplot layout 2,2 margins 0.085,0.98,0.09,0.95 spacing 0.1,0.13\nset xrange [0:{}]\nset xlabel 'rank'\n"
      "{}set ylabel 'misfit / smallest misfit'\nset yrange [1:*]\nset key top left Left reverse\n"
      "plot 'search.waveforms.tsv' using 1:2 with lines linewidth 2 linecolor '{}' title 'data domain', \\\n"
      "     'search.features.tsv' using 1:2 with lines linewidth 2 linecolor '{}' title 'feature domain'\n",
      n, corner_letter('a'), our_color, reference_color);
  figure.commands += angle_panel('b', "strike", 3, 4.0, "set yrange [0:375]\nset ytics 0,60,360");
  figure.commands += angle_panel('c', "dip", 4, 1.3, "set yrange [0:95]\nset ytics 0,10,90");
  figure.commands += angle_panel('d', "rake", 5, 2.6, "set yrange [-82:102]\nset ytics -70,20,90");
  figure.commands += "unset multiplot";
  return figure;
}

Figure search_balls_figure(const SearchPicture& picture) {
  require_samples("search_balls_figure", picture);
  std::vector<NamedMechanism> mechanisms = {{"data domain", picture.by_waveform.front().mechanism, true}};
  if (picture.reference) mechanisms.push_back({"reference", *picture.reference, false, second_color});
  for (std::size_t i = 0; i < std::min<std::size_t>(10, picture.by_feature.size()); ++i) {
    mechanisms.push_back({fmt::format("feature {}", i + 1), picture.by_feature[i].mechanism});
  }
  MechanismRow row{"search_balls", "The best samples of both domains for " + picture.event_name + " (Figure 5)", "",
                   mechanisms, 6};
  row.caption =
      "Lower hemisphere, equal area; filled where the first P motion is a compression. Red: the training sample with "
      "the smallest misfit of the waveforms. Black: the ten with the smallest misfit of the encoder's features, "
      "nearest first. Blue: the event's true or published mechanism, where one is known. Below each ball strike / "
      "dip / rake in degrees and the Kagan angle to the red one.";
  return mechanism_row(row);
}

}  // namespace fmnet
