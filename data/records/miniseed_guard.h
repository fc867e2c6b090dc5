// What a miniSEED 2 record must look like before a decoder may see it.
//
// A record is (SEED 2.4 manual, chapter 8)
//
//   bytes  0-47   fixed header: sequence, quality, codes, start time, number of samples, rate, offsets        (1)
//   bytes 48-     a chain of blockettes, each naming the offset of the next                                    (2)
//   data offset - record length: the samples                                                                   (3)
//
// Numbers are big or little endian; the order is the one in which the year is 1900-2100 and the day 1-366. Blockette 1000
// tells the encoding, the byte order of the data and the record length 2^k.
//
// Decoders of miniSEED trust these fields, so that a forged offset or sample count makes them read outside the record.
// Every field that a decoder uses is therefore checked here first: the codes are printable, the chain is short, grows and
// stays inside the bytes before the data, the blockette types are 100, 1000 and 1001 with exactly one 1000, the record ends
// inside the file, and the sample count fits the bytes:
//
//   int16 2 n <= room,  int32 and float32 4 n <= room,  float64 8 n <= room,                                   (4)
//   Steim-1 n <= 60 frames, Steim-2 n <= 105 frames (frame = 64 bytes; 15 words of at most 4 or 7 differences). (5)
//
// Refused on purpose: text, GEOSCOPE, SRO, CDSN and DWWSSN encodings, event blockettes, records without blockette 1000, day 366 of
// a year of 365.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace data {

enum class MiniseedEncoding { int16 = 1, int32 = 3, float32 = 4, float64 = 5, steim1 = 10, steim2 = 11 };

struct MiniseedLayout {
  std::size_t length = 0;       // bytes of the whole record
  std::size_t data_offset = 0;  // first byte of the samples, from the start of the record
  std::size_t n_samples = 0;
  MiniseedEncoding encoding = MiniseedEncoding::steim2;
  bool data_big_endian = true;
};

// Checks the record that starts at `offset` of the file's bytes. Throws propagator::InputError that names the byte in the
// file, the field, its value and the rule.
MiniseedLayout check_miniseed_record(std::string_view file, std::size_t offset, const std::string& source);

}  // namespace data
