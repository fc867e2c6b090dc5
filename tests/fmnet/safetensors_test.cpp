#include "fmnet/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "data/checksum.h"
#include "propagator/errors.h"
#include "tests/support/error_of.h"
#include "tests/support/input_error.h"

namespace {

using fmnet::Safetensors;
using propagator::InputError;

Safetensors example() {
  return {{{"format", "test"}, {"note", "two \"words\"\nand a line"}},
          {{"a", {2, 3}, fmnet::StoredType::f32, {1.0, 2.0, 3.0, 4.0, 5.0, 0.1f}},
           {"b", {1}, fmnet::StoredType::f64, {0.1}}}};
}

// A file with this header and payload and a right checksum.
std::string file(const std::string& rest_of_header, const std::string& payload) {
  std::string header = R"({"__metadata__":{"checksum":")" + std::string(64, '0') + "\"" + rest_of_header;
  const std::uint64_t length = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  bytes += header + payload;
  return bytes.replace(8 + 29, 64, data::sha256_hex(bytes));
}

std::string error(const std::string& bytes) {
  return support::input_error([&] { fmnet::parse_safetensors(bytes, "f"); });
}

TEST(Safetensors, ContentComesBackToTheBit) {
  const Safetensors back = fmnet::parse_safetensors(fmnet::safetensors_bytes(example()), "f");
  EXPECT_EQ(back.metadata, example().metadata);
  ASSERT_EQ(back.arrays.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(back.arrays[i].name, example().arrays[i].name);
    EXPECT_EQ(back.arrays[i].shape, example().arrays[i].shape);
    EXPECT_EQ(back.arrays[i].values, example().arrays[i].values);
  }
}

TEST(Safetensors, EverySingleFlippedBitIsNoticed) {
  const std::string whole = fmnet::safetensors_bytes(example());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = whole;
      damaged[i] = static_cast<char>(damaged[i] ^ (1 << bit));
      EXPECT_NE(error(damaged), "no error") << "byte " << i << " bit " << bit;
    }
  }
}

TEST(Safetensors, EveryTruncationIsNoticed) {
  const std::string whole = fmnet::safetensors_bytes(example());
  for (std::size_t n = 0; n < whole.size(); ++n) EXPECT_NE(error(whole.substr(0, n)), "no error") << n;
  EXPECT_NE(error(whole + " "), "no error");
}

TEST(Safetensors, AWellMadeFileByHandIsRead) {
  EXPECT_EQ(error(file(R"(},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", std::string(4, '\0'))),
            "no error");
}

TEST(Safetensors, RefusesGapsOverlapsAndBytesLeftOver) {
  EXPECT_EQ(error(file(R"(},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", std::string(8, '\0'))),
            "f: a: data_offsets = [4,8]: must be [0,4]");
  EXPECT_THAT(error(file(R"(},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", std::string(8, '\0'))),
              testing::MatchesRegex("f: size = [0-9]+ bytes: the arrays end at [0-9]+"));
}

TEST(Safetensors, RefusesSizesThatTheFileDoesNotHold) {
  EXPECT_EQ(error(file(R"(},"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}})", "1234")),
            "f: a: shape = [4294967296,4294967296]: must hold 1 to 1 values");
  EXPECT_EQ(error(file(R"(},"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", "1234")),
            "f: a: shape = [-1]: must be a list of at most 8 whole numbers");
}

TEST(Safetensors, RefusesAnotherTypeAndANameThatComesTwice) {
  EXPECT_EQ(error(file(R"(},"a":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}})", "1234")),
            "f: a: dtype = \"I32\": must be \"F32\" or \"F64\"");
  EXPECT_EQ(error(file(R"(},"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}})", "1234")),
            "f: header: must be one JSON object with unique names, two levels deep");
}

TEST(Safetensors, RefusesValuesThatAreNotFinite) {
  EXPECT_EQ(error(file(R"(},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
                       std::string({0, 0, 0, 0, 0, 0, '\x80', '\x7f'}))),
            "f: a: value 1 = inf: must be finite");
}

TEST(Safetensors, WritesNoValueThatItWouldNotRead) {
  const auto error_of_value = [](std::size_t array, double value) {
    Safetensors content = example();
    content.arrays[array].values[0] = value;
    return support::error_of<std::runtime_error>([&] { fmnet::safetensors_bytes(content); });
  };
  EXPECT_EQ(error_of_value(0, std::numeric_limits<double>::infinity()),
            "safetensors_bytes: array a: value 0 = inf: must be finite");
  EXPECT_EQ(error_of_value(1, std::numeric_limits<double>::quiet_NaN()),
            "safetensors_bytes: array b: value 0 = nan: must be finite");
  EXPECT_EQ(error_of_value(0, 1e39), "safetensors_bytes: array a: value 0 = 1e+39: must be finite");  // as a float
  EXPECT_EQ(error_of_value(1, 1e39), "no error");
}

TEST(Safetensors, RefusesAHeaderAboveOneMegabyte) {
  std::string bytes(200, 'x');
  const std::uint64_t length = (1 << 20) + 1;
  std::memcpy(bytes.data(), &length, 8);
  EXPECT_EQ(error(bytes), "f: header length = 1048577 bytes: must be at most 1048576");
}

}  // namespace
