// Kernels of the wavenumber integrals: the surface displacement for one wavenumber and frequency, for any number of
// source
// depths in one sweep of the layers.
//
// Every source depth is made a boundary between two layers of the same material. Minors of the downgoing field are
// carried up from
// the half-space (compound_matrix.h); they are y1 ^ y2 just below a source. Two solutions h1, h2 that start at the
// surface with
// unit displacement U or W and no traction are carried down (haskell_matrix.h); just above the source the field is U0
// h1 + W0 h2. It jumps by
// d into the span of y1 and y2, hence
//
//   det[y1, y2, d + U0 h1 + W0 h2, .] = 0:
//   U0 = -det[y1, y2, d, h2] / F,   W0 = det[y1, y2, d, h1] / F,   F = det[y1, y2, h1, h2]                (1)
//
// F does not depend on depth; at the surface it is the minor s (its zeros are the surface waves). For SH, with
// solutions d1 from below
// and h from above,
//
//   V0 = -det[y1, d] / det[y1, h]                                                                         (2)
//
// The scalings exp(-a-b) of the minors and exp(-a) of h leave a factor exp(-sum b) over the layers above the source.
// Without a free surface (1) and (2) hold with h1, h2, h that carry the traction of waves going up in the top layer's
// material.
//
// Kernels follow with the factor k of the integral and Z up:
//
//   U_Z = -k W0,   U_R = k U0,   U_T = k V0                                                               (3)
//
// in 1e-20 cm per dyne cm times km, so that (1/2pi) int U J dk gives 1e-15 m per N m for a moment impulse.
#pragma once

#include <span>
#include <vector>

#include "propagator/compound_matrix.h"
#include "propagator/layered_model.h"

namespace propagator {

// The model cut at the source depths.
struct LayerStack {
  std::vector<double> thickness_km;  // of each cut layer; the last is the half-space
  std::vector<int> layer;            // which layer of the model it is part of
  std::vector<int>
      source_boundary;            // per source depth, in increasing depth: the source is at the top of this cut layer
  std::vector<int> source_layer;  // per source depth: the layer of the model whose constants the source has
};

// source_depths_km: positive, strictly increasing.
LayerStack cut_at_sources(const LayeredModel& model, const std::vector<double>& source_depths_km, InterfaceSide side);

// Orders 0 (DD), 1 (DS), 2 (SS) and the explosion.
template <class C>
struct Kernels {
  C z0, r0, z1, r1, t1, z2, r2, t2, ze, re;
};

// Memory of the sweeps, so that a loop over wavenumbers allocates nothing.
template <class C>
struct SweepWorkspace {
  explicit SweepWorkspace(const LayerStack& stack);
  std::vector<LayerTerms<C>> terms;
  std::vector<Minors<C>> minors;
  std::vector<ShMotionStress<C>> sh;
};

// media: per layer of the model, at this frequency. kernels: one per source depth.
template <class C>
void surface_kernels(const real_of<C>& k, const LayerStack& stack, const std::vector<Medium>& media, bool free_surface,
                     SweepWorkspace<C>& workspace, std::span<Kernels<C>> kernels);

}  // namespace propagator
