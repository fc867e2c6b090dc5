// miniSEED records of 32-bit integers, put together byte by byte from the manual's table: an independent route to what the
// reader must return, and the sound original of every bad record in the tests.
//
// 512 bytes a record: fixed header 0-47, blockette 1000 at 48, samples from 64 (112 of them), all big endian.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <string>

#include "data/trace.h"

namespace support {

inline void put_big_endian(std::string& bytes, std::size_t at, std::uint32_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) bytes[at + i] = static_cast<char>(value >> (8 * (size - 1 - i)) & 0xff);
}

// Samples [first, first + n) of the trace, n <= 112; the rate must be a whole number of samples per second.
inline std::string miniseed_record(const data::Trace& trace, Eigen::Index first, Eigen::Index n) {
  using namespace std::chrono;
  std::string bytes(512, '\0');
  const auto text = [&bytes](std::size_t at, std::string value, std::size_t size) {
    value.resize(size, ' ');
    bytes.replace(at, size, value);
  };
  text(0, "000001D ", 8);
  text(8, trace.station, 5);
  text(13, trace.location, 2);
  text(15, trace.channel, 3);
  text(18, trace.network, 2);
  const sys_time<nanoseconds> start{nanoseconds{data::sample_time_ns(trace, static_cast<double>(first))}};
  const auto day = floor<days>(start);
  const year_month_day date{day};
  const auto tenths_ms = static_cast<std::uint32_t>((start - day).count() / 100'000);
  put_big_endian(bytes, 20, static_cast<std::uint32_t>(static_cast<int>(date.year())), 2);
  put_big_endian(bytes, 22, static_cast<std::uint32_t>((day - sys_days(date.year() / January / 1)).count() + 1), 2);
  put_big_endian(bytes, 24, tenths_ms / 36'000'000, 1);
  put_big_endian(bytes, 25, tenths_ms / 600'000 % 60, 1);
  put_big_endian(bytes, 26, tenths_ms / 10'000 % 60, 1);
  put_big_endian(bytes, 28, tenths_ms % 10'000, 2);
  put_big_endian(bytes, 30, static_cast<std::uint32_t>(n), 2);
  put_big_endian(bytes, 32, static_cast<std::uint32_t>(std::lround(1.0 / trace.dt_s)), 2);
  put_big_endian(bytes, 34, 1, 2);
  put_big_endian(bytes, 39, 1, 1);
  put_big_endian(bytes, 44, 64, 2);
  put_big_endian(bytes, 46, 48, 2);
  put_big_endian(bytes, 48, 1000, 2);
  put_big_endian(bytes, 52, 3, 1);  // int32
  put_big_endian(bytes, 53, 1, 1);  // big endian
  put_big_endian(bytes, 54, 9, 1);  // 2^9 bytes
  for (Eigen::Index i = 0; i < n; ++i) {
    const auto value = static_cast<std::int32_t>(std::lround(trace.samples[first + i]));
    put_big_endian(bytes, 64 + 4 * static_cast<std::size_t>(i), static_cast<std::uint32_t>(value), 4);
  }
  return bytes;
}

inline std::string miniseed_file(const data::Trace& trace) {
  std::string bytes;
  for (Eigen::Index first = 0; first < trace.samples.size(); first += 112) {
    bytes += miniseed_record(trace, first, std::min<Eigen::Index>(112, trace.samples.size() - first));
  }
  return bytes;
}

}  // namespace support
