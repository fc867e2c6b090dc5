// Names in configuration files of the enumerations that other modules define, each in one place.
#pragma once

#include "autodiff/adam.h"
#include "autodiff/kernels/convolution.h"
#include "autodiff/ops/batch_norm.h"
#include "data/preprocess.h"
#include "data/trace.h"
#include "fmnet/choice.h"
#include "propagator/attenuation.h"
#include "propagator/layered_model.h"
#include "propagator/wavenumber_integral.h"

namespace fmnet {

const Choices<propagator::AttenuationLaw>& attenuation_names();
const Choices<propagator::InterfaceSide>& interface_side_names();
const Choices<propagator::WavenumberRule>& wavenumber_rule_names();
const Choices<data::FilterPhase>& filter_phase_names();
const Choices<data::Quantity>& network_quantity_names();  // displacement and velocity: what a network may be trained on
const Choices<data::Normalization>& normalization_names();
const Choices<data::RowOrder>& row_order_names();
const Choices<autodiff::RunningVariance>& running_variance_names();
const Choices<autodiff::kernels::ConvolutionMethod>& convolution_method_names();
const Choices<autodiff::AdamForm>& adam_form_names();

}  // namespace fmnet
