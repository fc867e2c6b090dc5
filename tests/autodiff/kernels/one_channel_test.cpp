// The first stage's kernel against the general ones that it replaces: on the way there to the bit on short rows and within
// rounding on long ones, within rounding on the way back.
#include "autodiff/kernels/one_channel.h"

#include <gtest/gtest.h>

#include <vector>

#include "autodiff/kernels/convolution.h"
#include "autodiff/ops/fused_stage.h"
#include "autodiff/reference/conv2d.h"
#include "tests/support/layer_check.h"

namespace autodiff::kernels {
namespace {

constexpr Index H = 6, W = 10, O = 2 * packet_size;

// The image with its border of zeros.
std::vector<Real> halo_of(const Tensor& x) {
  std::vector<Real> halo(static_cast<std::size_t>((H + 2) * (W + 2)));
  for (Index h = 0; h < H; ++h) {
    for (Index w = 0; w < W; ++w) halo[(h + 1) * (W + 2) + w + 1] = x(0, h, w, 0);
  }
  return halo;
}

struct Pooled {
  Tensor z{Shape{1, H / 2, W / 2, O}};
  std::vector<std::uint8_t> winners = std::vector<std::uint8_t>(static_cast<std::size_t>(H / 2 * W / 2 * O));
};

class OneChannel : public testing::Test {
 protected:
  // Half of the image is zero, so that windows have ties.
  void SetUp() override {
    for (Index w = 0; w < W / 2; ++w) {
      for (Index h = 0; h < H; ++h) x(0, h, w, 0) = 0;
    }
    const std::vector<Real> halo = halo_of(x);
    for (Index h = 0; h < H / 2; ++h) {
      const Index first = h * W / 2 * O;
      one_channel_row(halo.data() + 2 * h * (W + 2), W, weight.data(), bias.data(), O, Real(0.2), fast.z.data() + first,
                      fast.winners.data() + first);
    }
  }

  Tensor x = support::random_tensor({1, H, W, 1}, 1), weight = support::random_tensor({3, 3, 1, O}, 2),
         bias = support::random_tensor(per_channel(O), 3);
  Pooled fast;
};

TEST_F(OneChannel, GivesTheBitsOfConvolutionPoolAndSlope) {
  Tensor y({1, H, W, O});
  convolve(x, weight, bias, y);
  Pooled expected;
  pool_and_activate(y.data(), O, H, W, O, {2, 2}, Real(0.2), expected.z.data(), expected.winners.data());
  EXPECT_TRUE(fast.z == expected.z);
  EXPECT_EQ(fast.winners, expected.winners);
}

// FMNet's own width, where the direct convolution adds three sums of three: ten roundings of sums of at most nine products
// and the bias. A window's winner may change where its two best are as close as that.
TEST(OneChannelLongRow, GivesConvolutionPoolAndSlopeWithinRounding) {
  constexpr Index long_W = 128;
  const Tensor x = support::random_tensor({1, 2, long_W, 1}, 1), weight = support::random_tensor({3, 3, 1, O}, 2),
               bias = support::random_tensor(per_channel(O), 3);
  std::vector<Real> halo(static_cast<std::size_t>(4 * (long_W + 2)));
  for (Index h = 0; h < 2; ++h) std::copy_n(x.pixel(0, h, 0), long_W, halo.data() + (h + 1) * (long_W + 2) + 1);
  Tensor y({1, 2, long_W, O}), z({1, 1, long_W / 2, O}), expected(z.shape());
  std::vector<std::uint8_t> winners(static_cast<std::size_t>(z.size())), expected_winners(winners.size());
  one_channel_row(halo.data(), long_W, weight.data(), bias.data(), O, Real(0.2), z.data(), winners.data());
  convolve(x, weight, bias, y);
  pool_and_activate(y.data(), O, 2, long_W, O, {2, 2}, Real(0.2), expected.data(), expected_winners.data());
  support::expect_near(z, expected, 10 * support::epsilon);
  for (Index i = 0; i < z.size(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    if (winners[at] == expected_winners[at]) continue;
    const auto value = [&](std::uint8_t k) { return y(0, k / 2, i / O * 2 + k % 2, i % O); };
    EXPECT_NEAR(value(winners[at]), value(expected_winners[at]), 10 * support::epsilon * support::largest(y));
  }
}

// Sums of 15 windows, each with one pixel that counts: 4 units of rounding of each of at most 15 terms below 1.
TEST_F(OneChannel, ItsGradientsAreThoseOfTheDefinition) {
  const Tensor dz = support::random_tensor(fast.z.shape(), 4);
  Tensor dy({1, H, W, O}), dweight(weight.shape()), dbias(bias.shape());
  for (Index h = 0; h < H; ++h) {
    const Index first = h / 2 * W / 2 * O;
    spread_gradient(dz.data() + first, fast.winners.data() + first, h % 2, W, O, {2, 2}, dy.pixel(0, h, 0));
  }
  reference::convolve_backward_weight(x, dy, dweight, dbias);

  const std::vector<Real> halo = halo_of(x);
  std::vector<Real> sums(static_cast<std::size_t>(10 * O), Real(0));
  for (Index h = 0; h < H / 2; ++h) {
    const Index first = h * W / 2 * O;
    add_one_channel_gradients(halo.data() + 2 * h * (W + 2), W, dz.data() + first, fast.winners.data() + first, O, 0, O,
                              sums.data());
  }
  for (Index o = 0; o < O; ++o) EXPECT_NEAR(sums[o], dbias[o], 60 * support::epsilon) << o;
  for (Index k = 0; k < 9 * O; ++k) EXPECT_NEAR(sums[O + k], dweight[k], 60 * support::epsilon) << k;
}

// A stage whose input asks for no gradient takes this kernel on the way back, one whose input does the general one.
TEST(OneChannelStage, TheInputsOwnGradientChangesNothingForTheWeights) {
  FusedStageSettings settings;
  settings.pool_height = settings.pool_width = 2;
  const auto gradients = [&](const Shape& images, bool of_input, int n_threads) {
    const support::ThreadCount threads(n_threads);
    const Variable x(support::random_tensor(images, 1), of_input);
    const FusedStageParameters p{support::random_leaf({3, 3, 1, O}, 2), support::random_leaf(per_channel(O), 3),
                                 support::random_leaf(per_channel(O), 4), support::random_leaf(per_channel(O), 5)};
    RunningAverages averages{Tensor(per_channel(O)), Tensor(per_channel(O))};
    const Variable y = fused_stage_training(x, p, averages, settings);
    backward(y, support::random_tensor(y.shape(), 6));
    return std::vector<Tensor>{p.weight.gradient(), p.gamma.gradient(), p.beta.gradient()};
  };
  for (const Shape& images : {Shape{5, 12, 32, 1}, Shape{9, 4, 4, 1}}) {  // one image a slab or more, and four
    const std::vector<Tensor> general = gradients(images, true, 1), special = gradients(images, false, 1);
    for (std::size_t i = 0; i < general.size(); ++i) {
      support::expect_near(special[i], general[i], 100 * support::epsilon);  // sqrt(480 windows) units and some
    }
    for (const int n_threads : {4, 16}) EXPECT_TRUE(gradients(images, false, n_threads) == special) << n_threads;
  }
}

}  // namespace
}  // namespace autodiff::kernels
