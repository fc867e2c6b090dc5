// A prediction from records as JSON, and as the lines that the program prints.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "fmnet/config.h"
#include "fmnet/records_prediction.h"

namespace fmnet {

// Event, both planes, stations, delay, P times (p_time_s) and beginnings of the windows (window_begin_s = p_time_s + delay_s -
// before_p_s) in s after the origin, each channel with the reason why it was left out, notes, curves, features.
nlohmann::json prediction_json(const Config& config, const data::Event& event, const RecordsPrediction& prediction);

// "20190706T031953: strike 231, dip 80, rake -12 (other plane 323/78/-170); 11 of 11 stations; mean
// cross-correlation with the records 0.86, 1 warning"
std::string one_line(const nlohmann::json& prediction);

// A row a channel: station, channel, used or why not; then notes, the fit of each station, and warnings.
std::string channel_table(const nlohmann::json& prediction);
// The same of a window of which there is no prediction, with the first five notes.
std::string channel_table(const data::RecordWindow& window);

}  // namespace fmnet
