// Ground noise between Peterson's low and high noise models, as the filtered records would show it.
//
// Peterson (1993) describes the power spectral density of the ground acceleration at quiet (NLNM) and noisy (NHNM) sites
// piecewise in the period T: from T_i up to T_(i+1)
//
//   P = A_i + B_i log10(T)     dB relative to 1 (m/s^2)^2/Hz                                                 (1)
//
// one-sided; his tables 3 and 4. A noise level a = 0 .. 1 goes from one to the other along the decibels:
//
//   P_a(T) = (1 - a) NLNM(T) + a NHNM(T)                                                                     (2)
//
// With w = 2 pi f the density of acceleration, velocity and displacement in unit^2/Hz is
//
//   D_a = 10^(P_a / 10) w^(-2 m),   m = 0, 1, 2                                                              (3)
//
// A trace of n samples every D seconds is the first half of a periodic series of N = 2 n samples (the first half, because a
// periodic series ends as it begins): with df = 1/(N D), f_k = k df, and independent a_k, b_k of mean 0 and variance 1, nearly normal (draw_coin_sums),
//
//   x_j = sum_k s_k (a_k cos(2 pi j k / N) + b_k sin(2 pi j k / N)),   s_k = sqrt(D_a(f_k) df) |G(f_k)|       (4)
//
// G: the band-pass of preprocess.h at the native rate, squared when the filter has zero phase. The variance of x is
// sum s_k^2, the integral of the density.
//
// The models cover 1e-5 to 10 Hz: frequencies outside (a window above 50,000 s has some) are left out.
//
// (4) is an inverse Fourier transform, but only the few dozen frequencies inside the band count: those with
// s_k >= 1 % of the largest (what is left out holds less than 1e-3 of the power). All traces of a sample are therefore one
// product of a small matrix of the a_k and b_k with a stored matrix of cosines and sines, faster than as many transforms.
//
// The models describe vertical noise; the same density is used for the horizontal components, which at long periods are
// noisier at most sites (tilt). Components and stations are independent.
//
// Sources: J. Peterson, Observations and modeling of seismic background noise, USGS Open-File Report 93-322 (1993). The
// coefficients were checked against published transcriptions and by the continuity of (1) (see docs/4_training_set.md).
#pragma once

#include <Eigen/Core>
#include <vector>

#include "data/preprocess.h"
#include "data/random.h"
#include "data/trace.h"

namespace data {

// Equation (1), dB. period_s in 0.1 .. 1e5 s, else std::invalid_argument.
double new_low_noise_model_db(double period_s);
double new_high_noise_model_db(double period_s);

// Equations (2) and (3): one-sided power spectral density in unit^2/Hz, unit = m, m/s or m/s^2. level in 0 .. 1.
double noise_density(double frequency_hz, double level, Quantity quantity);

// n independent numbers of mean 0 and variance 1, each from 16 coin tosses: the lower, then the upper half of the bits of a
// next_u32(),
//
//   a = (number of ones - 8) / 2                                                                             (5)
//
// By the theorem of de Moivre and Laplace nearly normal (kurtosis 3 - 1/8). The traces (4) are weighted sums of some eighty of
// them, normal within what a test can tell, while (5) needs no logarithm, sine or cosine: the same bits on every processor.
Eigen::ArrayXf draw_coin_sums(RandomStream& random, Eigen::Index n);

class NoiseModel {
 public:
  // native_dt_s: the sampling interval at which the records (here: the Green's functions) are filtered. Throws
  // std::invalid_argument where no frequency of the window lies within the models.
  NoiseModel(const PreprocessSettings& settings, double native_dt_s);

  // Adds noise to each row; rms[row] is the root mean square that its noise has on average. Draws n_frequencies()
  // pairs a_k, b_k for every row, also where rms is 0. rows must have settings.n_samples columns.
  void add(Waveforms& rows, const Eigen::ArrayXf& rms, double level, RandomStream& random) const;

  // Root mean square of (4) in SI units: what a site of this level would record in the band.
  double rms(double level) const;

  int n_frequencies() const { return static_cast<int>(log_low_.size()); }

 private:
  Eigen::ArrayXd amplitudes(double level) const;  // s_k

  Eigen::ArrayXd log_low_, log_high_;  // ln s_k at levels 0 and 1; in between linear, by (2)
  Eigen::Index n_samples_;
  Waveforms basis_;  // row 2 i, 2 i + 1: cos, sin of the i-th frequency at n_samples times, zeros after them
};

}  // namespace data
