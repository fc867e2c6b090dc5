#include "data/greens_export.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <numbers>
#include <stdexcept>

#include "data/atomic_file.h"
#include "data/npy.h"
#include "tests/support/npy.h"
#include "tests/support/sac_file.h"
#include "tests/support/temporary_folder.h"

namespace {

using data::GreensConvention;
using propagator::Fundamental;

std::vector<propagator::GreensFunctions> two_distances() {
  std::vector<propagator::GreensFunctions> greens;
  for (const double distance : {20.0, 45.5}) {
    greens.push_back({8.0, distance, 0.5, 2.0, Eigen::ArrayXXd(5, 10), 1e-3});
    for (Eigen::Index c = 0; c < 10; ++c) {
      for (Eigen::Index n = 0; n < 5; ++n)
        greens.back().series(n, c) = 1e-18 * (distance + 10.0 * static_cast<double>(c) + static_cast<double>(n));
    }
  }
  return greens;
}

propagator::LayeredModel half_space() { return propagator::LayeredModel({{0.0, 6.0, 3.5, 2.7, 600.0, 300.0}}); }

// The reference files' README: fk's numbers are ours, CPS has the six slip series with the opposite sign.
TEST(GreensExport, ConventionsAreThoseOfTheTwoPrograms) {
  EXPECT_EQ(convention_factor(GreensConvention::ours, Fundamental::TSS), 1.0);
  for (const Fundamental s : {Fundamental::ZDD, Fundamental::RDD, Fundamental::ZEX, Fundamental::REX}) {
    EXPECT_EQ(convention_factor(GreensConvention::cps, s), convention_factor(GreensConvention::fk, s));
  }
  for (const Fundamental s :
       {Fundamental::ZDS, Fundamental::RDS, Fundamental::TDS, Fundamental::ZSS, Fundamental::RSS, Fundamental::TSS}) {
    EXPECT_EQ(convention_factor(GreensConvention::cps, s), -convention_factor(GreensConvention::fk, s));
  }
}

TEST(GreensExport, SacFilesHoldSeriesTimesAndGeometry) {
  const support::TemporaryFolder folder;
  const std::vector<std::string> paths =
      data::export_sac({folder.path(), "socal", GreensConvention::fk}, half_space(), two_distances());
  ASSERT_EQ(paths.size(), 24U);
  EXPECT_EQ(paths[7], folder.path() + "/socal_8/20.grn.8");
  const support::SacFile sac = support::read_sac(folder.path() + "/socal_8/45.5.grn.5");  // TDS
  EXPECT_NEAR(sac.begin_s, 2.0, 1e-6);
  ASSERT_EQ(sac.samples.size(), 5U);
  EXPECT_NEAR(sac.samples[3], 1e-3 * (45.5 + 50.0 + 3.0), 1e-7);
  // Each of the ten files holds its own series, whose first sample tells its number.
  const std::string suffixes = "67834501ab";  // of ZSS RSS TSS ZDS RDS TDS ZDD RDD ZEX REX
  for (int c = 0; c < 10; ++c) {
    const std::string path = folder.path() + "/socal_8/20.grn." + suffixes.substr(static_cast<std::size_t>(c), 1);
    EXPECT_NEAR(support::read_sac(path).samples[0], 1e-3 * (20.0 + 10.0 * c), 1e-7) << path;
  }
  for (const char* zero : {"2", "c"}) {  // syn and CAP read them
    for (const double value : support::read_sac(folder.path() + "/socal_8/45.5.grn." + zero).samples) {
      EXPECT_EQ(value, 0.0);
    }
  }
  EXPECT_NEAR(sac.words[7], 0.0, 1e-6);                           // o
  EXPECT_NEAR(sac.words[8], std::hypot(45.5, 8.0) / 6.0, 1e-5);   // a: P
  EXPECT_NEAR(sac.words[10], std::hypot(45.5, 8.0) / 3.5, 1e-5);  // t0: S
  EXPECT_EQ(sac.words[11], sac.words[8]) << "t1";
  EXPECT_EQ(sac.words[12], sac.words[10]) << "t2";
  EXPECT_NEAR(sac.words[34], 0.0, 1e-6);                                                       // stdp
  EXPECT_NEAR(sac.words[38], 8.0, 1e-6);                                                       // evdp
  EXPECT_NEAR(sac.words[41], 180.0 - std::atan2(45.5, 8.0) * 180.0 / std::numbers::pi, 1e-4);  // user1
  EXPECT_EQ(sac.words[42], sac.words[41]) << "user2: the same way in a half-space";
  EXPECT_NEAR(sac.words[50], 45.5, 1e-5);  // dist
}

// A receiver 11 km deep, 3 km below the source.
TEST(GreensExport, SacFilesOfADeepReceiverTellItsTimesAndItsDepth) {
  const support::TemporaryFolder folder;
  data::export_sac({folder.path(), "deep", GreensConvention::ours, data::Quantity::displacement, 11.0}, half_space(),
                   two_distances());
  const support::SacFile sac = support::read_sac(folder.path() + "/deep_8/20.ZDD.sac");
  EXPECT_NEAR(sac.words[8], std::hypot(20.0, 3.0) / 6.0, 1e-5);
  EXPECT_NEAR(sac.words[12], std::hypot(20.0, 3.0) / 3.5, 1e-5);
  EXPECT_NEAR(sac.words[34], 11000.0, 1e-2);
  EXPECT_NEAR(sac.words[41], std::atan2(20.0, 3.0) * 180.0 / std::numbers::pi, 1e-4) << "downwards";
}

TEST(GreensExport, NpyHoldsAllSeriesInTheOrderItNames) {
  const support::TemporaryFolder folder;
  data::export_npy({folder.path(), "socal", GreensConvention::cps}, {8.0}, {20.0, 45.5}, two_distances());
  const support::Npy<double> array = support::read_npy<double>(folder.path() + "/socal.npy");
  EXPECT_EQ(array.shape, (std::vector<std::size_t>{1, 2, 10, 5}));
  EXPECT_NEAR(array.values[(10 + 0) * 5 + 2], 1e-3 * (45.5 + 60.0 + 2.0), 1e-12);   // ZDD is column 6
  EXPECT_NEAR(array.values[(10 + 7) * 5 + 4], -1e-3 * (45.5 + 20.0 + 4.0), 1e-12);  // TSS is column 2, sign turned
}

// A moment step gives displacement, an impulse velocity.
TEST(GreensExport, TheUnitIsThatOfTheQuantityAndTheConvention) {
  const support::TemporaryFolder folder;
  const auto unit = [&](GreensConvention convention, data::Quantity quantity) {
    data::export_npy({folder.path(), "socal", convention, quantity}, {8.0}, {20.0, 45.5}, two_distances());
    const std::string text = data::read_whole_file(folder.path() + "/socal.json", 1 << 20);
    return nlohmann::json::parse(text)["unit"].get<std::string>();
  };
  EXPECT_EQ(unit(GreensConvention::ours, data::Quantity::displacement), "m per N m");
  EXPECT_EQ(unit(GreensConvention::ours, data::Quantity::velocity), "m/s per N m");
  EXPECT_EQ(unit(GreensConvention::fk, data::Quantity::displacement), "cm per 1e20 dyne cm");
  EXPECT_EQ(unit(GreensConvention::cps, data::Quantity::velocity), "cm/s per 1e20 dyne cm");
}

TEST(GreensExport, RefusesOtherNumbersOfSeriesPairsAndSamples) {
  const support::TemporaryFolder folder;
  const data::GreensExport target{folder.path(), "socal"};
  EXPECT_THROW(data::export_npy(target, {8.0}, {20.0}, two_distances()), std::invalid_argument);
  EXPECT_THROW(data::export_npy(target, {}, {}, {}), std::invalid_argument);
  auto greens = two_distances();
  greens[1].series.conservativeResize(4, 10);
  EXPECT_THROW(data::export_npy(target, {8.0}, {20.0, 45.5}, greens), std::invalid_argument);
  greens[1].series.setZero(5, 8);  // of a double couple alone
  EXPECT_THROW(data::export_npy(target, {8.0}, {20.0, 45.5}, greens), std::invalid_argument);
  EXPECT_THROW(data::export_sac(target, half_space(), greens), std::invalid_argument);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  EXPECT_THROW(data::npy_bytes({{2, 3}, std::vector<float>(5)}), std::invalid_argument);
  EXPECT_EQ(data::npy_bytes({{2, 3}, std::vector<float>(6)}).size() % 64, 24U)
      << "the numbers begin at a multiple of 64";
}

}  // namespace
