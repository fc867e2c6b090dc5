#include "fmnet/manifest.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>

#include "data/atomic_file.h"
#include "data/checksum.h"
#include "data/directory.h"
#include "fmnet/version.h"
#include "propagator/errors.h"

namespace fmnet {
namespace {

using nlohmann::json;

constexpr std::uint64_t max_manifest_bytes = 16ull << 20;

// The command that makes the file, known by its usual name; empty for names that tell nothing.
std::string maker_of(const std::string& path) {
  const std::string name = std::filesystem::path(path).filename().string();
  if (name.ends_with(".safetensors") || name == "training_log.tsv") return "train";
  if (name == "prediction.json") return "predict";
  if (name == "learning_rates.tsv") return "learning_rates";
  for (const char* made : {"evaluation_", "search_agreement", "search_", "greens", "features"}) {
    if (!name.starts_with(made)) continue;
    return made == std::string("evaluation_") ? "evaluate" : made == std::string("search_") ? "search" : made;
  }
  return "";
}

[[noreturn]] void refuse_unreadable(const std::string& path) {
  const std::string maker = maker_of(path);
  try {
    data::read_file_start(path, 0);
  } catch (const propagator::InputError& error) {
    if (maker.empty() || std::filesystem::exists(path)) throw;
    throw propagator::InputError(error.what(), "", "", "", "`fmnet " + maker + "` makes it");
  }
  throw propagator::InputError(path, "", "", "", "cannot be read");
}

// Held while one of the two files is read, changed and written, so that of two programs in one folder neither loses what the other
// wrote. On file systems without locks it does nothing.
class FolderLock {
 public:
  explicit FolderLock(const std::string& directory)
      : descriptor_(::open(directory.empty() ? "." : directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (descriptor_ >= 0) ::flock(descriptor_, LOCK_EX);
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

 private:
  int descriptor_;
};

std::string in(const std::string& directory, const std::string& file) {
  return (std::filesystem::path(directory) / file).string();
}

// An object that `fits`; an empty one where the file does not exist.
json read_object(const std::string& path, bool (*fits)(const json&)) {
  if (!std::filesystem::exists(path)) return json::object();
  const json object = json::parse(data::read_whole_file(path, max_manifest_bytes), nullptr, false);
  if (!object.is_object() || !fits(object)) {
    throw propagator::InputError(path, "", "", "", "is not what the steps write: delete it, then they run again");
  }
  return object;
}

bool all_of(const json& object, bool (*fits)(const json&)) {
  return object.is_object() && std::all_of(object.begin(), object.end(), fits);
}

bool is_text(const json& value) { return value.is_string(); }

bool is_recorded_step(const json& step) {
  return step.is_object() && is_text(step.value("key", json())) && all_of(step.value("outputs", json()), is_text);
}

bool is_manifest(const json& object) { return all_of(object.value("steps", json::object()), is_recorded_step); }

bool are_sections(const json& object) {
  return all_of(object, [](const json& section) { return section.is_structured(); });
}

// A name as the manifest holds it.
std::string written_name(const std::string& name) { return json::parse(json_text(name)).get<std::string>(); }

json described_machine() {
  const BuildAndMachine machine = build_and_machine();
  return {{"processor", machine.processor}, {"threads", machine.n_threads}};
}

json described_program() {
  const BuildAndMachine build = build_and_machine();
  return {{"version", version},
          {"source", build.source},
          {"compiler", build.compiler},
          {"network_scalar", build.real},
          {"instructions", build.instructions}};
}

}  // namespace

std::string json_text(const json& value, int indent) {
  return value.dump(indent, ' ', false, json::error_handler_t::replace);
}

std::string step_of_file(const std::string& what, const std::string& path) {
  const std::string file = std::filesystem::path(path).filename().string();
  return file == what + ".bin" ? what : what + " " + file;
}

std::string step_key(const std::vector<std::pair<std::string, std::string>>& named_inputs) {
  std::string text;
  for (const auto& [name, content] : named_inputs) {
    text += fmt::format("{}:{} {}:{}\n", name.size(), name, content.size(), content);
  }
  return data::sha256_hex(text);
}

std::string file_sha256(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!std::filesystem::is_regular_file(path) || !file) refuse_unreadable(path);
  const std::string digest = data::sha256_hex_of(file);
  if (file.bad()) throw propagator::InputError(path, "", "", "", "cannot be read to its end");
  return digest;
}

std::string program_sha256() { return file_sha256("/proc/self/exe"); }

bool is_up_to_date(const std::string& directory, const Step& step) {
  const json manifest = read_manifest(directory);
  const json known = manifest.value("steps", json::object()).value(written_name(step.name), json::object());
  if (known.value("key", "") != step.key) return false;
  const json hashes = known.value("outputs", json::object());
  for (const std::string& output : step.outputs) {
    if (!std::filesystem::is_regular_file(in(directory, output))) return false;
    if (hashes.value(written_name(output), "") != file_sha256(in(directory, output))) return false;
  }
  if (step.metrics.empty()) return true;
  const json metrics = read_metrics(directory);
  return std::all_of(step.metrics.begin(), step.metrics.end(),
                     [&](const std::string& pointer) { return metrics.contains(json::json_pointer(pointer)); });
}

void record_step(const std::string& directory, const Step& step, const std::string& command, double wall_s) {
  json outputs = json::object();
  for (const std::string& output : step.outputs) outputs[written_name(output)] = file_sha256(in(directory, output));
  const FolderLock lock(directory);
  json manifest = read_manifest(directory);
  manifest["format"] = 1;
  manifest["program"] = described_program();
  manifest["machine"] = described_machine();
  manifest["steps"][written_name(step.name)] = {
      {"key", step.key}, {"command", command}, {"wall_s", wall_s}, {"outputs", outputs}};
  data::write_file_atomically(in(directory, "manifest.json"), json_text(manifest) + "\n");
}

StepEnd run_step(const std::string& directory, const Step& step, const StepMode& mode,
                 const std::function<bool()>& work) {
  if (is_up_to_date(directory, step)) return StepEnd::up_to_date;
  if (mode.check_only) return StepEnd::needed;
  data::make_directory(directory);
  const auto start = std::chrono::steady_clock::now();
  if (!work()) return StepEnd::interrupted;
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  record_step(directory, step, mode.command, wall.count());
  return StepEnd::done;
}

json read_manifest(const std::string& directory) { return read_object(in(directory, "manifest.json"), is_manifest); }

json read_metrics(const std::string& directory) { return read_object(in(directory, "metrics.json"), are_sections); }

void change_metrics(const std::string& directory, const std::string& section,
                    const std::function<void(json& values)>& change) {
  data::make_directory(directory);
  const FolderLock lock(directory);
  json metrics = read_metrics(directory);
  change(metrics[section]);
  data::write_file_atomically(in(directory, "metrics.json"), json_text(metrics) + "\n");
}

void write_metrics(const std::string& directory, const std::string& section, const json& values) {
  change_metrics(directory, section, [&values](json& former) { former = values; });
}

}  // namespace fmnet
