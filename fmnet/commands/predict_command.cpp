#include "fmnet/commands/predict_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "data/atomic_file.h"
#include "data/records/record_files.h"
#include "fmnet/commands/prediction_file.h"
#include "fmnet/figures/fit_figure.h"
#include "fmnet/figures/waveform_figures.h"
#include "fmnet/plane_json.h"
#include "fmnet/quakeml.h"
#include "fmnet/records_prediction.h"
#include "fmnet/trust/trust.h"
#include "propagator/errors.h"

namespace fmnet {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

json metrics_of(const json& prediction) {
  json metrics = prediction["plane"];
  for (const char* key : {"network", "n_stations", "n_slots", "network_ms", "latency_ms", "delay_s", "kagan_deg"}) {
    if (prediction.contains(key)) metrics[key] = prediction[key];
  }
  metrics["event"] = prediction["event"]["id"];
  for (const char* key : {"origin", "latitude_deg", "longitude_deg", "depth_km"}) {
    metrics[key] = prediction["event"][key];
  }
  metrics["fit"] = prediction["trust"]["fit"];
  return metrics;
}

struct Computed {
  json result;
  PredictionPicture picture;
  FitPicture records;
  Trust trust;
};

// How many P times are picks of records that are used, and which picks are of no station.
void tell_of_picks(const PickedTimes& picks, const data::RecordWindow& window, json& result) {
  std::size_t n_used = 0;
  for (std::size_t i = 0; i < window.slot_used.size(); ++i) n_used += window.slot_used[i] && picks.is_picked[i] ? 1 : 0;
  const auto n_picks = static_cast<std::size_t>(std::count(picks.is_picked.begin(), picks.is_picked.end(), true)) +
                       picks.strangers.size();
  result["notes"].push_back(fmt::format("{} of {} picks are used", n_used, n_picks));
  if (!picks.strangers.empty()) {
    result["notes"].push_back(
        fmt::format("picks of stations that the network does not know: {}", fmt::join(picks.strangers, ", ")));
  }
  if (n_used == 0) return;
  result["p_from"] =
      fmt::format("picks at {} of {} stations, velocity model at the others", n_used, window.n_stations_used);
}

Computed compute(const Config& in_use, const PredictInputs& inputs) {
  const Predictor predictor(inputs.weights_path, in_use);
  const Config config = as_trained(in_use, predictor.config());
  const data::RecordFiles files =
      data::read_record_files(inputs.records_path, inputs.sac_unit, config.records.reading.skip_bad_records);
  const PickedTimes picks =
      picked_times(config, inputs.event,
                   inputs.picks_path.empty() ? std::vector<data::Pick>() : data::read_picks(inputs.picks_path));
  const RecordsRequest request{inputs.event, picks.p_time_s, inputs.delay_s, inputs.force};
  const RecordsPrediction found = predict_records(predictor, config, files, request, inputs.records_path);
  const Prediction& prediction = found.prediction;
  std::vector<std::string> names;
  for (const data::Station& s : config.stations) names.push_back(s.code);
  const std::string event_name = "event " + inputs.event.id;
  data::PreprocessSettings drawn = config.preprocess;
  drawn.before_p_s -= found.delay_s;  // a window that is cut later begins that much less before P
  Computed computed{
      prediction_json(config, inputs.event, found),
      {event_name, config.name, prediction.plane, inputs.reference, prediction.curves, found.window.waveforms, names,
       drawn},
      {event_name, config.name, found.delay_s, found.window.amplitudes, names, drawn},
      assess_trust(
          config, inputs.event, found.window, prediction.curves,
          [&predictor](const data::Waveforms& rows) { return predictor.predict(rows).plane; }, inputs.reference)};
  computed.trust.warnings.insert(computed.trust.warnings.begin(), picks.warnings.begin(), picks.warnings.end());
  json& result = computed.result;
  result["trust"] = trust_json(computed.trust, config);
  result["waveforms"] = waveforms_json(found.window.waveforms);
  result["network_ms"] = prediction_time_ms(predictor, found.window.waveforms);
  result["weights_sha256"] = file_sha256(inputs.weights_path);
  result["p_from"] = "velocity model";
  if (!inputs.picks_path.empty()) tell_of_picks(picks, found.window, result);
  if (inputs.reference) {
    result["reference"] = plane_json(*inputs.reference);
    result["kagan_deg"] = propagator::kagan_angle_deg(prediction.plane, *inputs.reference);
  }
  return computed;
}

std::string predict_key(const Config& config, const PredictInputs& inputs) {
  const data::Event& e = inputs.event;
  const auto& r = inputs.reference;
  return step_key(
      {{"config", to_toml(config)},
       {"weights", file_sha256(inputs.weights_path)},
       {"records", checksums_of_records(inputs.records_path)},
       {"event", fmt::format("{} {} {} {} {}", e.id, e.origin_ns, e.latitude_deg, e.longitude_deg, e.depth_km)},
       {"picks", inputs.picks_path.empty() ? "" : file_sha256(inputs.picks_path)},
       {"sac_unit", inputs.sac_unit},
       {"force", inputs.force ? "yes" : "no"},
       {"delay", inputs.delay_s ? fmt::format("{}", *inputs.delay_s) : "auto"},
       {"reference", r ? fmt::format("{} {} {}", r->strike_deg, r->dip_deg, r->rake_deg) : ""},
       {"program", program_sha256()}});
}

}  // namespace

std::string checksums_of_records(const std::string& path) {
  std::string lines;
  for (const std::string& file : data::record_file_paths(path)) {
    lines += fs::path(file).lexically_relative(path).string() + " " + file_sha256(file) + "\n";
  }
  return lines;
}

StepEnd run_predict(const Config& config, const PredictInputs& inputs, const std::string& directory,
                    const StepMode& mode, const TellPrediction& tell) {
  if (directory.empty()) {
    if (mode.check_only)
      throw propagator::InputError("", "", "--check", "", "needs --output: what would be up to date?");
    tell(compute(config, inputs).result);
    return StepEnd::done;
  }
  const std::string json_path = (fs::path(directory) / "prediction.json").string();
  const Step step{"predict",
                  predict_key(config, inputs),
                  {"prediction.json", "prediction.xml", "figures/prediction.svg", "figures/prediction.png",
                   "figures/fit.svg", "figures/fit.png"},
                  {"/prediction"}};
  const StepEnd end = run_step(directory, step, mode, [&] {
    const Computed computed = compute(config, inputs);
    data::write_file_atomically(json_path, json_text(computed.result) + "\n");
    data::write_file_atomically((fs::path(directory) / "prediction.xml").string(), quakeml(computed.result, config));
    write_metrics(directory, "prediction", metrics_of(computed.result));
    tell(computed.result);
    const std::string figures = (fs::path(directory) / "figures").string();
    write_figure(figures, prediction_figure(computed.picture));
    write_figure(figures, fit_figure(computed.records, computed.trust));
    return true;
  });
  if (end == StepEnd::up_to_date) tell(json::parse(data::read_whole_file(json_path, max_prediction_bytes)));
  return end;
}

}  // namespace fmnet
