// The records and the metadata of one directory, whatever its files are called.
//
// Searched are the directory itself and its sub-folders `waveforms` and `stations`; a path of a single file stands for a
// directory that holds only this file. Files are read in the order of their names:
//
//   *.mseed, *.miniseed, *.ms          miniSEED
//   *.sac                              SAC (upper or lower case)
//   *.pz, *.sacpz                      SACPZ
//   other names, *.xml among them      by their first 64 kB: miniSEED, StationXML (its root element), SACPZ or SAC where they begin
//                                      like one; all others (QuakeML, notes, ...) are passed over, and a note tells which
#pragma once

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "data/records/orientation.h"
#include "data/records/station_xml.h"
#include "data/trace.h"

namespace data {

// Which sensor of which station: network, station, location and the first two letters of the channel ("HN").
struct SensorId {
  std::string network, station, location, band;
  auto operator<=>(const SensorId&) const = default;
};

// All records of one channel and what its SAC files say about its direction. Counts need an epoch with their response, ground
// motion without a direction one that tells it.
struct ChannelRecords {
  std::vector<Trace> records;
  std::vector<Orientation> orientations;  // one for each SAC file that tells it
};

struct RecordFiles {
  std::map<SensorId, std::map<std::string, ChannelRecords>> sensors;  // channel code -> records
  std::set<SensorId>
      from_sac;  // sensors in ground motion all of whose channels tell their direction: they need no epochs
  std::vector<ChannelEpoch> epochs;
  std::vector<std::string> notes;  // files, and places of miniSEED files, that were passed over
};

// The files below `path` that read_record_files reads, records and metadata, in the order of their names. Throws as it does.
std::vector<std::string> record_file_paths(const std::string& path);

// sac_unit: see parse_sac_unit, looked at even without SAC files; empty: there are none. With skip_bad_records a miniSEED record that
// breaks a rule, or an empty miniSEED file, is passed over with a note. Throws propagator::InputError: a path that is not there, a
// directory that cannot be read, without records or with more than 10 000 files, a file that cannot be read, SAC files without a
// stated unit.
RecordFiles read_record_files(const std::string& path, const std::string& sac_unit, bool skip_bad_records);

}  // namespace data
