// Kernels of the wavenumber integrals: the displacement of a receiver, at the surface or below it, for one wavenumber and
// frequency, for any number of source depths in one sweep of the layers.
//
// Every source depth and the receiver depth are made boundaries between two layers of the same material. The receiver
// divides the layers into two half-stacks; each is passed outwards from the receiver, with z pointing outwards. Take the half
// that holds the source (here the lower one). Minors of the field that leaves it at its far end are carried to the receiver
// (compound_matrix.h); they are y1 ^ y2 just beyond a source. Two solutions h1, h2 start at the receiver with unit
// displacement U or W and the traction that the other half-stack opposes to it (none at the free surface), and are carried
// outwards (haskell_matrix.h); just before the source the field is U0 h1 + W0 h2. It jumps by d into the span of y1
// and y2, hence
//
//   det[y1, y2, d + U0 h1 + W0 h2, .] = 0:
//   U0 = -det[y1, y2, d, h2] / F,   W0 = det[y1, y2, d, h1] / F,   F = det[y1, y2, h1, h2]                (1)
//
// F does not depend on the source depth; at the surface it is the minor s (its zeros are the surface waves). For SH, with
// solutions d1 from beyond and h from the receiver,
//
//   V0 = -det[y1, d] / det[y1, h]                                                                         (2)
//
// The scalings exp(-a-b) of the minors and exp(-a) of h leave a factor exp(-sum b) over the layers between.
//
// With the minors (e', g', p', w') that the other half-stack brings to the receiver, in its own outward z, its traction is
//
//   h1 = (1, 0, w'/e', g'/e'),   h2 = (0, 1, g'/e', -p'/e');   SH with (v', tau'):  h = (1, -tau'/v')     (3)
//
// (3) is solutions_of in compound_matrix.h with W and S reversed, because z is, the second solution times -1 so that W = 1. At
// the free surface e' = 1, v' = 1 and the rest is 0. Above the receiver z points upwards: W, S and tau change their signs,
// and so do the jumps, which are then taken from below to above:
//
//   d' = (-U, W, S, -P),   SH (-V, tau),   W0 = -W0'                                                      (4)
//
// Kernels follow with the factor k of the integral and Z up:
//
//   U_Z = -k W0,   U_R = k U0,   U_T = k V0                                                               (5)
//
// in 1e-20 cm per dyne cm times km, so that (1/2pi) int U J dk gives 1e-15 m per N m for a moment impulse.
#pragma once

#include <span>
#include <vector>

#include "propagator/compound_matrix.h"
#include "propagator/layered_model.h"
#include "propagator/source_jump.h"

namespace propagator {

// The cut layers that are met from the receiver outwards. Where it does not end at the free surface, the last one continues
// without end.
struct HalfStack {
  struct Source {
    int position;      // the source is where layer `position` begins
    int medium_layer;  // the layer of the model whose constants it has
    int index;         // which of the source depths it is
  };
  std::vector<double> thickness_km;
  std::vector<int> layer;  // which layer of the model it is part of
  bool ends_free = false;
  std::vector<Source> sources;  // outwards

  std::size_t n_finite() const { return layer.size() - (ends_free ? 0 : 1); }

  // Whether layer i has the medium and the thickness of the next one: evenly spaced sources cut the model into such layers.
  bool repeats_next(std::size_t i) const { return layer[i] == layer[i + 1] && thickness_km[i] == thickness_km[i + 1]; }
};

struct LayerStack {
  HalfStack below, above;  // of the receiver; a source at its depth counts as below
  int n_sources;
};

// source_depths_km: >= 0, different, their vertical distance from the receiver increasing.
LayerStack cut_at(const LayeredModel& model, const std::vector<double>& source_depths_km, double receiver_depth_km,
                  InterfaceSide side, bool free_surface);

// U_Z, U_R, U_T of one source; t is 0 at order 0.
template <class C>
struct Kernel {
  C z, r, t;
};

// Memory of the sweeps, so that a loop over wavenumbers allocates nothing.
template <class C>
struct HalfWorkspace {
  std::vector<LayerTerms<C>> terms;
  std::vector<Minors<C>> minors;
  std::vector<ShMotionStress<C>> sh;
};
template <class C>
struct SweepWorkspace {
  explicit SweepWorkspace(const LayerStack& stack);
  HalfWorkspace<C> below, above;
};

// How much of the stack a sweep takes in.
struct SweepExtent {
  int n_sources;                 // the source depths 0 ... n_sources - 1
  std::size_t n_below, n_above;  // finite layers; the next one continues without end
};
SweepExtent whole(const LayerStack& stack);

// What is felt at wavenumbers >= k and one frequency: beyond the last source, layers behind which evanescent waves have
// fallen to exp(-20) and, reflected, come back with 4e-18.
SweepExtent felt_at(double k, const LayerStack& stack, const std::vector<Medium>& media, int n_sources);

// media: per layer of the model, at this frequency. kernels[i_depth * sources.size() + i_source].
template <class C>
void surface_kernels(const real_of<C>& k, const LayerStack& stack, const std::vector<Medium>& media,
                     std::span<const PointSource> sources, const SweepExtent& extent, SweepWorkspace<C>& workspace,
                     std::span<Kernel<C>> kernels);

}  // namespace propagator
