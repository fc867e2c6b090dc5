#include "fmnet/selftest.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>

#include "data/butterworth.h"
#include "data/checksum.h"
#include "data/random.h"
#include "fmnet/architecture.h"
#include "fmnet/gaussian_label.h"
#include "fmnet/safetensors.h"
#include "propagator/errors.h"
#include "propagator/greens_functions.h"
#include "propagator/travel_time.h"

namespace fmnet {
namespace {

const propagator::FocalMechanism mechanism = {230.8, 82.8, -9.4};

// Splitting a layer into two equal ones changes nothing.
double split_layer_error() {
  const propagator::Layer crust{16.0, 6.3, 3.64, 2.67, 600.0, 300.0}, mantle{0.0, 7.8, 4.5, 3.3, 600.0, 300.0};
  propagator::Layer half = crust;
  half.thickness_km = 8.0;
  propagator::GreensSettings settings;
  settings.n_samples = 64;
  settings.max_frequency_hz = 0.2;
  const auto series = [&settings](const std::vector<propagator::Layer>& layers) {
    return propagator::compute_greens_functions(propagator::LayeredModel(layers), {5.0}, {40.0}, settings)
        .front()
        .series;
  };
  const Eigen::ArrayXXd whole = series({crust, mantle}), split = series({half, half, mantle});
  return (whole - split).abs().maxCoeff<Eigen::PropagateNaN>() / whole.abs().maxCoeff<Eigen::PropagateNaN>();
}

// The direct wave in a half-space is a straight line.
double travel_time_error() {
  const propagator::LayeredModel half_space({{0.0, 6.0, 3.5, 2.7, 600.0, 300.0}});
  return propagator::first_p(half_space, 8.0, 15.0).time_s - 17.0 / 6.0;
}

// A Butterworth band-pass has gain sqrt(1/2) at its corners.
double filter_gain_error() {
  const data::Sections sections = data::butterworth_bandpass(4, 0.05, 0.1, 1.0);
  Eigen::ArrayXd impulse = Eigen::ArrayXd::Zero(4096);
  impulse[0] = 1.0;
  const Eigen::ArrayXd response = data::filter_one_way(sections, impulse);
  std::complex<double> gain = 0.0;
  for (Eigen::Index i = 0; i < response.size(); ++i)
    gain += response[i] * std::polar(1.0, -2.0 * std::numbers::pi * 0.05 * static_cast<double>(i));
  return std::abs(gain) - std::sqrt(0.5);
}

// Philox 4x32-10 of key 0 and counter 0 (Salmon et al. 2011, known answers).
double philox_error() {
  const data::PhiloxCounter words = data::philox_4x32_10({0, 0, 0, 0}, {0, 0});
  return words == data::PhiloxCounter{0x6627e8d5U, 0xe169c58dU, 0xbc57ac4cU, 0x9b00dbd8U} ? 0.0 : 1.0;
}

// SHA-256 of "abc" (FIPS 180-2, appendix B.1).
double checksum_error() {
  const std::string digest = data::sha256_hex("abc");
  return digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" ? 0.0 : 1.0;
}

double decoding_error_deg() {
  LabelSettings parabola;
  parabola.decoding = PeakDecoding::parabola;
  return propagator::kagan_angle_deg(decode_curves(label_curves(mechanism, parabola), parabola), mechanism);
}

// The network as it is run (fused stages, Winograd's convolution) against layer by layer with the direct one.
double network_error() {
  FmNet network(7);
  network.eval();
  autodiff::Tensor image({1, n_input_rows, n_input_columns, 1});
  for (autodiff::Index i = 0; i < image.size(); ++i) {
    image[i] = static_cast<autodiff::Real>(std::sin(0.37 * static_cast<double>(i)));
  }
  const autodiff::RecordingOff recording_off;
  const autodiff::Variable x(std::move(image));
  network.set_execution({false, autodiff::kernels::ConvolutionMethod::direct});
  const autodiff::Variable plain = network.forward(x);
  network.set_execution({true, autodiff::kernels::ConvolutionMethod::winograd});
  return relative_difference(plain.value(), network.forward(x).value());
}

// Every flipped bit of a file of weights is noticed.
double damage_missed() {
  const std::string bytes = safetensors_bytes({{{"k", "v"}}, {{"a", {3}, StoredType::f32, {1.0, 2.0, 3.0}}}});
  double missed = 0.0;
  for (std::size_t i = 0; i < 8 * bytes.size(); ++i) {
    std::string damaged = bytes;
    damaged[i / 8] = static_cast<char>(damaged[i / 8] ^ (1 << (i % 8)));
    try {
      parse_safetensors(damaged, "damaged");
      missed += 1.0;
    } catch (const propagator::InputError&) {
    }
  }
  return missed;
}

}  // namespace

double relative_difference(const autodiff::Tensor& a, const autodiff::Tensor& b) {
  double largest = 0.0, error = 0.0;
  for (autodiff::Index i = 0; i < a.size(); ++i) {
    const double difference = std::abs(static_cast<double>(a[i] - b[i]));
    if (!std::isfinite(difference)) return std::numeric_limits<double>::quiet_NaN();
    largest = std::max(largest, std::abs(static_cast<double>(a[i])));
    error = std::max(error, difference);
  }
  return error / largest;
}

std::vector<SelfCheck> run_selftest() {
  return {{"Green's functions: a layer split into two equal ones", split_layer_error(), 1e-10},
          {"travel time along a straight ray, s", travel_time_error(), 1e-12},
          {"gain of the band-pass at its corner", filter_gain_error(), 1e-9},
          {"random numbers: published answers", philox_error(), 0.0},
          {"SHA-256: published answer", checksum_error(), 0.0},
          {"curves of a mechanism read back, degrees", decoding_error_deg(), 1e-4},
          {"network: fast path against layer by layer", network_error(), 1e-3},
          {"flipped bits of a file that go unnoticed", damage_missed(), 0.0}};
}

}  // namespace fmnet
