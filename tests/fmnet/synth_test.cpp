// `fmnet synth` and `fmnet export` from the command line to the numbers in their files, against the equations (1)-(3) and (6) of
// propagator/greens_functions.h evaluated here on series of the library.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <numbers>

#include "data/geodesy.h"
#include "propagator/greens_functions.h"
#include "propagator/moment_tensor.h"
#include "propagator/travel_time.h"
#include "tests/support/npy.h"
#include "tests/support/program.h"
#include "tests/support/reference.h"
#include "tests/support/sac_file.h"
#include "tests/support/temporary_folder.h"

namespace {

using propagator::Fundamental;
using propagator::GreensFunctions;
using propagator::GreensSettings;
using testing::HasSubstr;

constexpr const char* model_text = "5.5 5.5 3.18 2.4 600 300\n10.5 6.3 3.64 2.67 600 300\n0 7.8 4.5 3.0 600 300\n";

propagator::LayeredModel model() {
  return propagator::LayeredModel(
      {{5.5, 5.5, 3.18, 2.4, 600, 300}, {10.5, 6.3, 3.64, 2.67, 600, 300}, {0, 7.8, 4.5, 3.0, 600, 300}});
}

GreensSettings settings() {
  GreensSettings s;
  s.n_samples = 64;
  s.dt_s = 0.5;
  s.max_frequency_hz = 0.5;
  return s;
}

constexpr const char* sampling = " --samples 64 --dt 0.5 --max-frequency 0.5 ";

// Up, radial, transverse.
using Motion = std::array<Eigen::ArrayXd, 3>;

// (1)-(3): M in north, east, down.
Motion motion_of(const GreensFunctions& g, const propagator::MomentTensor& M, double azimuth_deg) {
  using enum Fundamental;
  const double phi = azimuth_deg * std::numbers::pi / 180.0;
  const auto s = [&g](Fundamental f) -> Eigen::ArrayXd { return g.series.col(static_cast<int>(f)); };
  const double dd = (2.0 * M.zz - M.xx - M.yy) / 6.0, ds = -(M.xz * std::cos(phi) + M.yz * std::sin(phi));
  const double ss = -(0.5 * (M.xx - M.yy) * std::cos(2.0 * phi) + M.xy * std::sin(2.0 * phi));
  const double ex = (M.xx + M.yy + M.zz) / 3.0;
  return {dd * s(ZDD) + ds * s(ZDS) + ss * s(ZSS) + ex * s(ZEX), dd * s(RDD) + ds * s(RDS) + ss * s(RSS) + ex * s(REX),
          (-M.xz * std::sin(phi) + M.yz * std::cos(phi)) * s(TDS) +
              (-0.5 * (M.xx - M.yy) * std::sin(2.0 * phi) + M.xy * std::cos(2.0 * phi)) * s(TSS)};
}

struct Header {
  double origin_s, p_s, s_s, depth_km, azimuth_deg, back_azimuth_deg, cmpaz_deg, cmpinc_deg;
};

Header header_of(const std::string& path) {
  const std::string bytes = data::read_whole_file(path, 1 << 20);
  const auto word = [&bytes](std::size_t number) {
    float value;
    std::memcpy(&value, bytes.data() + 4 * number, sizeof value);
    return static_cast<double>(value);
  };
  return {word(7), word(8), word(10), word(38), word(51), word(52), word(57), word(58)};
}

// Reference time (year, day of year, hour, minute, second, millisecond), begin and origin after it in s, and idep.
struct TimeAndKind {
  std::array<std::int32_t, 6> reference;
  float begin_s, origin_s;
  std::int32_t idep;
};

TimeAndKind time_and_kind_of(const std::string& path) {
  const std::string bytes = data::read_whole_file(path, 1 << 20);
  TimeAndKind t{};
  std::memcpy(t.reference.data(), bytes.data() + 280, sizeof t.reference);
  std::memcpy(&t.begin_s, bytes.data() + 20, sizeof t.begin_s);
  std::memcpy(&t.origin_s, bytes.data() + 28, sizeof t.origin_s);
  std::memcpy(&t.idep, bytes.data() + 344, sizeof t.idep);
  return t;
}

class Synth : public testing::Test {
 protected:
  Synth() { folder_.write("model.txt", model_text); }

  // Runs the command, which must succeed and list the files that it wrote.
  void run(const std::string& arguments, int n_files) const {
    const support::Outcome outcome = support::fmnet(folder_.path(), arguments);
    ASSERT_EQ(outcome.status, 0) << outcome.errors;
    EXPECT_EQ(std::count(outcome.output.begin(), outcome.output.end(), '\n'), n_files) << outcome.output;
    EXPECT_THAT(outcome.errors, HasSubstr("estimated error, relative to the largest series at a distance: at most "));
  }
  support::SacFile sac(const std::string& name) const { return support::read_sac(folder_.path() + "/" + name); }

  void expect_motion(const std::string& stem, const Motion& expected) const {
    const double largest =
        std::max({expected[0].abs().maxCoeff(), expected[1].abs().maxCoeff(), expected[2].abs().maxCoeff()});
    ASSERT_GT(largest, 0.0);
    for (std::size_t c = 0; c < 3; ++c) {
      const support::SacFile file = sac(stem + "." + "ZRT"[c] + ".sac");
      ASSERT_EQ(file.samples.size(), static_cast<std::size_t>(expected[c].size()));
      for (std::size_t n = 0; n < file.samples.size(); ++n) {
        EXPECT_NEAR(file.samples[n], expected[c][static_cast<Eigen::Index>(n)], 1e-6 * largest)  // float32
            << stem << " "
            << "ZRT"[c] << " sample " << n;
      }
    }
  }
  support::TemporaryFolder folder_;
};

TEST_F(Synth, WritesTheDisplacementOfAMechanismWithItsMoment) {
  run(std::string(
          "synth --model model.txt --mechanism 230/80/-10 --magnitude 5 --depth 8 --distance 25,60.5 --azimuth 20,250"
          " --output out") +
          sampling,
      6);
  const std::vector<GreensFunctions> greens = compute_greens_functions(model(), {8.0}, {25.0, 60.5}, settings());
  // M0 = 10^(1.5 Mw + 9.1) N m.
  const propagator::MomentTensor M = propagator::moment_tensor({230.0, 80.0, -10.0}, std::pow(10.0, 1.5 * 5.0 + 9.1));
  expect_motion("out/SY.R1", motion_of(greens[0], M, 20.0));
  expect_motion("out/SY.R2", motion_of(greens[1], M, 250.0));
  const support::SacFile file = sac("out/SY.R2.R.sac");
  EXPECT_NEAR(file.dt_s, 0.5, 1e-7);
  EXPECT_NEAR(file.begin_s, 0.0, 1e-6);
  EXPECT_NEAR(file.distance_km, 60.5, 1e-5);
}

TEST_F(Synth, HeadersTellArrivalsGeometryAndDirections) {
  run(std::string(
          "synth --model model.txt --mechanism 230/80/-10 --depth 8 --distance 60.5 --azimuth 250 --output out") +
          sampling,
      3);
  const Header up = header_of(folder_.path() + "/out/SY.R1.Z.sac"),
               radial = header_of(folder_.path() + "/out/SY.R1.R.sac"),
               transverse = header_of(folder_.path() + "/out/SY.R1.T.sac");
  EXPECT_NEAR(up.origin_s, 0.0, 1e-6);
  EXPECT_NEAR(up.p_s, first_p(model(), 8.0, 60.5).time_s, 1e-5);
  EXPECT_NEAR(up.s_s, first_s(model(), 8.0, 60.5).time_s, 1e-5);
  EXPECT_NEAR(up.depth_km, 8.0, 1e-6);
  EXPECT_NEAR(up.azimuth_deg, 250.0, 1e-5);
  EXPECT_NEAR(up.back_azimuth_deg, 70.0, 1e-5);
  EXPECT_NEAR(up.cmpinc_deg, 0.0, 1e-6);           // up
  EXPECT_NEAR(radial.cmpaz_deg, 250.0, 1e-5);      // away from the source
  EXPECT_NEAR(transverse.cmpaz_deg, 340.0, 1e-5);  // clockwise from it
  EXPECT_NEAR(radial.cmpinc_deg, 90.0, 1e-6);
}

TEST_F(Synth, WritesTheVelocityOfATensorSmoothedByTheMomentRate) {
  run(std::string("synth --model model.txt --tensor 1e15,2e15,-1e15,5e14,3e14,-4e14 --velocity --duration 3 --depth 12 "
                  "--distance 40"
                  " --azimuth 130 --receiver-depth 3 --output out") +
          sampling,
      3);
  GreensSettings s = settings();
  s.source_time = propagator::SourceTime::impulse;
  s.lead_samples = 32;
  s.receiver_depth_km = 3.0;
  const std::vector<double> words = sac("out/SY.R1.Z.sac").words;
  EXPECT_NEAR(words[8], first_p(model(), 12.0, 40.0, 3.0).time_s, 1e-5);
  EXPECT_NEAR(words[12], first_s(model(), 12.0, 40.0, 3.0).time_s, 1e-5);
  EXPECT_NEAR(words[34], 3000.0, 1e-3) << "stdp";
  EXPECT_NEAR(words[42], first_s(model(), 12.0, 40.0, 3.0).takeoff_deg, 1e-4);
  const GreensFunctions g = compute_greens_functions(model(), {12.0}, {40.0}, s).front();
  Motion expected = motion_of(g, {1e15, 2e15, -1e15, 5e14, 3e14, -4e14}, 130.0);
  // A triangle of 3 s in samples of 0.5 s and unit sum.
  for (Eigen::ArrayXd& x : expected) {
    Eigen::ArrayXd smooth = Eigen::ArrayXd::Zero(x.size());
    for (Eigen::Index n = 0; n < x.size(); ++n) {
      for (Eigen::Index j = 0; j <= std::min<Eigen::Index>(n, 6); ++j) {
        smooth[n] += (3.0 - std::abs(3.0 - static_cast<double>(j))) / 9.0 * x[n - j];
      }
    }
    x = smooth;
  }
  expect_motion("out/SY.R1", expected);
}

TEST_F(Synth, WritesTheMotionOfAForceAtStationsOfATable) {
  folder_.write("stations.txt", "CI AAA 35.9 -117.4 0\nNN BBB 35.5 -117.9 0\n");
  run(std::string("synth --model model.txt --force 3e10,-2e10,1e10 --stations stations.txt --event "
                  "\"2019-07-06T03:19:53.04,35.77,-117.6,8\" --output out") +
          sampling,
      6);
  GreensSettings s = settings();
  s.excitation = propagator::Excitation::single_force;
  const data::Path path = data::geodesic(35.77, -117.6, 35.5, -117.9);
  const data::Path other = data::geodesic(35.77, -117.6, 35.9, -117.4);
  // Both stations in one call: they share the wavenumbers.
  const GreensFunctions g = compute_greens_functions(model(), {8.0}, {other.distance_km, path.distance_km}, s).back();
  const double phi = path.azimuth_deg * std::numbers::pi / 180.0;
  const double away = 3e10 * std::cos(phi) - 2e10 * std::sin(phi), left = 3e10 * std::sin(phi) + 2e10 * std::cos(phi);
  expect_motion("out/NN.BBB", {away * g.series.col(0) + 1e10 * g.series.col(3),
                               away * g.series.col(1) + 1e10 * g.series.col(4), left * g.series.col(2)});
  EXPECT_NEAR(header_of(folder_.path() + "/out/NN.BBB.Z.sac").back_azimuth_deg, path.back_azimuth_deg, 1e-4);
}

TEST_F(Synth, HeadersTellTheMomentOfTheFirstSampleAndWhatIsMeasured) {
  folder_.write("stations.txt", "CI AAA 35.9 -117.4 0\n");
  const std::string at =
      " --mechanism 230/80/-10 --stations stations.txt --event \"2019-07-06T03:19:53.04,35.77,-117.6,8\"";
  run("synth --model model.txt --first-sample 2.5 --output out" + at + sampling, 3);
  run("synth --model model.txt --first-sample 2.5 --velocity --output out_velocity" + at + sampling, 3);
  for (const std::string folder : {"out", "out_velocity"}) {
    const TimeAndKind t = time_and_kind_of(folder_.path() + "/" + folder + "/CI.AAA.Z.sac");
    EXPECT_EQ(t.reference[0], 2019);
    EXPECT_EQ(t.reference[1], 187);  // July 6
    EXPECT_EQ(t.reference[2], 3);
    const double reference_s = 60.0 * t.reference[3] + t.reference[4] + 1e-3 * t.reference[5];
    EXPECT_NEAR(reference_s + t.origin_s, 60.0 * 19 + 53.04, 1e-5);
    EXPECT_NEAR(t.begin_s - t.origin_s, 2.5, 1e-5);
    EXPECT_EQ(t.idep, folder == "out" ? 6 : 7);  // IDISP, IVEL
  }
}

// fk: cm for 1e20 dyne cm, which is 1e15 times ours; ZDD RDD ZDS ... as .0 .1 .3 ...
TEST_F(Synth, ExportWritesTheSeriesInTheConventionOfFk) {
  run(std::string("export --model model.txt --name socal --convention fk --depth 4,8 --distance 20,45 --output out") +
          sampling,
      48);
  GreensSettings s = settings();
  s.source_time = propagator::SourceTime::impulse;
  const std::vector<GreensFunctions> greens = compute_greens_functions(model(), {4.0, 8.0}, {20.0, 45.0}, s);
  const std::pair<char, Fundamental> files[] = {
      {'0', Fundamental::ZDD}, {'5', Fundamental::TDS}, {'8', Fundamental::TSS}, {'b', Fundamental::REX}};
  for (const auto& [suffix, series] : files) {
    const Eigen::ArrayXd expected = 1e15 * greens[3].series.col(static_cast<int>(series));
    const std::string name = std::string("out/socal_8/45.grn.") + suffix;
    EXPECT_EQ(time_and_kind_of(folder_.path() + "/" + name).idep, 7);  // the velocity of a step
    const support::SacFile file = sac(name);
    for (std::size_t n = 0; n < file.samples.size(); ++n) {
      EXPECT_NEAR(file.samples[n], expected[static_cast<Eigen::Index>(n)], 1e-6 * expected.abs().maxCoeff())
          << suffix << n;
    }
  }
}

// fk's own example, its files as they came (model hk, 15 km deep, 50 km away): the numbers and what its headers tell.
TEST_F(Synth, ExportAsFkWritesTheFilesThatFkWrote) {
  const std::string reference = support::reference("fk_hk/hk_15");
  if (reference.empty()) GTEST_SKIP() << support::not_at_hand("fk_hk/hk_15");
  // Thickness, vp, vs, density = 0.77 + 0.32 vp, Qp = 2 Qs, Qs.
  folder_.write("hk.txt",
                "5.5 5.5014 3.18 2.530448 1200 600\n10.5 6.30084 3.64 2.7862688 1200 600\n"
                "16 6.69897 3.87 2.9136704 1200 600\n0 7.7985 4.5 3.26552 1800 900\n");
  run("export --model hk.txt --name hk --convention fk --as-fk --samples 512 --dt 0.1 --first-sample 3.6 --depth 15 "
      "--distance 50 --output out",
      12);
  for (const char* suffix : {"0", "1", "2", "3", "4", "5", "6", "7", "8", "a", "b", "c"}) {
    const support::SacFile ours = sac(std::string("out/hk_15/50.grn.") + suffix);
    const support::SacFile theirs = support::read_sac(reference + "/50.grn." + suffix);
    ASSERT_EQ(ours.samples.size(), theirs.samples.size());
    double difference = 0.0, size = 0.0;
    for (std::size_t n = 0; n < ours.samples.size(); ++n) {
      difference += std::pow(ours.samples[n] - theirs.samples[n], 2);
      size += std::pow(theirs.samples[n], 2);
    }
    EXPECT_LE(difference, 3e-3 * 3e-3 * size) << suffix;  // as in greens_reference_test.cpp
    for (const std::size_t word : {0, 5, 6, 7, 50}) {     // delta, b, e, o, dist
      EXPECT_NEAR(ours.words[word], theirs.words[word], 1e-5) << suffix << " " << word;
    }
  }
  // Of the first file t1 and t2, two decimals, and user1 and user2, as good as in travel_time_test.cpp.
  const support::SacFile ours = sac("out/hk_15/50.grn.0"), theirs = support::read_sac(reference + "/50.grn.0");
  for (const std::size_t word : {11, 12}) EXPECT_NEAR(ours.words[word], theirs.words[word], 0.005) << word;
  for (const std::size_t word : {41, 42}) EXPECT_NEAR(ours.words[word], theirs.words[word], 0.06) << word;
}

// CPS has the slip series with the opposite sign, the 45-degree one and the explosion with the same.
TEST_F(Synth, ExportWritesAnArrayInTheConventionOfCps) {
  run(std::string("export --model model.txt --name g --convention cps --format npy --source-time step --depth 8 "
                  "--distance 20,45 "
                  "--output out") +
          sampling,
      2);
  const std::vector<GreensFunctions> greens = compute_greens_functions(model(), {8.0}, {20.0, 45.0}, settings());
  const support::Npy<double> array = support::read_npy<double>(folder_.path() + "/out/g.npy");
  ASSERT_EQ(array.shape, (std::vector<std::size_t>{1, 2, 10, 64}));
  const auto description = nlohmann::json::parse(data::read_whole_file(folder_.path() + "/out/g.json", 1 << 20));
  EXPECT_EQ(description.at("series")[5], "ZSS");
  EXPECT_EQ(description.at("error_estimates").size(), 2u);
  EXPECT_EQ(description.at("error_estimates")[1].get<double>(), greens[1].error);
  const std::tuple<std::size_t, Fundamental, double> columns[] = {{0, Fundamental::ZDD, 1e15},
                                                                  {5, Fundamental::ZSS, -1e15},
                                                                  {4, Fundamental::TDS, -1e15},
                                                                  {9, Fundamental::REX, 1e15}};
  for (const auto& [column, series, factor] : columns) {
    for (std::size_t n = 0; n < 64; ++n) {
      EXPECT_DOUBLE_EQ(array.values[(10 + column) * 64 + n],
                       factor * greens[1].series(static_cast<Eigen::Index>(n), static_cast<int>(series)));
    }
  }
}

// A moment rate that cannot be sampled is refused before anything is computed: here the propagator would refuse the depth.
TEST_F(Synth, RefusesADurationBeforeItComputes) {
  const support::Outcome outcome = support::fmnet(
      folder_.path(),
      "synth --model model.txt --mechanism 230/80/-10 --depth 99999 --distance 20 --azimuth 0 --duration 0.7 --output out");
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.errors, "fmnet: moment_rate: duration_s = 0.7: expected 0, or 2 (two samples) to 256\n");
  EXPECT_FALSE(std::filesystem::exists(folder_.path() + "/out"));
}

// A band of one frequency tells nothing of the window: the error is infinite (propagator/error_estimate.h).
TEST_F(Synth, WritesNothingWhoseErrorIsInfinite) {
  const support::Outcome outcome =
      support::fmnet(folder_.path(),
                     "synth --model model.txt --mechanism 230/80/-10 --depth 8 --distance 20 "
                     "--azimuth 0 --samples 64 --max-frequency 0.001 --output out");
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.errors, HasSubstr("estimated error = inf: must be finite: the samples hold no waves"));
  EXPECT_FALSE(std::filesystem::exists(folder_.path() + "/out"));
}

TEST_F(Synth, ExportsNothingWhoseErrorIsInfinite) {
  for (const char* format : {"sac", "npy"}) {
    const support::Outcome outcome =
        support::fmnet(folder_.path(), std::string("export --model model.txt --depth 8 --distance 20 --samples 64 "
                                                   "--max-frequency 0.001 --output out --format ") +
                                           format);
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.errors, HasSubstr("estimated error = inf: must be finite: the samples hold no waves"));
    EXPECT_FALSE(std::filesystem::exists(folder_.path() + "/out"));
  }
}

// SAC words 31 to 33, 35, 36 and 38: stla, stlo, stel, evla, evlo, evdp; -12345 where they are not known.
TEST_F(Synth, HeadersTellThePlacesOfStationAndEvent) {
  const auto words_of = [this](const std::string& file) {
    const std::string bytes = data::read_whole_file(folder_.path() + "/" + file, 1 << 20);
    std::vector<float> words(40);
    std::memcpy(words.data(), bytes.data(), 4 * words.size());
    return words;
  };
  folder_.write("stations.txt", "CI AAA 35.9 -117.4 750\n");
  folder_.write("event.json", R"({"id": "ci1", "properties": {"time": 1562383193040},
      "geometry": {"coordinates": [-117.6, 35.77, 8.0]}})");
  run(std::string(
          "synth --model model.txt --mechanism 230/80/-10 --stations stations.txt --event event.json --output out") +
          sampling,
      3);
  for (const char* component : {"Z", "R", "T"}) {
    const std::vector<float> words = words_of(std::string("out/CI.AAA.") + component + ".sac");
    EXPECT_FLOAT_EQ(words[31], 35.9f);
    EXPECT_FLOAT_EQ(words[32], -117.4f);
    EXPECT_FLOAT_EQ(words[33], 750.0f);
    EXPECT_FLOAT_EQ(words[35], 35.77f);
    EXPECT_FLOAT_EQ(words[36], -117.6f);
    EXPECT_FLOAT_EQ(words[38], 8.0f);
  }
  run(std::string(
          "synth --model model.txt --mechanism 230/80/-10 --depth 8 --distance 25 --azimuth 20 --output nowhere") +
          sampling,
      3);
  const std::vector<float> words = words_of("nowhere/SY.R1.Z.sac");
  for (const int word : {31, 32, 35, 36}) EXPECT_EQ(words[static_cast<std::size_t>(word)], -12345.0f);
}

TEST_F(Synth, SaysThatNothingCanBeWritten) {
  folder_.write("file", "");
  const support::Outcome outcome = support::fmnet(
      folder_.path(), "export --model model.txt --depth 8 --distance 20 --samples 32 --output file/inside");
  EXPECT_EQ(outcome.status, 3);
  EXPECT_THAT(outcome.errors, HasSubstr("file/inside/greens_8: making the folder: Not a directory"));
}

}  // namespace
