#include "fmnet/commands/figure_command.h"

#include <fmt/format.h>

#include "fmnet/commands/greens_command.h"
#include "fmnet/commands/prediction_file.h"
#include "fmnet/evaluation.h"
#include "fmnet/figures/architecture_drawing.h"
#include "fmnet/figures/curve_figures.h"
#include "fmnet/figures/evaluation_figures.h"
#include "fmnet/figures/greens_figures.h"
#include "fmnet/figures/mechanism_row.h"
#include "fmnet/figures/station_map.h"
#include "fmnet/figures/waveform_figures.h"
#include "fmnet/mechanism_list.h"
#include "fmnet/predictor.h"
#include "fmnet/training_log.h"
#include "fmnet/training_set.h"
#include "fmnet/version.h"
#include "propagator/errors.h"

namespace fmnet {
namespace {

constexpr std::int64_t shown_events[] = {0, 200, 400, 600, 800};

std::string mechanism_text(const propagator::FocalMechanism& m) {
  return fmt::format("{}/{}/{}", m.strike_deg, m.dip_deg, m.rake_deg);
}

std::vector<std::string> station_names(const Config& config) {
  std::vector<std::string> names;
  for (const data::Station& s : config.stations) names.push_back(s.code);
  return names;
}

NamedInputs inputs_of(const TrainedNetwork& trained) {
  return {{"config", training_toml(trained.config)},
          {"greens", file_sha256(trained.library_path)},
          {"weights", file_sha256(trained.weights_path)}};
}

Figure compared_labels(const TrainedNetwork& trained) {
  const Predictor predictor(trained.weights_path, trained.config);
  const data::Dataset dataset = open_dataset(trained.config, trained.library_path);
  std::vector<TrueAndPredicted> events;
  for (const std::int64_t i : shown_events) {
    const data::Sample sample = unseen_sample(dataset, trained.config, UnseenKind::on_grid, i);
    const Prediction prediction = predictor.predict(sample.waveforms);
    events.push_back({std::to_string(i + 1), label_curves(sample.mechanism, trained.config.label), prediction.curves,
                      propagator::kagan_angle_deg(sample.mechanism, prediction.plane)});
  }
  return compared_labels_figure(events);
}

Figure one_sample(const Config& config, const std::string& library_path, std::int64_t number) {
  const data::Dataset dataset = open_dataset(config, library_path);
  if (number < 0 || number >= dataset.size()) {
    throw propagator::InputError("", "", "--sample", std::to_string(number),
                                 fmt::format("must be 0 to {}", dataset.size() - 1));
  }
  const data::Sample sample = dataset.sample(number);
  const data::Place at = dataset.grid().place(sample.place);
  const std::string description = fmt::format(
      "Sample {} of the grid: latitude {:g}, longitude {:g} degrees, depth {:g} km, strike/dip/rake {} degrees", number,
      at.latitude_deg, at.longitude_deg, at.depth_km, mechanism_text(sample.mechanism));
  const data::AugmentSettings& augment = config.augment;
  const std::string changes =
      fmt::format("{}a random shift of up to {:g} s, the same at all stations, and up to {:g} s more at each",
                  augment.noise ? "noise and " : "", augment.max_event_shift_samples * config.preprocess.dt_s,
                  augment.max_station_shift_samples * config.preprocess.dt_s);
  return sample_figure(dataset.clean(sample.place, sample.mechanism), sample.waveforms, station_names(config),
                       config.preprocess, description, changes);
}

}  // namespace

StepEnd draw_map(const FigurePlace& place, const Config& config, const std::optional<data::Event>& event) {
  const std::string where = event ? fmt::format("{} {}", event->latitude_deg, event->longitude_deg) : "";
  return draw_step(place, "map", {{"greens", greens_inputs(config)}, {"event", where}},
                   [&] { return station_map(config.stations, config.training_grid(), event); });
}

StepEnd draw_mechanisms(const FigurePlace& place, const std::string& mechanisms_path, const std::string& event_id,
                        const std::string& prediction_path) {
  std::vector<NamedMechanism> mechanisms = read_mechanisms(mechanisms_path, event_id);
  std::string caption =
      "Lower hemisphere, equal area; filled where the first P motion is a compression. Black: published solutions.";
  std::string angles_to = "the first";
  if (!prediction_path.empty()) {
    const PredictionFile prediction = read_prediction(prediction_path);
    mechanisms.insert(mechanisms.begin(), {"network", prediction.plane, true});
    caption += " Red: the network " + prediction.network + ".";
    angles_to = "the network's";
  }
  caption += " Below each ball strike / dip / rake in degrees and the Kagan angle to " + angles_to + ".";
  std::string list = event_id + " " + caption;
  for (const NamedMechanism& m : mechanisms) list += "\n" + m.name + " " + mechanism_text(m.mechanism);
  return draw_step(place, "mechanisms", {{"mechanisms", list}}, [&] {
    return mechanism_row({"mechanisms", "Mechanisms of event " + event_id + " (Figure 3)", caption, mechanisms});
  });
}

StepEnd draw_architecture(const FigurePlace& place) {
  const FmNet network(1);
  return draw_step(place, "architecture", {{"stages", architecture_table(network).text()}},
                   [&] { return architecture_figure(network); });
}

StepEnd draw_sample(const FigurePlace& place, const Config& config, const std::string& library_path,
                    std::int64_t sample) {
  return draw_step(
      place, "sample",
      {{"config", training_toml(config)}, {"greens", file_sha256(library_path)}, {"sample", std::to_string(sample)}},
      [&] { return one_sample(config, library_path, sample); });
}

StepEnd draw_loss(const FigurePlace& place, const std::string& log_path) {
  return draw_step(place, "loss", {{"log", file_sha256(log_path)}}, [&] {
    std::vector<LossPoint> points;
    for (const LogRow& row : read_training_log(log_path)) {
      if (row.validation) points.push_back({static_cast<double>(row.epoch), row.training_loss, row.validation->loss});
    }
    if (points.empty()) throw propagator::InputError(log_path, "", "", "", "holds no finished epoch");
    return loss_figure(points);
  });
}

StepEnd draw_compared_labels(const FigurePlace& place, const TrainedNetwork& trained) {
  return draw_step(place, "compared_labels", inputs_of(trained), [&] { return compared_labels(trained); });
}

StepEnd draw_feature(const FigurePlace& place, const TrainedNetwork& trained) {
  return draw_step(place, "feature", inputs_of(trained), [&] {
    const data::Dataset dataset = open_dataset(trained.config, trained.library_path);
    const data::Sample sample = unseen_sample(dataset, trained.config, UnseenKind::on_grid, 0);
    const Features features = Predictor(trained.weights_path, trained.config).predict(sample.waveforms).features;
    return feature_figure({features.begin(), features.end()}, "a noisy synthetic event", trained.config.name);
  });
}

StepEnd draw_feature_of_prediction(const FigurePlace& place, const std::string& prediction_path) {
  return draw_step(place, "feature", {{"prediction", file_sha256(prediction_path)}}, [&] {
    const PredictionFile prediction = read_prediction(prediction_path);
    return feature_figure(prediction.features, "event " + prediction.event_id, prediction.network);
  });
}

StepEnd draw_label(const FigurePlace& place, const Config& config, const propagator::FocalMechanism& mechanism) {
  const std::string settings =
      fmt::format("{} {} {}", config.label.standard_deviation_bins, static_cast<int>(config.label.strike_label),
                  static_cast<int>(config.label.plane));
  return draw_step(place, "label", {{"settings", settings}, {"mechanism", mechanism_text(mechanism)}},
                   [&] { return label_figure(mechanism, config.label); });
}

StepEnd draw_wave_field(const FigurePlace& place) {
  return draw_step(place, "wave_field", {}, [] { return wave_field_figure(wave_field()); });
}

StepEnd draw_plain_product(const FigurePlace& place) {
  return draw_step(place, "plain_product", {}, [] { return plain_product_figure(plain_product()); });
}

StepEnd draw_wavenumber_sum(const FigurePlace& place) {
  return draw_step(place, "wavenumber_sum", {},
                   [] { return wavenumber_sum_figure(end_of_the_sum(), step_of_the_sum()); });
}

StepEnd draw_accuracy_and_cost(const FigurePlace& place) {
  const std::string processor = build_and_machine().processor;
  const std::string machine = processor.empty() ? "an unnamed processor" : processor;
  return draw_step(place, "accuracy_and_cost", {{"machine", machine}},
                   [&] { return accuracy_and_cost_figure(accuracy_and_cost(), machine); });
}

StepEnd draw_kagan_histogram(const FigurePlace& place, const std::string& evaluation_path) {
  return draw_step(place, "kagan_histogram", {{"evaluation", file_sha256(evaluation_path)}}, [&] {
    const std::vector<double> angles = kagan_angles_of(read_evaluation(evaluation_path));
    return kagan_figure(angles, summarize_kagan(angles));
  });
}

}  // namespace fmnet
