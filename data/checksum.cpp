#include "data/checksum.h"

#include <openssl/evp.h>

#include <stdexcept>

namespace data {

std::string sha256_bytes(std::string_view bytes) {
  std::string digest(sha256_size_bytes, '\0');
  unsigned int size = 0;
  const int done = EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), &size,
                              EVP_sha256(), nullptr);
  if (done != 1 || size != sha256_size_bytes) throw std::runtime_error("sha256_bytes: libcrypto has no SHA-256");
  return digest;
}

std::string sha256_hex(std::string_view bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string hex;
  for (const char c : sha256_bytes(bytes)) {
    const auto value = static_cast<unsigned char>(c);
    hex += digits[value >> 4];
    hex += digits[value & 15];
  }
  return hex;
}

}  // namespace data
