// SHA-256 (FIPS 180-4), the checksum in which this project's own binary files end, and by which it names files and settings.
//
// A file that ends in the SHA-256 of all bytes before it cannot change by one bit unnoticed, nor be cut short.
// The computation is OpenSSL's (libcrypto); about 0.4 to 2 GB/s.
#pragma once

#include <istream>
#include <string>
#include <string_view>

namespace data {

inline constexpr int sha256_size_bytes = 32;

// The 32 bytes of the digest.
std::string sha256_bytes(std::string_view bytes);

// The digest as 64 lower-case hexadecimal digits, as `sha256sum` prints it.
std::string sha256_hex(std::string_view bytes);

// The same of all that a stream still holds, a megabyte in memory at a time. What the stream could not give is not in it: ask bad().
std::string sha256_hex_of(std::istream& stream);

}  // namespace data
