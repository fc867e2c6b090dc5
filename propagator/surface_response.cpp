#include "propagator/surface_response.h"

#include <cassert>
#include <cmath>

#include "propagator/source_jump.h"
#include "propagator/vertical_wavenumber.h"

namespace propagator {

namespace {

// Displacement-stress at depth 0 of the two P-SV solutions and the SH solution from above.
template <class C>
struct FromAbove {
  MotionStress<C> h1, h2;
  ShMotionStress<C> h;
};

template <class C>
FromAbove<C> from_above(const real_of<C>& k, const Medium& top, const C& nu_a, const C& nu_b, bool free_surface) {
  const C zero(0.0);
  const C one(1.0);
  if (free_surface) return {{one, zero, zero, zero}, {zero, one, zero, zero}, {one, zero}};
  // Minors of waves going up are those of waves going down with p and w of the other sign; stress follows from displacement.
  const Minors<C> down = half_space_minors(k, top, nu_a, nu_b);
  const C coupling = down.g / down.e;
  return {{one, zero, down.w / down.e, coupling}, {zero, one, coupling, -(down.p / down.e)}, {one, C(top.mu) * nu_b}};
}

template <class C>
C dot(const MotionStress<C>& a, const MotionStress<C>& b) {
  return a.u * b.u + a.w * b.w + a.s * b.s + a.p * b.p;
}

// Equations (1), (2) and (3) at one source; scale = exp(-sum b) over the layers above.
template <class C>
Kernels<C> kernels_of_source(const real_of<C>& k, const Medium& source, const Minors<C>& minors,
                             const ShMotionStress<C>& sh, const FromAbove<C>& above, const C& psv_scale,
                             const C& sh_scale) {
  const SourceJumps<C> jumps = source_jumps<C>(k, source);
  const MotionStress<C> by_h1 = determinant_coefficients(minors, above.h1);
  const MotionStress<C> by_h2 = determinant_coefficients(minors, above.h2);
  const auto z = [&](const MotionStress<C>& jump) { return -(k * (dot(by_h1, jump) * psv_scale)); };  // (1), (3)
  const auto r = [&](const MotionStress<C>& jump) { return -(k * (dot(by_h2, jump) * psv_scale)); };  // (1), (3)
  const auto t = [&](const ShMotionStress<C>& jump) {
    return -(k * ((sh.v * jump.tau - sh.tau * jump.v) * sh_scale));  // (2), (3)
  };
  return {z(jumps.dip_slip_45), r(jumps.dip_slip_45), z(jumps.dip_slip),       r(jumps.dip_slip),  t(jumps.dip_slip_sh),
          z(jumps.strike_slip), r(jumps.strike_slip), t(jumps.strike_slip_sh), z(jumps.explosion), r(jumps.explosion)};
}

}  // namespace

LayerStack cut_at_sources(const LayeredModel& model, const std::vector<double>& source_depths_km, InterfaceSide side) {
  constexpr double on_interface_km = 1e-9;
  LayerStack stack;
  std::size_t next = 0;
  for (int i = 0; i < model.n_layers(); ++i) {
    const bool last = i + 1 == model.n_layers();
    double top = model.top_km(i);
    const double bottom = last ? INFINITY : model.top_km(i + 1);
    while (next < source_depths_km.size() && source_depths_km[next] < bottom - on_interface_km) {
      const double depth = source_depths_km[next++];
      if (depth > top + on_interface_km) {
        stack.thickness_km.push_back(depth - top);
        stack.layer.push_back(i);
        top = depth;
      }
      stack.source_boundary.push_back(static_cast<int>(stack.layer.size()));
      stack.source_layer.push_back(model.layer_at(depth, side));
    }
    stack.thickness_km.push_back(last ? 0.0 : bottom - top);
    stack.layer.push_back(i);
  }
  return stack;
}

template <class C>
SweepWorkspace<C>::SweepWorkspace(const LayerStack& stack)
    : terms(stack.layer.size()), minors(stack.layer.size()), sh(stack.layer.size()) {}

template <class C>
void surface_kernels(const real_of<C>& k, const LayerStack& stack, const std::vector<Medium>& media, bool free_surface,
                     SweepWorkspace<C>& workspace, std::span<Kernels<C>> kernels) {
  assert(kernels.size() == stack.source_boundary.size());
  const std::size_t last = stack.layer.size() - 1;

  // Upwards: minors and SH solution at the top of every cut layer.
  const Medium& half_space = media[static_cast<std::size_t>(stack.layer[last])];
  C nu_a = vertical_wavenumber<C>(k, half_space.k_alpha2);
  C nu_b = vertical_wavenumber<C>(k, half_space.k_beta2);
  workspace.minors[last] = half_space_minors(k, half_space, nu_a, nu_b);
  workspace.sh[last] = {C(1.0), -(C(half_space.mu) * nu_b)};
  for (std::size_t i = last; i-- > 0;) {
    const Medium& medium = media[static_cast<std::size_t>(stack.layer[i])];
    if (stack.layer[i] != stack.layer[i + 1]) {
      nu_a = vertical_wavenumber<C>(k, medium.k_alpha2);
      nu_b = vertical_wavenumber<C>(k, medium.k_beta2);
    }
    workspace.terms[i] = layer_terms(nu_a, nu_b, medium, stack.thickness_km[i]);
    workspace.minors[i] = minors_upwards(k, workspace.minors[i + 1], medium, workspace.terms[i]);
    workspace.sh[i] = sh_upwards(workspace.sh[i + 1], medium, workspace.terms[i]);
  }

  // The denominators of (1) and (2), at the surface.
  FromAbove<C> above = from_above(k, media[static_cast<std::size_t>(stack.layer[0])], nu_a, nu_b, free_surface);
  const C F = dot(determinant_coefficients(workspace.minors[0], above.h2), above.h1);
  const C F_sh = workspace.sh[0].v * above.h.tau - workspace.sh[0].tau * above.h.v;
  C psv_scale = C(1.0) / F;
  C sh_scale = C(1.0) / F_sh;

  // Downwards: the solutions from above, and the kernels at every source.
  std::size_t i = 0;
  for (std::size_t j = 0; j < kernels.size(); ++j) {
    for (; i < static_cast<std::size_t>(stack.source_boundary[j]); ++i) {
      const HaskellMatrix<C> H =
          haskell_matrix<C>(k, media[static_cast<std::size_t>(stack.layer[i])], workspace.terms[i]);
      above.h1 = H * above.h1;
      above.h2 = H * above.h2;
      psv_scale = psv_scale * workspace.terms[i].exp_b;
      sh_scale = sh_scale * workspace.terms[i].exp_b;
    }
    const Medium& source = media[static_cast<std::size_t>(stack.source_layer[j])];
    kernels[j] = kernels_of_source(k, source, workspace.minors[i], workspace.sh[i], above, psv_scale, sh_scale);
  }
}

template struct SweepWorkspace<std::complex<double>>;
template struct SweepWorkspace<ComplexLanes>;
template void surface_kernels(const double&, const LayerStack&, const std::vector<Medium>&, bool,
                              SweepWorkspace<std::complex<double>>&, std::span<Kernels<std::complex<double>>>);
template void surface_kernels(const RealLanes&, const LayerStack&, const std::vector<Medium>&, bool,
                              SweepWorkspace<ComplexLanes>&, std::span<Kernels<ComplexLanes>>);

}  // namespace propagator
