#include "fmnet/foreign_events.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "data/atomic_file.h"
#include "data/npy.h"
#include "data/synthesizer.h"
#include "propagator/errors.h"
#include "propagator/radiation.h"
#include "tests/support/empty_directory.h"
#include "tests/support/input_error.h"
#include "tests/support/median.h"
#include "tests/support/toy_experiment.h"

namespace {

using testing::HasSubstr;

TEST(Npy, ReadsBackWhatItWrites) {
  const data::NpyArray array{{2, 3}, {1.0f, 2.5f, -3.0f, 0.0f, 1e-20f, 7.0f}};
  const std::string bytes = data::npy_bytes(array);
  EXPECT_EQ(bytes.size() % 64, 6 * 4u) << "numbers begin at a multiple of 64";
  const data::NpyArray again = data::parse_npy(bytes, "a.npy");
  EXPECT_EQ(again.shape, array.shape);
  EXPECT_EQ(again.values, array.values);
}

// The bytes that numpy 1.24 writes for numpy.save(f, numpy.array([1.5, -2.0])).
TEST(Npy, ReadsDoublesThatNumpyWrote) {
  std::string bytes("\x93NUMPY\x01\x00v\x00", 10);
  std::string header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }";
  header.append(117 - header.size(), ' ');
  bytes += header + "\n";
  for (const double value : {1.5, -2.0}) bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  const data::NpyArray array = data::parse_npy(bytes, "a.npy");
  EXPECT_EQ(array.shape, (std::vector<std::int64_t>{2}));
  EXPECT_EQ(array.values, (std::vector<float>{1.5f, -2.0f}));
}

TEST(Npy, RefusesWhatItDoesNotUnderstand) {
  const std::string good = data::npy_bytes({{2, 3}, std::vector<float>(6)});
  const auto message = [](const std::string& bytes) {
    return support::input_error([&] { data::parse_npy(bytes, "a.npy"); });
  };
  EXPECT_EQ(message("PK"), "a.npy: byte 0: not an .npy file");
  const auto with = [&good](const std::string& from, const std::string& to) {
    std::string bytes = good;
    return bytes.replace(bytes.find(from), from.size(), to);
  };
  EXPECT_THAT(message(with("<f4", "<i4")), HasSubstr("must be '<f4' or '<f8'"));
  EXPECT_THAT(message(with("False", "True ")), HasSubstr("must be in C order"));
  EXPECT_THAT(message(with("(2, 3, )", "(2, x, )")), HasSubstr("whole numbers"));
  EXPECT_THAT(message(with("(2, 3, )", "2, 3,  )")), HasSubstr("must be a tuple"));
  EXPECT_THAT(message(with("(2, 3, )", "(2, 4, )")), HasSubstr("the shape says 32"));
  EXPECT_THAT(message(good.substr(0, 40)), HasSubstr("beyond the file's end"));
}

// Ground motion of the toy's earth at its native rate, as a foreign program would give it.
class ForeignEvents : public testing::Test {
 protected:
  static constexpr std::int64_t n_before = 120;  // samples at rest before the origin time
  ForeignEvents()
      : folder_(support::empty_directory("foreign") + "/"),
        config_(support::toy_config()),
        dataset_(support::toy_dataset(config_)),
        n_samples_(n_before + config_.greens.n_samples) {
    write_tables();
    data::NpyArray array{{2, static_cast<std::int64_t>(config_.stations.size()), 3, n_samples_}, {}};
    for (int e = 0; e < 2; ++e) append_event(array, e);
    data::write_file_atomically(folder_ + "waveforms.npy", data::npy_bytes(array));
  }

  propagator::FocalMechanism mechanism(int e) const { return dataset_.grid().mechanism(e == 0 ? 12 : 77); }

  // Equations (1) and (2) of data/synthesizer.h written out once more, at the native rate.
  void append_event(data::NpyArray& array, int e) const {
    const data::GreensLibrary& library = dataset_.synthesizer().library();
    const propagator::MomentTensor M = propagator::moment_tensor(mechanism(e));
    for (int s = 0; s < library.n_stations(); ++s) {
      const data::Path& path = library.path(e, s);
      const double phi = path.azimuth_deg * M_PI / 180.0, b = path.back_azimuth_deg * M_PI / 180.0;
      const auto w = propagator::radiation_weights(M, phi);
      const auto g = support::toy_series(config_.greens, {8.0}, {path.distance_km}).front().series;
      const auto series = [&g](propagator::Fundamental f) { return g.col(static_cast<int>(f)); };
      using F = propagator::Fundamental;
      const Eigen::ArrayXd Z = w.ss * series(F::ZSS) + w.ds * series(F::ZDS) + w.dd * series(F::ZDD);
      const Eigen::ArrayXd R = w.ss * series(F::RSS) + w.ds * series(F::RDS) + w.dd * series(F::RDD);
      const Eigen::ArrayXd T = w.transverse_ss * series(F::TSS) + w.transverse_ds * series(F::TDS);
      const Eigen::ArrayXd E = -R * std::sin(b) - T * std::cos(b), N = -R * std::cos(b) + T * std::sin(b);
      for (const Eigen::ArrayXd* component : {&E, &N, &Z}) {
        array.values.insert(array.values.end(), n_before, 0.0f);
        for (const double value : *component) array.values.push_back(static_cast<float>(value));
      }
    }
  }

  void write_tables() const {
    std::string events = "event,latitude_deg,longitude_deg,depth_km,strike_deg,dip_deg,rake_deg\n",
                picks = "event,station,p_s\n", stations = "station,latitude_deg,longitude_deg\n";
    for (int e = 0; e < 2; ++e) {
      const data::Place at = dataset_.grid().place(e);
      const auto m = mechanism(e);
      events += fmt::format("e{},{},{},{},{},{},{}\n", e, at.latitude_deg, at.longitude_deg, at.depth_km, m.strike_deg,
                            m.dip_deg, m.rake_deg);
      for (std::size_t s = 0; s < config_.stations.size(); ++s) {
        const double p_s = static_cast<double>(n_before) * config_.greens.dt_s +
                           dataset_.synthesizer().library().p_time_s(e, static_cast<int>(s));
        if (e == 1 && s == 4) continue;  // not picked
        picks += fmt::format("e{},{},{:.12f}\n", e, config_.stations[s].code, p_s);
      }
    }
    for (const data::Station& s : config_.stations) {
      stations += fmt::format("{},{},{}\n", s.code, s.latitude_deg, s.longitude_deg);
    }
    data::write_file_atomically(folder_ + "events.csv", events);
    data::write_file_atomically(folder_ + "picks.csv", picks);
    data::write_file_atomically(folder_ + "stations.csv", stations);
  }

  std::vector<fmnet::ForeignEvent> read() const {
    return fmnet::read_foreign_events(
        {folder_ + "waveforms.npy", folder_ + "events.csv", folder_ + "stations.csv", folder_ + "picks.csv"},
        config_.greens.dt_s, config_);
  }
  std::string message() const {
    return support::input_error([&] { read(); });
  }
  void replace_in(const std::string& file, const std::string& from, const std::string& to) const {
    std::string text = data::read_whole_file(folder_ + file, 1 << 24);
    data::write_file_atomically(folder_ + file, text.replace(text.find(from), from.size(), to));
  }

  data::NpyArray stored() const { return data::read_npy(folder_ + "waveforms.npy", 1 << 30); }
  void store(const data::NpyArray& array) const {
    data::write_file_atomically(folder_ + "waveforms.npy", data::npy_bytes(array));
  }
  // Three components of a station of an event, one behind the other.
  std::size_t size() const { return static_cast<std::size_t>(3 * n_samples_); }
  std::ptrdiff_t begin_of(std::size_t event, std::size_t station) const {
    return static_cast<std::ptrdiff_t>((event * config_.stations.size() + station) * size());
  }

  // A station that nobody knows comes first, the others from the last to the first.
  void turn_stations_round() const {
    const data::NpyArray before = stored();
    data::NpyArray after = before;
    ++after.shape[1];
    after.values.clear();
    std::string stations = "station,latitude_deg,longitude_deg\nXYZ,35.5,-117.5\n";
    for (std::size_t e = 0; e < 2; ++e) {
      after.values.insert(after.values.end(), size(), static_cast<float>(1 + e));
      for (std::size_t s = config_.stations.size(); s-- > 0;) {
        const auto begin = before.values.begin() + begin_of(e, s);
        after.values.insert(after.values.end(), begin, begin + static_cast<std::ptrdiff_t>(size()));
      }
    }
    for (auto s = config_.stations.rbegin(); s != config_.stations.rend(); ++s) {
      stations += fmt::format("{},{},{}\n", s->code, s->latitude_deg, s->longitude_deg);
    }
    store(after);
    data::write_file_atomically(folder_ + "stations.csv", stations);
  }

  std::string folder_;
  fmnet::Config config_;
  data::Dataset dataset_;
  std::int64_t n_samples_;
};

TEST_F(ForeignEvents, BecomeTheSamplesThatTheTrainingSetHasOfThem) {
  const auto events = read();
  ASSERT_EQ(events.size(), 2u);
  const data::Waveforms expected = dataset_.clean(0, mechanism(0));
  EXPECT_EQ(events[0].n_missing, 0);
  // Both routes filter and cut the same numbers; float32 in the file and in the library's sums: some 1e-6 of the largest value.
  EXPECT_LT((events[0].waveforms - expected).cwiseAbs().maxCoeff(), 2e-5);
  EXPECT_GT(expected.cwiseAbs().maxCoeff(), 0.99f);
}

TEST_F(ForeignEvents, AStationWithoutAPickIsMissing) {
  const auto events = read();
  EXPECT_EQ(events[1].n_missing, 1);
  EXPECT_TRUE(events[1].waveforms.middleRows(12, 3).isZero());
  EXPECT_FALSE(events[1].waveforms.middleRows(15, 3).isZero());
}

// One station of the first event is silent; one of the second is not picked.
TEST_F(ForeignEvents, AreTheSameInWhateverOrderTheirStationsCome) {
  constexpr std::size_t silent = 7, not_picked = 4;
  data::NpyArray with_silence = stored();
  std::fill_n(with_silence.values.begin() + begin_of(0, silent), size(), 0.0f);
  store(with_silence);
  const auto ordered = read();
  turn_stations_round();
  replace_in("picks.csv", "e1,", "e0,XYZ,100\ne1,");
  const auto turned_round = read();
  for (std::size_t e = 0; e < 2; ++e) {
    const std::size_t missing = e == 0 ? silent : not_picked;
    std::vector<double> distances_km;
    for (std::size_t s = 0; s < config_.stations.size(); ++s) {
      if (s == missing) continue;
      distances_km.push_back(
          dataset_.synthesizer().library().path(static_cast<std::int64_t>(e), static_cast<int>(s)).distance_km);
    }
    for (const fmnet::ForeignEvent& event : {ordered[e], turned_round[e]}) {
      EXPECT_EQ(event.n_missing, 1);
      EXPECT_TRUE(event.waveforms.middleRows(3 * static_cast<Eigen::Index>(missing), 3).isZero(0.0f));
      EXPECT_NEAR(event.median_distance_km, support::median(distances_km), 1e-9);
    }
    EXPECT_EQ(turned_round[e].waveforms, ordered[e].waveforms);
    EXPECT_EQ(turned_round[e].name, ordered[e].name);
  }
}

TEST_F(ForeignEvents, AStationThatTheArrayDoesNotHoldLongEnoughIsMissing) {
  replace_in("picks.csv", "e0," + config_.stations[0].code + ",", "e0," + config_.stations[0].code + ",1");
  EXPECT_EQ(read()[0].n_missing, 1);  // P 100 s later: the window ends behind the array
}

TEST_F(ForeignEvents, RefuseTablesThatDoNotFit) {
  replace_in("stations.csv", "CLC,35.8", "CLC,34.8");
  EXPECT_THAT(message(), HasSubstr("station = CLC: must lie within 0.01 degrees of 35.81574, -117.59751"));
  write_tables();
  replace_in("events.csv", "e1,", "e1,,");
  EXPECT_THAT(message(), HasSubstr("events.csv: line 3: fields = 8: must be 7"));
  write_tables();
  replace_in("events.csv", "e1,", "e0,");
  EXPECT_THAT(message(), HasSubstr("events.csv: line 3: event = e0: stands twice in the table"));
  write_tables();
  replace_in("picks.csv", "event,station,p_s", "event,station,p");
  EXPECT_THAT(message(), HasSubstr("picks.csv: line 1: heading = event,station,p: must be event,station,p_s"));
  write_tables();
  replace_in("stations.csv", "WCS2,", "#");
  EXPECT_THAT(message(), HasSubstr("stations = 10: the array has 11"));
}

}  // namespace
