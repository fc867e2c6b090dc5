#include "fmnet/config_names.h"

namespace fmnet {

const Choices<propagator::AttenuationLaw>& attenuation_names() {
  using propagator::AttenuationLaw;
  static const Choices<AttenuationLaw> names = {
      {AttenuationLaw::constant_q, "constant_q"},
      {AttenuationLaw::constant_q_real_shear_modulus, "constant_q_real_shear_modulus"}};
  return names;
}

const Choices<propagator::InterfaceSide>& interface_side_names() {
  using propagator::InterfaceSide;
  static const Choices<InterfaceSide> names = {{InterfaceSide::above, "above"}, {InterfaceSide::below, "below"}};
  return names;
}

const Choices<propagator::WavenumberRule>& wavenumber_rule_names() {
  using propagator::WavenumberRule;
  static const Choices<WavenumberRule> names = {{WavenumberRule::converged, "converged"}, {WavenumberRule::fk, "fk"}};
  return names;
}

const Choices<data::FilterPhase>& filter_phase_names() {
  using data::FilterPhase;
  static const Choices<FilterPhase> names = {{FilterPhase::one_way, "one_way"},
                                             {FilterPhase::zero_phase, "zero_phase"}};
  return names;
}

const Choices<data::Quantity>& network_quantity_names() {
  using data::Quantity;
  static const Choices<Quantity> names = {{Quantity::displacement, "displacement"}, {Quantity::velocity, "velocity"}};
  return names;
}

const Choices<data::Normalization>& normalization_names() {
  using data::Normalization;
  static const Choices<Normalization> names = {
      {Normalization::trace, "trace"}, {Normalization::station, "station"}, {Normalization::sample, "sample"}};
  return names;
}

const Choices<data::RowOrder>& row_order_names() {
  using data::RowOrder;
  static const Choices<RowOrder> names = {{RowOrder::station_major, "station_major"},
                                          {RowOrder::component_major, "component_major"}};
  return names;
}

const Choices<autodiff::RunningVariance>& running_variance_names() {
  using autodiff::RunningVariance;
  static const Choices<RunningVariance> names = {{RunningVariance::biased, "biased"},
                                                 {RunningVariance::unbiased, "unbiased"},
                                                 {RunningVariance::keras2, "keras2"}};
  return names;
}

const Choices<autodiff::kernels::ConvolutionMethod>& convolution_method_names() {
  using autodiff::kernels::ConvolutionMethod;
  static const Choices<ConvolutionMethod> names = {{ConvolutionMethod::direct, "direct"},
                                                   {ConvolutionMethod::winograd, "winograd"}};
  return names;
}

const Choices<autodiff::AdamForm>& adam_form_names() {
  using autodiff::AdamForm;
  static const Choices<AdamForm> names = {{AdamForm::keras, "keras"}, {AdamForm::paper, "paper"}};
  return names;
}

}  // namespace fmnet
