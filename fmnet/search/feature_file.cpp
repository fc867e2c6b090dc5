#include "fmnet/search/feature_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "data/checksum.h"
#include "propagator/errors.h"

namespace fmnet {
namespace {

static_assert(std::endian::native == std::endian::little, "the file holds the bytes of this machine's numbers");

constexpr std::uint32_t format_version = 1;
constexpr const char* how_to_make = "make it with `fmnet features`";

template <class T>
void append(std::string& bytes, T value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

std::string beginning(const FeatureLayout& layout) {
  const std::string header = nlohmann::json{{"made_from", layout.made_from},
                                            {"blocks", layout.n_blocks},
                                            {"samples_per_block", layout.samples_per_block},
                                            {"features_per_sample", layout.features_per_sample}}
                                 .dump();
  std::string bytes = "FMNETFEA";
  append(bytes, format_version);
  append(bytes, static_cast<std::uint32_t>(header.size()));
  return bytes + header;
}

std::size_t values_per_block(const FeatureLayout& layout) {
  if (layout.n_blocks < 1 || layout.samples_per_block < 1 || layout.features_per_sample < 1) {
    throw std::invalid_argument(fmt::format("FeatureLayout: {} blocks of {} samples of {} features: expected 1 or more",
                                            layout.n_blocks, layout.samples_per_block, layout.features_per_sample));
  }
  return static_cast<std::size_t>(layout.samples_per_block * layout.features_per_sample);
}

std::string block_digest(const std::string& beginning, std::int64_t number, const float* values, std::size_t n) {
  std::string key = beginning;
  append(key, number);
  key += data::sha256_bytes({reinterpret_cast<const char*>(values), n * sizeof(float)});
  return data::sha256_bytes(key);
}

// A file that is read and written at its end, closed in any case.
class File {
 public:
  File(const std::string& path, int flags) : path_(path), descriptor_(open(path.c_str(), flags | O_CLOEXEC, 0666)) {}
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool is_open() const { return descriptor_ >= 0; }

  // Whether as many bytes could be read.
  bool read_all(void* to, std::size_t n) const {
    auto* next = static_cast<char*>(to);
    while (n > 0) {
      const ssize_t got = ::read(descriptor_, next, n);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return false;
      next += got;
      n -= static_cast<std::size_t>(got);
    }
    return true;
  }

  void write_all(const void* from, std::size_t n) const {
    const auto* next = static_cast<const char*>(from);
    while (n > 0) {
      const ssize_t put = ::write(descriptor_, next, n);
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) fail("writing");
      next += put;
      n -= static_cast<std::size_t>(put);
    }
  }

  void cut_behind(std::uint64_t n_bytes) const {
    if (ftruncate(descriptor_, static_cast<off_t>(n_bytes)) != 0) fail("cutting");
    if (lseek(descriptor_, static_cast<off_t>(n_bytes), SEEK_SET) < 0) fail("seeking");
  }

  void synchronize() const {
    if (fsync(descriptor_) != 0) fail("synchronizing");
  }

  [[noreturn]] void fail(const std::string& step) const {
    throw propagator::OutputError(path_, step, std::strerror(errno));
  }

 private:
  std::string path_;
  int descriptor_;
};

bool begins_with(const File& file, const std::string& expected) {
  std::string found(expected.size(), '\0');
  return file.read_all(found.data(), found.size()) && found == expected;
}

// Reads the next block; false where it is not there or damaged.
bool read_block(const File& file, const std::string& beginning, std::int64_t number, float* to, std::size_t n) {
  std::string digest(data::sha256_size_bytes, '\0');
  return file.read_all(to, n * sizeof(float)) && file.read_all(digest.data(), digest.size()) &&
         digest == block_digest(beginning, number, to, n);
}

// The blocks that are whole; the file ends behind them afterwards.
std::int64_t whole_blocks(const File& file, const FeatureLayout& layout) {
  const std::string start = beginning(layout);
  std::int64_t n_whole = 0;
  if (begins_with(file, start)) {
    std::vector<float> values(values_per_block(layout));
    while (n_whole < layout.n_blocks && read_block(file, start, n_whole, values.data(), values.size())) ++n_whole;
  } else {
    file.cut_behind(0);
    file.write_all(start.data(), start.size());
  }
  const std::uint64_t block_bytes = values_per_block(layout) * sizeof(float) + data::sha256_size_bytes;
  file.cut_behind(start.size() + static_cast<std::uint64_t>(n_whole) * block_bytes);
  return n_whole;
}

}  // namespace

bool make_feature_file(const std::string& path, const FeatureLayout& layout,
                       const std::function<std::vector<float>(std::int64_t)>& block,
                       const std::function<void(std::int64_t)>& progress, const std::function<bool()>& stop) {
  const std::string start = beginning(layout);
  const File file(path, O_RDWR | O_CREAT);
  if (!file.is_open()) file.fail("opening");
  std::int64_t n_done = whole_blocks(file, layout);
  progress(n_done);
  for (; n_done < layout.n_blocks; progress(++n_done)) {
    if (stop()) {
      file.synchronize();
      return false;
    }
    const std::vector<float> values = block(n_done);
    if (values.size() != values_per_block(layout)) {
      throw std::invalid_argument(fmt::format("make_feature_file: block {} has {} values: expected {}", n_done,
                                              values.size(), values_per_block(layout)));
    }
    const std::string digest = block_digest(start, n_done, values.data(), values.size());
    file.write_all(values.data(), values.size() * sizeof(float));
    file.write_all(digest.data(), digest.size());
  }
  file.synchronize();
  return true;
}

std::vector<float> read_feature_file(const std::string& path, const FeatureLayout& layout) {
  const std::string start = beginning(layout);
  const std::size_t n = values_per_block(layout);
  const File file(path, O_RDONLY);
  if (!file.is_open())
    throw propagator::InputError(path, "", "", "",
                                 std::string("cannot open: ") + std::strerror(errno) + "; " + how_to_make);
  if (!begins_with(file, start)) {
    throw propagator::InputError(path, "header", "", "",
                                 std::string("not the features of these samples and weights; ") + how_to_make);
  }
  std::vector<float> values(n * static_cast<std::size_t>(layout.n_blocks));
  for (std::int64_t i = 0; i < layout.n_blocks; ++i) {
    if (!read_block(file, start, i, values.data() + static_cast<std::size_t>(i) * n, n)) {
      throw propagator::InputError(path, fmt::format("block {}", i), "", "",
                                   fmt::format("damaged or not there, of {} blocks; {}", layout.n_blocks, how_to_make));
    }
  }
  return values;
}

}  // namespace fmnet
