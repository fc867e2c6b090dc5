// The search in the data domain: which of the training set's samples resembles a record most?
//
// Sample i is the clean synthetic s_i of place p and mechanism m, normalised as the network sees it, and the misfit is
//
//   E_i = | d - s_i |,   the root of the sum of squares over the rows of the stations that d has                  (1)
//
// A station whose rows in d are all zero is missing: it is left out of the sample too, before normalising.
//
// Nothing is stored. Ground motion is linear in the moment tensor; of a tensor without volume change five numbers are free,
// mu = (Mxx, Myy, Mxy, Mxz, Myz) with Mzz = -Mxx - Myy, so that row r of place p is
//
//   u_r(t) = sum_k H_r(t, k) mu_k,   H_r(., k) the ground motion of the k-th unit tensor                          (2)
//
// A group g of rows (a trace, a station or the whole sample: preprocess.normalization) is divided by its largest
// absolute value a_g. Hence
//
//   E^2 = |d|^2 + sum_g ( mu' Q_g mu / a_g^2 - 2 b_g' mu / a_g ),   Q_g = sum_r H_r' H_r,   b_g = sum_r H_r' d_r    (3)
//   a_g = max over r in g and t of |u_r(t)|                                                                      (4)
//
// where a group that is zero throughout (a_g = 0) adds nothing. (3) costs some hundred operations a sample. (4) has no
// short cut: every one of the 4.8e9 values is computed, in registers, 16 mechanisms beside each other, and only its
// maximum is kept.
//
// (2) and (4) are single precision, the products of (3) double. waveform_misfit() evaluates (1) as written.
//
// For several records (2), (4) and Q are shared. The result does not depend on the number of threads.
// Cost for 810 places, 972 mechanisms, 16 stations: docs/performance.md. Memory: 4 bytes a sample and record, 0.7 MB a thread.
#pragma once

#include <cstdint>
#include <vector>

#include "data/dataset.h"

namespace fmnet {

// (1) for every mechanism of each of these places, place by place. Records have the shape and the normalisation of the
// dataset's samples; std::invalid_argument for another shape, values that are not finite, or a record without a station.
std::vector<std::vector<float>> waveform_misfits(const data::Dataset& dataset, const std::vector<std::int64_t>& places,
                                                 const std::vector<data::Waveforms>& records);

// (1) for one sample, by its definition.
double waveform_misfit(const data::Dataset& dataset, std::int64_t place, const propagator::FocalMechanism& mechanism,
                       const data::Waveforms& record);

}  // namespace fmnet
