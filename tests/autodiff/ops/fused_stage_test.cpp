// The fused stage against the composition of the small operations that it stands for.
#include "autodiff/ops/fused_stage.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "autodiff/ops/conv2d.h"
#include "autodiff/ops/leaky_relu.h"
#include "autodiff/ops/max_pool2d.h"
#include "autodiff/ops/upsample2d.h"
#include "tests/support/layer_check.h"

namespace autodiff {
namespace {

struct FusedStageCase {
  Shape x, weight;
  FusedStageSettings settings;
};

FusedStageSettings pool(Index height, Index width) {
  FusedStageSettings s;
  s.pool_height = height;
  s.pool_width = width;
  return s;
}

FusedStageSettings upsample(Index height, Index width) {
  FusedStageSettings s;
  s.upsample_height = height;
  s.upsample_width = width;
  return s;
}

FusedStageSettings winograd(FusedStageSettings s) {
  s.method = kernels::ConvolutionMethod::winograd;
  return s;
}

std::ostream& operator<<(std::ostream& out, const FusedStageCase& c) {
  return out << to_string(c.x) << " under " << to_string(c.weight) << ", pool " << c.settings.pool_height << " x "
             << c.settings.pool_width << ", upsample " << c.settings.upsample_height << " x "
             << c.settings.upsample_width
             << (c.settings.method == kernels::ConvolutionMethod::winograd ? ", Winograd" : "");
}

enum class Mode { training, prediction };

struct Result {
  Variable y;
  RunningAverages averages;
};

RunningAverages averages_before(Index C) {
  RunningAverages averages{support::random_tensor(per_channel(C), 8), support::random_tensor(per_channel(C), 9)};
  for (Index c = 0; c < C; ++c) averages.variance[c] = 1 + std::abs(averages.variance[c]);
  return averages;
}

// Leaves: x, weight, bias, gamma, beta.
Result fused(const std::vector<Variable>& leaves, const FusedStageSettings& s, Mode mode) {
  const FusedStageParameters p{leaves[1], leaves[2], leaves[3], leaves[4]};
  RunningAverages averages = averages_before(leaves[2].shape().c);
  const Variable y = mode == Mode::training ? fused_stage_training(leaves[0], p, averages, s)
                                            : fused_stage_prediction(leaves[0], p, averages, s);
  return {y, averages};
}

Result composed(const std::vector<Variable>& leaves, const FusedStageSettings& s, Mode mode) {
  RunningAverages averages = averages_before(leaves[2].shape().c);
  const Variable v = max_pool2d(conv2d(leaves[0], leaves[1], leaves[2]), s.pool_height, s.pool_width);
  const Variable z = leaky_relu(upsample2d(v, s.upsample_height, s.upsample_width), s.slope);
  const Variable y = mode == Mode::training ? batch_norm_training(z, leaves[3], leaves[4], averages, s.batch_norm)
                                            : batch_norm_prediction(z, leaves[3], leaves[4], averages, s.batch_norm);
  return {y, averages};
}

std::vector<Variable> leaves_of(const FusedStageCase& c) {
  const Shape channels = per_channel(c.weight.c);
  return {support::random_leaf(c.x, 1), support::random_leaf(c.weight, 2), support::random_leaf(channels, 3),
          support::random_leaf(channels, 4), support::random_leaf(channels, 5)};
}

class FusedStage : public testing::TestWithParam<FusedStageCase> {};

// The same sums in the same order, but for two: moments over pixels that up-sampling has not copied yet, and gradients
// summed over the copies first. Both are in double or short; what they leave, a few units of rounding, reaches the
// gradients of the convolution through sums of n pixels: sqrt(n) units, n <= 1536. Winograd rounds 100 times worse
// (convolution_test.cpp).
void expect_equal_values_and_gradients(const FusedStageCase& c, Mode mode) {
  const bool direct = c.settings.method == kernels::ConvolutionMethod::direct;
  const double tolerance = (direct ? 100 : 2000) * support::epsilon;
  const std::vector<Variable> a = leaves_of(c), b = leaves_of(c);
  const Result one = fused(a, c.settings, mode), many = composed(b, c.settings, mode);
  support::expect_near(one.y.value(), many.y.value(), tolerance);
  support::expect_near(one.averages.mean, many.averages.mean, tolerance);
  support::expect_near(one.averages.variance, many.averages.variance, tolerance);
  const Tensor dy = support::random_tensor(many.y.shape(), 6);
  backward(one.y, dy);
  backward(many.y, dy);
  for (std::size_t leaf = 0; leaf < a.size(); ++leaf) {
    SCOPED_TRACE(leaf);
    if (leaf == 2 && mode == Mode::training) continue;
    support::expect_near(a[leaf].gradient(), b[leaf].gradient(), tolerance);
  }
  // A constant added before batch normalisation in training is taken out again: what the bias receives is rounding
  // alone where nothing bends (slope 1), and the sum of what cancels, of the size of beta's gradient, sets its scale.
  const double size = support::largest(b[4].gradient()) * support::largest(b[3].value()) * 10;
  for (Index c_out = 0; c_out < a[2].shape().c; ++c_out) {
    EXPECT_NEAR(a[2].gradient()[c_out], b[2].gradient()[c_out], tolerance * size);
  }
}

TEST_P(FusedStage, EqualsTheCompositionInTraining) { expect_equal_values_and_gradients(GetParam(), Mode::training); }

TEST_P(FusedStage, EqualsTheCompositionInPrediction) {
  expect_equal_values_and_gradients(GetParam(), Mode::prediction);
}

// The pool gives the next tensors of this shape blocks full of NaN, not those of an equal result before: what is left unwritten is
// seen.
void fill_kept_blocks_with_nan(const Shape& shape) {
  Tensor nan(shape);
  nan.fill(std::numeric_limits<Real>::quiet_NaN());
  const std::vector<Tensor> several(8, nan);
}

// Where nothing is recorded a slab is normalised while it is in the cache. The sums are those of a recorded prediction in the
// same order.
TEST_P(FusedStage, EqualsTheCompositionWhereNothingIsRecorded) {
  const FusedStageCase c = GetParam();
  const std::vector<Variable> leaves = leaves_of(c);
  const Tensor recorded = fused(leaves, c.settings, Mode::prediction).y.value();
  const RecordingOff recording_off;
  const double tolerance = (c.settings.method == kernels::ConvolutionMethod::direct ? 100 : 2000) * support::epsilon;
  const Tensor many = composed(leaves, c.settings, Mode::prediction).y.value();
  PreparedKernel prepared;
  for (PreparedKernel* kept : {static_cast<PreparedKernel*>(nullptr), &prepared, &prepared}) {
    for (const int n_threads : {1, 4}) {
      const support::ThreadCount threads(n_threads);
      const FusedStageParameters p{leaves[1], leaves[2], leaves[3], leaves[4], kept};
      fill_kept_blocks_with_nan(many.shape());
      const Tensor one = fused_stage_prediction(leaves[0], p, averages_before(leaves[2].shape().c), c.settings).value();
      support::expect_near(one, many, tolerance);
      EXPECT_TRUE(one == recorded) << n_threads << " threads";
    }
  }
}

void expect_same_bits_and_averages(const FusedStageCase& c) {
  support::expect_same_tensors([&c] {
    RunningAverages averages;
    const support::Layer layer = [&](const std::vector<Variable>& l) {
      const Result result = fused(l, c.settings, Mode::training);
      averages = result.averages;
      return result.y;
    };
    std::vector<Tensor> all = support::value_and_gradients(layer, leaves_of(c));
    all.push_back(averages.mean);
    all.push_back(averages.variance);
    return all;
  });
}

TEST_P(FusedStage, DoesNotDependOnTheNumberOfThreads) { expect_same_bits_and_averages(GetParam()); }

INSTANTIATE_TEST_SUITE_P(Shapes, FusedStage,
                         testing::Values(FusedStageCase{{3, 2, 4, 1}, {3, 3, 1, 2}, pool(2, 2)},
                                         FusedStageCase{{4, 6, 8, 16}, {3, 3, 16, 5}, pool(3, 2)},
                                         FusedStageCase{{16, 1, 1, 16}, {1, 1, 16, 8}, upsample(1, 2)},
                                         FusedStageCase{{5, 1, 4, 8}, {1, 3, 8, 16}, upsample(2, 3)},
                                         FusedStageCase{{2, 3, 4, 8}, {3, 3, 8, 16}, upsample(2, 1)},
                                         FusedStageCase{{4, 1, 16, 3}, {1, 3, 3, 16}, {}},
                                         FusedStageCase{{2, 48, 32, 1}, {3, 3, 1, 64}, pool(2, 2)},
                                         FusedStageCase{{9, 4, 4, 1}, {3, 3, 1, 16}, pool(2, 2)},  // four images a slab
                                         FusedStageCase{{6, 1, 4, 64}, {1, 3, 64, 128}, pool(1, 2)},
                                         FusedStageCase{
                                             {2, 30, 64, 2}, {3, 3, 2, 4}, pool(3, 2)}));  // slabs of six rows

// Winograd's rounding, some 1e-5 of the largest value in float, turns the winner of a window where two pixels are as
// close as that: a gradient then goes to the neighbour. Without a pool nothing can turn but the slope, at |z| as small.
INSTANTIATE_TEST_SUITE_P(Winograd, FusedStage,
                         testing::Values(FusedStageCase{{2, 12, 16, 16}, {3, 3, 16, 24}, winograd(upsample(1, 2))}));

// Winograd there, direct back: the turned kernel's input channels do not fill whole packets. Forward slabs join four images,
// those of a direct method would not, and a pixel's sum runs in another order in a slab of several images.
TEST(FusedStage, DoesNotDependOnTheNumberOfThreadsWhereTheMethodsThereAndBackDiffer) {
  const Index C = std::max<Index>(16, 2 * kernels::packet_size);
  const FusedStageCase c{{9, 7, 13, C}, {3, 3, C, C + 1}, winograd({})};
  ASSERT_TRUE(kernels::winograd_serves(c.x, c.weight));
  ASSERT_FALSE(kernels::winograd_serves({9, 7, 13, C + 1}, {3, 3, C + 1, C}));
  expect_same_bits_and_averages(c);
}

// In double no two pixels of a window are as close as Winograd's rounding here, so that gradients can be compared as well.
TEST(FusedStage, WinogradWithAPoolEqualsTheCompositionInDouble) {
  if (!support::real_is_double) GTEST_SKIP() << "checked in the double build";
  for (const FusedStageCase& c : {FusedStageCase{{3, 24, 32, 32}, {3, 3, 32, 32}, winograd(pool(2, 2))},
                                  FusedStageCase{{1, 24, 40, 16}, {3, 3, 16, 16}, winograd(pool(3, 2))}}) {
    for (const Mode mode : {Mode::training, Mode::prediction}) expect_equal_values_and_gradients(c, mode);
  }
}

class FusedStageSmall : public testing::TestWithParam<FusedStageCase> {};

// In float a step of 2e-2 crosses too many windows' ties for central differences; the double build checks all of them.
TEST_P(FusedStageSmall, GradientMatchesCentralDifferences) {
  if (!support::real_is_double && GetParam().settings.pool_height > 1) GTEST_SKIP() << "checked in the double build";
  for (const Mode mode : {Mode::training, Mode::prediction}) {
    const FusedStageSettings s = GetParam().settings;
    support::expect_gradient_matches([s, mode](const std::vector<Variable>& l) { return fused(l, s, mode).y; },
                                     leaves_of(GetParam()));
  }
}

// J v by a central difference with h = 1e-5 errs by h^2 f''' and rounding / h, some 1e-10 each, amplified by 1/sqrt(V) up to
// cubed, and by a kink in the one case of a thousand where one lies within h. Float, whose h is 1e-2, can only see what does
// not bend: no pool, slope 1.
TEST_P(FusedStageSmall, BackwardIsTheAdjointOfTheLinearisation) {
  FusedStageSettings s = GetParam().settings;
  if (!support::real_is_double) s.slope = 1;
  if (!support::real_is_double && s.pool_height > 1) GTEST_SKIP() << "checked in the double build";
  const double h = support::real_is_double ? 1e-5 : 1e-2, tolerance = support::real_is_double ? 1e-7 : 2e-3;
  for (const Mode mode : {Mode::training, Mode::prediction}) {
    const support::Layer layer = [s, mode](const std::vector<Variable>& l) { return fused(l, s, mode).y; };
    for (std::size_t moved = 0; moved < 5; ++moved) {
      // In training a constant that the bias adds is taken out again where nothing bends: J v is rounding alone.
      if (moved == 2 && mode == Mode::training && s.slope == 1) continue;
      SCOPED_TRACE(moved);
      support::expect_adjoint(layer, leaves_of(GetParam()), moved, h, tolerance);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, FusedStageSmall,
                         testing::Values(FusedStageCase{{3, 2, 4, 1}, {3, 3, 1, 2}, pool(2, 2)},
                                         FusedStageCase{{4, 1, 2, 2}, {1, 3, 2, 3}, upsample(1, 2)}));

// The second case has slabs of 12 rows: whole windows and whole tiles.
TEST(FusedStage, WinogradPoolsTheSameImageToTheValuesOfTheComposition) {
  for (const FusedStageCase& c : {FusedStageCase{{3, 24, 32, 32}, {3, 3, 32, 32}, winograd(pool(2, 2))},
                                  FusedStageCase{{1, 24, 40, 16}, {3, 3, 16, 16}, winograd(pool(3, 2))}}) {
    const Tensor one = fused(leaves_of(c), c.settings, Mode::training).y.value();
    const Tensor many = composed(leaves_of(c), c.settings, Mode::training).y.value();
    // Values pass through pool and slope with their own rounding error (convolution_test.cpp), 1/sqrt(V) of them here.
    support::expect_near(one, many, 2000 * support::epsilon);
  }
}

TEST(FusedStage, RefusesWhatDoesNotFit) {
  const FusedStageCase c{{2, 6, 8, 2}, {3, 3, 2, 4}, pool(4, 2)};  // 6 rows in windows of 4
  EXPECT_THROW(fused(leaves_of(c), c.settings, Mode::training), std::invalid_argument);
  const FusedStageCase wrong_channels{{2, 6, 8, 3}, {3, 3, 2, 4}, pool(2, 2)};
  EXPECT_THROW(fused(leaves_of(wrong_channels), wrong_channels.settings, Mode::prediction), std::invalid_argument);
  FusedStageSettings steep = pool(2, 2);
  steep.slope = 0;
  const FusedStageCase fits{{2, 6, 8, 2}, {3, 3, 2, 4}, steep};
  EXPECT_THROW(fused(leaves_of(fits), steep, Mode::training), std::invalid_argument);
  for (const double decay : {-0.1, 1.5, std::nan("")}) {
    FusedStageSettings forgets = pool(2, 2);
    forgets.batch_norm.running_average_decay = decay;
    EXPECT_THROW(fused(leaves_of(fits), forgets, Mode::training), std::invalid_argument) << decay;
  }
  FusedStageSettings no_eps = pool(2, 2);
  no_eps.batch_norm.eps = 0;
  EXPECT_THROW(fused(leaves_of(fits), no_eps, Mode::prediction), std::invalid_argument);
}

}  // namespace
}  // namespace autodiff
