// What was done in a folder of results, with which inputs, and whether it has to be done again: manifest.json and
// metrics.json.
//
// A step (greens, train, evaluate, predict, a figure, the report) is up to date when
//
//   * the manifest knows it under the same key, the SHA-256 of everything that it reads, and
//   * each of its output files has the SHA-256 that was written down when the step ended, and
//   * metrics.json has what the step writes into it.
//
// Dates play no part: a copied, unpacked or touched folder stays valid, a changed byte does not.
//
// manifest.json:  {"format": 1, "program": {...}, "machine": {...},
//                  "steps": {"train": {"key": "...", "command": "...", "wall_s": 12.3, "outputs": {"weights.safetensors": "..."}}}}
// metrics.json:   {"training": {...}, "evaluation": {...}, "predictions": {...}}: the numbers of the report, a section a step.
//
// Names and command lines are bytes and need not be UTF-8, as JSON has to be: a byte that is not is written as U+FFFD (json_text),
// and a step is looked for under the name as it is written.
//
// Errors: InputError where one of the two files is damaged (it says to delete it), OutputError where it cannot be written.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace fmnet {

// A value as JSON text in UTF-8, whatever bytes its strings hold; on one line where indent is -1.
std::string json_text(const nlohmann::json& value, int indent = 2);

// SHA-256 over names and contents; two different lists of inputs give different keys.
std::string step_key(const std::vector<std::pair<std::string, std::string>>& named_inputs);

// SHA-256 of a file. InputError where it cannot be read, with the command that makes files of this name where one does.
std::string file_sha256(const std::string& path);

// SHA-256 of the program that runs. The short steps that draw read it as they read their data, so that a changed drawing replaces the
// old one; the long steps go by fmnet/version.h.
std::string program_sha256();

struct Step {
  std::string name;
  std::string key;                        // step_key of everything that it reads
  std::vector<std::string> outputs;       // files, relative to the folder
  std::vector<std::string> metrics = {};  // what it writes into metrics.json: JSON pointers such as /evaluation/on_grid
};

// The name of a step that makes the file at `path`: `what`, or "what FILE" where the file is not called what.bin, so that two
// such files in one folder are two steps.
std::string step_of_file(const std::string& what, const std::string& path);

bool is_up_to_date(const std::string& directory, const Step& step);

// Writes down that the step has ended: hashes its outputs, and says on which machine and with which program.
void record_step(const std::string& directory, const Step& step, const std::string& command, double wall_s);

// What became of a step.
enum class StepEnd { up_to_date, needed, done, interrupted };

struct StepMode {
  bool check_only = false;  // say up_to_date or needed, and do nothing
  std::string command;      // the command line, for the manifest
};

// Unless the step is up to date: makes the folder where it is missing, runs `work`, and records the step with its time. `work`
// returns false where it was interrupted: nothing is recorded then.
StepEnd run_step(const std::string& directory, const Step& step, const StepMode& mode,
                 const std::function<bool()>& work);

// The whole manifest or metrics; an empty object where the file does not exist.
nlohmann::json read_manifest(const std::string& directory);
nlohmann::json read_metrics(const std::string& directory);

// Changes the section of metrics.json with this name (null where there is none yet); other sections stay. Both files are locked from
// reading to writing: programs that work in one folder at a time do not lose each other's entries.
void change_metrics(const std::string& directory, const std::string& section,
                    const std::function<void(nlohmann::json& values)>& change);

// Puts `values` in place of the section.
void write_metrics(const std::string& directory, const std::string& section, const nlohmann::json& values);

}  // namespace fmnet
