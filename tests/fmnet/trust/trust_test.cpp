// What the trust figures say of records that are right, and of records with one fault each. The earth of these tests is the Byron
// experiment's at one depth; the network is an oracle that always knows the mechanism of sound records, so that only the
// records speak.
#include "fmnet/trust/trust.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace {

using fmnet::Config;
using fmnet::Trust;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

const propagator::FocalMechanism sound_mechanism = {234.0, 71.0, -5.0};
const data::Event sound_event = {"byron", 0, 37.8187, -121.7568, 12.0};

class TrustOfRecords : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    config_ = new Config(fmnet::read_config(FMNET_SOURCE_DIR "/data/byron/byron.toml"));
    config_->grid.depth_km = {12.0, 8.0, 1};
    const fmnet::EventSynthetics synthetics(*config_, sound_event, {sound_event.depth_km}, longest);
    long_rows_ = new Eigen::ArrayXXd(2.7e15 * synthetics.rows(0, sound_mechanism));  // Mw 4.2
  }
  static void TearDownTestSuite() {
    delete config_;
    delete long_rows_;
  }

  // Records that are `late` seconds later than the model's.
  static data::Waveforms records(int late = 0) {
    return long_rows_->middleCols(longest - late, config_->preprocess.n_samples).cast<float>().matrix();
  }
  static Trust trust_of(
      const data::Waveforms& amplitudes, const propagator::FocalMechanism& answer = sound_mechanism,
      const fmnet::PlaneOf& plane_of = [](const data::Waveforms&) { return sound_mechanism; }) {
    data::RecordWindow window;
    window.amplitudes = amplitudes;
    window.slot_used = std::vector<bool>(config_->stations.size(), true);
    return fmnet::assess_trust(*config_, sound_event, window, fmnet::label_curves(answer, config_->label), plane_of);
  }
  static int row(int slot, int component) { return data::row_of(slot, component, config_->preprocess); }

  static constexpr int longest = 20;
  static Config* config_;
  static Eigen::ArrayXXd* long_rows_;
};
Config* TrustOfRecords::config_ = nullptr;
Eigen::ArrayXXd* TrustOfRecords::long_rows_ = nullptr;

// The curves read the mechanism to half a bin, 1.4 degrees of strike: correlations stay above 0.99.
TEST_F(TrustOfRecords, SoundRecordsRaiseNoWarning) {
  const Trust trust = trust_of(records());
  EXPECT_THAT(trust.warnings, IsEmpty());
  EXPECT_GT(trust.fit.mean_correlation, 0.99);
  EXPECT_EQ(trust.fit.common_lag, 0);
}

TEST_F(TrustOfRecords, TheDepthOfTheRecordsFitsBest) {
  config_->grid.depth_km = {4.0, 8.0, 3};
  const Trust trust = trust_of(records());
  config_->grid.depth_km = {12.0, 8.0, 1};
  ASSERT_EQ(trust.depths.size(), 3u);
  EXPECT_GT(trust.depths[1].mean_correlation, trust.depths[0].mean_correlation) << "12 km is the depth of the records";
  EXPECT_GT(trust.depths[1].mean_correlation, trust.depths[2].mean_correlation);
}

TEST_F(TrustOfRecords, AWrongMechanismDoesNotExplainTheRecords) {
  const Trust trust = trust_of(records(), {40.0, 45.0, 80.0});
  EXPECT_THAT(trust.warnings, Contains(HasSubstr("explains the records badly")));
}

// The published mechanism is that of the records, the network's is not.
TEST_F(TrustOfRecords, TheReferenceIsFittedByItselfAndOnlyWhereThereIsOne) {
  const propagator::FocalMechanism wrong{40.0, 45.0, 80.0};
  EXPECT_FALSE(trust_of(records(), wrong).reference_fit);
  data::RecordWindow window;
  window.amplitudes = records();
  window.slot_used = std::vector<bool>(config_->stations.size(), true);
  const Trust trust = fmnet::assess_trust(
      *config_, sound_event, window, fmnet::label_curves(wrong, config_->label),
      [](const data::Waveforms&) { return sound_mechanism; }, sound_mechanism);
  EXPECT_LT(trust.fit.mean_correlation, 0.6);
  ASSERT_TRUE(trust.reference_fit);
  // The records are its own synthetics, of 2.7e15 N m, in single precision.
  EXPECT_NEAR(trust.reference_fit->mean_correlation, 1.0, 1e-6);
  EXPECT_NEAR(trust.reference_fit->variance_reduction, 1.0, 1e-6);
  EXPECT_NEAR(trust.reference_fit->moment_N_m / 2.7e15, 1.0, 1e-6);
  const nlohmann::json told = fmnet::trust_json(trust, *config_);
  EXPECT_EQ(told["reference_fit"]["mean_correlation"], trust.reference_fit->mean_correlation);
  EXPECT_EQ(told["fit"]["mean_correlation"], trust.fit.mean_correlation);
}

TEST_F(TrustOfRecords, AReversedStationIsNamed) {
  data::Waveforms rows = records();
  for (int c = 0; c < 3; ++c) rows.row(row(6, c)) *= -1.0F;
  EXPECT_THAT(trust_of(rows).warnings, Contains(HasSubstr("BK.MCCM fits reversed")));
}

TEST_F(TrustOfRecords, ExchangedStationsAreNamed) {
  data::Waveforms rows = records();
  for (int c = 0; c < 3; ++c) rows.row(row(0, c)).swap(rows.row(row(5, c)));
  const Trust trust = trust_of(rows);
  EXPECT_THAT(trust.warnings, Contains(HasSubstr("BK.WELL")));
  EXPECT_THAT(trust.warnings, Contains(HasSubstr("BK.FARB")));
}

TEST_F(TrustOfRecords, AStationInMillimetresIsNamed) {
  data::Waveforms rows = records();
  for (int c = 0; c < 3; ++c) rows.row(row(3, c)) *= 1000.0F;
  EXPECT_THAT(trust_of(rows).warnings, Contains(HasSubstr("BK.SAO has")));
}

TEST_F(TrustOfRecords, RecordsInNanometresTellAMomentOfNoEarthquake) {
  EXPECT_THAT(trust_of(1e9F * records()).warnings, Contains(HasSubstr("wrong unit?")));
}

TEST_F(TrustOfRecords, ALateOriginTimeOrALongSourceIsTold) {
  const Trust trust = trust_of(records(8));
  EXPECT_EQ(trust.fit.common_lag, 8);
  EXPECT_THAT(trust.warnings, Contains(HasSubstr("the records are 8 s later than the synthetics")));
}

// The oracle recognises sound records by their first row, and errs on others as a network would.
TEST_F(TrustOfRecords, ExchangedOrReversedComponentsOfAllStationsAreNamed) {
  const data::Waveforms sound = records();
  data::Waveforms normalized = sound;
  data::normalize(normalized, config_->preprocess);
  const fmnet::PlaneOf oracle = [&normalized](const data::Waveforms& rows) {
    const bool is_sound = (rows - normalized).cwiseAbs().maxCoeff() < 1e-4F;
    return is_sound ? sound_mechanism : propagator::FocalMechanism{20.0, 30.0, 60.0};
  };
  const auto expect_named = [&](const data::Waveforms& rows, const std::string& change) {
    EXPECT_THAT(trust_of(rows, {20.0, 30.0, 60.0}, oracle).warnings, Contains(HasSubstr(change)));
  };
  const char* names[] = {"east and west", "north and south", "up and down"};
  for (int c = 0; c < 3; ++c) {
    data::Waveforms rows = sound;
    for (int slot = 0; slot < 12; ++slot) rows.row(row(slot, c)) *= -1.0F;
    expect_named(rows, names[c]);
  }
  data::Waveforms rows = sound;
  for (int slot = 0; slot < 12; ++slot) rows.row(row(slot, 0)).swap(rows.row(row(slot, 1)));
  expect_named(rows, "north and east exchanged");
}

// Bells of 0.4 of their height, and a strike curve with another bell of 0.8 of the first on the other side of the axis.
TEST_F(TrustOfRecords, CurvesThatHesitateAreNamed) {
  const auto warnings_of = [](const fmnet::LabelCurves& curves) {
    data::RecordWindow window;
    window.amplitudes = records();
    window.slot_used = std::vector<bool>(config_->stations.size(), true);
    return fmnet::assess_trust(*config_, sound_event, window, curves,
                               [](const data::Waveforms&) { return sound_mechanism; })
        .warnings;
  };
  const fmnet::LabelCurves sound = fmnet::label_curves(sound_mechanism, config_->label);
  fmnet::LabelCurves low = sound, two = sound;
  for (double& y : low) y *= 0.4;
  const int shift = 64;
  for (int i = 0; i < fmnet::n_bins; ++i) {
    const auto at = [](int bin) { return static_cast<std::size_t>(bin * fmnet::n_curves); };
    two[at(i)] += 0.8 * sound[at((i + shift) % fmnet::n_bins)];
  }
  for (const char* name : {"strike", "dip", "rake"}) {
    EXPECT_THAT(warnings_of(low),
                Contains(HasSubstr(std::string("the ") + name + " curve is no clear bell: height 0.4")));
  }
  EXPECT_THAT(warnings_of(two), Contains(HasSubstr("the strike curve has a second peak at")));
  EXPECT_THAT(warnings_of(sound), IsEmpty());
}

// Half a degree of latitude is 55 km; the grid of these tests has a depth of 12 km and steps of 8.
TEST_F(TrustOfRecords, AnEventOutsideOfTheTrainedGridIsTold) {
  const data::Axis lat = config_->grid.latitude_deg, lon = config_->grid.longitude_deg;
  const auto warnings_at = [](double latitude, double longitude, double depth_km) {
    return fmnet::warnings_of_place(*config_, {"e", 0, latitude, longitude, depth_km});
  };
  const double south = lat.first, north = lat.value(lat.count - 1), west = lon.first;
  EXPECT_THAT(warnings_at(south, west, 12.0), IsEmpty());
  EXPECT_THAT(warnings_at(north + 0.4 * lat.step, west - 0.4 * lon.step, 15.9), IsEmpty()) << "nearer than half a step";
  EXPECT_THAT(warnings_at(north, west + 360.0, 12.0), IsEmpty()) << "the same meridian";
  const auto far = warnings_at(north + 0.5, west, 25.5);
  ASSERT_EQ(far.size(), 2u);
  EXPECT_THAT(far[0], testing::MatchesRegex("the epicentre lies 5[56] km outside the trained grid .latitude .*"));
  EXPECT_THAT(far[1], HasSubstr("the depth, 25.5 km, lies 13.5 km outside the trained grid (12 to 12 km)"));
  EXPECT_THAT(warnings_at(south, west - 0.5, 12.0), Contains(HasSubstr("km outside the trained grid")));
}

TEST_F(TrustOfRecords, JsonHoldsEveryStationWithCorrelationAndLag) {
  const nlohmann::json trust = fmnet::trust_json(trust_of(records(3)), *config_);
  EXPECT_EQ(trust["stations"].size(), 12u);
  EXPECT_EQ(trust["stations"][1]["station"], "BK.CMB");
  EXPECT_EQ(trust["stations"][1]["traces"]["Z"]["lag_s"], 3.0);
  EXPECT_GT(trust["fit"]["mean_correlation"].get<double>(), 0.99);
  EXPECT_NEAR(trust["fit"]["moment_magnitude"].get<double>(), 4.2, 0.05);  // (2/3) (log10 2.7e15 - 9.1) = 4.22
  EXPECT_TRUE(trust["curves"]["strike"]["second_peak"].is_null());
}

}  // namespace
