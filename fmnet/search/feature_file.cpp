#include "fmnet/search/feature_file.h"

#include <fmt/format.h>

#include <bit>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "data/checksum.h"
#include "data/growing_file.h"
#include "propagator/errors.h"

namespace fmnet {
namespace {

using data::GrowingFile;

static_assert(std::endian::native == std::endian::little, "the file holds the bytes of this machine's numbers");

constexpr std::uint32_t format_version = 1;
constexpr const char* how_to_make = "make it with `fmnet features`";

std::string beginning(const FeatureLayout& layout) {
  const std::string header = nlohmann::json{{"made_from", layout.made_from},
                                            {"blocks", layout.n_blocks},
                                            {"samples_per_block", layout.samples_per_block},
                                            {"features_per_sample", layout.features_per_sample}}
                                 .dump();
  std::string bytes = "FMNETFEA";
  data::append_bytes(bytes, format_version);
  data::append_bytes(bytes, static_cast<std::uint32_t>(header.size()));
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
  data::append_bytes(key, number);
  key += data::sha256_bytes({reinterpret_cast<const char*>(values), n * sizeof(float)});
  return data::sha256_bytes(key);
}

// Reads the next block; false where it is not there or damaged.
bool read_block(const GrowingFile& file, const std::string& beginning, std::int64_t number, float* to, std::size_t n) {
  return file.read_all(to, n * sizeof(float)) && file.goes_on_with(block_digest(beginning, number, to, n));
}

// The blocks that are whole; the file ends behind them afterwards.
std::int64_t whole_blocks(const GrowingFile& file, const FeatureLayout& layout) {
  const std::string start = beginning(layout);
  std::int64_t n_whole = 0;
  if (file.goes_on_with(start)) {
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
  const GrowingFile file(path, GrowingFile::Mode::grow);
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
  const GrowingFile file = [&path] {
    try {
      return GrowingFile(path, GrowingFile::Mode::read);
    } catch (const propagator::InputError& error) {
      throw propagator::InputError(error.what(), "", "", "", how_to_make);
    }
  }();
  if (!file.goes_on_with(start)) {
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
