#include "data/records/record_files.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>

#include "data/records/record_set.h"
#include "data/records/sac.h"
#include "tests/support/input_error.h"
#include "tests/support/made_up_station.h"
#include "tests/support/miniseed_writer.h"
#include "tests/support/temporary_folder.h"

namespace data {
namespace {

using support::burst;
using support::flat_station_xml;
using support::notes_of;
using support::reason_of;
using support::window_of;
using support::write_station;

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

// Nothing can be opened as long as this lives, not by the superuser either.
class NoOpenFiles {
 public:
  NoOpenFiles() {
    if (::getrlimit(RLIMIT_NOFILE, &former_) != 0) throw std::runtime_error("getrlimit");
    rlimit none = former_;
    none.rlim_cur = 0;
    if (::setrlimit(RLIMIT_NOFILE, &none) != 0) throw std::runtime_error("setrlimit");
  }
  ~NoOpenFiles() { ::setrlimit(RLIMIT_NOFILE, &former_); }
  NoOpenFiles(const NoOpenFiles&) = delete;
  NoOpenFiles& operator=(const NoOpenFiles&) = delete;

 private:
  rlimit former_{};
};

// A folder without permission, too, except for the superuser, who reads everything.
TEST(RecordFiles, AFolderThatCannotBeReadIsAnInputError) {
  const support::TemporaryFolder folder;
  const std::string closed = folder.path() + "/closed";
  std::filesystem::create_directory(closed);
  const auto refusal_to_read = [](const std::string& path) {
    return support::input_error([&] { read_record_files(path, "", false); });
  };
  const auto refusal_without_files = support::input_error([&] {
    const NoOpenFiles none;  // not while the error is looked at: a sanitizer opens a pipe for it
    read_record_files(closed, "", false);
  });
  EXPECT_EQ(refusal_without_files, closed + ": cannot list its files: Too many open files");
  EXPECT_EQ(refusal_to_read(closed), closed + ": records = none: must hold miniSEED or SAC files");
  if (::geteuid() != 0) {
    std::filesystem::permissions(closed, std::filesystem::perms::none);
    EXPECT_EQ(refusal_to_read(closed), closed + ": cannot list its files: Permission denied");
    std::filesystem::permissions(closed, std::filesystem::perms::owner_all);
  }
}

TEST(RecordFiles, APathThatLeadsNowhereIsAnInputError) {
  const support::TemporaryFolder folder;
  const std::string below_a_file = folder.write("HNZ.mseed", support::miniseed_file(burst("HNZ", 1.0))) + "/waveforms";
  const std::string loop = folder.path() + "/loop";
  std::filesystem::create_symlink("loop", loop);
  for (const std::string& path : {below_a_file, loop, loop + "/waveforms", folder.path() + "/absent", std::string()}) {
    EXPECT_EQ(support::input_error([&] { read_record_files(path, "", false); }),
              path + (path.empty() ? "" : ": ") + "is not a directory with records");
  }
}

}  // namespace
}  // namespace data
