#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "data/geodesy.h"
#include "data/preprocess.h"
#include "data/records/record_set.h"
#include "data/records/segments.h"
#include "data/records/station_motion.h"
#include "tests/support/largest.h"
#include "tests/support/made_up_station.h"
#include "tests/support/reference.h"

namespace data {
namespace {

using support::mainshock;

const std::vector<Station> strong_motion_stations = {
    {"CI", "CCC", 35.52495, -117.36453, 670.0},   {"CI", "CLC", 35.81574, -117.59751, 775.0},
    {"CI", "JRC2", 35.98249, -117.80885, 1469.0}, {"CI", "LRL", 35.47954, -117.68212, 1340.0},
    {"CI", "MPM", 36.05799, -117.48901, 1839.0},  {"CI", "SLA", 35.89095, -117.28332, 1174.0},
    {"CI", "WBM", 35.60839, -117.89049, 892.0},   {"CI", "WCS2", 36.02521, -117.76526, 1143.0},
    {"CI", "WNM", 35.8422, -117.90616, 974.0},    {"CI", "WRV2", 36.00774, -117.8904, 1070.0},
    {"CI", "WVP2", 35.94939, -117.81769, 1465.0}};

// A straight ray at 6 km/s: good to a second here.
std::vector<double> straight_ray_p_s(const std::vector<Station>& slots, const Event& event) {
  std::vector<double> p;
  for (const Station& s : slots) {
    const Path path = geodesic(event.latitude_deg, event.longitude_deg, s.latitude_deg, s.longitude_deg);
    p.push_back(std::hypot(path.distance_km, event.depth_km) / 6.0);
  }
  return p;
}

std::map<std::string, std::set<std::string>> reasons_by_station(const RecordWindow& window) {
  std::map<std::string, std::set<std::string>> reasons;
  for (const ChannelReport& c : window.channels)
    reasons[c.station].insert(c.action == ChannelAction::used ? "used" : c.reason.substr(0, c.reason.find(':')));
  return reasons;
}

const RecordWindow& mainshock_window(const std::string& root) {
  static const RecordWindow window = window_from_records(root, strong_motion_stations, mainshock(),
                                                         straight_ray_p_s(strong_motion_stations, mainshock()), {}, {});
  return window;
}

TEST(RecordSet, RidgecrestMainshockFillsTenStationsAndLeavesOutTheShortOne) {
  const std::string root = support::reference("ridgecrest_m71");
  if (root.empty()) GTEST_SKIP() << support::not_at_hand("ridgecrest_m71");
  const PreprocessSettings preprocess;
  const RecordWindow& window = mainshock_window(root);
  EXPECT_EQ(window.n_stations_used, 10);
  const auto reasons = reasons_by_station(window);
  for (const Station& s : strong_motion_stations) {
    const std::set<std::string> expected = {s.code == "MPM" ? "too short" : "used"};
    EXPECT_EQ(reasons.at("CI." + s.code), expected) << s.code;
  }
  EXPECT_EQ(window.waveforms.rows(), 48);
  EXPECT_EQ(window.waveforms.cols(), 128);
  EXPECT_EQ(window.waveforms.middleRows(row_of(4, 0, preprocess), 3).cwiseAbs().maxCoeff<Eigen::PropagateNaN>(), 0.0F)
      << "MPM";
  EXPECT_EQ(window.waveforms.bottomRows(15).cwiseAbs().maxCoeff<Eigen::PropagateNaN>(), 0.0F)
      << "slots that no station has";
  for (int slot = 0; slot < 11; ++slot) {
    if (slot == 4) continue;
    const double peak =
        window.amplitudes.middleRows(row_of(slot, 0, preprocess), 3).cwiseAbs().maxCoeff<Eigen::PropagateNaN>();
    // 0.5 to 12 cm by an independent double integration; CLC, 5 km from the rupture, is at its upper end.
    EXPECT_GT(peak, 0.005) << strong_motion_stations[static_cast<std::size_t>(slot)].code;
    EXPECT_LT(peak, 0.15) << strong_motion_stations[static_cast<std::size_t>(slot)].code;
  }
}

// The mainshock is far above the noise on every channel. Where the output of the response removal is cut at the first sample,
// or the mean of the whole record subtracted, the ratio at SLA HNN (whose sensor was tilted by the shaking) falls to 1.
TEST(RecordSet, NothingButGroundNoiseComesBeforeP) {
  const std::string root = support::reference("ridgecrest_m71");
  if (root.empty()) GTEST_SKIP() << support::not_at_hand("ridgecrest_m71");
  const RecordWindow& window = mainshock_window(root);
  for (const ChannelReport& c : window.channels) {
    if (c.action == ChannelAction::used) {
      EXPECT_GT(c.snr, 50.0) << c.station << c.channel;
    }
  }
}

struct Acceleration {
  Eigen::ArrayXd samples;  // m/s^2
  double dt_s, p_s;        // P: s after the first sample
};

// The vertical record by its gain alone: no filter that could turn a sign.
Acceleration recorded_vertical(const RecordFiles& files, const Station& station, double p_s) {
  const Trace trace = join_by_time(files.sensors.at({"CI", station.code, "", "HN"}).at("HNZ").records).traces.at(0);
  const double gain = epoch_covering(files.epochs, trace).sensitivity;
  return {trace.samples / gain, trace.dt_s, seconds_between(trace.start_ns, mainshock().origin_ns) + p_s};
}

// The second differences of the vertical displacement that the response removal and the rotation to E N Z give. The corners let all
// pass up to 40 Hz: those of the network's band blur the onset over seconds. The window is short enough for MPM, whose record ends 30 s
// behind P.
Acceleration processed_vertical(const RecordFiles& files, const Station& station, double p_s) {
  MotionRequest request;
  request.p_ns = mainshock().origin_ns + std::llround(p_s * 1e9);
  request.preprocess.n_samples = 40;
  request.response.corners_hz = {0.01, 0.02, 40.0, 45.0};
  const StationMotion motion = station_motion(files.sensors.at({"CI", station.code, "", "HN"}), files.epochs, request);
  if (!motion.usable) throw std::runtime_error(station.code + ": " + motion.channels.at(2).fault);
  const Eigen::ArrayXd u = motion.enz.col(2);
  const Eigen::Index n = u.size() - 2;
  return {(u.tail(n) - 2.0 * u.segment(1, n) + u.head(n)) / (motion.dt_s * motion.dt_s), motion.dt_s,
          seconds_between(motion.start_ns, request.p_ns) - motion.dt_s};
}

// Displacement where it leaves 0.02 mm: integrated twice from 1 s before P, the mean of the 10 s before being zero, up to 2 s after P.
double first_motion_m(const Acceleration& a) {
  const auto quiet = static_cast<Eigen::Index>((a.p_s - 1.0) / a.dt_s);
  const auto last = static_cast<Eigen::Index>((a.p_s + 2.0) / a.dt_s);
  const double zero = a.samples.segment(quiet - 1000, 1000).mean();
  double velocity = 0.0, displacement = 0.0;
  for (Eigen::Index i = quiet; i < last && std::abs(displacement) < 2e-5; ++i) {
    velocity += (a.samples[i] - zero) * a.dt_s;
    displacement += velocity * a.dt_s;
  }
  return displacement;
}

// Compared are the signs that analysts read with those of the records, and with those of the displacement that the production chain
// makes of them. (Any threshold from 0.02 to 0.1 mm gives these signs; the rows of the network, of 0.05-0.1 Hz, do not show an onset:
// the next test compares their waves.)
TEST(RecordSet, VerticalFirstMotionsOfTheMainshockPointAsRead) {
  const std::string root = support::reference("ridgecrest_m71");
  if (root.empty()) GTEST_SKIP() << support::not_at_hand("ridgecrest_m71");
  const std::set<std::string> up = {"CCC", "JRC2", "SLA", "WNM", "WVP2", "WRV2"}, down = {"LRL", "MPM", "WBM", "CLC"};
  const std::vector<double> p_s = straight_ray_p_s(strong_motion_stations, mainshock());
  const RecordFiles files = read_record_files(root, "", false);
  int n_read = 0;
  for (std::size_t i = 0; i < strong_motion_stations.size(); ++i) {
    const Station& station = strong_motion_stations[i];
    if (up.count(station.code) + down.count(station.code) == 0) continue;
    const double sign = up.count(station.code) > 0 ? 1.0 : -1.0;
    EXPECT_GT(sign * first_motion_m(recorded_vertical(files, station, p_s[i])), 2e-5) << station.code << ", recorded";
    EXPECT_GT(sign * first_motion_m(processed_vertical(files, station, p_s[i])), 2e-5) << station.code << ", processed";
    ++n_read;
  }
  EXPECT_EQ(n_read, 10);
}

// The record of a sensor that points to E, N or up, in displacement: u'' by central differences. The data logger's delay moves P.
Eigen::ArrayXd integrated_record_in_the_band(const RecordFiles& files, const Trace& trace, double p_s) {
  const ChannelEpoch& epoch = epoch_covering(files.epochs, trace);
  const double to_p_s = seconds_between(trace.start_ns, mainshock().origin_ns) + p_s;
  const double zero = trace.samples.head(static_cast<Eigen::Index>((to_p_s - 2.0) / trace.dt_s)).mean();
  Eigen::ArrayXd u(trace.samples.size());
  double velocity = 0.0, displacement = 0.0;
  for (Eigen::Index i = 0; i < u.size(); ++i) {
    u[i] = displacement;
    velocity += (trace.samples[i] - zero) * trace.dt_s / epoch.sensitivity;
    displacement += velocity * trace.dt_s;
  }
  return filter_and_cut(u, trace.dt_s, to_p_s + epoch.delay_s, {});
}

// The drift of the integrals is far below the band. What the two treat differently: the corners below 0.02 Hz, and the taper of the
// first seconds: 0.05 to 0.6 % (SLA's north, which keeps an offset).
TEST(RecordSet, RowsOfTheMainshockAreItsIntegratedRecordsInTheBand) {
  const std::string root = support::reference("ridgecrest_m71");
  if (root.empty()) GTEST_SKIP() << support::not_at_hand("ridgecrest_m71");
  const RecordWindow& window = mainshock_window(root);
  const RecordFiles files = read_record_files(root, "", false);
  for (std::size_t i = 0; i < strong_motion_stations.size(); ++i) {
    if (!window.slot_used[i]) continue;
    const auto& channels = files.sensors.at({"CI", strong_motion_stations[i].code, "", "HN"});
    for (int c = 0; c < 3; ++c) {
      const std::string channel = std::string("HN") + "ENZ"[c];
      const Trace trace = join_by_time(channels.at(channel).records).traces.at(0);
      const Eigen::VectorXd expected = integrated_record_in_the_band(files, trace, window.p_time_s[i]).matrix();
      const Eigen::VectorXd row = window.amplitudes.row(3 * static_cast<int>(i) + c).transpose().cast<double>();
      EXPECT_LT((row - expected).norm(), 0.02 * expected.norm()) << channel_id(trace);
    }
  }
}

// The same of the mainshock's own records, one of which (SLA) keeps an offset: as if each had been read when its window ended.
TEST(RecordSet, MainshockRecordsThatEndWithTheirWindowsGiveTheSameRows) {
  const std::string root = support::reference("ridgecrest_m71");
  if (root.empty()) GTEST_SKIP() << support::not_at_hand("ridgecrest_m71");
  const std::vector<double> p_s = straight_ray_p_s(strong_motion_stations, mainshock());
  RecordFiles files = read_record_files(root, "", false);
  for (std::size_t i = 0; i < strong_motion_stations.size(); ++i) {
    for (auto& [sensor, channels] : files.sensors) {
      if (sensor.station != strong_motion_stations[i].code) continue;
      for (auto& entry : channels) {
        Trace trace = join_by_time(entry.second.records).traces.at(0);
        const double needed_s =
            seconds_between(trace.start_ns, mainshock().origin_ns) + p_s[i] + 112.0 + 16.0 * trace.dt_s;
        const auto n = static_cast<Eigen::Index>(std::ceil(needed_s / trace.dt_s)) + 1;
        const Eigen::ArrayXd samples = trace.samples.head(std::min(n, trace.samples.size()));
        trace.samples = samples;
        entry.second.records = {trace};
      }
    }
  }
  const RecordWindow window = window_from_records(files, strong_motion_stations, mainshock(), p_s, {}, {});
  EXPECT_EQ(window.n_stations_used, 10);
  EXPECT_LT(support::largest_size(window.waveforms - mainshock_window(root).waveforms), 5e-3F) << "SLA's north: 0.0024";
}

TEST(RecordSet, ClippedBroadbandIsRefusedStationByStation) {
  const std::string root = support::reference("clipped_broadband");
  if (root.empty()) GTEST_SKIP() << support::not_at_hand("clipped_broadband");
  const std::vector<std::string> codes = {"ADO",  "BLA2", "CCC", "CLC", "CWC", "DAW",  "EDW2", "GSC", "HEC", "ISA",
                                          "JRC2", "LRL",  "MPM", "SLA", "SRT", "TOW2", "WBM",  "WMF", "WRC2"};
  for (const std::string& code : codes) {
    const RecordWindow window =
        window_from_records(root + "/waveforms.mseed", {{"CI", code, 35.8, -117.6, 0.0}}, mainshock(), {5.0}, {}, {});
    EXPECT_EQ(window.n_stations_used, 0) << code;
    EXPECT_EQ(reasons_by_station(window).at("CI." + code).count("clipped"), 1U) << code;
    EXPECT_EQ(window.waveforms.cwiseAbs().maxCoeff<Eigen::PropagateNaN>(), 0.0F) << code;
  }
}

}  // namespace
}  // namespace data
