#include "fmnet/commands/serve_command.h"

#include <chrono>
#include <nlohmann/json.hpp>

#include "data/event.h"
#include "fmnet/interrupt.h"
#include "fmnet/manifest.h"
#include "fmnet/plane_json.h"
#include "fmnet/records_prediction.h"
#include "fmnet/trust/trust.h"
#include "propagator/errors.h"

namespace fmnet {
namespace {

using nlohmann::json;

json answer(const Predictor& predictor, const Config& config, const ServeInputs& inputs, const std::string& folder,
            const std::string& event_text) {
  const data::Event event = data::parse_event(event_text);
  const auto start = std::chrono::steady_clock::now();
  const data::RecordFiles files =
      data::read_record_files(folder, inputs.sac_unit, config.records.reading.skip_bad_records);
  const double read_ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  const RecordsRequest request{event, theoretical_p_times(config, event), inputs.delay_s, inputs.force};
  const RecordsPrediction found = predict_records(predictor, config, files, request, folder);
  return {{"records", folder},
          {"event", event.id},
          {"plane", plane_json(found.prediction.plane)},
          {"auxiliary_plane", plane_json(found.prediction.auxiliary)},
          {"n_stations", found.window.n_stations_used},
          {"delay_s", found.delay_s},
          {"warnings", warnings_of_place(config, event)},
          {"read_ms", read_ms},
          {"latency_ms", found.latency_ms}};
}

}  // namespace

int run_serve(const Config& in_use, const ServeInputs& inputs, std::istream& windows, std::ostream& answers) {
  const Predictor predictor(inputs.weights_path, in_use);
  const Config config = as_trained(in_use, predictor.config());
  const InterruptGuard guard;
  int n_errors = 0;
  for (std::string line; !interrupt_requested() && std::getline(windows, line);) {
    const std::size_t begin = line.find_first_not_of(" \t\r");
    if (begin == std::string::npos) continue;
    const std::size_t last = line.find_last_not_of(" \t\r");
    line = line.substr(begin, last - begin + 1);
    const std::size_t blank = line.find_last_of(" \t");
    const std::string folder = line.substr(0, line.find_last_not_of(" \t", blank) + 1);
    json result;
    try {
      if (blank == std::string::npos) {
        throw propagator::InputError("input", "", "", line, "must be: FOLDER time,latitude,longitude,depth_km");
      }
      result = answer(predictor, config, inputs, folder, line.substr(blank + 1));
    } catch (const std::exception& error) {  // whatever one window holds, the next is answered
      result = {{"records", folder}, {"error", error.what()}};
      ++n_errors;
    }
    answers << json_text(result, -1) << "\n" << std::flush;
    if (!answers) throw propagator::OutputError("answers", "writing", "the output takes no more of them");
  }
  return n_errors;
}

}  // namespace fmnet
