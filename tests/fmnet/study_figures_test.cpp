// The figures of searches and evaluations: gnuplot accepts their scripts, and their tables hold what they show.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "data/atomic_file.h"
#include "fmnet/figures/curve_figures.h"
#include "fmnet/figures/depth_figure.h"
#include "fmnet/figures/evaluation_figures.h"
#include "fmnet/figures/flow_drawing.h"
#include "fmnet/figures/mechanism_map.h"
#include "fmnet/figures/search_figures.h"
#include "fmnet/figures/waveform_figures.h"
#include "tests/support/drawn_figure.h"
#include "tests/support/svg_texts.h"
#include "tests/support/toy_experiment.h"

namespace {

using fmnet::Figure;
using testing::HasSubstr;

std::string table_of(const Figure& figure, const std::string& name) {
  for (const auto& [table_name, table] : figure.tables) {
    if (table_name == name) return table.text();
  }
  return "no table " + name;
}

fmnet::SearchPicture small_search() {
  std::vector<fmnet::FoundSample> samples;
  for (int i = 0; i < 12; ++i) {
    samples.push_back({2.0 + i, 35.7, -117.6, 8.0, {30.0 * (1 + i % 12), 10.0 * (1 + i % 9), -70.0 + 20.0 * (i % 9)}});
  }
  return {"event it's", "toy", 112752, 7, samples, samples, propagator::FocalMechanism{230.0, 80.0, -10.0}};
}

TEST(StudyFigures, TheSearchIsDrawnWithMisfitsOverTheSmallest) {
  const Figure figure = search_figure(small_search());
  EXPECT_THAT(table_of(figure, "waveforms"), HasSubstr("\n1\t1\t30\t10\t-70\n2\t1.5\t60\t20\t-50\n"));
  EXPECT_THAT(figure.caption,
              HasSubstr("The first 12 of 112752 samples (all mechanisms at one in 7 places of the training "
                        "set of the network toy)"));
  support::expect_drawn(figure);
  EXPECT_THROW(fmnet::search_figure({"x", "toy", 1, 1, {}, {}, {}}), std::invalid_argument);
}

TEST(StudyFigures, TheBestSampleIsInOurColourAndTenFeaturesFollow) {
  const Figure figure = search_balls_figure(small_search());
  EXPECT_THAT(table_of(figure, "mechanisms"), HasSubstr("data domain\t30.00\t10.00\t-70.00\t-\nreference\t230.00"));
  EXPECT_THAT(table_of(figure, "mechanisms"), HasSubstr("feature 10\t"));
  EXPECT_THAT(table_of(figure, "mechanisms"), testing::Not(HasSubstr("feature 11")));
  support::expect_drawn(figure);
}

TEST(StudyFigures, EventsWithoutRecordsAreShownAsSuchOnTheMap) {
  const std::vector<fmnet::MappedEvent> events = {
      {{"a", 0, 35.70, -117.50, 10.5}, {}, {{"SLU", {40.0, 85.0, -20.0}}}},
      {{"b", 0, 35.77, -117.60, 8.0}, propagator::FocalMechanism{230.0, 80.0, -10.0}, {}}};
  const Figure figure = mechanism_map(data::paper_grid(), events, "toy");
  EXPECT_THAT(figure.caption, HasSubstr("Red: the network toy."));
  EXPECT_THAT(table_of(figure, "mechanisms"), HasSubstr("1\ta\tSLU\t40.00"));
  EXPECT_THAT(table_of(figure, "mechanisms"), HasSubstr("2\tb\tnetwork\t230.00"));
  const std::size_t first = figure.commands.find("'no records'");
  EXPECT_NE(first, std::string::npos);
  EXPECT_EQ(figure.commands.find("'no records'", first + 1), std::string::npos) << "one event has records";
  support::expect_drawn(figure);
  EXPECT_THAT(fmnet::mechanism_map(data::paper_grid(), {events[0]}, "").caption, testing::Not(HasSubstr("Red")));
}

TEST(StudyFigures, AnEvaluationIsDrawnAlsoWhereNoRatioIsKnown) {
  std::vector<fmnet::EvaluatedEvent> events;
  for (int i = 0; i < 40; ++i) {
    events.push_back({"1",
                      35.7,
                      -117.6,
                      2.0 + i % 10,
                      30.0 + i,
                      {},
                      i % 3,
                      {9.0 * i, 60.0, 10.0},
                      {9.0 * i, 60.0, 10.0},
                      0.3 * i,
                      0.1 * i,
                      2.5 * i});
  }
  const Figure figure = evaluation_figure("foreign", events);
  EXPECT_THAT(figure.caption, HasSubstr("22.5 % (95 % interval"));
  EXPECT_THAT(figure.commands, HasSubstr("no signal-to-noise ratio known"));
  EXPECT_THAT(figure.commands, HasSubstr("'evaluation_foreign.strike_deg.tsv' using 1:4:2:3:5:6"));
  EXPECT_THAT(figure.commands,
              HasSubstr(R"("true dip (degrees):\n60 for every event")"));  // one class is no comparison
  support::expect_drawn(figure);
  EXPECT_THROW(fmnet::evaluation_figure("none", {}), std::invalid_argument);
}

TEST(StudyFigures, TheChaptersFiguresKeepTheirWordsInThePicture) {
  int n_figures = 0;
  for (const auto& file : std::filesystem::directory_iterator(FMNET_SOURCE_DIR "/docs/figures")) {
    const std::string svg = data::read_whole_file(file.path().string(), 1 << 24);
    EXPECT_THAT(svg, HasSubstr("<text>")) << file.path();
    EXPECT_THAT(support::texts_outside(svg), testing::IsEmpty()) << file.path();
    ++n_figures;
  }
  EXPECT_GT(n_figures, 0);
}

TEST(StudyFigures, DepthsAreComparedByCorrelation) {
  const fmnet::Config config = support::toy_config();
  fmnet::DepthPicture picture;
  picture.description = "A mechanism";
  picture.settings = config.preprocess;
  picture.depths_km = {2.0, 4.0};
  picture.reference = 1;
  picture.station_names = {"A", "B"};
  picture.distances_km = {30.0, 10.0};
  picture.samples = {data::Waveforms::Zero(48, 128), data::Waveforms::Zero(48, 128)};
  for (int t = 0; t < 128; ++t) {
    picture.samples[0](2, t) = std::sin(0.2f * static_cast<float>(t));
    picture.samples[1](2, t) = -std::sin(0.2f * static_cast<float>(t));
    picture.samples[0](5, t) = picture.samples[1](5, t) = std::cos(0.2f * static_cast<float>(t));
  }
  const Figure figure = depth_figure(picture);
  EXPECT_THAT(table_of(figure, "correlation"), HasSubstr("\t-1\t1\n4\t1\t1\t1\n"));  // A turned over, B the same
  EXPECT_THAT(figure.commands, HasSubstr("'B, 10 km'"));
  support::expect_drawn(figure);
}

TEST(StudyFigures, TheFlowChartTellsTheConfigurationsNumbers) {
  const Figure figure = fmnet::flow_figure(fmnet::read_config(FMNET_SOURCE_DIR "/data/ridgecrest/ridgecrest.toml"));
  EXPECT_THAT(figure.commands, HasSubstr("'810 places x 972 mechanisms'"));
  support::expect_drawn(figure);
}

TEST(StudyFigures, CurvesAndAnglesAreDrawn) {
  const propagator::FocalMechanism mechanism{230.0, 82.0, -10.0};
  const fmnet::LabelCurves curves = label_curves(mechanism, fmnet::LabelSettings{});
  support::expect_drawn(label_figure(mechanism, fmnet::LabelSettings{}));
  support::expect_drawn(fmnet::compared_labels_figure({{"1", curves, curves, 0.0}, {"972", curves, curves, 101.5}}));
  support::expect_drawn(fmnet::feature_figure({10.0, -2.0, 3.0}, "event e", "toy"));
  support::expect_drawn(fmnet::loss_figure({{1.0, 0.3, 0.4}, {2.0, 0.1, 0.2}}));
  support::expect_drawn(fmnet::kagan_figure({1.0, 2.0, 30.0}, fmnet::summarize_kagan({1.0, 2.0, 30.0})));
}

TEST(StudyFigures, APredictionIsDrawnWithAndWithoutAReference) {
  const propagator::FocalMechanism mechanism{230.0, 82.0, -10.0};
  fmnet::PredictionPicture picture;
  picture.event_name = "event e";
  picture.network = "toy";
  picture.mechanism = mechanism;
  picture.curves = label_curves(mechanism, fmnet::LabelSettings{});
  picture.waveforms = data::Waveforms::Constant(48, 128, 0.5f);
  picture.station_names = {"A", "WVP2"};
  picture.settings = support::toy_config().preprocess;
  support::expect_drawn(prediction_figure(picture));
  picture.reference = propagator::FocalMechanism{50.0, 82.0, -10.0};
  const Figure figure = prediction_figure(picture);
  EXPECT_THAT(figure.commands, HasSubstr("'reference'"));
  support::expect_drawn(figure);
}

TEST(StudyFigures, LearningRatesAreDrawn) {
  support::expect_drawn(fmnet::learning_rate_figure(
      {{1e-4, 0.1, 0.11, 64, 0.097}, {1e-3, 0.05, 0.06, 64, 0.097}, {1e-2, 0.2, 1e13, 64, 0.097}}));
}

}  // namespace
