#include "propagator/surface_response.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <random>
#include <sstream>

#include "propagator/greens_settings.h"
#include "tests/propagator/models.h"
#include "tests/support/reference.h"

namespace {

using Complex = std::complex<double>;
using propagator::AttenuationLaw;
using propagator::ComplexLanes;
using propagator::InterfaceSide;
using propagator::Layer;
using propagator::LayeredModel;
using propagator::Medium;
using propagator::PointSource;

const std::vector<PointSource> moment_tensor(point_sources(propagator::Excitation::moment_tensor).begin(),
                                             point_sources(propagator::Excitation::moment_tensor).end());

// z0 r0 z1 r1 t1 z2 r2 t2 ze re of the four sources of a moment tensor: the order of kernels.csv.
std::array<Complex, 10> values(std::span<const propagator::Kernel<Complex>> U) {
  return {U[2].z, U[2].r, U[1].z, U[1].r, U[1].t, U[0].z, U[0].r, U[0].t, U[3].z, U[3].r};
}

std::vector<Medium> media_at(const LayeredModel& model, Complex omega,
                             AttenuationLaw law = AttenuationLaw::constant_q) {
  std::vector<Medium> media;
  for (const Layer& layer : model.layers()) media.push_back(medium_at(layer, law, omega));
  return media;
}

std::array<Complex, 10> plain_kernels(const LayeredModel& model, double depth_km, double k, Complex omega,
                                      AttenuationLaw law = AttenuationLaw::constant_q,
                                      InterfaceSide side = InterfaceSide::below) {
  const propagator::LayerStack stack = cut_at(model, {depth_km}, 0.0, side, true);
  propagator::SweepWorkspace<Complex> workspace(stack);
  std::array<propagator::Kernel<Complex>, 4> kernels;
  propagator::surface_kernels<Complex>(k, stack, media_at(model, omega, law), moment_tensor, whole(stack), workspace,
                                       kernels);
  return values(kernels);
}

// Kernels of 113-bit arithmetic. The explosion radiates no S wave; where its P wave is evanescent and the shear waves
// of the same k travel, its kernel is a difference of terms exp(Re nu_alpha h) times larger. It is held to 1e-9 of
// itself or 1e-15 of the largest kernel at its frequency, whichever is larger.
TEST(SurfaceResponse, KernelsAgreeWithQuadruplePrecision) {
  const std::string path = support::reference("greens/kernels.csv");
  if (path.empty()) GTEST_SKIP() << support::not_at_hand("greens/kernels.csv");
  struct Row {
    std::vector<double> v;
  };
  std::vector<Row> rows;
  std::map<std::array<double, 3>, double> largest;  // case, law, frequency
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream cells(line);
    Row row;
    for (std::string cell; std::getline(cells, cell, ',');) row.v.push_back(std::stod(cell));
    double& scale = largest[{row.v[0], row.v[1], row.v[2]}];
    for (std::size_t i = 0; i < 10; ++i) scale = std::max(scale, std::hypot(row.v[5 + 2 * i], row.v[6 + 2 * i]));
    rows.push_back(row);
  }
  ASSERT_GT(rows.size(), 200U);
  const std::array<double, 3> depths = {8.0, 2.0, 10.0};
  for (const Row& row : rows) {
    const std::size_t i_case = static_cast<std::size_t>(row.v[0]);
    const LayeredModel model = i_case == 2 ? test_models::half_space() : test_models::southern_california(35.0);
    const AttenuationLaw law =
        row.v[1] == 0.0 ? AttenuationLaw::constant_q : AttenuationLaw::constant_q_real_shear_modulus;
    const std::array<Complex, 10> ours =
        plain_kernels(model, depths[i_case], row.v[4], Complex(row.v[2], row.v[3]), law);
    for (std::size_t i = 0; i < 10; ++i) {
      const Complex theirs(row.v[5 + 2 * i], row.v[6 + 2 * i]);
      const double floor = i < 8 ? 0.0 : 1e-15 * largest[{row.v[0], row.v[1], row.v[2]}];
      EXPECT_LE(std::abs(ours[i] - theirs), 1e-9 * std::abs(theirs) + floor)
          << "case " << i_case << " law " << row.v[1] << " w " << row.v[2] << " k " << row.v[4] << " kernel " << i;
    }
  }
}

// Rounding only: lanes and scalars evaluate one formula with different square roots and exponentials. The explosion
// as above.
void expect_lanes_equal_plain(const propagator::RealLanes& k, const propagator::LayerStack& stack,
                              const std::vector<Medium>& media, std::size_t n) {
  propagator::SweepWorkspace<ComplexLanes> fast_space(stack);
  std::vector<propagator::Kernel<ComplexLanes>> fast(n);
  propagator::surface_kernels<ComplexLanes>(k, stack, media, moment_tensor, whole(stack), fast_space, fast);
  for (int lane = 0; lane < propagator::n_lanes; ++lane) {
    propagator::SweepWorkspace<Complex> plain_space(stack);
    std::vector<propagator::Kernel<Complex>> plain(n);
    propagator::surface_kernels<Complex>(k[lane], stack, media, moment_tensor, whole(stack), plain_space, plain);
    for (std::size_t i = 0; i < n; ++i) {
      if (moment_tensor[i % 4] == PointSource::explosion) continue;
      const auto same = [&](const Complex& slow, const ComplexLanes& quick) {
        EXPECT_LE(std::abs(Complex(quick.re[lane], quick.im[lane]) - slow), 1e-10 * std::abs(slow) + 1e-300)
            << "k " << k[lane] << " kernel " << i;
      };
      same(plain[i].z, fast[i].z);
      same(plain[i].r, fast[i].r);
      same(plain[i].t, fast[i].t);
    }
  }
}

TEST(SurfaceResponse, LanesEqualPlainEvaluations) {
  const LayeredModel model = test_models::southern_california(35.0);
  const std::vector<double> depths = {2.0, 8.0, 16.0, 20.0, 40.0};
  const Eigen::Array<double, 8, 1> k_per_km{{1e-4, 1e-3, 0.01, 0.05, 0.2, 1.0, 3.0, 10.0}};
  for (const double receiver : {0.0, 12.0}) {
    std::vector<double> nearest_first = depths;
    std::sort(nearest_first.begin(), nearest_first.end(),
              [receiver](double a, double b) { return std::abs(a - receiver) < std::abs(b - receiver); });
    const propagator::LayerStack stack = cut_at(model, nearest_first, receiver, InterfaceSide::below, true);
    for (const Complex omega :
         {Complex(0.0, -0.0078), Complex(0.3, -0.0078), Complex(3.0, -0.02), Complex(30.0, -0.02)}) {
      SCOPED_TRACE(testing::Message() << "receiver " << receiver << " omega " << omega);
      for (Eigen::Index first = 0; first < k_per_km.size(); first += propagator::n_lanes) {
        expect_lanes_equal_plain(k_per_km.segment<propagator::n_lanes>(first), stack, media_at(model, omega),
                                 4 * depths.size());
      }
    }
  }
}

TEST(SurfaceResponse, SplittingALayerChangesNothing) {
  const LayeredModel whole = test_models::southern_california(35.0);
  std::vector<Layer> layers;
  for (const Layer& layer : whole.layers()) {
    for (const double part : {0.3, 0.0, 0.7}) {
      Layer piece = layer;
      piece.thickness_km = part == 0.0 ? 1e-3 : part * (layer.thickness_km == 0.0 ? 10.0 : layer.thickness_km - 1e-3);
      layers.push_back(piece);
    }
  }
  layers.back().thickness_km = 0.0;
  // The pieces of each layer add up to it: 0.3 and 0.7 of (h - 1 m), and 1 m.
  const LayeredModel split(layers);
  for (const double k : {1e-3, 0.05, 0.5, 3.0}) {
    for (const Complex omega : {Complex(0.0, -0.01), Complex(0.5, -0.01), Complex(6.0, -0.01)}) {
      const std::array<Complex, 10> a = plain_kernels(whole, 8.0, k, omega);
      const std::array<Complex, 10> b = plain_kernels(split, 8.0, k, omega);
      for (std::size_t i = 0; i < 8; ++i) EXPECT_LE(std::abs(a[i] - b[i]), 1e-10 * std::abs(a[i])) << k << omega << i;
    }
  }
}

// On either side of the interface at 16 km the named side is the limit from that side.
TEST(SurfaceResponse, SourceOnAnInterfaceIsTheLimitFromTheNamedSide) {
  const LayeredModel model = test_models::southern_california(32.0);
  const Complex omega(0.5, -0.01);
  const double k = 0.1;
  const double step_km = 1e-6;
  const std::array<Complex, 10> below =
      plain_kernels(model, 16.0, k, omega, AttenuationLaw::constant_q, InterfaceSide::below);
  const std::array<Complex, 10> above =
      plain_kernels(model, 16.0, k, omega, AttenuationLaw::constant_q, InterfaceSide::above);
  const std::array<Complex, 10> just_below = plain_kernels(model, 16.0 + step_km, k, omega);
  const std::array<Complex, 10> just_above = plain_kernels(model, 16.0 - step_km, k, omega);
  for (std::size_t i = 0; i < 10; ++i) {
    EXPECT_LE(std::abs(below[i] - just_below[i]), 1e-5 * std::abs(below[i])) << i;
    EXPECT_LE(std::abs(above[i] - just_above[i]), 1e-5 * std::abs(above[i])) << i;
  }
  // The vertical dip slip is proportional to 1 / mu at the source.
  const double ratio = (2.8 * 3.87 * 3.87) / (2.67 * 3.64 * 3.64);
  EXPECT_NEAR(std::abs(above[2] / below[2]), ratio, 1e-9 * ratio);
}

// Kernels of an elastic medium carry no odd power of k: (f(k) is odd) that the end correction of the sum relies on.
TEST(SurfaceResponse, AMirroredWavenumberMirrorsTheKernels) {
  const LayeredModel model = test_models::southern_california(35.0);
  const Complex omega(0.4, -0.02);
  const std::array<Complex, 10> plus = plain_kernels(model, 8.0, 0.03, omega);
  const std::array<Complex, 10> minus = plain_kernels(model, 8.0, -0.03, omega);
  const std::array<double, 10> parity = {-1, 1, 1, -1, -1, -1, 1, 1, -1, 1};
  for (std::size_t i = 0; i < 10; ++i) EXPECT_LE(std::abs(minus[i] - parity[i] * plus[i]), 1e-12 * std::abs(plus[i]));
}

TEST(SurfaceResponse, RandomModelsGiveFiniteKernels) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  for (int trial = 0; trial < 200; ++trial) {
    const int n = 1 + static_cast<int>(40.0 * uniform(random));
    std::vector<Layer> layers;
    for (int i = 0; i < n; ++i) {
      const double vs = 0.3 + 4.5 * uniform(random);
      const double thickness = i + 1 == n ? 0.0 : std::pow(10.0, -2.0 + 4.0 * uniform(random));
      layers.push_back({thickness, vs * (1.2 + uniform(random)), vs, 1.5 + 2.0 * uniform(random), 300.0, 150.0});
    }
    const double depth = std::pow(10.0, -2.0 + 3.5 * uniform(random));
    for (const double k : {1e-5, 1e-2, 1.0, 30.0, 1000.0}) {
      for (const double w : {0.0, 0.1, 10.0, 300.0}) {
        for (const Complex& value : plain_kernels(LayeredModel(layers), depth, k, Complex(w, -0.01))) {
          ASSERT_TRUE(std::isfinite(value.real()) && std::isfinite(value.imag())) << trial << " " << k << " " << w;
        }
      }
    }
  }
}

}  // namespace
