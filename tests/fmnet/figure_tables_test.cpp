// What figures show, number by number: nothing mirrored, exchanged or moved.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "fmnet/figures/ball_sheet.h"
#include "fmnet/figures/curve_figures.h"
#include "fmnet/figures/fit_figure.h"
#include "fmnet/figures/station_map.h"
#include "fmnet/figures/waveform_figures.h"
#include "fmnet/figures/waveform_panel.h"
#include "tests/support/drawn_figure.h"
#include "tests/support/toy_experiment.h"

namespace {

using fmnet::Figure;
using fmnet::Table;
using testing::HasSubstr;

// The numbers of a table, block by block.
std::vector<std::vector<std::vector<double>>> shown_blocks(const Table& table) {
  std::vector<std::vector<std::vector<double>>> blocks(1);
  std::istringstream text(table.text());
  for (std::string line; std::getline(text, line);) {
    if (!line.empty() && line[0] == '#') continue;
    if (line.empty()) {
      if (!blocks.back().empty()) blocks.emplace_back();
      continue;
    }
    std::istringstream words(line);
    blocks.back().emplace_back();
    for (double value; words >> value;) blocks.back().back().push_back(value);
  }
  return blocks;
}

const Table& shown_table(const Figure& figure, const std::string& name) {
  for (const auto& [table_name, table] : figure.tables) {
    if (table_name == name) return table;
  }
  throw std::out_of_range("no table " + name);
}

// Left-lateral slip on a plane that strikes north pushes outward at azimuths 45 and 225: the filled outlines lie in the
// north-east and the south-west of the ball's middle, twice its radius apart at most.
TEST(FigureTables, TheFilledQuadrantsOfABallLieWhereTheFirstMotionIsOutward) {
  fmnet::BallSheet sheet("x.tsv");
  sheet.add({0.0, 90.0, 0.0}, 10.0, -20.0, 2.0, "#c0272d");
  const auto blocks = shown_blocks(sheet.table());
  int n_filled = 0;
  bool north_east = false, south_west = false;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const std::string fill = "index " + std::to_string(i) +
                             " using 1:2 with filledcurves closed fillstyle solid 1.0 "
                             "noborder linecolor '#c0272d'";
    if (sheet.plot_command().find(fill) == std::string::npos) continue;
    ++n_filled;
    double x = 0.0, y = 0.0;
    for (const auto& point : blocks[i]) {
      x += (point[0] - 10.0) / static_cast<double>(blocks[i].size());
      y += (point[1] + 20.0) / static_cast<double>(blocks[i].size());
      EXPECT_LE(std::hypot(point[0] - 10.0, point[1] + 20.0), 2.0 + 1e-6);
    }
    north_east = north_east || (x > 0.3 && y > 0.3);
    south_west = south_west || (x < -0.3 && y < -0.3);
  }
  EXPECT_EQ(n_filled, 2);
  EXPECT_TRUE(north_east && south_west);
}

TEST(FigureTables, CurvesAreBlocksOfStrikeDipAndRakeOverTheirAngles) {
  fmnet::LabelCurves curves;
  for (std::size_t i = 0; i < curves.size(); ++i) curves[i] = static_cast<float>(i);
  const auto blocks = shown_blocks(fmnet::curve_table(curves));
  ASSERT_EQ(blocks.size(), 3u);
  for (std::size_t c = 0; c < 3; ++c) {
    ASSERT_EQ(blocks[c].size(), 128u);
    for (const int bin : {1, 50, 128}) {
      const auto& row = blocks[c][static_cast<std::size_t>(bin - 1)];
      EXPECT_NEAR(row[0], fmnet::angle_of_bin(static_cast<int>(c), bin), 1e-6);
      EXPECT_EQ(row[1], 3.0 * (bin - 1) + static_cast<double>(c));
    }
  }
  EXPECT_EQ(fmnet::curve_axis(0), "set xrange [0:360]\nset xtics 0,90,360\n");
  EXPECT_EQ(fmnet::curve_axis(2), "set xrange [-90:90]\nset xtics -90,45,90\n");
}

TEST(FigureTables, TrainingAndValidationLossStandInTheirColumns) {
  const Figure figure = fmnet::loss_figure({{1.0, 0.3, 0.4}, {2.0, 0.1, 0.2}});
  const std::vector<std::vector<double>> expected = {{1.0, 0.3, 0.4}, {2.0, 0.1, 0.2}};
  EXPECT_EQ(shown_blocks(shown_table(figure, "epochs")).front(), expected);
  EXPECT_THAT(figure.commands, HasSubstr("using 1:2 with linespoints pointtype 7"));
  EXPECT_LT(figure.commands.find("title 'training'"), figure.commands.find("using 1:3"));
}

// Row r holds r + time / 1000.
data::Waveforms numbered_rows() {
  data::Waveforms rows(48, 128);
  for (int r = 0; r < 48; ++r) {
    for (int t = 0; t < 128; ++t) rows(r, t) = static_cast<float>(r + 0.001 * t);
  }
  return rows;
}

TEST(FigureTables, WaveformsStandUnderTheirStationComponentAndTimeAfterP) {
  for (const data::RowOrder order : {data::RowOrder::station_major, data::RowOrder::component_major}) {
    data::PreprocessSettings settings = support::toy_config().preprocess;
    settings.row_order = order;
    const auto blocks = shown_blocks(fmnet::waveform_table(numbered_rows(), 2, settings));
    ASSERT_EQ(blocks.size(), 6u);
    for (int station = 0; station < 2; ++station) {
      for (int c = 0; c < 3; ++c) {
        const auto& block = blocks[static_cast<std::size_t>(3 * station + c)];
        ASSERT_EQ(block.size(), 128u);
        EXPECT_NEAR(block[100][0], 100.0 * settings.dt_s - settings.before_p_s, 1e-6);
        EXPECT_EQ(block[100][1], 1.0 + 3.0 * station + c);
        EXPECT_NEAR(block[100][2], data::row_of(station, c, settings) + 0.1, 1e-5);
        EXPECT_EQ(block[100][3], c);
      }
    }
  }
}

// The record of station 1 is its synthetic 3 samples later: moved by its lag, the synthetic lies on it.
TEST(FigureTables, SyntheticsAreMovedByTheLagOntoTheRecords) {
  fmnet::FitPicture picture;
  picture.event_name = "event";
  picture.network = "toy";
  picture.delay_s = 7.0;
  picture.station_names = {"A", "B"};
  picture.settings = support::toy_config().preprocess;
  picture.amplitudes = data::Waveforms::Zero(48, 128);
  fmnet::Trust trust;
  trust.limits = {4, 2};
  const int longest = trust.limits.longest();
  trust.synthetics = Eigen::ArrayXXd::Zero(48, 128 + 2 * longest);
  fmnet::StationFit station;
  station.slot = 1;
  station.lag = 3;
  for (std::size_t c = 0; c < 3; ++c) station.traces[c] = {0.1 * static_cast<double>(c + 1), 3};
  trust.fit.stations = {station};
  trust.depths = {{4.0, 0.25}, {8.0, 0.75}};
  for (int c = 0; c < 3; ++c) {
    const int row = data::row_of(1, c, picture.settings);
    const auto series = [c](int t) { return std::exp(-0.01 * (t - 60.0) * (t - 60.0)) * std::cos(0.2 * (c + 1) * t); };
    for (int t = 0; t < 128 + 2 * longest; ++t) trust.synthetics(row, t) = series(t - longest);
    for (int t = 0; t < 128; ++t) picture.amplitudes(row, t) = static_cast<float>(series(t - 3));
  }
  const Figure figure = fit_figure(picture, trust);
  EXPECT_THAT(figure.caption,
              HasSubstr("the mechanism that the network toy reads, at the catalogue's place and depth, all "
                        "7 s later than P of the velocity model, and moved by"));
  const char* components[] = {"east", "north", "up"};
  for (int c = 0; c < 3; ++c) {
    const auto records = shown_blocks(shown_table(figure, std::string(components[c]) + "_records")).front();
    const auto synthetics = shown_blocks(shown_table(figure, std::string(components[c]) + "_synthetics")).front();
    ASSERT_EQ(records.size(), 128u);
    ASSERT_EQ(synthetics.size(), 128u);
    for (std::size_t t = 0; t < 128; ++t) EXPECT_NEAR(records[t][1], synthetics[t][1], 1e-6) << components[c] << t;
    EXPECT_NEAR(records[70][0], 70.0 * picture.settings.dt_s - picture.settings.before_p_s, 1e-6);
    EXPECT_THAT(figure.commands, HasSubstr(fmt::format("'{:.2f}  +3 s'", 0.1 * (c + 1))));
  }
  const std::vector<std::vector<double>> depths = {{4.0, 0.25}, {8.0, 0.75}};
  EXPECT_EQ(shown_blocks(shown_table(figure, "depths")).front(), depths);
  EXPECT_THAT(figure.commands, HasSubstr("plot 'fit.depths.tsv' using 2:1"));
  support::expect_drawn(figure);
}

TEST(FigureTables, TheMapHasLongitudeToTheRightAndLatitudeUp) {
  const fmnet::Config config = support::toy_config();
  const Figure figure =
      fmnet::station_map(config.stations, data::paper_grid(), data::Event{"e", 0, 35.77, -117.6, 8.0});
  const auto stations = shown_table(figure, "stations").text();
  EXPECT_THAT(stations, HasSubstr("# longitude_deg\tlatitude_deg\tstation\tnetwork\n-117.59751\t35.81574\tCLC\tCI\n"));
  EXPECT_EQ(shown_table(figure, "event").text(), "# longitude_deg\tlatitude_deg\n-117.6\t35.77\n");
  const auto grid = shown_blocks(shown_table(figure, "grid")).front();
  ASSERT_EQ(grid.size(), 81u);
  EXPECT_EQ(grid.front(), (std::vector<double>{-118.0, 35.4}));
  EXPECT_NEAR(grid[1][0], -117.9, 1e-9);
  EXPECT_NEAR(grid[1][1], 35.4, 1e-9);
  EXPECT_THAT(figure.title + figure.caption, testing::Not(HasSubstr("mainshock")));
}

}  // namespace
