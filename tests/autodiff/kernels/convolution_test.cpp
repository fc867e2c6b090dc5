// The fast convolution against its definition (reference/conv2d.h), on shapes near every special point: one pixel under
// a wide kernel, one channel, three channels, rows shorter than a tile, several slabs to an image.
//
// Tolerance: a sum of K products of numbers below 1 in magnitude, accumulated one after another, errs by at most
// K u sum |a||b| <= K^2 u / 3 (mean of |a||b| is 1/4), u = 2^-24; rounding errors of random sign reach about sqrt(K) u
// times the root of the sum, K u in all. 4 K u leaves room for the worst of the elements, and is far below one wrong
// term.
#include "autodiff/kernels/convolution.h"

#include <gtest/gtest.h>
#include <omp.h>

#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "autodiff/kernels/slab_convolution.h"
#include "autodiff/reference/conv2d.h"
#include "tests/support/largest.h"
#include "tests/support/precision.h"

namespace autodiff {
namespace {

struct ConvolutionCase {
  Shape x;       // N, H, W, C
  Shape weight;  // KH, KW, C, O
};

std::ostream& operator<<(std::ostream& out, const ConvolutionCase& c) {
  return out << to_string(c.x) << " under " << to_string(c.weight);
}

Tensor uniform_tensor(const Shape& shape, std::uint64_t stream) {
  std::mt19937_64 generator(stream);
  std::uniform_real_distribution<double> uniform(-1, 1);
  Tensor t(shape);
  for (Index i = 0; i < t.size(); ++i) t[i] = static_cast<Real>(uniform(generator));
  return t;
}

Shape output_shape(const ConvolutionCase& c) { return {c.x.n, c.x.h, c.x.w, c.weight.c}; }

double largest_difference(const Tensor& a, const Tensor& b) {
  double largest = 0;
  for (Index i = 0; i < a.size(); ++i) largest = support::larger(largest, std::abs(double(a[i]) - double(b[i])));
  return largest;
}

double dot(const Tensor& a, const Tensor& b) {
  double sum = 0;
  for (Index i = 0; i < a.size(); ++i) sum += double(a[i]) * double(b[i]);
  return sum;
}

double tolerance(Index n_terms) {
  return 4.0 * static_cast<double>(n_terms) * std::numeric_limits<Real>::epsilon() / 2;
}

struct Gradients {
  Tensor y, dx, dweight, dbias;
};

Gradients fast(const ConvolutionCase& c, kernels::ConvolutionMethod method = kernels::ConvolutionMethod::direct) {
  const Tensor x = uniform_tensor(c.x, 1), weight = uniform_tensor(c.weight, 2),
               dy = uniform_tensor(output_shape(c), 4);
  Gradients g{Tensor(output_shape(c)), uniform_tensor(c.x, 5), uniform_tensor(c.weight, 6),
              uniform_tensor(per_channel(c.weight.c), 7)};
  kernels::convolve(x, weight, uniform_tensor(per_channel(c.weight.c), 3), g.y, method);
  kernels::convolve_backward_data(dy, weight, g.dx, method);
  kernels::convolve_backward_weight(x, dy, g.dweight, g.dbias, method);
  return g;
}

class FastConvolution : public testing::TestWithParam<ConvolutionCase> {};

TEST_P(FastConvolution, EqualsTheDefinition) {
  const ConvolutionCase c = GetParam();
  const Tensor x = uniform_tensor(c.x, 1), weight = uniform_tensor(c.weight, 2),
               dy = uniform_tensor(output_shape(c), 4);
  Gradients expected{Tensor(output_shape(c)), uniform_tensor(c.x, 5), uniform_tensor(c.weight, 6),
                     uniform_tensor(per_channel(c.weight.c), 7)};
  reference::convolve(x, weight, uniform_tensor(per_channel(c.weight.c), 3), expected.y);
  reference::convolve_backward_data(dy, weight, expected.dx);
  reference::convolve_backward_weight(x, dy, expected.dweight, expected.dbias);

  const Gradients g = fast(c);
  const Index taps = c.weight.n * c.weight.h;
  EXPECT_LE(largest_difference(g.y, expected.y), tolerance(taps * c.weight.w + 1));
  EXPECT_LE(largest_difference(g.dx, expected.dx), tolerance(taps * c.weight.c + 1));
  EXPECT_LE(largest_difference(g.dweight, expected.dweight), tolerance(c.x.n_pixels() + 1));
  EXPECT_LE(largest_difference(g.dbias, expected.dbias), tolerance(c.x.n_pixels() + 1));
}

// <A * x, dy> is bilinear in A and x, and both backward kernels hold one of its gradients:
// <A * x, dy> = <x, dx> = <A, dA>. Bound as above for the sum over all terms, each a product of three numbers.
TEST_P(FastConvolution, BackwardIsTheAdjointOfForward) {
  const ConvolutionCase c = GetParam();
  const Tensor x = uniform_tensor(c.x, 1), weight = uniform_tensor(c.weight, 2),
               dy = uniform_tensor(output_shape(c), 4);
  Tensor y(output_shape(c)), dx(c.x), dweight(c.weight), dbias(per_channel(c.weight.c));
  kernels::convolve(x, weight, dbias, y);
  kernels::convolve_backward_data(dy, weight, dx);
  kernels::convolve_backward_weight(x, dy, dweight, dbias);
  const double bound = tolerance(c.weight.size()) * std::sqrt(double(y.size() + x.size()));
  EXPECT_NEAR(dot(y, dy), dot(x, dx), bound);
  EXPECT_NEAR(dot(y, dy), dot(weight, dweight), bound + tolerance(c.x.n_pixels()) * std::sqrt(double(weight.size())));
}

TEST_P(FastConvolution, DoesNotDependOnTheNumberOfThreads) {
  const int n_before = omp_get_max_threads();
  omp_set_num_threads(1);
  const Gradients one = fast(GetParam());
  for (const int n_threads : {2, 3, 4, 8, 16}) {
    omp_set_num_threads(n_threads);
    const Gradients many = fast(GetParam());
    EXPECT_TRUE(one.y == many.y && one.dx == many.dx && one.dweight == many.dweight && one.dbias == many.dbias)
        << n_threads << " threads";
  }
  omp_set_num_threads(n_before);
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, FastConvolution,
    testing::Values(ConvolutionCase{{1, 1, 1, 1}, {1, 1, 1, 1}}, ConvolutionCase{{2, 1, 1, 128}, {1, 3, 128, 64}},
                    ConvolutionCase{{5, 1, 2, 3}, {1, 3, 3, 5}}, ConvolutionCase{{1, 2, 3, 2}, {5, 7, 2, 4}},
                    ConvolutionCase{{3, 48, 24, 1}, {3, 3, 1, 64}}, ConvolutionCase{{2, 24, 16, 16}, {3, 3, 16, 32}},
                    ConvolutionCase{{3, 3, 8, 64}, {3, 3, 64, 64}}, ConvolutionCase{{9, 2, 2, 8}, {3, 3, 8, 16}},
                    ConvolutionCase{{7, 1, 128, 16}, {1, 3, 16, 3}}, ConvolutionCase{{1, 20, 64, 8}, {3, 3, 8, 24}},
                    ConvolutionCase{{2, 6, 13, 7}, {3, 1, 7, 9}}, ConvolutionCase{{6, 1, 16, 10}, {1, 5, 10, 40}}));

// More threads than groups share the channels, as many blocks of whole packets as there are threads for.
TEST(ChannelBlocks, AreEqualAndAsManyAsThreadsCanServe) {
  const Index packet = kernels::packet_size;
  EXPECT_EQ(kernels::n_channel_blocks(4 * packet, 4, 1), 1);
  EXPECT_EQ(kernels::n_channel_blocks(4 * packet, 4, 7), 1);
  EXPECT_EQ(kernels::n_channel_blocks(4 * packet, 4, 8), 2);
  EXPECT_EQ(kernels::n_channel_blocks(4 * packet, 4, 15), 2);
  EXPECT_EQ(kernels::n_channel_blocks(4 * packet, 4, 64), 4);
  EXPECT_EQ(kernels::n_channel_blocks(4 * packet, 1, 3), 2);
  EXPECT_EQ(kernels::n_channel_blocks(3 * packet, 4, 8), 1);
  EXPECT_EQ(kernels::n_channel_blocks(3 * packet, 4, 12), 3);
  EXPECT_EQ(kernels::n_channel_blocks(4 * packet + 1, 4, 64), 1);
}

// Winograd's method computes the same sums from transformed numbers. With |A|, |B|, |G| of winograd.h taken element by
// element, one tile of unit numbers meets intermediate terms of up to 24 (output) and 29 (weight gradient) in each
// direction, where the direct sum has 3 and 4: their squares multiply the rounding u of a term. Terms of C channels
// (tiles) add with random signs: sqrt(C). A factor 4 for the worst of the elements.
double winograd_tolerance(double amplification, Index n_terms) {
  return 4 * amplification * amplification * std::sqrt(double(n_terms)) * std::numeric_limits<Real>::epsilon() / 2;
}

class WinogradConvolution : public testing::TestWithParam<ConvolutionCase> {};

TEST_P(WinogradConvolution, EqualsTheDirectMethod) {
  const ConvolutionCase c = GetParam();
  ASSERT_TRUE(kernels::winograd_serves(c.x, c.weight));
  const Gradients direct = fast(c), winograd = fast(c, kernels::ConvolutionMethod::winograd);
  EXPECT_LE(largest_difference(winograd.y, direct.y), winograd_tolerance(24, c.weight.w));
  EXPECT_LE(largest_difference(winograd.dx, direct.dx), winograd_tolerance(24, c.weight.c));
  EXPECT_LE(largest_difference(winograd.dweight, direct.dweight), winograd_tolerance(29, c.x.n_pixels() / 16 + 1));
  EXPECT_LE(largest_difference(winograd.dbias, direct.dbias), tolerance(c.x.n_pixels()));
}

TEST_P(WinogradConvolution, EqualsTheDefinition) {
  const ConvolutionCase c = GetParam();
  Tensor y(output_shape(c));
  reference::convolve(uniform_tensor(c.x, 1), uniform_tensor(c.weight, 2), uniform_tensor(per_channel(c.weight.c), 3),
                      y);
  EXPECT_LE(largest_difference(fast(c, kernels::ConvolutionMethod::winograd).y, y), winograd_tolerance(24, c.weight.w));
}

TEST_P(WinogradConvolution, DoesNotDependOnTheNumberOfThreads) {
  const int n_before = omp_get_max_threads();
  omp_set_num_threads(1);
  const Gradients one = fast(GetParam(), kernels::ConvolutionMethod::winograd);
  for (const int n_threads : {4, 8, 16}) {
    omp_set_num_threads(n_threads);
    const Gradients many = fast(GetParam(), kernels::ConvolutionMethod::winograd);
    EXPECT_TRUE(one.y == many.y && one.dx == many.dx && one.dweight == many.dweight && one.dbias == many.dbias)
        << n_threads << " threads";
  }
  omp_set_num_threads(n_before);
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, WinogradConvolution,
    testing::Values(ConvolutionCase{{1, 4, 8, 16}, {3, 3, 16, 16}}, ConvolutionCase{{2, 24, 64, 16}, {3, 3, 16, 32}},
                    ConvolutionCase{{5, 6, 16, 64}, {3, 3, 64, 64}}, ConvolutionCase{{3, 9, 11, 16}, {3, 3, 16, 24}},
                    ConvolutionCase{{2, 12, 32, 32}, {3, 3, 32, 64}}, ConvolutionCase{{9, 7, 13, 16}, {3, 3, 16, 17}}));

// Root mean square errors in units of the root mean square, against the sums of ops/conv2d.h in double precision.
struct Errors {
  double y = 0, dx = 0, dweight = 0;
};

double relative_error(const Tensor& value, const std::vector<double>& exact) {
  double error = 0, size = 0;
  for (Index i = 0; i < value.size(); ++i) {
    const double e = exact[static_cast<std::size_t>(i)];
    error += std::pow(double(value[i]) - e, 2);
    size += e * e;
  }
  return std::sqrt(error / size);
}

Errors errors_of(const ConvolutionCase& c, kernels::ConvolutionMethod method) {
  const Tensor x = uniform_tensor(c.x, 1), A = uniform_tensor(c.weight, 2), dy = uniform_tensor(output_shape(c), 4);
  Gradients g{Tensor(output_shape(c)), Tensor(c.x), Tensor(c.weight), Tensor(per_channel(c.weight.c))};
  kernels::convolve(x, A, Tensor(per_channel(c.weight.c)), g.y, method);
  kernels::convolve_backward_data(dy, A, g.dx, method);
  kernels::convolve_backward_weight(x, dy, g.dweight, g.dbias, method);
  const auto zeros = [](const Tensor& like) { return std::vector<double>(static_cast<std::size_t>(like.size())); };
  std::vector<double> y = zeros(g.y), dx = zeros(g.dx), dA = zeros(g.dweight);
  const auto [N, H, W, C] = c.x;
  const Index O = c.weight.c;
  for (Index at = 0; at < N * H * W * 9; ++at) {  // each pixel of y under each tap
    const Index tap = at % 9, w = at / 9 % W, h = at / 9 / W % H, n = at / 9 / W / H;
    const Index from_h = h + tap / 3 - 1, from_w = w + tap % 3 - 1;
    if (from_h < 0 || from_h >= H || from_w < 0 || from_w >= W) continue;
    const auto y_0 = static_cast<std::size_t>(((n * H + h) * W + w) * O);
    const auto x_0 = static_cast<std::size_t>(((n * H + from_h) * W + from_w) * C);
    for (std::size_t k = 0; k < static_cast<std::size_t>(C); ++k) {
      const auto A_0 = (static_cast<std::size_t>(tap * C) + k) * static_cast<std::size_t>(O);
      for (std::size_t o = 0; o < static_cast<std::size_t>(O); ++o) {
        y[y_0 + o] += double(A.data()[A_0 + o]) * double(x.data()[x_0 + k]);
        dx[x_0 + k] += double(A.data()[A_0 + o]) * double(dy.data()[y_0 + o]);
        dA[A_0 + o] += double(x.data()[x_0 + k]) * double(dy.data()[y_0 + o]);
      }
    }
  }
  return {relative_error(g.y, y), relative_error(g.dx, dx), relative_error(g.dweight, dA)};
}

// What docs/7_kernels.md tells of 64 channels in single precision, to its two digits: the order of every sum is the same on every
// machine, and so is the error.
TEST(FastConvolution, RoundsAsLittleAsTheChapterTells) {
  if (support::real_is_double) GTEST_SKIP() << "the sums to compare with would need more than double precision";
  const ConvolutionCase conv3{{2, 12, 32, 64}, {3, 3, 64, 64}};
  const Errors direct = errors_of(conv3, kernels::ConvolutionMethod::direct);
  const Errors winograd = errors_of(conv3, kernels::ConvolutionMethod::winograd);
  const auto record = [](const std::string& name, double value) {
    testing::Test::RecordProperty(name, std::to_string(1e7 * value) + "e-7");
  };
  record("direct_y", direct.y), record("direct_dx", direct.dx), record("direct_dA", direct.dweight);
  record("winograd_y", winograd.y), record("winograd_dx", winograd.dx), record("winograd_dA", winograd.dweight);
  EXPECT_LT(direct.y, 2.55e-7);
  EXPECT_LT(direct.dx, 2.55e-7);
  EXPECT_LT(direct.dweight, 1.25e-7);
  EXPECT_LT(winograd.y, 7.85e-7);
  EXPECT_LT(winograd.dx, 7.95e-7);
  EXPECT_LT(winograd.dweight, 4.75e-7);
}

TEST(FastConvolution, OfNoImagesIsNothing) {
  Tensor y({0, 4, 4, 8});
  kernels::convolve(Tensor({0, 4, 4, 2}), Tensor({3, 3, 2, 8}), Tensor(per_channel(8)), y);
  Tensor dweight({3, 3, 2, 8}), dbias(per_channel(8));
  kernels::convolve_backward_weight(Tensor({0, 4, 4, 2}), y, dweight, dbias);
  EXPECT_EQ(dweight, Tensor({3, 3, 2, 8}));
}

// A sum of no terms is no convolution; the kernels would return what their memory held.
TEST(FastConvolution, RejectsNoChannels) {
  Tensor y({1, 4, 4, 8}), none({1, 4, 4, 0});
  EXPECT_THROW(kernels::convolve(none, Tensor({3, 3, 0, 8}), Tensor(per_channel(8)), y), std::invalid_argument);
  EXPECT_THROW(kernels::convolve(y, Tensor({3, 3, 8, 0}), Tensor(per_channel(0)), none), std::invalid_argument);
  EXPECT_THROW(kernels::convolve_backward_data(none, Tensor({3, 3, 8, 0}), y), std::invalid_argument);
}

TEST(FastConvolution, RejectsMismatchedChannels) {
  Tensor y({1, 4, 4, 8}), dx({1, 4, 4, 3});
  EXPECT_THROW(kernels::convolve(Tensor({1, 4, 4, 2}), Tensor({3, 3, 3, 8}), Tensor(per_channel(8)), y),
               std::invalid_argument);
  EXPECT_THROW(kernels::convolve_backward_data(y, Tensor({3, 3, 2, 8}), dx), std::invalid_argument);
  Tensor dweight({3, 3, 2, 8}), dbias(per_channel(8));
  EXPECT_THROW(kernels::convolve_backward_weight(dx, y, dweight, dbias), std::invalid_argument);
}

}  // namespace
}  // namespace autodiff
