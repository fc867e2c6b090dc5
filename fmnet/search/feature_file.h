// The encoder's features of the training set as one file: 787,320 x 128 numbers, 403 MB for the whole grid.
//
//   8 bytes   "FMNETFEA"
//   4 bytes   format version, little-endian
//   4 bytes   size H of the header, little-endian
//   H bytes   JSON: what the features were made from, the number of blocks, the samples of a block, the features of a sample
//   for each block:  samples x features float32, little-endian; 32 bytes SHA-256 of header, block number and these values
//
// A block holds the mechanisms of one place, so that the file can grow block by block: making it again goes on behind the last
// block that is whole. A file whose header says something else is begun anew; a block that is damaged, and all behind it, are
// made again. Readers refuse a file that lacks a block.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace fmnet {

struct FeatureLayout {
  std::string made_from;  // anything that tells inputs apart
  std::int64_t n_blocks = 0, samples_per_block = 0, features_per_sample = 0;
};

// block(i) gives the values of block i, sample by sample; called in order for those that are missing. `progress` is told the
// number of blocks that are there, before the first and after each. Returns false where `stop` said so between two blocks:
// the next call goes on from there. Throws OutputError.
bool make_feature_file(const std::string& path, const FeatureLayout& layout,
                       const std::function<std::vector<float>(std::int64_t)>& block,
                       const std::function<void(std::int64_t)>& progress, const std::function<bool()>& stop);

// All values, sample by sample. InputError where the file is damaged, not complete, or was made from something else.
std::vector<float> read_feature_file(const std::string& path, const FeatureLayout& layout);

}  // namespace fmnet
