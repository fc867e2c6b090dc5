#include "fmnet/batch.h"

#include <fmt/format.h>

#include <exception>
#include <stdexcept>

#include "fmnet/architecture.h"
#include "fmnet/parallel_items.h"

namespace fmnet {
namespace {

using autodiff::Index;
using autodiff::Real;

constexpr Index n_label_values = Index{n_bins} * n_curves;

void copy_label(const propagator::FocalMechanism& mechanism, const LabelSettings& settings, Real* to) {
  const LabelCurves curves = label_curves(mechanism, settings);
  for (std::size_t i = 0; i < curves.size(); ++i) to[i] = static_cast<Real>(curves[i]);
}

}  // namespace

void copy_waveforms(const data::Waveforms& waveforms, autodiff::Tensor& images, Index n) {
  if (waveforms.rows() != n_input_rows || waveforms.cols() != n_input_columns) {
    throw std::invalid_argument(fmt::format("copy_waveforms: {} x {} values: must be {} x {}", waveforms.rows(),
                                            waveforms.cols(), n_input_rows, n_input_columns));
  }
  Real* to = images.pixel(n, 0, 0);
  for (Index i = 0; i < waveforms.size(); ++i) to[i] = static_cast<Real>(waveforms.data()[i]);
}

Batch make_batch(const SampleOf& sample, const std::vector<std::int64_t>& indices, const LabelSettings& label) {
  const auto N = static_cast<Index>(indices.size());
  Batch batch{autodiff::Tensor({N, n_input_rows, n_input_columns, 1}), autodiff::Tensor({N, 1, n_bins, n_curves})};
  for_each_item(N, [&](Index n) {
    const std::int64_t index = indices[static_cast<std::size_t>(n)];
    try {
      const data::Sample one = sample(index);
      copy_waveforms(one.waveforms, batch.waveforms, n);
      copy_label(one.mechanism, label, batch.labels.data() + n * n_label_values);
    } catch (const std::exception& error) {
      throw std::runtime_error(fmt::format("sample {}: {}", index, error.what()));
    }
  });
  return batch;
}

LabelCurves curves_of(const autodiff::Tensor& output, Index n) {
  LabelCurves curves{};
  const Real* from = output.data() + n * n_label_values;
  for (std::size_t i = 0; i < curves.size(); ++i) curves[i] = static_cast<double>(from[i]);
  return curves;
}

}  // namespace fmnet
