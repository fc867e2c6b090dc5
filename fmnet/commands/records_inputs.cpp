#include "fmnet/commands/records_inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <vector>

#include "data/records/miniseed_guard.h"
#include "data/records/sac.h"
#include "data/records/sacpz.h"
#include "fmnet/manifest.h"
#include "propagator/errors.h"

namespace fmnet {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t enough_to_know_a_kind = 1 << 20;

bool is_named_like_a_record(const fs::path& path) {
  std::string extension = path.extension().string();
  for (char& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const std::vector<std::string> known = {".xml", ".mseed", ".miniseed", ".ms", ".sac", ".pz", ".sacpz"};
  return std::find(known.begin(), known.end(), extension) != known.end();
}

bool begins_like_a_record(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string bytes(enough_to_know_a_kind, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  if (data::looks_like_sac(bytes) || data::looks_like_sacpz(bytes)) return true;
  try {
    data::check_miniseed_record(bytes, 0, "");
    return true;
  } catch (const propagator::InputError&) {
    return false;
  }
}

}  // namespace

std::string records_inputs(const std::string& path) {
  if (!fs::is_directory(path)) return file_sha256(path);
  std::vector<std::string> lines;
  for (const char* part : {"", "waveforms", "stations"}) {
    const fs::path folder = fs::path(path) / part;
    if (!fs::is_directory(folder)) continue;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
      if (!entry.is_regular_file()) continue;
      if (!is_named_like_a_record(entry.path()) && !begins_like_a_record(entry.path())) continue;
      lines.push_back(entry.path().lexically_relative(path).string() + " " + file_sha256(entry.path().string()));
    }
  }
  std::sort(lines.begin(), lines.end());
  return fmt::format("{}", fmt::join(lines, "\n"));
}

}  // namespace fmnet
