// A file that grows block by block while something long is computed, so that what is finished outlives an interruption. What a
// block is, and how a whole one is told from half of one, is its owner's affair.
#pragma once

#include <cstdint>
#include <string>

namespace data {

class GrowingFile {
 public:
  enum class Mode { read, grow };  // grow: made where it does not exist

  // Throws propagator::InputError (read) or propagator::OutputError (grow) where it cannot be opened.
  GrowingFile(const std::string& path, Mode mode);
  ~GrowingFile();
  GrowingFile(const GrowingFile&) = delete;
  GrowingFile& operator=(const GrowingFile&) = delete;

  // Whether as many bytes could be read.
  bool read_all(void* to, std::size_t n) const;
  // Reads as many bytes as `expected` has: are they these?
  bool goes_on_with(const std::string& expected) const;

  // Throw propagator::OutputError.
  void write_all(const void* from, std::size_t n) const;
  void cut_behind(std::uint64_t n_bytes) const;  // and goes on there
  void synchronize() const;

  std::uint64_t size_bytes() const;

 private:
  [[noreturn]] void fail(const std::string& step) const;

  std::string path_;
  int descriptor_;
};

// The bytes of a number behind `bytes`.
template <class T>
void append_bytes(std::string& bytes, const T& value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

}  // namespace data
