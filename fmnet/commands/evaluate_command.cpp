#include "fmnet/commands/evaluate_command.h"

#include <fmt/format.h>

#include <filesystem>

#include "data/atomic_file.h"
#include "data/text_table.h"
#include "fmnet/commands/greens_command.h"
#include "fmnet/figure.h"
#include "fmnet/predictor.h"
#include "fmnet/version.h"
#include "propagator/errors.h"

namespace fmnet {
namespace {

constexpr std::uint64_t max_table_bytes = 256ull << 20;

std::string table_file(UnseenKind kind) { return "evaluation_" + evaluation_name(kind) + ".tsv"; }

std::string decimals(double value, int n) { return fmt::format("{:.{}f}", value, n); }

// Truth, prediction and Kagan angle of each event.
struct Evaluation {
  Table table;
  std::vector<double> kagan_deg;
};

Evaluation evaluate(const Predictor& predictor, const data::Dataset& dataset, const Config& config, UnseenKind kind,
                    std::int64_t n_events) {
  const std::vector<data::Sample> samples = unseen_samples(dataset, config, kind, n_events);
  std::vector<data::Waveforms> records;
  for (const data::Sample& s : samples) records.push_back(s.waveforms);
  const std::vector<Prediction> predictions = predictor.predict(records);
  const data::TrainingGrid grid = config.training_grid();
  Evaluation result{Table({"event", "latitude_deg", "longitude_deg", "depth_km", "strike_deg", "dip_deg", "rake_deg",
                           "predicted_strike_deg", "predicted_dip_deg", "predicted_rake_deg", "kagan_deg"}),
                    {}};
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const data::Place place = grid.place(samples[i].place);
    const propagator::FocalMechanism &truth = samples[i].mechanism, &answer = predictions[i].plane;
    const double kagan = propagator::kagan_angle_deg(truth, answer);
    result.kagan_deg.push_back(kagan);
    result.table.add_row(std::vector<std::string>{
        std::to_string(i + 1), decimals(place.latitude_deg, 3), decimals(place.longitude_deg, 3),
        decimals(place.depth_km, 2), decimals(truth.strike_deg, 3), decimals(truth.dip_deg, 3),
        decimals(truth.rake_deg, 3), decimals(answer.strike_deg, 3), decimals(answer.dip_deg, 3),
        decimals(answer.rake_deg, 3), decimals(kagan, 4)});
  }
  return result;
}

nlohmann::json summary_json(const KaganSummary& s) {
  return {{"n", s.n},
          {"n_good", s.n_good},
          {"threshold_deg", s.threshold_deg},
          {"share_good", s.share_good},
          {"share_low", s.share_interval.low},
          {"share_high", s.share_interval.high},
          {"mean_kagan_deg", s.mean_deg},
          {"median_kagan_deg", s.median_deg},
          {"percentile_90_kagan_deg", s.percentile_90_deg},
          {"largest_kagan_deg", s.largest_deg}};
}

}  // namespace

std::string evaluation_name(UnseenKind kind) {
  switch (kind) {
    case UnseenKind::on_grid:
      return "on_grid";
    case UnseenKind::off_grid:
      return "off_grid";
    default:
      return "validation";
  }
}

std::vector<double> read_kagan_angles(const std::string& path) {
  constexpr std::size_t n_columns = 11;
  const std::string text = data::read_whole_file(path, max_table_bytes);
  std::vector<double> angles;
  for (const data::TableLine& line : data::table_lines(text)) {
    const std::string place = fmt::format("line {}", line.number);
    if (line.columns.size() != n_columns) {
      throw propagator::InputError(path, place, "columns", std::to_string(line.columns.size()),
                                   fmt::format("must be {}, as `fmnet evaluate` writes them", n_columns));
    }
    angles.push_back(data::parse_number(line.columns.back(), 0.0, 180.0, {path, place, "kagan_deg"}));
  }
  if (angles.empty()) throw propagator::InputError(path, "", "", "", "holds no event");
  return angles;
}

StepEnd run_evaluate(const Config& config, const std::string& library_path, const std::string& weights_path,
                     const EvaluationSizes& sizes, const std::string& directory, const StepMode& mode) {
  const Step step{"evaluate",
                  step_key({{"config", to_toml(config)},
                            {"greens", file_sha256(library_path)},
                            {"weights", file_sha256(weights_path)},
                            {"events", fmt::format("{} {}", sizes.n_on_grid, sizes.n_off_grid)},
                            {"version", version}}),
                  {table_file(UnseenKind::on_grid), table_file(UnseenKind::off_grid)}};
  return run_step(directory, step, mode, [&] {
    const Predictor predictor(weights_path, config);
    const data::Dataset dataset = open_dataset(config, library_path);
    nlohmann::json metrics = nlohmann::json::object();
    for (const UnseenKind kind : {UnseenKind::on_grid, UnseenKind::off_grid}) {
      const std::int64_t n_events = kind == UnseenKind::on_grid ? sizes.n_on_grid : sizes.n_off_grid;
      const Evaluation evaluation = evaluate(predictor, dataset, config, kind, n_events);
      data::write_file_atomically((std::filesystem::path(directory) / table_file(kind)).string(),
                                  evaluation.table.text());
      metrics[evaluation_name(kind)] = summary_json(summarize_kagan(evaluation.kagan_deg));
    }
    write_metrics(directory, "evaluation", metrics);
    return true;
  });
}

std::string evaluation_lines(const std::string& directory) {
  std::string lines;
  const nlohmann::json evaluation = read_metrics(directory).value("evaluation", nlohmann::json::object());
  for (const auto& [name, m] : evaluation.items()) {
    lines += fmt::format(
        "{}: {} of {} within {:g} degrees ({:.1f} %, 95 % interval {:.1f} to {:.1f} %), median {:.1f} degrees\n", name,
        m.at("n_good").get<std::int64_t>(), m.at("n").get<std::int64_t>(), m.at("threshold_deg").get<double>(),
        100.0 * m.at("share_good").get<double>(), 100.0 * m.at("share_low").get<double>(),
        100.0 * m.at("share_high").get<double>(), m.at("median_kagan_deg").get<double>());
  }
  return lines;
}

}  // namespace fmnet
