// A stack of homogeneous, isotropic layers over a half-space.
//
//   depth 0 ------------------- free surface
//            layer 1   h1 vp1 vs1 rho1 Qp1 Qs1
//            layer 2   h2 ...
//            ...
//            layer n   (half-space: thickness 0)
//
// Messages count layers from 1, as a reader of the file does; indices of `layers()` begin with 0.
//
// Units: km, km/s, g/cm3. Q is infinite in an elastic layer. Depth is positive downwards.
//
// Rules that every model obeys (a LayeredModel cannot exist without them):
//   1 to 1000 layers; thickness > 0 in all but the last, 0 in the last;
//   0 < vs and vp^2 > 4/3 vs^2 (positive bulk modulus); a liquid (vs = 0) is refused: its P-SV system has order 2, not 4;
//   density > 0; Q > 0; every number finite, Q excepted.
//
// Text format, one layer a line, '#' begins a comment, blank lines are skipped:
//
//   # thickness_km  vp_km_s  vs_km_s  density_g_cm3  Qp   Qs
//   5.5             5.5      3.18     2.40           600  300
//   0               7.8      4.50     3.00           inf  inf
//
// The format of Computer Programs in Seismology (first line "MODEL.01", 12 header lines, ten columns) is read too
// when it is isotropic, in km and g/cm3, flat, with constant velocities, frequency-independent Q and reference frequency 1 Hz.
// Its columns QP and QS hold Q where the number is above 1 and 1/Q where it is 0 to 1; 0 means elastic. Windows line ends and a
// byte-order mark are accepted; numbers are read without regard to the locale.
#pragma once

#include <string>
#include <vector>

namespace propagator {

struct Layer {
  double thickness_km;
  double vp_km_s;
  double vs_km_s;
  double density_g_cm3;
  double q_p;
  double q_s;
};

// Which of the two layers that meet at an interface a point on it belongs to.
enum class InterfaceSide { above, below };

class LayeredModel {
 public:
  // Throws std::invalid_argument naming the layer, the field, its value and the rule that it breaks.
  explicit LayeredModel(std::vector<Layer> layers);

  const std::vector<Layer>& layers() const { return layers_; }
  int n_layers() const { return static_cast<int>(layers_.size()); }

  // Depth of the top of layers()[i], 0 <= i < n_layers().
  double top_km(int i) const { return tops_km_.at(static_cast<std::size_t>(i)); }

  // The index of the layer that holds a depth >= 0; on an interface (to 1e-9 km), the one on the given side.
  int layer_at(double depth_km, InterfaceSide side = InterfaceSide::below) const;

  double largest_vp_km_s() const;
  double smallest_vs_km_s() const;

 private:
  std::vector<Layer> layers_;
  std::vector<double> tops_km_;
};

// Reads the text formats above. Throws InputError naming file, line, field, value and rule, or that the file cannot be read.
LayeredModel read_layered_model(const std::string& path);

// The same from text in memory; `source` is what error messages call it.
LayeredModel parse_layered_model(const std::string& text, const std::string& source);

}  // namespace propagator
