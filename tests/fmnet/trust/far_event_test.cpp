#include <gtest/gtest.h>

#include <algorithm>

#include "fmnet/records_prediction.h"
#include "fmnet/trust/waveform_fit.h"

namespace {

// P comes later than at any station of the grid's places: the samples of the configuration, 200 s, and those that the lags add, 19 s, end
// before its window does, 140 s after P. Series of 600 s are long enough in any case; each is known to 2 % (GreensFunctions::error),
// and where the window of the Fourier transform is the same, they are the same.
TEST(EventSynthetics, OfAnEventFarAwayHoldTheWindowOfItsP) {
  constexpr int longest_lag = 19;
  fmnet::Config config = fmnet::read_config(FMNET_SOURCE_DIR "/data/byron/byron.toml");
  const data::Event far{"far", 0, 33.0, -116.0, 12.0};
  const std::vector<double> p_s = theoretical_p_times(config, far);
  ASSERT_GT(*std::max_element(p_s.begin(), p_s.end()) + 139.0, config.greens.n_samples * config.greens.dt_s + 19.0);
  const auto rows = [&] {
    return fmnet::EventSynthetics(config, far, {far.depth_km}, longest_lag).rows(0, {234.0, 71.0, -5.0});
  };
  const Eigen::ArrayXXd found = rows();
  config.greens.n_samples = 1200;
  const Eigen::ArrayXXd expected = rows();
  ASSERT_EQ(found.cols(), config.preprocess.n_samples + 2 * longest_lag);
  ASSERT_EQ(found.rows(), expected.rows());
  ASSERT_GT(expected.matrix().norm(), 0.0);
  EXPECT_LE((found - expected).matrix().norm(), 0.02 * expected.matrix().norm());
}

}  // namespace
