#include "data/records/record_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "data/atomic_file.h"
#include "data/records/codes.h"
#include "data/records/miniseed.h"
#include "data/records/miniseed_guard.h"
#include "data/records/sac.h"
#include "data/records/sacpz.h"
#include "propagator/errors.h"

namespace data {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_files = 10'000;
constexpr std::uint64_t largest_record_file = std::uint64_t{1} << 30;
constexpr std::size_t n_bytes_that_tell = 65'536;
constexpr std::size_t most_named = 5;  // files in the note of those passed over

void list_files(const fs::path& folder, std::vector<std::string>& files) {
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code no_status;
    if (entry->is_regular_file(no_status)) files.push_back(entry->path().string());
    if (files.size() > most_files) {
      throw propagator::InputError(folder.string(), "", "files", "more than 10000", "must be at most 10000");
    }
  }
  if (error) throw propagator::InputError(folder.string(), "", "", "", "cannot list its files: " + error.message());
}

std::vector<std::string> files_below(const std::string& path) {
  std::error_code error;
  if (fs::is_regular_file(path, error)) return {path};
  if (!fs::is_directory(path, error)) throw propagator::InputError(path, "", "", "", "is not a directory with records");
  std::vector<std::string> files;
  list_files(path, files);
  for (const char* folder : {"waveforms", "stations"}) {
    const fs::path sub_folder = fs::path(path) / folder;
    if (fs::is_directory(sub_folder, error)) list_files(sub_folder, files);
  }
  std::sort(files.begin(), files.end());
  return files;
}

enum class FileKind { station_xml, miniseed, sac, sacpz, other };

FileKind kind_by_name(const std::string& path) {
  std::string extension = fs::path(path).extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  if (extension == ".mseed" || extension == ".miniseed" || extension == ".ms") return FileKind::miniseed;
  if (extension == ".pz" || extension == ".sacpz") return FileKind::sacpz;
  return extension == ".sac" ? FileKind::sac : FileKind::other;
}

bool looks_like_miniseed(std::string_view bytes) {
  try {
    check_miniseed_record(bytes, 0, "");
    return true;
  } catch (const propagator::InputError&) {
    return false;
  }
}

FileKind kind_by_bytes(std::string_view bytes) {
  if (looks_like_miniseed(bytes)) return FileKind::miniseed;
  if (looks_like_station_xml(bytes)) return FileKind::station_xml;
  if (looks_like_sacpz(bytes)) return FileKind::sacpz;
  return looks_like_sac(bytes) ? FileKind::sac : FileKind::other;
}

SensorId sensor_of(const Trace& trace) {
  return {trace.network, trace.station, trace.location, trace.channel.substr(0, 2)};
}

ChannelRecords& channel_of(RecordFiles& files, const Trace& trace) {
  return files.sensors[sensor_of(trace)][trace.channel];
}

void add_epochs(RecordFiles& files, const std::vector<ChannelEpoch>& epochs) {
  files.epochs.insert(files.epochs.end(), epochs.begin(), epochs.end());
}

void add_miniseed(RecordFiles& files, std::string_view bytes, const std::string& path, bool skip_bad_records) {
  try {
    MiniseedContent content = parse_miniseed(bytes, path, skip_bad_records ? BadRecord::skip : BadRecord::stop);
    for (Trace& trace : content.records) channel_of(files, trace).records.push_back(std::move(trace));
    for (std::string& message : content.skipped) files.notes.push_back("passed over: " + message);
  } catch (const propagator::InputError& error) {
    throw propagator::InputError(error.what(), "", "", "", "records.skip_bad_records = true passes over it");
  }
}

void add_sac(RecordFiles& files, std::string_view bytes, const std::string& path, const std::string& sac_unit) {
  if (sac_unit.empty()) {
    throw propagator::InputError(path, "", "SAC unit", "not stated",
                                 "SAC files do not tell their unit: state it (m, cm, nm, m/s, ...)");
  }
  SacRecord record = parse_sac(bytes, path, parse_sac_unit(sac_unit));
  ChannelRecords& channel = channel_of(files, record.trace);
  if (record.orientation) channel.orientations.push_back(*record.orientation);
  channel.records.push_back(std::move(record.trace));
}

void add_file(RecordFiles& files, FileKind kind, const std::string& path, const std::string& sac_unit,
              bool skip_bad_records) {
  if (kind == FileKind::station_xml) return add_epochs(files, read_station_xml(path));
  const std::string bytes = read_whole_file(path, largest_record_file);
  if (kind == FileKind::sacpz) add_epochs(files, parse_sacpz(bytes, path));
  if (kind == FileKind::miniseed) add_miniseed(files, bytes, path, skip_bad_records);
  if (kind == FileKind::sac) add_sac(files, bytes, path, sac_unit);
}

// Whether some of these channels need an epoch.
bool need_metadata(const std::map<std::string, ChannelRecords>& channels) {
  const auto needs = [](const auto& entry) {
    const ChannelRecords& channel = entry.second;
    const auto is_counts = [](const Trace& trace) { return trace.quantity == Quantity::counts; };
    return channel.orientations.empty() || std::any_of(channel.records.begin(), channel.records.end(), is_counts);
  };
  return std::any_of(channels.begin(), channels.end(), needs);
}

struct KnownFile {
  std::string path;
  FileKind kind;
};

// The files below `path` of a known kind; the names of the others are added to `others`.
std::vector<KnownFile> known_files(const std::string& path, std::vector<std::string>& others) {
  std::vector<KnownFile> known;
  for (const std::string& file : files_below(path)) {
    FileKind kind = kind_by_name(file);
    if (kind == FileKind::other) kind = kind_by_bytes(read_file_start(file, n_bytes_that_tell));
    if (kind == FileKind::other) {
      others.push_back(printable(fs::path(file).filename().string()));
    } else {
      known.push_back({file, kind});
    }
  }
  return known;
}

std::string note_of_others(const std::vector<std::string>& names) {
  const std::size_t n = std::min(names.size(), most_named);
  return fmt::format("passed over: {}{}: neither records nor their metadata",
                     fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(n), ", "),
                     names.size() > n ? fmt::format(" and {} more files", names.size() - n) : "");
}

}  // namespace

std::vector<std::string> record_file_paths(const std::string& path) {
  std::vector<std::string> paths, others;
  for (const KnownFile& file : known_files(path, others)) paths.push_back(file.path);
  return paths;
}

RecordFiles read_record_files(const std::string& path, const std::string& sac_unit, bool skip_bad_records) {
  if (!sac_unit.empty()) parse_sac_unit(sac_unit);
  RecordFiles files;
  std::vector<std::string> others;
  for (const KnownFile& file : known_files(path, others)) {
    add_file(files, file.kind, file.path, sac_unit, skip_bad_records);
  }
  if (files.sensors.empty()) {
    throw propagator::InputError(
        path, "", "records", "none",
        "must hold miniSEED or SAC files" + (others.empty() ? std::string() : "; " + note_of_others(others)));
  }
  for (const auto& [sensor, channels] : files.sensors) {
    if (!need_metadata(channels)) files.from_sac.insert(sensor);
  }
  if (!others.empty()) files.notes.push_back(note_of_others(others));
  return files;
}

}  // namespace data
