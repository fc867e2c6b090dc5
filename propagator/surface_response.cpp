#include "propagator/surface_response.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "propagator/vertical_wavenumber.h"

namespace propagator {

namespace {

constexpr double on_boundary_km = 1e-9;
constexpr double negligible_exponent = 20.0;

const Medium& medium_of(const HalfStack& half, std::size_t i, const std::vector<Medium>& media) {
  return media[static_cast<std::size_t>(half.layer[i])];
}

// The solutions that start at the receiver.
template <class C>
struct FromReceiver {
  MotionStress<C> h1, h2;
  ShMotionStress<C> h;
};

// Equation (3): the traction that the other half-stack opposes.
template <class C>
FromReceiver<C> from_receiver(const Minors<C>& other, const ShMotionStress<C>& other_sh) {
  const C zero(0.0);
  const C one(1.0);
  const C inverse = one / other.e;
  const C coupling = other.g * inverse;
  return {{one, zero, other.w * inverse, coupling},
          {zero, one, coupling, -(other.p * inverse)},
          {one, -(other_sh.tau / other_sh.v)}};
}

template <class C>
C dot(const MotionStress<C>& a, const MotionStress<C>& b) {
  return a.u * b.u + a.w * b.w + a.s * b.s + a.p * b.p;
}

// Minors and SH solution where each of the first n_layers layers begins, carried inwards from their far end.
template <class C>
void sweep_inwards(const real_of<C>& k, const HalfStack& half, const std::vector<Medium>& media, std::size_t n_layers,
                   HalfWorkspace<C>& w) {
  C nu_a, nu_b;
  if (n_layers < half.layer.size()) {
    const Medium& outside = medium_of(half, n_layers, media);
    nu_a = vertical_wavenumber<C>(k, outside.k_alpha2);
    nu_b = vertical_wavenumber<C>(k, outside.k_beta2);
    w.minors[n_layers] = half_space_minors(k, outside, nu_a, nu_b);
    w.sh[n_layers] = {C(1.0), -(C(outside.mu) * nu_b)};
  } else {
    w.minors[n_layers] = {C(1.0), C(0.0), C(0.0), C(0.0), C(0.0)};
    w.sh[n_layers] = {C(1.0), C(0.0)};
  }
  for (std::size_t i = n_layers; i-- > 0;) {
    const Medium& medium = medium_of(half, i, media);
    if (i + 1 == half.layer.size() || half.layer[i] != half.layer[i + 1]) {
      nu_a = vertical_wavenumber<C>(k, medium.k_alpha2);
      nu_b = vertical_wavenumber<C>(k, medium.k_beta2);
    }
    w.terms[i] = i + 1 < n_layers && half.repeats_next(i) ? w.terms[i + 1]
                                                          : layer_terms(nu_a, nu_b, medium, half.thickness_km[i]);
    w.minors[i] = minors_upwards(k, w.minors[i + 1], medium, w.terms[i]);
    w.sh[i] = sh_upwards(w.sh[i + 1], medium, w.terms[i]);
  }
}

// Equations (1), (2), (4) and (5) at one source depth; scale = exp(-sum b) / F.
template <class C>
void kernels_at(const real_of<C>& k, const Medium& medium, const Minors<C>& minors, const ShMotionStress<C>& sh,
                const FromReceiver<C>& from, const C& psv_scale, const C& sh_scale, bool upwards,
                std::span<const PointSource> sources, std::span<Kernel<C>> kernels) {
  const C psv_k = -(k * psv_scale);
  const C sh_k = -(k * sh_scale);
  const MotionStress<C> by_h1 = determinant_coefficients(minors, from.h1);
  const MotionStress<C> by_h2 = determinant_coefficients(minors, from.h2);
  for (std::size_t i = 0; i < sources.size(); ++i) {
    SourceJump<C> d = source_jump<C>(sources[i], k, medium);
    if (upwards) d = {{-d.psv.u, d.psv.w, d.psv.s, -d.psv.p}, {-d.sh.v, d.sh.tau}};  // (4)
    const C z = psv_k * dot(by_h1, d.psv);                                           // (1), (5)
    kernels[i].z = upwards ? -z : z;                                                 // (4)
    kernels[i].r = psv_k * dot(by_h2, d.psv);                                        // (1), (5)
    kernels[i].t = sh_k * (sh.v * d.sh.tau - sh.tau * d.sh.v);                       // (2), (5)
  }
}

// The kernels of all sources in one half-stack, whose sweep inwards is done.
template <class C>
void sweep_outwards(const real_of<C>& k, const HalfStack& half, const std::vector<Medium>& media, bool upwards,
                    std::span<const PointSource> sources, int n_sources, const HalfWorkspace<C>& w,
                    FromReceiver<C> from, std::span<Kernel<C>> kernels) {
  const C F = dot(determinant_coefficients(w.minors[0], from.h2), from.h1);
  const C F_sh = w.sh[0].v * from.h.tau - w.sh[0].tau * from.h.v;
  C psv_scale = C(1.0) / F;
  C sh_scale = C(1.0) / F_sh;
  HaskellMatrix<C> H;
  std::size_t i = 0;
  for (const HalfStack::Source& source : half.sources) {
    if (source.index >= n_sources) break;
    for (; i < static_cast<std::size_t>(source.position); ++i) {
      if (i == 0 || !half.repeats_next(i - 1)) H = haskell_matrix<C>(k, medium_of(half, i, media), w.terms[i]);
      from.h1 = H * from.h1;
      from.h2 = H * from.h2;
      psv_scale = psv_scale * w.terms[i].exp_b;
      sh_scale = sh_scale * w.terms[i].exp_b;
    }
    const std::size_t first = static_cast<std::size_t>(source.index) * sources.size();
    kernels_at<C>(k, media[static_cast<std::size_t>(source.medium_layer)], w.minors[i], w.sh[i], from, psv_scale,
                  sh_scale, upwards, sources, kernels.subspan(first, sources.size()));
  }
}

std::size_t felt_layers(double k, const HalfStack& half, const std::vector<Medium>& media, int n_sources) {
  std::size_t i = 0;
  for (const HalfStack::Source& source : half.sources) {
    if (source.index < n_sources) i = static_cast<std::size_t>(source.position);
  }
  double exponent = 0.0;
  for (; i < half.n_finite() && exponent < negligible_exponent; ++i) {
    exponent += std::sqrt(std::max(0.0, k * k - std::abs(medium_of(half, i, media).k_beta2))) * half.thickness_km[i];
  }
  return i;
}

}  // namespace

LayerStack cut_at(const LayeredModel& model, const std::vector<double>& source_depths_km, double receiver_depth_km,
                  InterfaceSide side, bool free_surface) {
  std::vector<double> wanted = source_depths_km;
  wanted.push_back(receiver_depth_km);
  std::vector<double> tops;
  for (int i = 0; i < model.n_layers(); ++i) tops.push_back(model.top_km(i));
  for (const double depth : wanted) {
    const auto at = std::lower_bound(tops.begin(), tops.end(), depth - on_boundary_km);
    if (at == tops.end() || *at > depth + on_boundary_km) tops.insert(at, depth);
  }
  const auto boundary = [&tops](double depth) {
    return static_cast<int>(std::lower_bound(tops.begin(), tops.end(), depth - on_boundary_km) - tops.begin());
  };
  const int receiver = boundary(receiver_depth_km);

  LayerStack stack;
  stack.n_sources = static_cast<int>(source_depths_km.size());
  stack.above.ends_free = free_surface;
  const int n = static_cast<int>(tops.size());
  const auto append = [&](HalfStack& half, int i) {
    const std::size_t at = static_cast<std::size_t>(i);
    half.layer.push_back(model.layer_at(tops[at], InterfaceSide::below));
    half.thickness_km.push_back(i + 1 < n ? tops[at + 1] - tops[at] : 0.0);
  };
  for (int i = receiver; i < n; ++i) append(stack.below, i);
  for (int i = receiver; i-- > 0;) append(stack.above, i);
  if (!free_surface) append(stack.above, 0);
  for (int i = 0; i < stack.n_sources; ++i) {
    const double depth = source_depths_km[static_cast<std::size_t>(i)];
    const int offset = boundary(depth) - receiver;
    HalfStack& half = offset >= 0 ? stack.below : stack.above;
    half.sources.push_back({std::abs(offset), model.layer_at(depth, side), i});
  }
  return stack;
}

template <class C>
SweepWorkspace<C>::SweepWorkspace(const LayerStack& stack) {
  const auto resize = [](HalfWorkspace<C>& w, std::size_t n) {
    w.terms.resize(n);
    w.minors.resize(n + 1);
    w.sh.resize(n + 1);
  };
  resize(below, stack.below.layer.size());
  resize(above, stack.above.layer.size());
}

SweepExtent whole(const LayerStack& stack) { return {stack.n_sources, stack.below.n_finite(), stack.above.n_finite()}; }

SweepExtent felt_at(double k, const LayerStack& stack, const std::vector<Medium>& media, int n_sources) {
  return {n_sources, felt_layers(k, stack.below, media, n_sources), felt_layers(k, stack.above, media, n_sources)};
}

template <class C>
void surface_kernels(const real_of<C>& k, const LayerStack& stack, const std::vector<Medium>& media,
                     std::span<const PointSource> sources, const SweepExtent& extent, SweepWorkspace<C>& workspace,
                     std::span<Kernel<C>> kernels) {
  assert(kernels.size() >= static_cast<std::size_t>(extent.n_sources) * sources.size());
  sweep_inwards(k, stack.below, media, extent.n_below, workspace.below);
  sweep_inwards(k, stack.above, media, extent.n_above, workspace.above);
  sweep_outwards(k, stack.below, media, false, sources, extent.n_sources, workspace.below,
                 from_receiver(workspace.above.minors[0], workspace.above.sh[0]), kernels);
  if (stack.above.sources.empty()) return;
  sweep_outwards(k, stack.above, media, true, sources, extent.n_sources, workspace.above,
                 from_receiver(workspace.below.minors[0], workspace.below.sh[0]), kernels);
}

template struct SweepWorkspace<std::complex<double>>;
template struct SweepWorkspace<ComplexLanes>;
template void surface_kernels(const double&, const LayerStack&, const std::vector<Medium>&,
                              std::span<const PointSource>, const SweepExtent&, SweepWorkspace<std::complex<double>>&,
                              std::span<Kernel<std::complex<double>>>);
template void surface_kernels(const RealLanes&, const LayerStack&, const std::vector<Medium>&,
                              std::span<const PointSource>, const SweepExtent&, SweepWorkspace<ComplexLanes>&,
                              std::span<Kernel<ComplexLanes>>);

}  // namespace propagator
