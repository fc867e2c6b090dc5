// FMNet as PyTorch computes it (shared/reference/torch_oracle): arrays by name, in our layout.
//
//   tensors  NCHW -> N H W C          kernels  (out, in, kh, kw) -> KH x KW x C_in x C_out
//   convNN.weight, convNN.bias keep their names; bnNN.gamma is torch's bnNN.weight, bnNN.beta its bnNN.bias
#pragma once

#include <string>

#include "autodiff/tensor.h"
#include "npy.h"
#include "reference.h"

namespace support {

inline std::string torch_name(const std::string& ours) {
  if (ours.ends_with(".gamma")) return ours.substr(0, ours.size() - 6) + ".weight";
  if (ours.ends_with(".beta")) return ours.substr(0, ours.size() - 5) + ".bias";
  if (ours.ends_with(".running_variance")) return ours.substr(0, ours.size() - 17) + ".running_var";
  return ours;
}

// "input", "output", "init/conv01.weight", ..
inline autodiff::Tensor torch_array(const std::string& name) {
  using autodiff::Index;
  using autodiff::Real;
  const Npy<double> stored = read_npy<double>(reference("torch_oracle/" + name + ".npy"));
  const auto extent = [&stored](std::size_t i) { return static_cast<Index>(stored.shape[i]); };
  if (stored.shape.size() < 4) {  // one number per channel, or samples x features
    const Index c = extent(stored.shape.size() - 1);
    autodiff::Tensor vector({static_cast<Index>(stored.values.size()) / c, 1, 1, c});
    for (Index i = 0; i < vector.size(); ++i) vector[i] = static_cast<Real>(stored.values[static_cast<std::size_t>(i)]);
    return vector;
  }
  const bool kernel = name.ends_with(".weight");
  const Index A = extent(0), B = extent(1), C = extent(2), D = extent(3);
  autodiff::Tensor tensor(kernel ? autodiff::Shape{C, D, B, A} : autodiff::Shape{A, C, D, B});
  std::size_t at = 0;
  for (Index a = 0; a < A; ++a) {
    for (Index b = 0; b < B; ++b) {
      for (Index c = 0; c < C; ++c) {
        for (Index d = 0; d < D; ++d) {
          const auto value = static_cast<Real>(stored.values[at++]);
          (kernel ? tensor(c, d, b, a) : tensor(a, c, d, b)) = value;
        }
      }
    }
  }
  return tensor;
}

}  // namespace support
