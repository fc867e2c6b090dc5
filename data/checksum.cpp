#include "data/checksum.h"

#include <openssl/evp.h>

#include <memory>
#include <stdexcept>

namespace data {
namespace {

constexpr std::size_t bytes_at_once = 1 << 20;

std::string hexadecimal(const std::string& digest) {
  constexpr char digits[] = "0123456789abcdef";
  std::string hex;
  for (const char c : digest) {
    const auto value = static_cast<unsigned char>(c);
    hex += digits[value >> 4];
    hex += digits[value & 15];
  }
  return hex;
}

}  // namespace

std::string sha256_bytes(std::string_view bytes) {
  std::string digest(sha256_size_bytes, '\0');
  unsigned int size = 0;
  const int done = EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(digest.data()), &size,
                              EVP_sha256(), nullptr);
  if (done != 1 || size != sha256_size_bytes) throw std::runtime_error("sha256_bytes: libcrypto has no SHA-256");
  return digest;
}

std::string sha256_hex(std::string_view bytes) { return hexadecimal(sha256_bytes(bytes)); }

std::string sha256_hex_of(std::istream& stream) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  bool done = context && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1;
  std::string block(bytes_at_once, '\0');
  while (done && stream) {
    stream.read(block.data(), static_cast<std::streamsize>(block.size()));
    done = EVP_DigestUpdate(context.get(), block.data(), static_cast<std::size_t>(stream.gcount())) == 1;
  }
  std::string digest(sha256_size_bytes, '\0');
  done = done && EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr) == 1;
  if (!done) throw std::runtime_error("sha256_hex_of: libcrypto has no SHA-256");
  return hexadecimal(digest);
}

}  // namespace data
