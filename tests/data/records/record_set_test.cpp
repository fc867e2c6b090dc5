#include "data/records/record_set.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <map>
#include <numbers>
#include <set>

#include "data/geodesy.h"
#include "data/records/miniseed.h"
#include "data/records/sac.h"
#include "data/records/segments.h"
#include "data/records/station_xml.h"
#include "tests/support/input_error.h"
#include "tests/support/largest.h"
#include "tests/support/miniseed_writer.h"
#include "tests/support/reference.h"
#include "tests/support/temporary_folder.h"

namespace data {
namespace {

using std::numbers::pi;

Event mainshock() { return parse_event("2019-07-06T03:19:53.04,35.7695,-117.5993,8.0"); }

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

// Vertical displacement by integrating the raw acceleration twice from its mean before P: no filter that could turn a sign.
double vertical_displacement_after_p(const std::string& root, const Station& station, double p_s, double after_s) {
  const std::string id = "CI." + station.code;
  const Trace trace = join_by_time(read_miniseed(root + "/waveforms/" + id + "..HNZ.mseed").records).traces.at(0);
  const double to_p_s = static_cast<double>(mainshock().origin_ns - trace.start_ns) * 1e-9 + p_s;
  const auto quiet = static_cast<Eigen::Index>((to_p_s - 1.0) / trace.dt_s);
  const auto last = static_cast<Eigen::Index>((to_p_s + after_s) / trace.dt_s);
  const double zero = trace.samples.head(quiet).tail(1000).mean();
  double velocity = 0.0, displacement = 0.0;
  for (Eigen::Index i = quiet; i < last; ++i) {
    velocity += (trace.samples[i] - zero) * trace.dt_s / 213'900.0;
    displacement += velocity * trace.dt_s;
  }
  return displacement;
}

TEST(RecordSet, VerticalFirstMotionsOfTheMainshockPointAsRead) {
  const std::string root = support::reference("ridgecrest_m71");
  if (root.empty()) GTEST_SKIP() << support::not_at_hand("ridgecrest_m71");
  const std::set<std::string> up = {"CCC", "JRC2", "SLA", "WNM", "WVP2", "WRV2"}, down = {"LRL", "MPM", "WBM", "CLC"};
  const std::vector<double> p_s = straight_ray_p_s(strong_motion_stations, mainshock());
  for (std::size_t i = 0; i < strong_motion_stations.size(); ++i) {
    const Station& station = strong_motion_stations[i];
    if (up.count(station.code) + down.count(station.code) == 0) continue;
    double first_motion_m = 0.0;
    for (double t_s = -0.8; t_s < 2.0 && std::abs(first_motion_m) < 2e-5; t_s += 0.1) {
      first_motion_m = vertical_displacement_after_p(root, station, p_s[i], t_s);
    }
    EXPECT_GT(std::abs(first_motion_m), 2e-5) << station.code;
    EXPECT_EQ(first_motion_m > 0.0, up.count(station.code) > 0) << station.code;
  }
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

// A made-up station: three channels of counts with a flat accelerometer response of 1000 counts per m/s^2.
std::string flat_station_xml(const std::string& station, const std::vector<std::string>& channels, double rate_hz) {
  std::string xml = "<FDSNStationXML><Network code=\"XX\"><Station code=\"" + station + "\">";
  for (const std::string& channel : channels) {
    const std::string azimuth = channel.back() == 'E' ? "90" : "0", dip = channel.back() == 'Z' ? "-90" : "0";
    xml += "<Channel code=\"" + channel +
           "\" locationCode=\"\" startDate=\"2000-01-01T00:00:00\"><Latitude>0</Latitude>" +
           "<Longitude>0</Longitude><Azimuth>" + azimuth + "</Azimuth><Dip>" + dip + "</Dip><SampleRate>" +
           std::to_string(rate_hz) +
           "</SampleRate><Response><InstrumentSensitivity><Value>1000</Value><Frequency>1</Frequency>" +
           "<InputUnits><Name>M/S**2</Name></InputUnits></InstrumentSensitivity><Stage number=\"1\"><PolesZeros>" +
           "<PzTransferFunctionType>LAPLACE "
           "(RADIANS/SECOND)</PzTransferFunctionType><NormalizationFactor>1</NormalizationFactor>" +
           "<NormalizationFrequency>1</NormalizationFrequency></PolesZeros><StageGain><Value>1000</Value></StageGain></"
           "Stage>" +
           "</Response></Channel>";
  }
  return xml + "</Station></Network></FDSNStationXML>";
}

// 340 s at 20 samples/s from 60 s before the origin: a little noise, and behind P at 10 s a burst of 0.07 Hz.
Trace burst(const std::string& channel, double amplitude) {
  Trace trace;
  trace.network = "XX";
  trace.station = "AAA";
  trace.channel = channel;
  trace.start_ns = mainshock().origin_ns - 60'000'000'000;
  trace.dt_s = 0.05;
  trace.samples.resize(6800);
  for (Eigen::Index i = 0; i < trace.samples.size(); ++i) {
    const double t = static_cast<double>(i) * trace.dt_s - 70.0;
    trace.samples[i] = std::round(40.0 * std::sin(0.9 * static_cast<double>(i * i % 977)) +
                                  (t > 0.0 ? amplitude * std::exp(-t / 30.0) * std::sin(2.0 * pi * 0.07 * t) : 0.0));
  }
  return trace;
}

const std::vector<Station> one_slot = {{"XX", "AAA", 0.0, 0.0, 0.0}};

void write_station(const support::TemporaryFolder& folder, const std::string& band, double amplitude) {
  for (const char* component : {"E", "N", "Z"}) {
    const Trace trace = burst(band + component, amplitude);
    folder.write("waveforms/" + trace.channel + ".mseed", support::miniseed_file(trace));
  }
}

RecordWindow window_of(const support::TemporaryFolder& folder, const RecordSettings& settings = {}) {
  return window_from_records(folder.path(), one_slot, mainshock(), {10.0}, {}, settings);
}

std::string reason_of(const RecordWindow& window, const std::string& channel) {
  for (const ChannelReport& c : window.channels) {
    if (c.channel == channel) return c.action == ChannelAction::used ? "used" : action_name(c.action) + ": " + c.reason;
  }
  return "[not reported]";
}

TEST(RecordSet, ASoundStationIsUsedAndScaledToOne) {
  const support::TemporaryFolder folder;
  folder.write("stations/XX.AAA.xml", flat_station_xml("AAA", {"HNE", "HNN", "HNZ"}, 20.0));
  write_station(folder, "HN", 20000.0);
  const RecordWindow window = window_of(folder);
  EXPECT_EQ(window.n_stations_used, 1);
  EXPECT_EQ(reason_of(window, ".HNZ"), "used");
  EXPECT_FLOAT_EQ(window.waveforms.row(0).cwiseAbs().maxCoeff<Eigen::PropagateNaN>(), 1.0F);
  // 20 000 counts = 20 m/s^2 at 0.07 Hz are 20 / (2 pi 0.07)^2 = 103 m; the one-way filter lets half to all of a burst pass.
  EXPECT_GT(window.amplitudes.row(0).maxCoeff(), 30.0F);
  EXPECT_LT(window.amplitudes.row(0).maxCoeff(), 120.0F);
  EXPECT_EQ(window.p_time_s, std::vector<double>{10.0});
}

TEST(RecordSet, AStrongMotionSensorReplacesAClippedBroadbandOne) {
  const support::TemporaryFolder folder;
  folder.write("stations/XX.AAA.xml", flat_station_xml("AAA", {"HNE", "HNN", "HNZ", "BHE", "BHN", "BHZ"}, 20.0));
  write_station(folder, "HN", 20000.0);
  write_station(folder, "BH", 30'000'000.0);
  RecordSettings broadband_first;
  broadband_first.preference = {"BH", "HN"};
  const RecordWindow window = window_of(folder, broadband_first);
  EXPECT_EQ(window.n_stations_used, 1);
  EXPECT_EQ(reason_of(window, ".BHZ").substr(0, 18), "left out: clipped:");
  EXPECT_EQ(reason_of(window, ".HNZ"), "used");
  EXPECT_EQ(reason_of(window_of(folder), ".BHZ"), "not needed: .HN is used");
}

TEST(RecordSet, ReasonsAreToldForEveryChannelThatIsLeftOut) {
  const support::TemporaryFolder folder;
  write_station(folder, "HN", 20000.0);
  EXPECT_EQ(reason_of(window_of(folder), ".HNE"),
            "left out: no metadata: XX.AAA..HNE: epochs = none: exactly one must cover the record that begins "
            "2019-07-06T03:18:53.040Z");
  folder.write("stations/XX.AAA.xml", flat_station_xml("AAA", {"HNE", "HNN", "HNZ"}, 40.0));
  EXPECT_EQ(reason_of(window_of(folder), ".HNN"), "left out: wrong rate: 20 samples/s, the metadata say 40");
  folder.write("stations/XX.AAA.xml", flat_station_xml("AAA", {"HNE", "HNN", "HNZ"}, 20.0));

  Trace flat = burst("HNZ", 0.0);
  flat.samples.setConstant(7.0);
  folder.write("waveforms/HNZ.mseed", support::miniseed_file(flat));
  const RecordWindow with_flat = window_of(folder);
  EXPECT_EQ(reason_of(with_flat, ".HNZ"), "left out: flat: all samples are 7");
  EXPECT_EQ(reason_of(with_flat, ".HNE"), "left out: a station needs three components: HNZ failed");
  EXPECT_EQ(with_flat.waveforms.cwiseAbs().maxCoeff<Eigen::PropagateNaN>(), 0.0F);

  const std::string whole = support::miniseed_file(burst("HNZ", 20000.0));
  folder.write("waveforms/HNZ.mseed", whole.substr(0, 512 * 20) + whole.substr(512 * 21));
  EXPECT_EQ(reason_of(window_of(folder), ".HNZ"), "left out: gap: 5.65 s without samples in the window");
  folder.write("waveforms/HNZ.mseed", whole.substr(0, 512 * 30));
  EXPECT_EQ(reason_of(window_of(folder), ".HNZ"), "left out: too short: ends 14.9 s before the window does");
  std::filesystem::remove(folder.path() + "/waveforms/HNZ.mseed");
  EXPECT_EQ(reason_of(window_of(folder), ".HNN"), "left out: incomplete: 2 of three components");
}

// The network's input may have one sample a second; the band decides whether a record may.
TEST(RecordSet, ARateTooLowForTheBandIsAFaultOfTheChannel) {
  const support::TemporaryFolder folder;
  folder.write("stations/XX.AAA.xml", flat_station_xml("AAA", {"HNE", "HNN", "HNZ"}, 1.0));
  for (const char* channel : {"HNE", "HNN", "HNZ"}) {
    Trace trace = burst(channel, 20000.0);
    const Eigen::ArrayXd every_20th = trace.samples(Eigen::seqN(0, 340, 20));
    trace.samples = every_20th;
    trace.dt_s = 1.0;
    folder.write(std::string(channel) + ".mseed", support::miniseed_file(trace));
  }
  RecordSettings settings;
  settings.response.corners_hz = {0.01, 0.02, 0.45, 0.48};
  PreprocessSettings preprocess;
  preprocess.high_hz = 0.42;
  const RecordWindow window = window_from_records(folder.path(), one_slot, mainshock(), {10.0}, preprocess, settings);
  EXPECT_EQ(window.n_stations_used, 0);
  EXPECT_EQ(reason_of(window, ".HNZ"), "left out: wrong rate: 1 samples/s, fewer than the 1.2 of a band up to 0.42 Hz");
}

TEST(RecordSet, NoiseAloneIsLeftOutAndAnAbsentStationIsTold) {
  const support::TemporaryFolder folder;
  folder.write("XX.AAA.xml", flat_station_xml("AAA", {"HNE", "HNN", "HNZ"}, 20.0));
  for (const char* channel : {"HNE", "HNN", "HNZ"})
    folder.write(std::string(channel) + ".mseed", support::miniseed_file(burst(channel, 0.0)));
  EXPECT_EQ(reason_of(window_of(folder), ".HNE").substr(0, 16), "left out: noisy:");
  const RecordWindow window =
      window_from_records(folder.path(), {{"XX", "BBB", 0.0, 0.0, 0.0}}, mainshock(), {10.0}, {}, {});
  ASSERT_EQ(window.channels.size(), 1U);
  EXPECT_EQ(window.channels[0].station + " " + window.channels[0].reason, "XX.BBB no record: the files are of XX.AAA");
}

TEST(RecordSet, ChannelsGivenTwiceMustAgree) {
  const support::TemporaryFolder folder;
  folder.write("XX.AAA.xml", flat_station_xml("AAA", {"HNE", "HNN", "HNZ"}, 20.0));
  write_station(folder, "HN", 20000.0);
  folder.write("copy.mseed", support::miniseed_file(burst("HNZ", 20000.0)));
  EXPECT_EQ(reason_of(window_of(folder), ".HNZ"), "used");
  folder.write("copy.mseed", support::miniseed_file(burst("HNZ", 10000.0)));
  EXPECT_EQ(reason_of(window_of(folder), ".HNZ").substr(0, 18), "left out: overlap:");
}

TEST(RecordSet, SacFilesInMetresGiveTheSameRowsAsTheirOwnMotion) {
  // The burst taken as displacement in cm, once through SAC, once as it is.
  const support::TemporaryFolder folder;
  const std::map<std::string, Orientation> directions = {
      {"HNE", {90.0, 0.0}}, {"HNN", {0.0, 0.0}}, {"HNZ", {0.0, -90.0}}};
  for (const auto& entry : directions) {
    Trace trace = burst(entry.first, 20000.0);
    trace.quantity = Quantity::displacement;
    trace.samples *= 1e-2;
    folder.write(entry.first + ".SAC", sac_bytes({trace, entry.second}, parse_sac_unit("cm")));
  }
  RecordSettings settings;
  settings.sac_unit = "cm";
  const RecordWindow window = window_of(folder, settings);
  ASSERT_EQ(window.n_stations_used, 1);
  const Eigen::ArrayXd direct = filter_and_cut(1e-2 * burst("HNE", 20000.0).samples, 0.05, 70.0, {});
  const double difference =
      (window.amplitudes.row(0).transpose().cast<double>().array() - direct).abs().maxCoeff<Eigen::PropagateNaN>();
  // The four corners of the response removal leave the band alone, except for the flank of the band-pass below 0.02 Hz,
  // where its gain is (0.05^2 - 0.02^2)^-4 ... < 1e-3, and the mean and taper of the record.
  EXPECT_LT(difference, 2e-2 * direct.abs().maxCoeff<Eigen::PropagateNaN>());
  EXPECT_EQ(support::input_error([&] { window_of(folder); }),
            folder.path() +
                "/HNE.SAC: SAC unit = not stated: SAC files do not tell their unit: state it (m, cm, nm, m/s, ...)");
}

// A shaking that goes on: several waves inside and outside the band, none of which dies away.
Trace long_shaking(const std::string& channel) {
  Trace trace = burst(channel, 0.0);
  trace.start_ns = mainshock().origin_ns - 590'000'000'000;
  trace.samples.resize(20 * 1530);
  for (Eigen::Index i = 0; i < trace.samples.size(); ++i) {
    const double t = static_cast<double>(i) * trace.dt_s - 600.0;
    trace.samples[i] = 40.0 * std::sin(0.9 * static_cast<double>(i * i % 977));
    if (t <= 0.0) continue;
    for (const double f_hz : {0.03, 0.06, 0.083, 0.15, 0.5}) {
      trace.samples[i] += 1e4 * (1.0 - std::exp(-t / 5.0)) * std::sin(2.0 * pi * f_hz * t);
    }
    trace.samples[i] = std::round(trace.samples[i]);
  }
  return trace;
}

// The records of one station without what lies outside [first_s, last_s] seconds after the first sample of long_shaking.
RecordWindow window_of_part(double first_s, double last_s, const PreprocessSettings& preprocess = {}) {
  const support::TemporaryFolder folder;
  folder.write("XX.AAA.xml", flat_station_xml("AAA", {"HNE", "HNN", "HNZ"}, 20.0));
  for (const char* channel : {"HNE", "HNN", "HNZ"}) {
    Trace trace = long_shaking(channel);
    const auto first = static_cast<Eigen::Index>(std::llround(first_s * 20.0)),
               last = std::min<Eigen::Index>(static_cast<Eigen::Index>(std::llround(last_s * 20.0)), 20 * 1530 - 1);
    const Eigen::ArrayXd samples = trace.samples.segment(first, last - first + 1);
    trace.start_ns = sample_time_ns(trace, static_cast<double>(first));
    trace.samples = samples;
    folder.write(std::string(channel) + ".mseed", support::miniseed_file(trace));
  }
  return window_from_records(folder.path(), one_slot, mainshock(), {10.0}, preprocess, {});
}

// P is 600 s after the first sample; the window needs 15.8 s before it to 112.8 s behind it. A taper inside would change the rows by
// 2 %, little because the band-pass delays what it lets pass; what the four corners of the response removal see of the missing
// samples is 3e-4.
TEST(RecordSet, ARecordThatEndsOrBeginsWithTheWindowGivesTheRowsOfTheLongerOne) {
  const Waveforms whole = window_of_part(0.0, 1e6).waveforms;
  ASSERT_EQ(support::largest_size(whole), 1.0F);
  for (const double last_s : {712.8, 713.0, 720.0, 730.0, 790.0, 930.0}) {
    EXPECT_LT(support::largest_size(window_of_part(0.0, last_s).waveforms - whole), 1e-3F) << last_s;
  }
  for (const double first_s : {584.2, 584.0, 580.0, 560.0, 200.0}) {
    EXPECT_LT(support::largest_size(window_of_part(first_s, 1e6).waveforms - whole), 1e-3F) << first_s;
  }
  // A record that begins 1.8 s before P, too late for a mean before P: that of the whole record costs 0.6 %.
  PreprocessSettings soon;
  soon.before_p_s = 1.0;
  EXPECT_LT(
      support::largest_size(window_of_part(598.2, 1e6, soon).waveforms - window_of_part(0.0, 1e6, soon).waveforms),
      1e-2F);
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

void write_traces(const support::TemporaryFolder& folder, const std::vector<Trace>& traces) {
  for (const Trace& trace : traces) folder.write(trace.channel + ".mseed", support::miniseed_file(trace));
}

std::string notes_of(const RecordWindow& window) { return fmt::format("{}", fmt::join(window.notes, "; ")); }

// An earthquake that clips the sensor 400 s after the window of this one.
TEST(RecordSet, WhatComesLongAfterTheWindowRefusesNothing) {
  const support::TemporaryFolder folder;
  folder.write("XX.AAA.xml", flat_station_xml("AAA", {"HNE", "HNN", "HNZ"}, 20.0));
  std::vector<Trace> traces = {long_shaking("HNE"), long_shaking("HNN"), long_shaking("HNZ")};
  const Waveforms undisturbed = window_of_part(0.0, 1e6).waveforms;
  for (Trace& trace : traces) trace.samples.tail(20 * 400) = trace.samples.tail(20 * 400).eval() * 1000.0;
  write_traces(folder, traces);
  const RecordWindow later = window_of(folder);
  EXPECT_EQ(reason_of(later, ".HNZ"), "used");
  EXPECT_EQ(later.waveforms, undisturbed) << "it lies outside the part that is used";
  EXPECT_EQ(later.notes.at(2).substr(0, 53), "XX.AAA..HNZ: outside the part that is used: clipped: ");

  for (Trace& trace : traces) trace.samples.segment(20 * 650, 20) *= 2000.0;
  write_traces(folder, traces);
  EXPECT_EQ(reason_of(window_of(folder), ".HNZ").substr(0, 18), "left out: clipped:") << "inside the window";
}

TEST(RecordSet, AGapIsNotToldAsClippedBecauseOfWhatComesLater) {
  const support::TemporaryFolder folder;
  folder.write("XX.AAA.xml", flat_station_xml("AAA", {"HNE", "HNN", "HNZ"}, 20.0));
  std::vector<Trace> traces = {long_shaking("HNE"), long_shaking("HNN"), long_shaking("HNZ")};
  traces[2].samples.tail(20 * 400) = traces[2].samples.tail(20 * 400).eval() * 1000.0;
  write_traces(folder, traces);
  const std::string whole = support::miniseed_file(traces[2]);
  folder.write("HNZ.mseed", whole.substr(0, 512 * 116) + whole.substr(512 * 117));
  EXPECT_EQ(reason_of(window_of(folder), ".HNZ"), "left out: gap: 5.65 s without samples in the window");
}

// Two channels of noise alone beside one that begins too late to have a ratio.
TEST(RecordSet, TheNoiseTestGoesByTheChannelsThatCouldBeMeasured) {
  const support::TemporaryFolder folder;
  folder.write("XX.AAA.xml", flat_station_xml("AAA", {"HNE", "HNN", "HNZ"}, 20.0));
  Trace late = burst("HNZ", 0.0);
  late.start_ns = sample_time_ns(late, 1360.0);
  late.samples = burst("HNZ", 0.0).samples.tail(6800 - 1360);
  write_traces(folder, {burst("HNE", 0.0), burst("HNN", 0.0), late});
  PreprocessSettings preprocess;
  preprocess.before_p_s = 1.0;
  const RecordWindow window = window_from_records(folder.path(), one_slot, mainshock(), {10.0}, preprocess, {});
  EXPECT_EQ(reason_of(window, ".HNE").substr(0, 16), "left out: noisy:");
}

TEST(RecordSet, WhereNoNoiseCanBeMeasuredANoteTellsIt) {
  const support::TemporaryFolder folder;
  RecordSettings settings;
  settings.sac_unit = "m";
  for (const auto& [channel, direction] :
       std::map<std::string, Orientation>{{"HNE", {90.0, 0.0}}, {"HNN", {0.0, 0.0}}, {"HNZ", {0.0, -90.0}}}) {
    Trace trace = burst(channel, 20000.0);
    trace.quantity = Quantity::displacement;
    trace.start_ns = sample_time_ns(trace, 1360.0);
    trace.samples = burst(channel, 20000.0).samples.tail(6800 - 1360);
    folder.write(channel + ".SAC", sac_bytes({trace, direction}, parse_sac_unit("m")));
  }
  PreprocessSettings preprocess;
  preprocess.before_p_s = 1.0;
  const RecordWindow window = window_from_records(folder.path(), one_slot, mainshock(), {10.0}, preprocess, settings);
  EXPECT_EQ(window.n_stations_used, 1);
  EXPECT_EQ(notes_of(window), "XX.AAA: signal to noise cannot be told: too short or no noise before P");
}

TEST(RecordSet, AMalformedChannelThatNobodyUsesStopsNothing) {
  const support::TemporaryFolder folder;
  std::string bad = flat_station_xml("AAA", {"LOG"}, 20.0);
  bad.replace(bad.find("<Azimuth>0</Azimuth>"), 20, "<Azimuth>?</Azimuth>");
  folder.write("bad.xml", bad);
  folder.write("XX.AAA.xml", flat_station_xml("AAA", {"HNE", "HNN", "HNZ"}, 20.0));
  folder.write("copy.xml", flat_station_xml("AAA", {"HNE", "HNN", "HNZ"}, 20.0));
  write_station(folder, "HN", 20000.0);
  EXPECT_EQ(reason_of(window_of(folder), ".HNZ"), "used");
  std::string no_direction = flat_station_xml("AAA", {"HNE", "HNN", "HNZ"}, 20.0);
  no_direction.replace(no_direction.find("<Azimuth>90</Azimuth>"), 21, "");
  folder.write("XX.AAA.xml", no_direction);
  std::filesystem::remove(folder.path() + "/copy.xml");
  EXPECT_EQ(reason_of(window_of(folder), ".HNE"),
            "left out: " + folder.path() +
                "/XX.AAA.xml: XX.AAA..HNE: Azimuth, Dip = absent: must tell where the channel points");
}

TEST(RecordSet, FilesThatAreNoRecordsArePassedOverWithANote) {
  const support::TemporaryFolder folder;
  folder.write("XX.AAA.xml", flat_station_xml("AAA", {"HNE", "HNN", "HNZ"}, 20.0));
  write_station(folder, "HN", 20000.0);
  folder.write("README.md", "** Records **\nof the event\n");
  folder.write("prediction.xml", "<?xml version=\"1.0\"?><q:quakeml></q:quakeml>");
  std::filesystem::resize_file(folder.write("large.bin", "x"), (std::uintmax_t{1} << 30) + 1);  // takes no space
  const RecordWindow window = window_of(folder);
  EXPECT_EQ(window.n_stations_used, 1);
  EXPECT_EQ(notes_of(window), "passed over: README.md, large.bin, prediction.xml: neither records nor their metadata");
}

TEST(RecordSet, ABadMiniseedFileTellsTheKeyThatPassesOverIt) {
  const support::TemporaryFolder folder;
  folder.write("XX.AAA.xml", flat_station_xml("AAA", {"HNE", "HNN", "HNZ"}, 20.0));
  write_station(folder, "HN", 20000.0);
  const std::string empty = folder.write("empty.mseed", "");
  EXPECT_EQ(support::input_error([&] { window_of(folder); }),
            empty + ": is empty, expected miniSEED records: records.skip_bad_records = true passes over it");
  RecordSettings settings;
  settings.skip_bad_records = true;
  const RecordWindow window = window_of(folder, settings);
  EXPECT_EQ(window.n_stations_used, 1);
  EXPECT_EQ(notes_of(window), "passed over: " + empty + ": is empty, expected miniSEED records");
}

TEST(RecordSet, OfMoreThanThreeChannelsATripleThatSpansSpaceIsTaken) {
  const support::TemporaryFolder folder;
  std::string xml = flat_station_xml("AAA", {"BHE", "BHN", "BHZ", "BH1", "BH2"}, 20.0);
  const std::size_t second = xml.find("<Azimuth>", xml.find("BH2"));
  xml.replace(second, 20, "<Azimuth>90</Azimuth>");
  folder.write("XX.AAA.xml", xml);
  for (const char* channel : {"BHE", "BHN", "BHZ", "BH1", "BH2"}) write_traces(folder, {burst(channel, 20000.0)});
  const RecordWindow by_letters = window_of(folder);
  EXPECT_EQ(by_letters.n_stations_used, 1);
  EXPECT_EQ(reason_of(by_letters, ".BHE"), "used");
  EXPECT_EQ(reason_of(by_letters, ".BH1"), "not needed: BHE BHN BHZ are used");

  Trace flat = burst("BHE", 0.0);
  flat.samples.setConstant(7.0);
  write_traces(folder, {flat});
  const RecordWindow by_numbers = window_of(folder);
  EXPECT_EQ(by_numbers.n_stations_used, 1);
  EXPECT_EQ(reason_of(by_numbers, ".BHZ"), "used");
  EXPECT_EQ(reason_of(by_numbers, ".BH2"), "used");
  EXPECT_EQ(reason_of(by_numbers, ".BHE"), "not needed: BH1 BH2 BHZ are used");
  EXPECT_EQ(by_numbers.channels.size(), 5U) << "each is told once";

  write_traces(folder, {burst("BHE", 20000.0), burst("BHX", 20000.0)});
  std::filesystem::remove(folder.path() + "/BHZ.mseed");
  EXPECT_EQ(reason_of(window_of(folder), ".BH1"),
            "left out: ambiguous: BH1 BH2 BHE BHN BHX are more than three components");
}

// The channels of one station as SAC files in metres, with what one of them is changed to.
template <typename Change>
std::string reason_in_sac(const std::string& channel, const Change& change) {
  const support::TemporaryFolder folder;
  for (const auto& [code, direction] :
       std::map<std::string, Orientation>{{"HNE", {90.0, 0.0}}, {"HNN", {0.0, 0.0}}, {"HNZ", {0.0, -90.0}}}) {
    SacRecord record{burst(code, 20000.0), direction};
    record.trace.quantity = Quantity::displacement;
    change(record, folder);
    folder.write(code + ".SAC", sac_bytes(record, parse_sac_unit("m")));
  }
  RecordSettings settings;
  settings.sac_unit = "m";
  return reason_of(window_of(folder, settings), channel);
}

TEST(RecordSet, SacFilesMustTellWhereTheyPointAndAgree) {
  EXPECT_EQ(reason_in_sac(".HNE", [](SacRecord&, const support::TemporaryFolder&) {}), "used");
  const auto no_direction = [](SacRecord& record, const support::TemporaryFolder&) { record.orientation.reset(); };
  EXPECT_EQ(
      reason_in_sac(".HNE", no_direction),
      "left out: SAC: XX.AAA..HNE: cmpaz, cmpinc = undefined: must be set, or StationXML or SACPZ tell where the channel "
      "points: no metadata: XX.AAA..HNE: epochs = none: exactly one must cover the record that begins "
      "2019-07-06T03:18:53.040Z");
  const auto two_pieces = [](SacRecord& record, const support::TemporaryFolder& folder) {
    if (record.trace.channel != "HNE") return;
    SacRecord later = record;
    later.orientation->azimuth_deg = 270.0;
    later.trace.start_ns = sample_time_ns(record.trace, 6800.0);
    folder.write("later.SAC", sac_bytes(later, parse_sac_unit("m")));
  };
  EXPECT_EQ(reason_in_sac(".HNE", two_pieces),
            "left out: contradictory: SAC files point to azimuth 90, dip 0 and to azimuth 270, dip 0");
  const auto counts_beside = [](SacRecord& record, const support::TemporaryFolder& folder) {
    if (record.trace.channel == "HNE") folder.write("HNE.mseed", support::miniseed_file(burst("HNE", 20000.0)));
  };
  EXPECT_EQ(reason_in_sac(".HNE", counts_beside), "left out: mixed units: records in m beside records in counts");
  const auto no_network = [](SacRecord& record, const support::TemporaryFolder&) { record.trace.network.clear(); };
  EXPECT_EQ(reason_in_sac("", no_network), "left out: no record: the files of AAA name no network (SAC knetwk)");
}

TEST(RecordSet, WhatIsNotWantedTellsTheKey) {
  const support::TemporaryFolder folder;
  write_station(folder, "HL", 20000.0);
  EXPECT_EQ(reason_of(window_of(folder), ".HLZ"), "left out: HL is not one of HN, HH, BH (records.channels)");
}

TEST(RecordFiles, ATripleOfSacFilesThatTellAllNeedsNoMetadata) {
  const support::TemporaryFolder folder;
  SacRecord record{burst("HNE", 20000.0), Orientation{90.0, 0.0}};
  folder.write("HNE.SAC", sac_bytes(record, parse_sac_unit("m")));
  EXPECT_EQ(read_record_files(folder.path(), "m", false).from_sac.size(), 1U);
  EXPECT_EQ(read_record_files(folder.path(), "counts", false).from_sac.size(), 0U) << "counts need a response";
  record.orientation.reset();
  folder.write("HNE.SAC", sac_bytes(record, parse_sac_unit("m")));
  EXPECT_EQ(read_record_files(folder.path(), "m", false).from_sac.size(), 0U) << "a direction is needed";
}

TEST(RecordFiles, AFolderThatCannotBeReadIsAnInputError) {
  if (::geteuid() == 0) GTEST_SKIP() << "the superuser reads everything";
  const support::TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() + "/closed");
  std::filesystem::permissions(folder.path() + "/closed", std::filesystem::perms::none);
  EXPECT_EQ(support::input_error([&] { read_record_files(folder.path() + "/closed", "", false); }),
            folder.path() + "/closed: cannot list its files: Permission denied");
  std::filesystem::permissions(folder.path() + "/closed", std::filesystem::perms::owner_all);
}

TEST(RecordSet, RefusesDirectoriesAndSettingsThatCannotWork) {
  const support::TemporaryFolder folder;
  EXPECT_EQ(support::input_error([&] { window_of(folder); }),
            folder.path() + ": records = none: must hold miniSEED or SAC files");
  EXPECT_EQ(support::input_error([] { window_from_records("/no/such", one_slot, mainshock(), {10.0}, {}, {}); }),
            "/no/such: is not a directory with records");
  const support::TemporaryFolder pages;
  pages.write("a.xml", "<html></html>");
  EXPECT_EQ(
      support::input_error([&] { window_of(pages); }),
      pages.path() +
          ": records = none: must hold miniSEED or SAC files; passed over: a.xml: neither records nor their metadata");
  RecordSettings settings;
  settings.response.corners_hz = {0.01, 0.06, 0.2, 0.4};
  EXPECT_EQ(
      support::input_error([&] { window_of(folder, settings); }),
      "records: response removal: corners = 0.01 0.06 0.2 0.4 Hz: the inner two must enclose the band 0.05-0.1 Hz");
  EXPECT_THROW(window_from_records(folder.path(), one_slot, mainshock(), {}, {}, {}), std::invalid_argument);
  EXPECT_THROW(
      window_from_records(folder.path(), std::vector<Station>(17), mainshock(), std::vector<double>(17, 1.0), {}, {}),
      std::invalid_argument);
}

}  // namespace
}  // namespace data
