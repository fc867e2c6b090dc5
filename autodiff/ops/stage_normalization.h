// The working of batch normalisation, for batch_norm.h by itself and for a fused stage (fused_stage.h): between the
// activations z, before up-sampling, and the output y, after it. Everything acts row by row, so that it can follow or precede
// a convolution without a pass over memory of its own. batch_norm.h alone is the case fh = fw = 1, f' = 1.
//
//   y[h fh + i, w fw + j] = gamma (z[h,w] - mu) / sqrt(V + eps) + beta                                     (1)
//
// and back, with dz~ the sum of dy over the copies of a pixel, sums and m over the pixels of z:
//
//   dz' = f'(z) gamma / sqrt(V + eps) (dz~ - sum dz~ / m - xhat sum(dz~ xhat) / m)                         (2)
//
// Constant statistics (prediction) have no part in the gradient: its two sums drop out of (2), m is infinite.
#pragma once

#include "autodiff/ops/batch_norm.h"
#include "autodiff/ops/channel_sums.h"
#include "autodiff/variable.h"

namespace autodiff {

// std::invalid_argument, naming `function`, where the shapes are not those of one number for each of C channels, eps is not
// above 0 or the decay of the running averages does not lie in 0..1.
void check_normalization(const char* function, Index C, const Variable& gamma, const Variable& beta,
                         const RunningAverages& averages, const BatchNormSettings& settings);

// Equations (8) and (9) of batch_norm.h with the factor r.
void move_averages(RunningAverages& averages, const ChannelMoments& batch, double r, const BatchNormSettings& settings);

// mu and 1 / sqrt(V + eps), per channel.
struct Normalization {
  List<double> mean, inverse_deviation;
};
Normalization normalization(List<double> mean, const List<double>& variance, double eps);
Normalization normalization(const RunningAverages& averages, double eps);

// (1) as y = scale (z - mu) + beta, per channel.
struct AffineInPixel {
  List<Real> mu, scale, beta;
};
AffineInPixel affine(const Normalization& f, const Tensor& gamma, const Tensor& beta);

// (1) for one row of W pixels, each written `copies` times.
void normalize_row(const AffineInPixel& f, const Real* z, Index W, Index copies, Real* y);
// (1) for whole images; y is (N, H fh, W fw, C).
void normalize_images(const AffineInPixel& f, const Tensor& z, Index fh, Index fw, Tensor& y);

// dz~: (N, H fh, W fw, C) -> (N, H, W, C).
Tensor sum_of_copies(Tensor dy, const Shape& z, Index fh, Index fw);

// (2) as dz' = f'(z) scale (dz~ - shift - tilt (z - mu)), per channel.
struct LinearInPixel {
  List<Real> mu, scale, shift, tilt;
  Real slope;
};
// gamma and beta receive their gradients, equations (5) and (6) of batch_norm.h, where they ask for them.
LinearInPixel backward_through_normalization(const Tensor& z, const Tensor& dz, const Variable& gamma,
                                             const Variable& beta, const Normalization& f, bool statistics_depend_on_z,
                                             double slope);

// (2) for W pixels; dz' may be dz~ itself.
void backward_row(const LinearInPixel& f, const Real* z, const Real* dz, Index W, Real* dz_bent);

}  // namespace autodiff
