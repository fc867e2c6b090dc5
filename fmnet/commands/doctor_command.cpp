#include "fmnet/commands/doctor_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "data/records/record_set.h"
#include "fmnet/records_prediction.h"
#include "fmnet/run_program.h"
#include "fmnet/trust/trust.h"
#include "fmnet/version.h"
#include "propagator/errors.h"

namespace fmnet {
namespace {

class Findings {
 public:
  void good(const std::string& what) { list.push_back({Verdict::ok, what}); }
  void note(const std::string& what) { list.push_back({Verdict::note, what}); }
  void problem(const std::string& what) { list.push_back({Verdict::problem, what}); }
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

bool has_metadata(const data::RecordFiles& files, const data::SensorId& sensor) {
  return files.from_sac.count(sensor) > 0 ||
         std::any_of(files.epochs.begin(), files.epochs.end(), [&sensor](const data::ChannelEpoch& e) {
           return e.network == sensor.network && e.station == sensor.station && e.location == sensor.location &&
                  e.channel.starts_with(sensor.band);
         });
}

// Whether a station has a sensor of a wanted kind with metadata; says what it has, and whether these have it in another place.
bool look_at_station(const data::RecordFiles& files, const data::Station& station,
                     const std::vector<std::string>& wanted, Findings& findings) {
  std::string taken, lacking, unwanted, elsewhere;
  for (const auto& [sensor, channels] : files.sensors) {
    if (sensor.network != station.network || sensor.station != station.code) continue;
    const bool is_wanted = std::count(wanted.begin(), wanted.end(), sensor.band) > 0;
    (!is_wanted ? unwanted : has_metadata(files, sensor) ? taken : lacking) += " " + sensor.band;
    if (!is_wanted || !elsewhere.empty()) continue;
    const data::Trace& first = channels.begin()->second.records.front();
    elsewhere = data::note_of_place(station, sensor, files.epochs, first.start_ns);
  }
  const std::string name = "records: " + station.network + "." + station.code;
  if (!taken.empty()) {
    findings.good(name + taken);
  } else if (!lacking.empty()) {
    findings.problem(name + " has records (" + lacking.substr(1) + ") but no metadata");
  } else if (!unwanted.empty()) {
    findings.note(name + " has only" + unwanted + ": not one of " + fmt::format("{}", fmt::join(wanted, ", ")) +
                  " (records.channels)");
  } else {
    findings.note(name + " has none");
  }
  if (!elsewhere.empty()) findings.note("records: " + elsewhere);
  return !taken.empty();
}

// The windows of the event, as a prediction would cut them. Returns how many stations can be used.
int look_at_event(const Config& config, const data::RecordFiles& files, const data::Event& event, Findings& findings) {
  const data::RecordWindow window = data::window_from_records(
      files, config.stations, event, theoretical_p_times(config, event), config.preprocess, config.records.reading);
  for (const data::ChannelReport& c : window.channels) {
    if (c.action != data::ChannelAction::left_out || c.channel.empty()) continue;
    findings.note(fmt::format("event: {} {} cannot be used: {}", c.station, c.channel, c.reason));
  }
  for (const std::string& warning : warnings_of_place(config, event)) findings.note("event: " + warning);
  return window.n_stations_used;
}

void look_at_records(const Config& config, const DoctorInputs& inputs, Findings& findings) {
  const data::RecordFiles files =
      data::read_record_files(inputs.records_path, inputs.sac_unit, config.records.reading.skip_bad_records);
  int n_usable = 0;
  for (const data::Station& s : config.stations) {
    n_usable += look_at_station(files, s, config.records.reading.preference, findings) ? 1 : 0;
  }
  if (inputs.event) n_usable = look_at_event(config, files, *inputs.event, findings);
  const std::string count =
      fmt::format("{}: {} of {} stations can be used, {} are needed", inputs.event ? "event" : "records", n_usable,
                  config.stations.size(), config.records.min_stations);
  if (n_usable < config.records.min_stations) {
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
