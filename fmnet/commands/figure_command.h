// `fmnet figure NAME`: one figure of the paper, drawn from the results of the other commands into FOLDER/figures.
//
// Each is a step of its own: it is drawn again when one of the files or values that it shows has changed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "data/event.h"
#include "fmnet/commands/figure_step.h"
#include "fmnet/config.h"

namespace fmnet {

struct TrainedNetwork {
  Config config;
  std::string library_path, weights_path;
};

// Figure 1: map.
StepEnd draw_map(const FigurePlace& place, const Config& config, const std::optional<data::Event>& event);
// Figure 3: published mechanisms of an event, beside ours where prediction_path (a prediction.json) is not empty.
StepEnd draw_mechanisms(const FigurePlace& place, const std::string& mechanisms_path, const std::string& event_id,
                        const std::string& prediction_path);
// Figure 6: the network.
StepEnd draw_architecture(const FigurePlace& place);
// Figure S1: training sample number `sample` before and after noise and shift.
StepEnd draw_sample(const FigurePlace& place, const Config& config, const std::string& library_path,
                    std::int64_t sample);
// Figure S2: the losses of a training_log.tsv.
StepEnd draw_loss(const FigurePlace& place, const std::string& log_path);
// Figure S3: true and predicted curves of unseen events 1, 201, 401, 601 and 801, as the authors' program shows.
StepEnd draw_compared_labels(const FigurePlace& place, const TrainedNetwork& trained);
// Figure S6: the encoder's feature of unseen event 1, or of the real event of a prediction.json.
StepEnd draw_feature(const FigurePlace& place, const TrainedNetwork& trained);
StepEnd draw_feature_of_prediction(const FigurePlace& place, const std::string& prediction_path);
// Figure S7: the label of a mechanism.
StepEnd draw_label(const FigurePlace& place, const Config& config, const propagator::FocalMechanism& mechanism);
// The chapter on Green's functions: what it shows is computed on the way.
StepEnd draw_wave_field(const FigurePlace& place);
StepEnd draw_plain_product(const FigurePlace& place);
StepEnd draw_wavenumber_sum(const FigurePlace& place);
StepEnd draw_accuracy_and_cost(const FigurePlace& place);  // times of this machine
// The revision's histogram, from an evaluation_*.tsv.
StepEnd draw_kagan_histogram(const FigurePlace& place, const std::string& evaluation_path);

}  // namespace fmnet
