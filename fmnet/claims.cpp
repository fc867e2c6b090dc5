#include "fmnet/claims.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

#include "data/event.h"
#include "data/trace.h"
#include "fmnet/architecture.h"

namespace fmnet {
namespace {

using nlohmann::json;

constexpr double paper_samples = 787320.0;
constexpr double paper_epochs = 50.0;
constexpr double paper_parameters = 350659.0;
constexpr double paper_prediction_ms = 196.0;
constexpr double paper_correlation = 0.86;

// The number at a JSON pointer, for example "/training/epochs".
std::optional<double> number(const json& metrics, const std::string& pointer) {
  const json::json_pointer place(pointer);
  if (!metrics.contains(place) || !metrics[place].is_number()) return std::nullopt;
  return metrics[place].get<double>();
}

// 787320 -> "787,320"
std::string whole(double value) {
  const std::string digits = fmt::format("{:.0f}", value);
  std::string grouped;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) grouped += ',';
    grouped += digits[i];
  }
  return grouped;
}

// What is said before any number is known.
struct Statement {
  std::string claim, paper, command;
  std::string without = "the step has not been run here";  // the word where a number is missing
};

struct Ours {
  std::string value, word;
};

Claim claim_of(const Statement& statement, const Ours& ours) {
  return {statement.claim, statement.paper, ours.value, statement.command, ours.word};
}

Claim not_in_this_folder(const Statement& statement) {
  return claim_of(statement, {"not in this folder", statement.without});
}

// The claim with the numbers at `keys` below `section`, put into words; "not in this folder" where one of them is missing.
Claim with_numbers(const json& metrics, const Statement& statement, const std::string& section,
                   const std::vector<std::string>& keys, const std::function<Ours(const std::vector<double>&)>& words) {
  std::vector<double> numbers;
  for (const std::string& key : keys) {
    const std::optional<double> value = number(metrics, section + "/" + key);
    if (!value) return not_in_this_folder(statement);
    numbers.push_back(*value);
  }
  return claim_of(statement, words(numbers));
}

std::string percent_with_interval(double share, double low, double high) {
  return fmt::format("{:.1f} % (95 % interval {:.1f} to {:.1f} %)", 100.0 * share, 100.0 * low, 100.0 * high);
}

// ---- the set and the network -----------------------------------------------------------------------------------------

Claim training_set(const json& metrics) {
  return with_numbers(metrics, {"Synthetic training samples", "787,320 (810 places x 972 mechanisms)", "fmnet train"},
                      "/training", {"n_samples", "grid_size"}, [](const std::vector<double>& v) -> Ours {
                        return {fmt::format("{} of a grid of {}", whole(v[0]), whole(v[1])),
                                v[0] == paper_samples && v[1] == paper_samples
                                    ? "same"
                                    : "smaller: this preset draws a part of the grid"};
                      });
}

Claim input(const json& metrics) {
  return with_numbers(
      metrics, {"A sample", "16 stations x 3 components, 128 s at 1 sample/s, 0.05-0.1 Hz", "fmnet train"}, "/training",
      {"n_stations"}, [](const std::vector<double>& v) -> Ours {
        return {
            fmt::format("{} stations x 3 components, {} rows of {} values", whole(v[0]), n_input_rows, n_input_columns),
            v[0] == 16.0 ? "same shape; which 16 stations the paper does not say"
                         : "fewer stations recorded the Mw 7.1 unclipped; the other rows are zero"};
      });
}

Claim network(const json& metrics) {
  return with_numbers(metrics,
                      {"Network", "16 convolutions, 350,659 trainable numbers (authors' program)", "fmnet info"},
                      "/training", {"n_convolutions", "n_trainable"}, [](const std::vector<double>& v) -> Ours {
                        return {fmt::format("{} convolutions, {} trainable numbers", v[0], whole(v[1])),
                                v[0] == n_stages && v[1] == paper_parameters ? "same" : "different network"};
                      });
}

Claim compression(const json&) {
  return {"Compression by the encoder", "48 times: 48 x 128 values to 128",
          fmt::format("{} times: {} x {} values to {}", n_input_rows * n_input_columns / n_features, n_input_rows,
                      n_input_columns, n_features),
          "fmnet info", "same"};
}

Claim weights(const json& metrics) {
  return with_numbers(metrics, {"Size of the trained network", "a few megabytes", "fmnet train"}, "/training",
                      {"weights_bytes"}, [](const std::vector<double>& v) -> Ours {
                        return {
                            fmt::format("{:.1f} MB", v[0] / 1e6),
                            "the weights alone; a file of Keras also holds the optimizer's averages, 3 times as much"};
                      });
}

// ---- training and evaluation -------------------------------------------------------------------------------------------

Claim training(const json& metrics) {
  return with_numbers(
      metrics,
      {"Training: epochs, loss (Figure S2)", "50 epochs; both losses fall and flatten (values only in the figure)",
       "fmnet train"},
      "/training", {"epochs", "epochs_asked", "first_validation_loss", "last_training_loss", "last_validation_loss"},
      [](const std::vector<double>& v) -> Ours {
        std::string word = v[0] == paper_epochs ? "same number of epochs" : "fewer epochs: a preset of limited cost";
        if (v[0] > paper_epochs) word = "more epochs over fewer samples";
        if (v[0] < v[1]) word = fmt::format("not finished: {} of {} epochs so far", whole(v[0]), whole(v[1]));
        return {
            fmt::format("{} epochs; training loss {:.4g} in the last; validation loss {:.4g} before training, {:.4g} "
                        "after: {:.1f} times smaller",
                        whole(v[0]), v[3], v[2], v[4], v[2] / v[4]),
            word +
                "; the validation samples here have noise and shifts of their own, the authors' program draws them from "
                "the training files"};
      });
}

Claim kagan(const json& metrics, const std::string& set, const Statement& statement, const std::string& word) {
  return with_numbers(metrics, statement, "/evaluation/" + set,
                      {"n", "share_good", "share_low", "share_high", "median_kagan_deg"},
                      [&word](const std::vector<double>& v) -> Ours {
                        return {fmt::format("{} events: {}, median {:.1f} degrees", whole(v[0]),
                                            percent_with_interval(v[1], v[2], v[3]), v[4]),
                                word};
                      });
}

Claim kagan_on_grid(const json& metrics) {
  return kagan(metrics, "on_grid",
               {"Noisy synthetic events with a Kagan angle of 20 degrees and less: the mechanisms of the grid",
                "972 events; a histogram with fewer than 450 in its tallest bin (the share could not be read)",
                "fmnet evaluate"},
               "their program's test; where its events lie is not known, ours lie anywhere on the grid, with noise and "
               "shifts of their own. Chance is 1 %");
}

Claim kagan_without_noise(const json& metrics) {
  return kagan(metrics, "no_noise_on_grid",
               {"The same events without noise", "not reported", "fmnet evaluate --set no_noise --no-noise"},
               "what the noise alone costs: its level is not told by the paper; ours is log-uniform from a usable to a "
               "clean record");
}

Claim kagan_off_grid(const json& metrics) {
  return kagan(
      metrics, "off_grid",
      {"Noisy events with mechanisms drawn at random from all double couples", "not reported", "fmnet evaluate"},
      "the harder test: no such mechanism was trained on, the places were");
}

Claim kagan_between_places(const json& metrics) {
  return kagan(metrics, "between_places_off_grid",
               {"The same at places in the middle between those of the grid", "not reported",
                "fmnet evaluate --set between_places --between-places"},
               "neither the mechanisms nor the places were trained on");
}

Claim kagan_wrong_model(const json& metrics) {
  return kagan(
      metrics, "wrong_model_off_grid",
      {"Such events in an earth that was not trained for, with picking errors and missing stations", "not reported",
       "fmnet evaluate --set wrong_model"},
      "what a real earthquake adds to noise: waves of the local Ridgecrest model, two stations missing, and picking "
      "errors of 0.5 s in the place of the training's larger shifts");
}

// ---- the real event ------------------------------------------------------------------------------------------------

Claim prediction_time(const json& metrics) {
  return with_numbers(metrics, {"Time of one prediction on one processor", "196 ms", "fmnet evaluate"},
                      "/evaluation/on_grid", {"network_ms"}, [](const std::vector<double>& v) -> Ours {
                        return {fmt::format("{:.1f} ms", v[0]),
                                fmt::format("{}; different processor, the network alone, without reading records",
                                            v[0] < paper_prediction_ms ? "faster" : "slower")};
                      });
}

constexpr const char* no_records =
    "the real event was not predicted: no records were given (data/ridgecrest/fetch_records.sh gets them)";
constexpr const char* no_comparison = "no comparison: the claim is about the Mw 7.1";

// The earthquake that was predicted: its id, or less than a minute and half a degree from the catalogue's origin.
bool is_mainshock(const json& prediction) {
  const data::Event mainshock = data::parse_event("2019-07-06T03:19:53.04,35.7695,-117.5993,8.0");
  const std::string id = prediction.value("event", "");
  if (id == "ci38457511" || id == mainshock.id) return true;
  const json origin = prediction.value("origin", json());
  const json latitude = prediction.value("latitude_deg", json()), longitude = prediction.value("longitude_deg", json());
  if (!origin.is_string() || !latitude.is_number() || !longitude.is_number()) return false;
  return std::abs(data::seconds_between(mainshock.origin_ns, data::parse_utc_ns(origin.get<std::string>()))) < 60.0 &&
         std::abs(latitude.get<double>() - mainshock.latitude_deg) < 0.5 &&
         std::abs(longitude.get<double>() - mainshock.longitude_deg) < 0.5;
}

// What is said of an answer about another earthquake.
Ours of_another_event(const json& prediction, const std::string& answer) {
  std::string name = prediction.value("event", "its id is not told");
  if (prediction.contains("origin")) {
    name += fmt::format(", {} at latitude {:.3f}, longitude {:.3f}", prediction.value("origin", ""),
                        prediction.value("latitude_deg", NAN), prediction.value("longitude_deg", NAN));
  }
  return {"another event was predicted here: " + name + ": " + answer, no_comparison};
}

Claim mainshock(const json& metrics) {
  const std::optional<double> angle = number(metrics, "/prediction/kagan_deg");
  const std::string network = metrics.value("/prediction/network"_json_pointer, "");
  return with_numbers(
      metrics,
      {"Mw 7.1 of 2019-07-06, real record",
       "agrees with the SCSN moment tensor 230.8/82.8/-9.4 (beach balls, Figure 3)", "fmnet predict", no_records},
      "/prediction", {"strike_deg", "dip_deg", "rake_deg", "n_stations", "delay_s"},
      [&](const std::vector<double>& v) -> Ours {
        std::string ours =
            fmt::format("{:.0f}/{:.0f}/{:.0f} from {:.0f} stations by the network {}", v[0], v[1], v[2], v[3], network);
        if (v[4] != 0.0) ours += fmt::format(", windows {:g} s later than P", v[4]);
        if (angle) ours += fmt::format(", Kagan angle {:.1f} degrees", *angle);
        if (!is_mainshock(metrics["prediction"])) return of_another_event(metrics["prediction"], ours);
        if (!angle) return {ours, "no reference was given"};
        return {ours,
                std::string(*angle <= 20.0 ? "agrees within 20 degrees" : "does not agree within 20 degrees") +
                    "; a point source stands for a rupture 50 km long, and published solutions differ by up to 32"};
      });
}

Claim four_events(const json& metrics) {
  const Statement statement = {"Mechanisms of four earthquakes from their records (Figure 3)",
                               "four, like the catalogue's", "fmnet predict", no_records};
  return with_numbers(metrics, statement, "/prediction", {"strike_deg"},
                      [&metrics](const std::vector<double>&) -> Ours {
                        if (!is_mainshock(metrics["prediction"])) return {"none of the four", no_comparison};
                        return {"1 of 4, the Mw 7.1",
                                "the records of the others are not at hand; Figure 3 shows their published mechanisms"};
                      });
}

Claim correlation(const json& metrics) {
  return with_numbers(
      metrics,
      {"Correlation of the records with synthetics of the predicted mechanism (Figure S4)",
       "0.86 (for at least one of four events)", "fmnet predict", no_records},
      "/prediction", {"fit/mean_correlation", "fit/mean_trace_correlation", "delay_s"},
      [&metrics](const std::vector<double>& v) -> Ours {
        std::string ours =
            fmt::format("{:.2f} (three components of a station together), {:.2f} (component by component)", v[0], v[1]);
        if (v[2] != 0.0) ours += fmt::format("; the delay of {:g} s was chosen for the best fit", v[2]);
        if (!is_mainshock(metrics["prediction"])) return of_another_event(metrics["prediction"], ours);
        const auto compared = [](double value) {
          return value >= paper_correlation - 0.005 ? "as high or higher" : "lower";
        };
        return {ours, fmt::format("{} together, {} one by one: which of the two means the paper's is it does not tell",
                                  compared(v[0]), compared(v[1]))};
      });
}

// ---- learning rates --------------------------------------------------------------------------------------------------

Claim learning_rate(const json& metrics) {
  const Statement statement = {"The best learning rate (Figure S8)", "0.001: the smallest final loss",
                               "fmnet learning_rates"};
  const json points = metrics.value("learning_rates", json::array());
  if (points.empty()) return not_in_this_folder(statement);
  const auto best = std::min_element(points.begin(), points.end(), [](const json& a, const json& b) {
    return a["validation"].get<double>() < b["validation"].get<double>();
  });
  const double rate = (*best)["learning_rate"].get<double>(), loss = (*best)["validation"].get<double>();
  const double constant = (*best)["constant"].get<double>();
  std::string word = rate == 0.001 ? "same" : "another rate: these trainings are short";
  if (loss > 0.9 * constant) {
    word = fmt::format("no comparison: so short a training has not left the loss of the best constant answer, {:.3g}",
                       constant);
  }
  return claim_of(statement, {fmt::format("{:g} of {}: validation loss {:.3g} after {} samples", rate, points.size(),
                                          loss, whole((*best)["samples"].get<double>())),
                              word});
}

// ---- the search ------------------------------------------------------------------------------------------------------

Claim search_agreement(const json& metrics) {
  return with_numbers(
      metrics,
      {"The search in the feature domain finds what the search in the data domain finds (Figures 4, 5)",
       "the best in the data domain and the ten best in the feature domain look alike, for one event",
       "fmnet search_agreement"},
      "/search_agreement",
      {"n", "nearest_of_ten/share_good", "nearest_of_ten/share_low", "nearest_of_ten/share_high",
       "waveform_to_truth/share_good", "feature_to_truth/share_good"},
      [](const std::vector<double>& v) -> Ours {
        return {fmt::format(
                    "{} synthetic events: in {} one of the ten lies within 20 degrees of the data domain's best; the "
                    "best of the data domain is within 20 degrees of the truth in {:.1f} %, of the feature domain in "
                    "{:.1f} %",
                    whole(v[0]), percent_with_interval(v[1], v[2], v[3]), 100.0 * v[4], 100.0 * v[5]),
                "statistics instead of one event; features of clean samples, the events noisy"};
      });
}

Claim search_time(const json& metrics) {
  return with_numbers(metrics, {"Time of one search", "no value known", "fmnet search"}, "/search",
                      {"n_samples", "waveforms/seconds", "features/seconds", "library_bytes", "feature_bytes"},
                      [](const std::vector<double>& v) -> Ours {
                        return {
                            fmt::format("{} samples: {:.2f} s in the data domain from {:.0f} MB of Green's functions, "
                                        "{:.3f} s in the feature domain from {:.0f} MB of features",
                                        whole(v[0]), v[1], v[3] / 1e6, v[2], v[4] / 1e6),
                            "reading the features once is not counted; the data domain uses that samples are "
                            "linear in the moment tensor"};
                      });
}

}  // namespace

std::vector<Claim> compared_claims(const json& metrics) {
  std::vector<Claim> claims;
  for (Claim (*claim)(const json&) :
       {training_set, input, network, compression, weights, training, learning_rate, kagan_on_grid, kagan_without_noise,
        kagan_off_grid, kagan_between_places, kagan_wrong_model, prediction_time, mainshock, four_events, correlation,
        search_agreement, search_time}) {
    claims.push_back(claim(metrics));
  }
  return claims;
}

}  // namespace fmnet
