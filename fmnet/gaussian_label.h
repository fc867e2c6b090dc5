// The network's target and how it is read back: strike, dip and rake as three bell curves of 128 values.
//
// The value of bin i = 1 .. 128 for an angle a with range begin .. end is
//
//   i0   = 128 (a - begin) / (end - begin)                                (1)
//   y(i) = exp(-d(i, i0)^2 / (2 s^2)),   d = i - i0,   s = 10 bins        (2)
//
// with ranges strike 0..360, dip 0..90, rake -90..90 degrees. (1) is the inverse of the authors' reading of a curve,
//
//   a = i (end - begin) / 128 + begin                                     (3)
//
// where i counts from 1 (their program is MATLAB): bin 128 is the upper end of the range and no bin is the lower one,
// so strike 0 is labelled as 360. i0 is not rounded. Reading (3) with a count from 0 would cost 2.5 degrees of Kagan
// angle on average.
//
// A double couple has two nodal planes; the label is that of one with |rake| <= 90, for which rake fits its range.
//
// Choices the paper leaves open, keys of the configuration:
//   * plane "canonical": propagator::canonical_plane, one name for each double couple. "as_drawn": the mechanism as it
//     stands on the grid, or its auxiliary plane where |rake| > 90. They differ where two names have |rake| <= 90:
//     (strike, 90, rake) = (strike + 180, 90, -rake) and (strike, dip, 90) = (strike + 180, 90 - dip, 90), 192 of the
//     972 mechanisms of the grid, for which "as_drawn" asks one waveform to have two labels.
//   * strike_label "plain": (2) as it is, a curve that breaks off at strike 0 / 360; "circular": d is the shorter way
//     round, min(|i - i0|, 128 - |i - i0|), so that 359 and 1 degree have nearly the same label.
//   * decoding "bin": (3) at the largest value, the first of equals; "parabola": the apex of the parabola through the
//     logarithms of the largest value and its neighbours, exact for (2) (a Gaussian's logarithm is a parabola); where
//     one of the three is not positive, or the largest lies at an end of a curve that is not circular, the bin.
//
// Curves are stored as in the network's output (1, 128, 3): bin by bin, strike, dip and rake beside each other.
//
// Reference: Kuang, Yuan & Zhang (2021), "Methods"; authors' program, Demo/sub_conpa.m, for (3).
#pragma once

#include <array>
#include <cstddef>

#include "fmnet/choice.h"
#include "propagator/focal_mechanism.h"

namespace fmnet {

inline constexpr int n_bins = 128;
inline constexpr int n_curves = 3;

enum class LabelPlane { canonical, as_drawn };
enum class StrikeLabel { plain, circular };
enum class PeakDecoding { bin, parabola };

const Choices<LabelPlane>& label_plane_names();
const Choices<StrikeLabel>& strike_label_names();
const Choices<PeakDecoding>& peak_decoding_names();

struct LabelSettings {
  double standard_deviation_bins = 10.0;
  LabelPlane plane = LabelPlane::canonical;
  StrikeLabel strike_label = StrikeLabel::plain;
  PeakDecoding decoding = PeakDecoding::bin;
};

// values[(i - 1) * n_curves + curve] for bin i and curve 0 = strike, 1 = dip, 2 = rake.
using LabelCurves = std::array<double, static_cast<std::size_t>(n_bins) * n_curves>;

struct AngleRange {
  double begin_deg, end_deg;
};
AngleRange angle_range(int curve);

// (1): where an angle lies on the axis of bins, 0 < i0 <= 128 for strike (0 becomes 360), 0 <= i0 <= 128 for the others.
double bin_of_angle(int curve, double angle_deg);
// (3): the angle of a place on the axis of bins, which may lie between two bins.
double angle_of_bin(int curve, double bin);

LabelCurves label_curves(const propagator::FocalMechanism& mechanism, const LabelSettings& settings);

// The mechanism that three curves tell. Throws std::invalid_argument when a value is not finite.
propagator::FocalMechanism decode_curves(const LabelCurves& curves, const LabelSettings& settings);

}  // namespace fmnet
