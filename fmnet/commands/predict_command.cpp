#include "fmnet/commands/predict_command.h"

#include <fmt/format.h>
#include <omp.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <map>

#include "data/atomic_file.h"
#include "data/geodesy.h"
#include "data/records/picks.h"
#include "data/records/record_set.h"
#include "fmnet/figures/waveform_figures.h"
#include "fmnet/predictor.h"
#include "fmnet/version.h"
#include "propagator/errors.h"
#include "propagator/travel_time.h"

namespace fmnet {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::uint64_t max_json_bytes = 64ull << 20;

std::vector<double> p_travel_times(const Config& config, const PredictInputs& inputs) {
  const propagator::LayeredModel model = config.layered_model();
  std::vector<double> times_s;
  for (const data::Station& s : config.stations) {
    const data::Path path =
        data::geodesic(inputs.event.latitude_deg, inputs.event.longitude_deg, s.latitude_deg, s.longitude_deg);
    times_s.push_back(propagator::first_p(model, inputs.event.depth_km, path.distance_km).time_s);
  }
  if (inputs.picks_path.empty()) return times_s;
  return data::p_times_with_picks(config.stations, inputs.event, times_s, data::read_picks(inputs.picks_path));
}

// Median of eleven predictions of one event on one thread, in ms.
double network_time_ms(const Predictor& predictor, const data::Waveforms& waveforms) {
  const int n_threads = omp_get_max_threads();
  omp_set_num_threads(1);
  std::vector<double> times_ms;
  for (int i = 0; i < 11; ++i) {
    const auto start = std::chrono::steady_clock::now();
    predictor.predict(waveforms);
    times_ms.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  omp_set_num_threads(n_threads);
  std::sort(times_ms.begin(), times_ms.end());
  return times_ms[times_ms.size() / 2];
}

json plane_json(const propagator::FocalMechanism& m) {
  return {{"strike_deg", m.strike_deg}, {"dip_deg", m.dip_deg}, {"rake_deg", m.rake_deg}};
}

json curves_json(const LabelCurves& curves) {
  json object = json::object();
  const char* names[n_curves] = {"strike", "dip", "rake"};
  for (int curve = 0; curve < n_curves; ++curve) {
    json values = json::array();
    for (int i = 0; i < n_bins; ++i) values.push_back(curves[static_cast<std::size_t>(i * n_curves + curve)]);
    object[names[curve]] = values;
  }
  return object;
}

json channels_json(const data::RecordWindow& window) {
  json channels = json::array();
  for (const data::ChannelReport& c : window.channels) {
    channels.push_back({{"station", c.station},
                        {"channel", c.channel},
                        {"action", data::action_name(c.action)},
                        {"reason", c.reason},
                        {"signal_to_noise", std::isfinite(c.snr) ? json(c.snr) : json(nullptr)}});
  }
  return channels;
}

json prediction_json(const Config& config, const PredictInputs& inputs, const data::RecordWindow& window,
                     const Prediction& prediction, double network_ms) {
  json result = {
      {"event",
       {{"id", inputs.event.id},
        {"origin", data::format_utc(inputs.event.origin_ns)},
        {"latitude_deg", inputs.event.latitude_deg},
        {"longitude_deg", inputs.event.longitude_deg},
        {"depth_km", inputs.event.depth_km}}},
      {"plane", plane_json(prediction.plane)},
      {"auxiliary_plane", plane_json(prediction.auxiliary)},
      {"n_stations", window.n_stations_used},
      {"n_slots", config.stations.size()},
      {"network_ms", network_ms},
      {"weights_sha256", file_sha256(inputs.weights_path)},
      {"p_from", inputs.picks_path.empty() ? "velocity model" : "picks, velocity model where a station has none"},
      {"p_time_s", window.p_time_s},
      {"channels", channels_json(window)},
      {"notes", window.notes},
      {"curves", curves_json(prediction.curves)},
      {"features", prediction.features}};
  if (inputs.reference) {
    result["reference"] = plane_json(*inputs.reference);
    result["kagan_deg"] = propagator::kagan_angle_deg(prediction.plane, *inputs.reference);
  }
  return result;
}

json metrics_of(const json& prediction) {
  json metrics = prediction["plane"];
  for (const char* key : {"n_stations", "n_slots", "network_ms", "kagan_deg"}) {
    if (prediction.contains(key)) metrics[key] = prediction[key];
  }
  metrics["event"] = prediction["event"]["id"];
  return metrics;
}

// Why channels were left out: each reason once, with the number of channels.
std::string reasons_in_one_line(const data::RecordWindow& window) {
  std::map<std::string, int> counts;
  for (const data::ChannelReport& c : window.channels) {
    if (!c.reason.empty()) ++counts[c.reason];
  }
  std::string line;
  for (const auto& [reason, count] : counts) line += fmt::format("{}{} ({}x)", line.empty() ? "" : "; ", reason, count);
  return line;
}

struct Computed {
  json result;
  PredictionPicture picture;
};

Computed compute(const Config& config, const PredictInputs& inputs) {
  const Predictor predictor(inputs.weights_path, config);
  data::RecordSettings settings = config.records.reading;
  settings.sac_unit = inputs.sac_unit;
  const data::RecordWindow window = data::window_from_records(
      inputs.records_path, config.stations, inputs.event, p_travel_times(config, inputs), config.preprocess, settings);
  const int fewest = inputs.force ? 1 : config.records.min_stations;
  if (window.n_stations_used < fewest) {
    throw propagator::InputError(inputs.records_path, "", "usable stations", std::to_string(window.n_stations_used),
                                 fmt::format("must be at least {}{}: {}", fewest,
                                             inputs.force ? "" : " (records.min_stations; --force does with fewer)",
                                             reasons_in_one_line(window)));
  }
  const Prediction prediction = predictor.predict(window.waveforms);
  std::vector<std::string> names;
  for (const data::Station& s : config.stations) names.push_back(s.code);
  const double network_ms = network_time_ms(predictor, window.waveforms);
  return {prediction_json(config, inputs, window, prediction, network_ms),
          {"event " + inputs.event.id, prediction.plane, inputs.reference, prediction.curves, window.waveforms, names,
           config.preprocess}};
}

// Names and contents of all that is read.
std::string records_inputs(const std::string& path) {
  std::vector<std::string> lines;
  if (fs::is_directory(path)) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(path)) {
      if (!entry.is_regular_file()) continue;
      lines.push_back(fs::relative(entry.path(), path).string() + " " + file_sha256(entry.path().string()));
    }
  } else {
    lines.push_back(file_sha256(path));
  }
  std::sort(lines.begin(), lines.end());
  return fmt::format("{}", fmt::join(lines, "\n"));
}

std::string predict_key(const Config& config, const PredictInputs& inputs) {
  const data::Event& e = inputs.event;
  const auto& r = inputs.reference;
  return step_key(
      {{"config", to_toml(config)},
       {"weights", file_sha256(inputs.weights_path)},
       {"records", records_inputs(inputs.records_path)},
       {"event", fmt::format("{} {} {} {} {}", e.id, e.origin_ns, e.latitude_deg, e.longitude_deg, e.depth_km)},
       {"picks", inputs.picks_path.empty() ? "" : file_sha256(inputs.picks_path)},
       {"sac_unit", inputs.sac_unit},
       {"force", inputs.force ? "yes" : "no"},
       {"reference", r ? fmt::format("{} {} {}", r->strike_deg, r->dip_deg, r->rake_deg) : ""},
       {"version", version}});
}

std::string angles(const json& plane) {
  return fmt::format("{:.0f}/{:.0f}/{:.0f}", plane["strike_deg"].get<double>(), plane["dip_deg"].get<double>(),
                     plane["rake_deg"].get<double>());
}

}  // namespace

PredictionResult run_predict(const Config& config, const PredictInputs& inputs, const std::string& directory,
                             const StepMode& mode) {
  if (directory.empty()) return {compute(config, inputs).result, StepEnd::done};
  const std::string json_path = (fs::path(directory) / "prediction.json").string();
  const Step step{
      "predict", predict_key(config, inputs), {"prediction.json", "figures/prediction.svg", "figures/prediction.png"}};
  const StepEnd end = run_step(directory, step, mode, [&] {
    const Computed computed = compute(config, inputs);
    write_figure((fs::path(directory) / "figures").string(), prediction_figure(computed.picture));
    data::write_file_atomically(json_path, computed.result.dump(2) + "\n");
    write_metrics(directory, "prediction", metrics_of(computed.result));
    return true;
  });
  if (end == StepEnd::needed) return {json::object(), end};
  return {json::parse(data::read_whole_file(json_path, max_json_bytes)), end};
}

std::string one_line(const json& prediction) {
  std::string line = fmt::format(
      "{}: strike {:.0f}, dip {:.0f}, rake {:.0f} (other plane {}); {} of {} stations",
      prediction["event"]["id"].get<std::string>(), prediction["plane"]["strike_deg"].get<double>(),
      prediction["plane"]["dip_deg"].get<double>(), prediction["plane"]["rake_deg"].get<double>(),
      angles(prediction["auxiliary_plane"]), prediction["n_stations"].get<int>(), prediction["n_slots"].get<int>());
  if (prediction.contains("reference")) {
    line += fmt::format("; Kagan angle to {}: {:.1f} degrees", angles(prediction["reference"]),
                        prediction["kagan_deg"].get<double>());
  }
  return line;
}

std::string channel_table(const json& prediction) {
  std::string text;
  for (const json& c : prediction["channels"]) {
    const std::string reason = c["reason"].get<std::string>();
    text += fmt::format("{:<10} {:<8} {}{}\n", c["station"].get<std::string>(), c["channel"].get<std::string>(),
                        c["action"].get<std::string>(), reason.empty() ? "" : ": " + reason);
  }
  for (const json& note : prediction["notes"]) text += "note: " + note.get<std::string>() + "\n";
  return text;
}

}  // namespace fmnet
