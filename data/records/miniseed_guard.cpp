#include "data/records/miniseed_guard.h"

#include <chrono>
#include <cstdint>

#include "data/records/codes.h"
#include "propagator/errors.h"

namespace data {
namespace {

constexpr std::size_t miniseed_header_size = 48;
constexpr std::size_t frame_size = 64;

// One record, with the words that a message needs.
class Record {
 public:
  Record(std::string_view file, std::size_t offset, const std::string& source)
      : bytes_(file.substr(offset)), offset_(offset), source_(source) {}

  std::size_t room() const { return bytes_.size(); }
  char text(std::size_t at) const { return bytes_[at]; }
  std::string_view text(std::size_t at, std::size_t n) const { return bytes_.substr(at, n); }
  unsigned u8(std::size_t at) const { return static_cast<unsigned char>(bytes_[at]); }
  unsigned u16(std::size_t at) const { return big_endian_ ? u8(at) << 8 | u8(at + 1) : u8(at + 1) << 8 | u8(at); }
  void set_big_endian(bool big_endian) { big_endian_ = big_endian; }

  void require(bool holds, std::size_t at, const char* field, const std::string& value, const std::string& rule) const {
    if (!holds) throw propagator::InputError(source_, "byte " + std::to_string(offset_ + at), field, value, rule);
  }
  void require(bool holds, std::size_t at, const char* field, std::size_t value, const std::string& rule) const {
    if (!holds) require(false, at, field, std::to_string(value), rule);
  }

 private:
  std::string_view bytes_;
  std::size_t offset_;
  const std::string& source_;
  bool big_endian_ = true;
};

void check_identification(const Record& r) {
  for (std::size_t i = 0; i < 6; ++i) {
    const bool digit_or_blank = (r.text(i) >= '0' && r.text(i) <= '9') || r.text(i) == ' ';
    r.require(digit_or_blank, i, "sequence number", printable(r.text(0, 6)), "must be six digits or blanks");
  }
  const bool quality_known = std::string_view("DRQM").find(r.text(6)) != std::string_view::npos;
  r.require(quality_known, 6, "quality", printable(r.text(6, 1)), "must be D, R, Q or M");
  for (std::size_t i = 8; i < 20; ++i) {
    r.require(r.u8(i) >= 0x20 && r.u8(i) < 0x7f, i, "station codes", printable(r.text(8, 12)),
              "must be printable ASCII");
  }
}

bool year_and_day_are_possible(const Record& r) {
  return r.u16(20) >= 1900 && r.u16(20) <= 2100 && r.u16(22) >= 1 && r.u16(22) <= 366;
}

void check_time(Record& r) {
  if (!year_and_day_are_possible(r)) r.set_big_endian(false);
  if (!year_and_day_are_possible(r)) {
    r.set_big_endian(true);
    const std::string value = std::to_string(r.u16(20)) + "," + std::to_string(r.u16(22));
    r.require(false, 20, "year,day", value, "must be 1900-2100 and 1-366 in one byte order");
  }
  const bool is_leap = std::chrono::year{static_cast<int>(r.u16(20))}.is_leap();
  r.require(r.u16(22) <= (is_leap ? 366U : 365U), 22, "day", r.u16(22), "must be 1-365");
  r.require(r.u8(24) <= 23, 24, "hour", r.u8(24), "must be 0-23");
  r.require(r.u8(25) <= 59, 25, "minute", r.u8(25), "must be 0-59");
  r.require(r.u8(26) <= 60, 26, "second", r.u8(26), "must be 0-60");
  r.require(r.u16(28) <= 9999, 28, "fraction", r.u16(28), "must be 0-9999 (0.1 ms)");
}

std::size_t blockette_size(unsigned type) { return type == 100 ? 12 : 8; }

// Walks the chain (2); returns the offset of the one blockette 1000.
std::size_t find_blockette_1000(const Record& r, std::size_t data_offset) {
  std::size_t found = 0;
  std::size_t at = r.u16(46);
  for (int n_blockettes = 1; at != 0; ++n_blockettes) {
    r.require(n_blockettes <= 8, at, "blockettes", static_cast<std::size_t>(n_blockettes), "must be at most 8");
    r.require(at >= miniseed_header_size && at + 8 <= data_offset, 46, "blockette offset", at,
              "must lie between the header (48) and the data (" + std::to_string(data_offset) + ")");
    const unsigned type = r.u16(at);
    r.require(type == 100 || type == 1000 || type == 1001, at, "blockette type", type, "must be 100, 1000 or 1001");
    const std::size_t end = at + blockette_size(type);
    r.require(end <= data_offset, at, "blockette end", end, "must not pass the data offset");
    if (type == 1000) {
      r.require(found == 0, at, "blockette 1000", "second", "must occur once");
      found = at;
    }
    const std::size_t next = r.u16(at + 2);
    r.require(next == 0 || next >= end, at + 2, "next blockette", next, "must lie behind this one");
    at = next;
  }
  r.require(found != 0, 46, "blockette 1000", "absent", "must occur once");
  return found;
}

MiniseedEncoding check_encoding(const Record& r, std::size_t at) {
  const unsigned code = r.u8(at);
  const bool known = code == 1 || code == 3 || code == 4 || code == 5 || code == 10 || code == 11;
  r.require(known, at, "encoding", code, "must be 1, 3, 4, 5 (numbers), 10 or 11 (Steim)");
  return static_cast<MiniseedEncoding>(code);
}

// Equations (4) and (5).
std::size_t most_samples(MiniseedEncoding encoding, std::size_t room) {
  switch (encoding) {
    case MiniseedEncoding::int16:
      return room / 2;
    case MiniseedEncoding::int32:
    case MiniseedEncoding::float32:
      return room / 4;
    case MiniseedEncoding::float64:
      return room / 8;
    case MiniseedEncoding::steim1:
      return room / frame_size * 60;
    case MiniseedEncoding::steim2:
      return room / frame_size * 105;
  }
  return 0;
}

}  // namespace

MiniseedLayout check_miniseed_record(std::string_view file, std::size_t offset, const std::string& source) {
  Record r(file, offset, source);
  r.require(r.room() >= miniseed_header_size, 0, "bytes left", r.room(), "a record header has 48 bytes");
  check_identification(r);
  check_time(r);

  MiniseedLayout layout;
  layout.data_offset = r.u16(44);
  r.require(layout.data_offset >= miniseed_header_size && layout.data_offset % 4 == 0, 44, "data offset",
            layout.data_offset, "must be at least 48 and a multiple of 4");
  r.require(layout.data_offset <= r.room(), 44, "data offset", layout.data_offset, "must lie inside the file");
  const std::size_t b1000 = find_blockette_1000(r, layout.data_offset);

  const unsigned exponent = r.u8(b1000 + 6);
  r.require(exponent >= 7 && exponent <= 16, b1000 + 6, "record length exponent", exponent, "must be 7-16");
  layout.length = std::size_t{1} << exponent;
  r.require(layout.length <= r.room(), b1000 + 6, "record length", layout.length,
            "must not pass the end of the file (" + std::to_string(r.room()) + " bytes left)");
  r.require(layout.data_offset < layout.length, 44, "data offset", layout.data_offset, "must lie inside the record");

  layout.encoding = check_encoding(r, b1000 + 4);
  r.require(r.u8(b1000 + 5) <= 1, b1000 + 5, "data byte order", r.u8(b1000 + 5), "must be 0 or 1");
  layout.data_big_endian = r.u8(b1000 + 5) == 1;
  layout.n_samples = r.u16(30);
  const bool steim = layout.encoding == MiniseedEncoding::steim1 || layout.encoding == MiniseedEncoding::steim2;
  r.require(!steim || layout.data_offset >= frame_size, 44, "data offset", layout.data_offset,
            "must be at least 64 for Steim");
  const std::size_t most = most_samples(layout.encoding, layout.length - layout.data_offset);
  r.require(layout.n_samples <= most, 30, "samples", layout.n_samples,
            "at most " + std::to_string(most) + " fit the record");
  return layout;
}

}  // namespace data
