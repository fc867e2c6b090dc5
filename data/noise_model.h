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
// With w = 2 pi f the density of velocity is that of acceleration / w^2, of displacement / w^4                (3)
//
// A trace of n samples every D seconds is the first half of a periodic series of N = 2 n samples (the first half, because a
// periodic series ends as it begins): with df = 1/(N D), f_k = k df, and independent standard normal a_k, b_k,
//
//   x_j = sum_k s_k (a_k cos(2 pi j k / N) + b_k sin(2 pi j k / N)),   s_k = sqrt(P(f_k) df) |G(f_k)|         (4)
//
// G: the band-pass of preprocess.h at the native rate, squared when the filter has zero phase. The variance of x is
// sum s_k^2, the integral of the density.
//
// (4) is an inverse Fourier transform, but only the few dozen frequencies inside the band count: those with
// s_k >= 1 % of the largest (what is left out holds less than 1e-3 of the power). All traces of a sample are therefore one
// product of a small matrix of normals with a stored matrix of cosines and sines, faster than as many transforms.
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

// n pairs of independent standard normal numbers in single precision, by Box & Muller (1958): from n numbers r and then n numbers
// s of next_u32(), with u = (floor(r / 256) + 1/2) / 2^24 and v = floor(s / 256) / 2^24,
//
//   a = sqrt(-2 ln u) cos(2 pi v),   b = sqrt(-2 ln u) sin(2 pi v),   |a|, |b| < 6                             (5)
//
// Many pairs at a time use vector instructions; their last bit may differ between kinds of processors.
struct NormalPairs {
  Eigen::ArrayXf a, b;
};
NormalPairs draw_normal_pairs(RandomStream& random, Eigen::Index n);

class NoiseModel {
 public:
  // native_dt_s: the sampling interval at which the records (here: the Green's functions) are filtered.
  NoiseModel(const PreprocessSettings& settings, double native_dt_s);

  // Adds noise to each row; rms[row] is the root mean square that its noise has on average. Draws n_frequencies()
  // pairs of normals for every row, also where rms is 0. rows must have settings.n_samples columns.
  void add(Waveforms& rows, const Eigen::ArrayXf& rms, double level, RandomStream& random) const;

  // Root mean square of (4) in SI units: what a site of this level would record in the band.
  double rms(double level) const;

  int n_frequencies() const { return static_cast<int>(log_low_.size()); }

 private:
  Eigen::ArrayXd amplitudes(double level) const;  // s_k

  Eigen::ArrayXd log_low_, log_high_;  // ln s_k at levels 0 and 1; in between linear, by (2)
  Waveforms basis_;                    // 2 n_frequencies x n_samples: cos, sin of each k in turn
};

}  // namespace data
