#include "fmnet/commands/prediction_file.h"

#include <cmath>
#include <stdexcept>

#include "data/atomic_file.h"
#include "fmnet/plane_json.h"
#include "propagator/errors.h"

namespace fmnet {
namespace {

using nlohmann::json;

data::Waveforms waveforms_of(const json& rows) {
  data::Waveforms waveforms(n_input_rows, n_input_columns);
  if (rows.size() != n_input_rows) throw std::out_of_range("number of rows");
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (rows.at(r).size() != n_input_columns) throw std::out_of_range("number of columns");
    for (std::size_t t = 0; t < n_input_columns; ++t) {
      waveforms(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(t)) = rows.at(r).at(t).get<float>();
    }
  }
  return waveforms;
}

}  // namespace

PredictionFile read_prediction(const std::string& path) {
  const std::string text = data::read_whole_file(path, max_prediction_bytes);
  try {
    const json prediction = json::parse(text);
    PredictionFile result{prediction.at("event").at("id").get<std::string>(),
                          prediction.at("network").get<std::string>(),
                          prediction.at("weights_sha256").get<std::string>(),
                          plane_of(prediction.at("plane")),
                          {},
                          prediction.at("features").get<std::vector<double>>(),
                          waveforms_of(prediction.at("waveforms"))};
    if (prediction.contains("reference")) result.reference = plane_of(prediction.at("reference"));
    return result;
  } catch (const std::exception&) {
    throw propagator::InputError(path, "", "", "", "is not the prediction.json that `fmnet predict` writes");
  }
}

json waveforms_json(const data::Waveforms& rows) {
  json result = json::array();
  for (Eigen::Index r = 0; r < rows.rows(); ++r) {
    json row = json::array();
    // Six digits: a thousandth of the noise, and a file that can be looked at.
    for (Eigen::Index t = 0; t < rows.cols(); ++t) {
      row.push_back(std::round(1e6 * static_cast<double>(rows(r, t))) / 1e6);
    }
    result.push_back(row);
  }
  return result;
}

}  // namespace fmnet
