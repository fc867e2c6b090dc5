#include "data/records/instrument_response.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "data/random.h"
#include "tests/support/error_of.h"
#include "tests/support/largest.h"

namespace data {
namespace {

using std::numbers::pi;

InstrumentResponse accelerometer() {
  InstrumentResponse response;
  response.input = Quantity::acceleration;
  response.poles = {{-981.0, 1009.0}, {-981.0, -1009.0}};
  response.A0 = 981.0 * 981.0 + 1009.0 * 1009.0;
  response.gain = 213'979.0;
  return response;
}

InstrumentResponse broadband() {
  InstrumentResponse response;
  response.input = Quantity::velocity;
  response.poles = {{-0.037008, 0.037008}, {-0.037008, -0.037008}};
  response.zeros = {0.0, 0.0};
  response.gain = 6.59e8;
  response.delay_s = 0.05;
  return response;
}

// A motion that is short in time and in frequency: u = exp(-(t - t0)^2 / 2 s^2) cos(2 pi f (t - t0)), s = 30 s, f = 0.07 Hz.
// Its spectrum at 0.03 Hz and 0.11 Hz is exp(-(2 pi 0.04 30)^2 / 2) = 5e-13 of the peak, and it has died at the ends.
double motion(double t_s) { return std::exp(-t_s * t_s / 1800.0) * std::cos(2.0 * pi * 0.07 * t_s); }

// The counts of that motion: since its spectrum is narrow and known, the response is applied as an integral over frequency by
// a plain sum of sines (no transform of the code under test).
Trace counts_of_motion(const InstrumentResponse& response) {
  Trace trace;
  trace.dt_s = 0.5;
  trace.samples = Eigen::ArrayXd::Zero(2000);
  const double df_hz = 1.0 / 4000.0;  // repeats after 4000 s, four times the record
  for (double f_hz = 0.02; f_hz < 0.12; f_hz += df_hz) {
    // Transform of u at f > 0: (s sqrt(2 pi) / 2) exp(-(2 pi (f - f0) s)^2 / 2); twice its real part over f > 0.
    const double U = 30.0 * std::sqrt(2.0 * pi) / 2.0 * std::exp(-0.5 * std::pow(2.0 * pi * (f_hz - 0.07) * 30.0, 2));
    const std::complex<double> C = 2.0 * df_hz * U * evaluate_response(response, f_hz, Quantity::displacement);
    for (Eigen::Index i = 0; i < trace.samples.size(); ++i) {
      const double t = 0.5 * static_cast<double>(i) - 500.0;
      trace.samples[i] += (C * std::polar(1.0, 2.0 * pi * f_hz * t)).real();
    }
  }
  return trace;
}

TEST(InstrumentResponse, ConvolutionThenRemovalGivesTheMotionBack) {
  for (const InstrumentResponse& response : {accelerometer(), broadband()}) {
    ResponseSettings settings;
    settings.corners_hz = {0.005, 0.02, 0.2, 0.4};
    const Trace out = remove_response(counts_of_motion(response), response, Quantity::displacement, settings);
    EXPECT_EQ(out.quantity, Quantity::displacement);
    ASSERT_TRUE(out.samples.allFinite());
    double largest = 0.0;
    for (Eigen::Index i = 0; i < 2000; ++i)
      largest = std::max(largest, std::abs(out.samples[i] - motion(0.5 * static_cast<double>(i) - 500.0)));
    // Left over: the spectrum outside the sum (5e-13), and rounding of the transform, 1e-15 x the ratio of the largest to the
    // smallest |H| in the corners (0.4 / 0.005)^2 = 6e3 times a few: far below 1e-6.
    EXPECT_LT(largest, 1e-6);
  }
}

TEST(InstrumentResponse, VelocityIsTheTimeDerivativeOfDisplacement) {
  ResponseSettings settings;
  settings.corners_hz = {0.005, 0.02, 0.2, 0.4};
  const Trace counts = counts_of_motion(accelerometer());
  const Trace u = remove_response(counts, accelerometer(), Quantity::displacement, settings);
  const Trace v = remove_response(counts, accelerometer(), Quantity::velocity, settings);
  for (Eigen::Index i = 2; i + 2 < 2000; ++i) {
    // Central difference of fourth order; its error is h^4 (2 pi f)^5 / 30 < 5e-5 of the peak for h = 0.5 s, f = 0.11 Hz.
    const double slope =
        (8.0 * (u.samples[i + 1] - u.samples[i - 1]) - (u.samples[i + 2] - u.samples[i - 2])) / (12.0 * 0.5);
    ASSERT_NEAR(v.samples[i], slope, 1e-4);
  }
}

TEST(InstrumentResponse, ADelayIsUndone) {
  InstrumentResponse late = broadband();
  late.delay_s = 3.0;
  InstrumentResponse prompt = broadband();
  prompt.delay_s = 0.0;
  ResponseSettings settings;
  settings.corners_hz = {0.005, 0.02, 0.2, 0.4};
  const Trace counts = counts_of_motion(prompt);
  const Trace out = remove_response(counts, late, Quantity::displacement, settings);
  for (Eigen::Index i = 100; i < 1900; ++i)
    ASSERT_NEAR(out.samples[i], motion(0.5 * static_cast<double>(i) - 500.0 + 3.0), 1e-6);
}

TEST(InstrumentResponse, PaddingPrependsTheTimeBeforeTheRecord) {
  ResponseSettings settings;
  const Trace counts = counts_of_motion(accelerometer());
  const Trace plain = remove_response(counts, accelerometer(), Quantity::displacement, settings);
  settings.padding_s = 100.0;
  const Trace padded = remove_response(counts, accelerometer(), Quantity::displacement, settings);
  EXPECT_EQ(padded.samples.size(), 2000 + 400);
  EXPECT_EQ(padded.start_ns, plain.start_ns - 100'000'000'000);
  EXPECT_TRUE((padded.samples.segment(200, 2000) == plain.samples).all());
}

// 120 s at random, ending in full swing, and the same between 440 s of zeros on either side: what lies up to `padding_s` outside must not be
// the other end of a transform that is too short. Without taper and with a first sample of zero as the mean both transform the same
// series; an instrument of response 1 leaves the kernel of the corners. Behind the flanks W = 0.1 Hz wide it falls as 1 / (4 pi W^2 t^3), so
// that what comes around from 115 s and more away is 5e-6 of a sample, 1e-5 of the largest value for some tens of them.
TEST(InstrumentResponse, PaddingLongerThanTheRecordIsThatOfARecordBetweenZeros) {
  InstrumentResponse none;
  none.input = Quantity::displacement;
  ResponseSettings settings;
  settings.corners_hz = {0.0, 0.1, 0.3, 0.45};
  settings.longest_flank_begin = settings.longest_flank_end = 0;
  settings.n_mean = 1;
  Trace record;
  record.dt_s = 1.0;
  record.samples = Eigen::ArrayXd::Zero(120);
  RandomStream random(8, 0);
  for (Eigen::Index i = 1; i < 120; ++i) record.samples[i] = random.uniform(-1.0, 1.0);
  Trace between_zeros = record;
  between_zeros.samples = Eigen::ArrayXd::Zero(1000);
  between_zeros.samples.segment(440, 120) = record.samples;
  const Eigen::ArrayXd expected = remove_response(between_zeros, none, Quantity::displacement, settings).samples;
  for (const Eigen::Index padding : {115, 200}) {
    settings.padding_s = static_cast<double>(padding);
    const Eigen::ArrayXd padded = remove_response(record, none, Quantity::displacement, settings).samples;
    ASSERT_EQ(padded.size(), 120 + 2 * padding);
    const Eigen::ArrayXd difference = padded - expected.segment(440 - padding, padded.size());
    EXPECT_LT(support::largest_size(difference), 1e-4 * support::largest_size(expected)) << padding;
  }
}

TEST(InstrumentResponse, AWaterLevelRaisesWhatLiesBelowIt) {
  // Two frequencies of a flat accelerometer to displacement: |H| falls as f^2, so 0.05 Hz lies 12 dB below 0.1 Hz.
  const InstrumentResponse response = accelerometer();
  ResponseSettings settings;
  settings.corners_hz = {0.005, 0.02, 0.2, 0.4};
  const Trace counts = counts_of_motion(response);
  const Trace none = remove_response(counts, response, Quantity::displacement, settings);
  settings.water_level_db = 300.0;
  EXPECT_LT((remove_response(counts, response, Quantity::displacement, settings).samples - none.samples)
                .abs()
                .maxCoeff<Eigen::PropagateNaN>(),
            1e-12);
  settings.water_level_db = 0.0;  // everything is raised to the largest |H|, at the Nyquist frequency of 1 Hz
  const Trace raised = remove_response(counts, response, Quantity::displacement, settings);
  const double ratio =
      raised.samples.abs().maxCoeff<Eigen::PropagateNaN>() / none.samples.abs().maxCoeff<Eigen::PropagateNaN>();
  EXPECT_NEAR(ratio, 0.07 * 0.07, 0.1 * 0.07 * 0.07);
}

// Values of ObsPy's cosine_taper(n, p, sactaper=True, halfcosine=False), by hand from its definition: m = max(1, int(n p / 2 +
// 0.5)), sin(pi i / 2 m).
Eigen::ArrayXd sac_taper(Eigen::Index n, double share) {
  return quarter_sine_taper(n, taper_flank(n, share), taper_flank(n, share));
}

TEST(InstrumentResponse, TheTaperIsAQuarterSine) {
  const Eigen::ArrayXd eight = sac_taper(8, 0.05);
  EXPECT_EQ(eight[0], 0.0);
  EXPECT_EQ(eight[1], 1.0);
  EXPECT_EQ(eight[6], 1.0);
  EXPECT_EQ(eight[7], 0.0);
  const Eigen::ArrayXd nine = sac_taper(9, 0.5);  // m = int(2.25 + 0.5) = 2
  EXPECT_NEAR(nine[1], std::sqrt(0.5), 1e-15);
  EXPECT_EQ(nine[2], 1.0);
  const Eigen::ArrayXd hundred = sac_taper(100, 0.05);  // m = int(2.5 + 0.5) = 3
  EXPECT_NEAR(hundred[1], 0.5, 1e-15);
  EXPECT_NEAR(hundred[2], std::sqrt(0.75), 1e-15);
  EXPECT_EQ(hundred[3], 1.0);
  EXPECT_NEAR(hundred[98], 0.5, 1e-15);
}

// A share of 1 makes flanks of 1000 of the 2000 samples, one of 0.003 flanks of 3.
TEST(InstrumentResponse, EachFlankIsNoLongerThanAllowed) {
  Trace counts = counts_of_motion(accelerometer());
  counts.samples += Eigen::ArrayXd::LinSpaced(2000, -1.0, 1.0) * support::largest_size(counts.samples);
  const auto removed = [&](double share, Eigen::Index longest_begin, Eigen::Index longest_end) {
    ResponseSettings settings;
    settings.taper_share = share;
    settings.longest_flank_begin = longest_begin;
    settings.longest_flank_end = longest_end;
    return remove_response(counts, accelerometer(), Quantity::displacement, settings).samples;
  };
  const Eigen::ArrayXd short_flanks = removed(0.003, 1000, 1000);
  EXPECT_TRUE((removed(1.0, 3, 3) == short_flanks).all());
  EXPECT_FALSE((removed(1.0, 1000, 3) == short_flanks).all());
  EXPECT_FALSE((removed(1.0, 3, 1000) == short_flanks).all());
  EXPECT_TRUE((removed(1.0, 0, 0) == removed(0.003, 0, 0)).all()) << "no taper at all";
  EXPECT_THROW(removed(1.0, -1, 3), std::invalid_argument);
}

TEST(InstrumentResponse, TheFourCornersAreZeroHalfAndOneWhereTheyShould) {
  const std::array<double, 4> corners = {0.01, 0.02, 0.2, 0.4};
  EXPECT_EQ(four_corner_cosine(0.01, corners), 0.0);
  EXPECT_NEAR(four_corner_cosine(0.015, corners), 0.5, 1e-15);
  EXPECT_EQ(four_corner_cosine(0.02, corners), 1.0);
  EXPECT_EQ(four_corner_cosine(0.1, corners), 1.0);
  EXPECT_NEAR(four_corner_cosine(0.3, corners), 0.5, 1e-15);
  EXPECT_EQ(four_corner_cosine(0.4, corners), 0.0);
}

// One frequency of the transform of 2000 samples at 0.5 s with a length of 4000 is 100/2000 = 0.05 Hz: a pole there is met.
TEST(InstrumentResponse, AnInfiniteResponseInsideTheCornersIsAnErrorWithItsFrequency) {
  InstrumentResponse response = accelerometer();
  const Trace counts = counts_of_motion(response);
  response.poles = {{0.0, 2.0 * pi * 0.05}};
  EXPECT_EQ(
      support::error_of<std::runtime_error>([&] { remove_response(counts, response, Quantity::displacement, {}); }),
      "response: not finite at 0.05 Hz, inside the corners of its removal");
  response.poles = {{0.0, 0.0}};  // infinite at 0 Hz, outside
  EXPECT_TRUE(remove_response(counts, response, Quantity::displacement, {}).samples.allFinite());
}

// A pulse of one sign 700 s after the start, on a constant. Its mean, 8 % of its height, would become an offset of the quiet part,
// which begins with a false arrival.
TEST(InstrumentResponse, TheMeanOfTheFirstSamplesIsTheZeroWhereItIsAskedFor) {
  Trace counts;
  counts.dt_s = 0.5;
  counts.samples.resize(2000);
  for (Eigen::Index i = 0; i < 2000; ++i) {
    const double t = 0.5 * static_cast<double>(i) - 700.0;
    counts.samples[i] = 1e4 + 1e6 * std::exp(-t * t / 1800.0);
  }
  const auto early_share = [&](Eigen::Index n_mean) {
    ResponseSettings settings;
    settings.n_mean = n_mean;
    const Eigen::ArrayXd u = remove_response(counts, accelerometer(), Quantity::displacement, settings).samples;
    return support::largest_size(u.head(600)) / support::largest_size(u);
  };
  EXPECT_LT(early_share(600), 0.02);
  EXPECT_GT(early_share(0), 0.05);
}

TEST(InstrumentResponse, RejectsArgumentsThatMakeNoSense) {
  const Trace counts = counts_of_motion(accelerometer());
  EXPECT_THROW(remove_response(Trace{}, accelerometer(), Quantity::velocity, {}), std::invalid_argument);
  EXPECT_THROW(remove_response(counts, accelerometer(), Quantity::counts, {}), std::invalid_argument);
  ResponseSettings settings;
  settings.corners_hz = {0.02, 0.01, 0.2, 0.4};
  EXPECT_THROW(remove_response(counts, accelerometer(), Quantity::velocity, settings), std::invalid_argument);
  EXPECT_THROW(taper_flank(10, 1.5), std::invalid_argument);
  EXPECT_THROW(quarter_sine_taper(10, 11, 0), std::invalid_argument);
}

}  // namespace
}  // namespace data
