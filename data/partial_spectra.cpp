#include "data/partial_spectra.h"

#include <array>
#include <bit>
#include <filesystem>

#include "data/checksum.h"
#include "data/growing_file.h"

namespace data {
namespace {

static_assert(std::endian::native == std::endian::little, "the file holds the bytes of this machine's numbers");

constexpr std::uint32_t partial_format_version = 1;
constexpr std::size_t most_waiting_bytes = std::size_t{256} << 20;

using Shape = std::array<std::int64_t, 4>;  // group, chunk, rows, columns

std::size_t value_bytes(const Shape& shape) {
  return static_cast<std::size_t>(shape[2]) * static_cast<std::size_t>(shape[3]) * sizeof(std::complex<double>);
}

std::string digest(const std::string& beginning, const Shape& shape, const Eigen::ArrayXXcd& values) {
  std::string key = beginning;
  append_bytes(key, shape);
  key += sha256_bytes({reinterpret_cast<const char*>(values.data()), value_bytes(shape)});
  return sha256_bytes(key);
}

}  // namespace

PartialSpectra::PartialSpectra(std::string path, const std::string& made_from, double wait_s)
    : path_(std::move(path)), beginning_("FMNETSPE"), wait_s_(wait_s), last_writing_(std::chrono::steady_clock::now()) {
  append_bytes(beginning_, partial_format_version);
  append_bytes(beginning_, static_cast<std::uint32_t>(made_from.size()));
  beginning_ += made_from;
  if (std::filesystem::exists(path_)) take_up();
}

void PartialSpectra::take_up() {
  const GrowingFile file(path_, GrowingFile::Mode::read);
  const std::uint64_t size = file.size_bytes();
  if (!file.goes_on_with(beginning_)) return;
  end_bytes_ = beginning_.size();
  Shape shape;
  while (file.read_all(shape.data(), sizeof shape)) {
    // A damaged size must not take memory that the file cannot fill.
    const double bytes = static_cast<double>(shape[2]) * static_cast<double>(shape[3]) * sizeof(std::complex<double>);
    if (shape[2] < 1 || shape[3] < 1 || bytes > static_cast<double>(size)) return;
    Eigen::ArrayXXcd values(shape[2], shape[3]);
    if (!file.read_all(values.data(), value_bytes(shape))) return;
    if (!file.goes_on_with(digest(beginning_, shape, values))) return;
    end_bytes_ += sizeof shape + value_bytes(shape) + sha256_size_bytes;
    taken_up_[{shape[0], shape[1]}] = std::move(values);
  }
}

propagator::ChunkKeeper PartialSpectra::keeper(int group, std::function<bool()> stop) {
  return {[this, group](int chunk, Eigen::ArrayXXcd& sums) {
            return fetch({group, chunk}, sums);
          },
          [this, group](int chunk, const Eigen::ArrayXXcd& sums) {
            keep({group, chunk}, sums);
          },
          std::move(stop)};
}

bool PartialSpectra::fetch(const Key& key, Eigen::ArrayXXcd& sums) {
  const std::lock_guard lock(mutex_);
  const auto found = taken_up_.find(key);
  if (found == taken_up_.end()) return false;
  sums = std::move(found->second);
  taken_up_.erase(found);
  return true;
}

void PartialSpectra::keep(const Key& key, const Eigen::ArrayXXcd& sums) {
  const Shape shape = {key.first, key.second, sums.rows(), sums.cols()};
  const std::string last = digest(beginning_, shape, sums);
  const std::lock_guard lock(mutex_);
  append_bytes(waiting_, shape);
  waiting_.append(reinterpret_cast<const char*>(sums.data()), value_bytes(shape));
  waiting_ += last;
  const std::chrono::duration<double> since = std::chrono::steady_clock::now() - last_writing_;
  if (since.count() >= wait_s_ || waiting_.size() > most_waiting_bytes) write_waiting();
}

void PartialSpectra::flush() {
  const std::lock_guard lock(mutex_);
  write_waiting();
}

void PartialSpectra::write_waiting() {
  if (waiting_.empty()) return;
  const GrowingFile file(path_, GrowingFile::Mode::grow);
  file.cut_behind(end_bytes_);
  const bool is_begun = end_bytes_ > 0;
  if (!is_begun) file.write_all(beginning_.data(), beginning_.size());
  file.write_all(waiting_.data(), waiting_.size());
  file.synchronize();
  end_bytes_ += (is_begun ? 0 : beginning_.size()) + waiting_.size();
  waiting_.clear();
  last_writing_ = std::chrono::steady_clock::now();
}

void PartialSpectra::remove() {
  std::error_code ignored;
  std::filesystem::remove(path_, ignored);
}

}  // namespace data
