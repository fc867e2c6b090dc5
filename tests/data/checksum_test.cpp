#include "data/checksum.h"

#include <gtest/gtest.h>

#include <string>

namespace {

TEST(Checksum, EqualsThePublishedExamples) {
  // FIPS 180-4 examples of one and two blocks, and the empty message.
  EXPECT_EQ(data::sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(data::sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(data::sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Checksum, BytesAndDigitsAreTheSameNumber) {
  const std::string bytes = data::sha256_bytes("abc");
  ASSERT_EQ(bytes.size(), 32U);
  EXPECT_EQ(static_cast<unsigned char>(bytes[0]), 0xba);
  EXPECT_EQ(static_cast<unsigned char>(bytes[31]), 0xad);
}

}  // namespace
