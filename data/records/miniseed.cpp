#include "data/records/miniseed.h"

#include <libmseed.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "data/atomic_file.h"
#include "data/records/codes.h"
#include "data/records/miniseed_guard.h"
#include "propagator/errors.h"

namespace data {
namespace {

constexpr std::size_t shortest_record = 128;
constexpr std::uint64_t largest_miniseed = std::uint64_t{1} << 30;

void ignore_message(char*) {}

// libmseed takes byte orders and encodings from the environment and writes to stderr: neither is wanted.
void prepare_library() {
  static const bool prepared = [] {
    for (const char* name : {"UNPACK_HEADER_BYTEORDER", "UNPACK_DATA_BYTEORDER", "UNPACK_DATA_FORMAT"}) unsetenv(name);
    ms_loginit(ignore_message, nullptr, ignore_message, nullptr);
    return true;
  }();
  (void)prepared;
}

struct FreeRecord {
  void operator()(MSRecord* record) const { msr_free(&record); }
};
using RecordPointer = std::unique_ptr<MSRecord, FreeRecord>;

template <typename Number>
Eigen::ArrayXd to_double(const void* samples, Eigen::Index n) {
  using Series = Eigen::Array<Number, Eigen::Dynamic, 1>;
  return Eigen::Map<const Series>(static_cast<const Number*>(samples), n).template cast<double>();
}

Eigen::ArrayXd samples_of(const MSRecord& record) {
  if (record.numsamples <= 0) return Eigen::ArrayXd();
  switch (record.sampletype) {
    case 'f':
      return to_double<float>(record.datasamples, record.numsamples);
    case 'd':
      return to_double<double>(record.datasamples, record.numsamples);
    default:
      return to_double<std::int32_t>(record.datasamples, record.numsamples);
  }
}

std::int32_t int32_at(const std::vector<char>& bytes, std::size_t at, bool big_endian) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const std::size_t from = big_endian ? at + i : at + 3 - i;
    value = value << 8 | static_cast<unsigned char>(bytes[from]);
  }
  return static_cast<std::int32_t>(value);
}

// The third word of the first Steim frame repeats the last sample of the record.
void check_last_value(const Trace& trace, const std::vector<char>& copy, const MiniseedLayout& layout,
                      const std::string& source, const std::string& place) {
  const bool steim = layout.encoding == MiniseedEncoding::steim1 || layout.encoding == MiniseedEncoding::steim2;
  if (!steim || trace.samples.size() == 0) return;
  const std::int32_t declared = int32_at(copy, layout.data_offset + 8, layout.data_big_endian);
  const auto decoded = static_cast<std::int64_t>(trace.samples[trace.samples.size() - 1]);
  if (decoded != declared) {
    throw propagator::InputError(source, place, "last sample", std::to_string(decoded),
                                 "the Steim frame declares " + std::to_string(declared));
  }
}

Trace decode(std::string_view file, std::size_t offset, const MiniseedLayout& layout, const std::string& source) {
  const std::string place = "byte " + std::to_string(offset);
  std::vector<char> copy(file.begin() + static_cast<std::ptrdiff_t>(offset),
                         file.begin() + static_cast<std::ptrdiff_t>(offset + layout.length));
  MSRecord* raw = nullptr;
  const int status = msr_unpack(copy.data(), static_cast<int>(copy.size()), &raw, 1, 0);
  const RecordPointer record(raw);
  if (status != MS_NOERROR || static_cast<std::size_t>(record->numsamples) != layout.n_samples) {
    throw propagator::InputError(source, place, "samples", std::to_string(layout.n_samples),
                                 "the record cannot be decoded");
  }
  if (!(record->samprate >= 1e-4 && record->samprate <= 1e6)) {
    throw propagator::InputError(source, place, "sample rate", std::to_string(record->samprate),
                                 "must be 1e-4 to 1e6 Hz");
  }
  Trace trace;
  trace.network = trimmed(record->network);
  trace.station = trimmed(record->station);
  trace.location = location_code(record->location);
  trace.channel = trimmed(record->channel);
  trace.start_ns = static_cast<std::int64_t>(record->starttime) * (1'000'000'000 / HPTMODULUS);
  trace.dt_s = 1.0 / record->samprate;
  trace.samples = samples_of(*record);
  check_last_value(trace, copy, layout, source, place);
  return trace;
}

}  // namespace

MiniseedContent parse_miniseed(std::string_view bytes, const std::string& source, BadRecord bad_record) {
  prepare_library();
  MiniseedContent content;
  if (bytes.empty()) {
    const propagator::InputError error(source, "", "", "", "is empty, expected miniSEED records");
    if (bad_record == BadRecord::stop) throw error;
    content.skipped.push_back(error.what());
    return content;
  }
  std::size_t offset = 0;
  bool skipping = false;
  while (offset < bytes.size()) {
    try {
      const MiniseedLayout layout = check_miniseed_record(bytes, offset, source);
      Trace trace = decode(bytes, offset, layout, source);
      if (trace.samples.size() > 0) content.records.push_back(std::move(trace));
      offset += layout.length;
      skipping = false;
    } catch (const propagator::InputError& error) {
      if (bad_record == BadRecord::stop) throw;
      if (!skipping) content.skipped.push_back(error.what());
      skipping = true;
      offset += shortest_record;
    }
  }
  return content;
}

MiniseedContent read_miniseed(const std::string& path, BadRecord bad_record) {
  return parse_miniseed(read_whole_file(path, largest_miniseed), path, bad_record);
}

}  // namespace data
