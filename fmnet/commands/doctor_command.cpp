#include "fmnet/commands/doctor_command.h"

#include <fmt/format.h>

#include <cstdlib>
#include <optional>
#include <set>

#include "data/records/record_files.h"
#include "fmnet/predictor.h"
#include "fmnet/run_program.h"
#include "fmnet/version.h"
#include "propagator/errors.h"

namespace fmnet {
namespace {

class Findings {
 public:
  void good(const std::string& what) { list.push_back({false, what}); }
  void problem(const std::string& what) { list.push_back({true, what}); }
  std::vector<Finding> list;
};

void look_at_environment(Findings& findings) {
  const BuildAndMachine b = build_and_machine();
  findings.good(fmt::format("program: {}, {}, {}, {} threads", version, b.real, b.instructions, b.n_threads));
  const ProgramResult gnuplot = run_program({"gnuplot", "--version"}, ".");
  if (gnuplot.exit_status == 0) {
    findings.good("gnuplot: found");
  } else {
    findings.problem("gnuplot: cannot be started; figures need it (Debian package gnuplot-nox)");
  }
  for (const char* name : {"OMP_NUM_THREADS", "OMP_THREAD_LIMIT"}) {
    const char* value = std::getenv(name);
    if (value != nullptr) findings.good(fmt::format("environment: {} = {} limits the threads", name, value));
  }
}

void look_at_records(const Config& config, const DoctorInputs& inputs, Findings& findings) {
  const data::RecordFiles files =
      data::read_record_files(inputs.records_path, inputs.sac_unit, config.records.reading.skip_bad_records);
  std::set<std::string> with_metadata;
  for (const data::ChannelEpoch& epoch : files.epochs) with_metadata.insert(epoch.network + "." + epoch.station);
  int n_with_records = 0;
  for (const data::Station& s : config.stations) {
    const std::string name = s.network + "." + s.code;
    std::string bands;
    bool is_sac = false;
    for (const auto& [sensor, channels] : files.sensors) {
      if (sensor.network + "." + sensor.station != name) continue;
      bands += " " + sensor.band;
      is_sac = is_sac || files.from_sac.count(sensor) > 0;
    }
    if (bands.empty()) {
      findings.good("records: " + name + " has none");
      continue;
    }
    ++n_with_records;
    if (with_metadata.count(name) == 0 && !is_sac) {
      findings.problem("records: " + name + " has records (" + bands.substr(1) + ") but no metadata");
    } else {
      findings.good("records: " + name + bands);
    }
  }
  const std::string count = fmt::format("records: {} of {} stations, {} are needed", n_with_records,
                                        config.stations.size(), config.records.min_stations);
  if (n_with_records < config.records.min_stations) {
    findings.problem(count);
  } else {
    findings.good(count);
  }
}

}  // namespace

std::vector<Finding> run_doctor(const DoctorInputs& inputs) {
  Findings findings;
  look_at_environment(findings);
  std::optional<Config> config;
  const auto guarded = [&findings](const char* what, const auto& look) {
    try {
      look();
    } catch (const propagator::InputError& error) {
      findings.problem(std::string(what) + ": " + error.what());
    }
  };
  if (!inputs.config_path.empty()) {
    guarded("configuration", [&] {
      config = read_config(inputs.config_path);
      findings.good(fmt::format("configuration: {}, {} stations, {} samples", config->name, config->stations.size(),
                                config->training_grid().size()));
    });
  }
  if (config && !inputs.weights_path.empty()) {
    guarded("weights", [&] {
      const Predictor predictor(inputs.weights_path, *config);
      findings.good(fmt::format("weights: {} steps, agree with the configuration", predictor.n_steps()));
    });
  }
  if (config && !inputs.records_path.empty()) guarded("records", [&] { look_at_records(*config, inputs, findings); });
  return findings.list;
}

}  // namespace fmnet
