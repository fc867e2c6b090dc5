// Every name that a station table may hold is drawn: A-Z a-z 0-9 . _ - (data/station.h).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fmnet/figures/station_map.h"
#include "fmnet/figures/waveform_figures.h"
#include "tests/support/drawn_figure.h"
#include "tests/support/toy_experiment.h"

namespace {

using testing::HasSubstr;

const std::vector<data::Station> in_small_letters =
    data::parse_stations("nw sta-1 35.8 -117.6 0\nNW Sta_2.b 35.9 -117.7 0\n", "stations");

TEST(FigureNames, InSmallLettersAreDrawnOnTheMap) {
  const fmnet::Figure figure = fmnet::station_map(in_small_letters, data::paper_grid(), std::nullopt);
  std::string numbers;
  for (const auto& [name, table] : figure.tables) numbers += table.text();
  EXPECT_THAT(numbers, HasSubstr("\tsta-1\tnw\n"));
  support::expect_drawn(figure);
}

TEST(FigureNames, InSmallLettersAreDrawnBesideWaveforms) {
  std::vector<std::string> names;
  for (const data::Station& s : in_small_letters) names.push_back(s.code);
  const data::Waveforms rows = data::Waveforms::Constant(48, 128, 0.5f);
  const fmnet::Figure figure =
      fmnet::sample_figure(rows, rows, names, support::toy_config().preprocess, "A sample", "nothing");
  EXPECT_THAT(figure.commands, HasSubstr("'Sta_2.b'"));
  support::expect_drawn(figure);
}

}  // namespace
