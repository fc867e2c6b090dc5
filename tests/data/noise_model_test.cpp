#include "data/noise_model.h"

#include <gtest/gtest.h>

#include <bitset>
#include <cfenv>
#include <cmath>
#include <numbers>
#include <stdexcept>
#include <unsupported/Eigen/FFT>
#include <vector>

#include "data/butterworth.h"

namespace {

using data::PreprocessSettings;
using data::Quantity;
using data::Waveforms;

TEST(NoiseModel, HasPetersonsValuesAtTabulatedPeriods) {
  // A + B log10(T) by hand from tables 3 and 4 of the report.
  EXPECT_NEAR(data::new_low_noise_model_db(0.1), -162.36 - 5.64, 1e-9);
  EXPECT_NEAR(data::new_low_noise_model_db(10.0), -132.18 - 31.57, 1e-9);
  EXPECT_NEAR(data::new_low_noise_model_db(100.0), -216.47 + 15.70 * 2.0, 1e-9);
  EXPECT_NEAR(data::new_high_noise_model_db(0.1), -108.73 + 17.23, 1e-9);
  EXPECT_NEAR(data::new_high_noise_model_db(100.0), -151.52 + 10.01 * 2.0, 1e-9);
}

TEST(NoiseModel, IsContinuousWhereItsPiecesMeet) {
  // A and B are rounded to 0.005 each, so two pieces may miss each other by 2 x 0.005 (1 + log10 T); they are found to meet
  // within 0.013 dB. Any wrong digit of the tables would show.
  for (const double T : {0.17, 0.4,  0.8,  1.24, 2.4,  4.3,   5.0,   6.0,   10.0,  12.0,
                         15.6, 21.9, 31.6, 45.0, 70.0, 101.0, 154.0, 328.0, 600.0, 10000.0}) {
    EXPECT_NEAR(data::new_low_noise_model_db(T * (1 - 1e-9)), data::new_low_noise_model_db(T), 0.02) << "T = " << T;
  }
  for (const double T : {0.22, 0.32, 0.8, 3.8, 4.6, 6.3, 7.9, 15.4, 20.0, 354.8}) {
    EXPECT_NEAR(data::new_high_noise_model_db(T * (1 - 1e-9)), data::new_high_noise_model_db(T), 0.02) << "T = " << T;
  }
}

TEST(NoiseModel, VelocityAndDisplacementFollowFromAcceleration) {
  // One period of 20 s: w = 0.314159 rad/s. Halfway between the models in decibels is their geometric mean.
  const double w = 2.0 * std::numbers::pi / 20.0;
  const double acceleration = data::noise_density(0.05, 0.5, Quantity::acceleration);
  EXPECT_NEAR(acceleration,
              std::sqrt(data::noise_density(0.05, 0.0, Quantity::acceleration) *
                        data::noise_density(0.05, 1.0, Quantity::acceleration)),
              1e-12 * acceleration);
  EXPECT_NEAR(data::noise_density(0.05, 0.5, Quantity::velocity) * w * w, acceleration, 1e-12 * acceleration);
  EXPECT_NEAR(data::noise_density(0.05, 0.5, Quantity::displacement) * w * w * w * w, acceleration,
              1e-12 * acceleration);
}

// Noise traces of this rms on average.
Waveforms noise(const data::NoiseModel& model, int n_traces, int n_samples, double level, std::uint64_t seed,
                float rms = 1.0f) {
  Waveforms rows = Waveforms::Zero(n_traces, n_samples);
  data::RandomStream random(seed, 0);
  model.add(rows, Eigen::ArrayXf::Constant(n_traces, rms), level, random);
  return rows;
}

TEST(NoiseModel, EqualsTheInverseFourierTransformOfItsSpectrum) {
  // The definition: a spectrum of the same random numbers on the frequencies k / (2 n D), inverse transform, first half.
  const PreprocessSettings settings;
  const double native_dt_s = 0.5;
  const data::NoiseModel model(settings, native_dt_s);
  const double level = 0.3;
  const auto sections = data::butterworth_bandpass(settings.order, settings.low_hz, settings.high_hz, native_dt_s);
  const int N = 2 * settings.n_samples;
  Eigen::ArrayXd s = Eigen::ArrayXd::Zero(N / 2);
  for (int k = 1; k < N / 2; ++k) {
    s[k] = std::sqrt(data::noise_density(k / (N * 1.0), level, Quantity::displacement) / N) *
           data::gain(sections, k / (N * 1.0), native_dt_s);
  }
  // The frequencies kept are those that reach 1 % of the largest for either model.
  Eigen::ArrayXd quiet = s, noisy = s;
  for (int k = 1; k < N / 2; ++k) {
    const double f = k / (N * 1.0);
    quiet[k] *= std::sqrt(data::noise_density(f, 0.0, Quantity::acceleration) /
                          data::noise_density(f, level, Quantity::acceleration));
    noisy[k] *= std::sqrt(data::noise_density(f, 1.0, Quantity::acceleration) /
                          data::noise_density(f, level, Quantity::acceleration));
  }
  data::RandomStream random(7, 0);
  const Eigen::ArrayXf normals = data::draw_coin_sums(random, 2 * model.n_frequencies());
  Eigen::Index n_kept = 0;
  std::vector<std::complex<double>> spectrum(static_cast<std::size_t>(N));
  double power = 0.0;
  for (int k = 1; k < N / 2; ++k) {
    if (quiet[k] < 0.01 * quiet.maxCoeff() && noisy[k] < 0.01 * noisy.maxCoeff()) continue;
    const double a = normals[2 * n_kept];
    const double b = normals[2 * n_kept++ + 1];
    spectrum[static_cast<std::size_t>(k)] = 0.5 * N * s[k] * std::complex<double>(a, -b);
    spectrum[static_cast<std::size_t>(N - k)] = std::conj(spectrum[static_cast<std::size_t>(k)]);
    power += s[k] * s[k];
  }
  ASSERT_EQ(n_kept, model.n_frequencies());
  std::vector<std::complex<double>> series;
  Eigen::FFT<double>().inv(series, spectrum);
  const Waveforms rows = noise(model, 1, settings.n_samples, level, 7);
  for (int j = 0; j < settings.n_samples; ++j) {
    // float32 sums of about 100 terms of unit size: 100 x 6e-8.
    EXPECT_NEAR(rows(0, j), series[static_cast<std::size_t>(j)].real() / std::sqrt(power), 1e-5);
  }
  // What is left out holds less than a thousandth of the power.
  EXPECT_GE(power, (1.0 - 1e-3) * s.square().sum());
  EXPECT_NEAR(model.rms(level), std::sqrt(power), 1e-9 * std::sqrt(power));
}

TEST(NoiseModel, OfMotionsAsSmallAsANewtonMetresMultipliesNothingSubnormal) {
  const data::NoiseModel model(PreprocessSettings{}, 0.5);
  std::feclearexcept(FE_ALL_EXCEPT);
  const Waveforms rows = noise(model, 48, PreprocessSettings{}.n_samples, 0.5, 1, 1e-23f);
  EXPECT_EQ(std::fetestexcept(FE_UNDERFLOW), 0);
  EXPECT_NEAR(std::sqrt((rows.cast<double>() * 1e23).array().square().mean()), 1.0, 0.1);  // of some 4,000 coin sums
}

TEST(NoiseModel, CoinSumsCountTheOnesOfBothHalvesOfEachNumber) {
  data::RandomStream random(2, 3), again(2, 3);
  const Eigen::ArrayXf sums = data::draw_coin_sums(random, 1003);
  for (Eigen::Index i = 0; i < 1002; i += 2) {
    const std::bitset<32> bits(again.next_u32());
    int lower = 0, upper = 0;
    for (std::size_t j = 0; j < 16; ++j) {
      lower += bits[j];
      upper += bits[16 + j];
    }
    EXPECT_EQ(sums[i], static_cast<float>(lower - 8) / 2.0f);
    EXPECT_EQ(sums[i + 1], static_cast<float>(upper - 8) / 2.0f);
  }
}

TEST(NoiseModel, CoinSumsAndTracesHaveTheMomentsOfNormalNumbers) {
  // Scatter of the mean 1/sqrt(n), of the variance sqrt(2/n), of the fourth moment sqrt(96/n), of a product 1/sqrt(n).
  const int n = 200000;
  data::RandomStream random(2, 3);
  const Eigen::ArrayXd x = data::draw_coin_sums(random, n).cast<double>();
  EXPECT_NEAR(x.mean(), 0.0, 5 / std::sqrt(n));
  EXPECT_NEAR(x.square().mean(), 1.0, 5 * std::sqrt(2.0 / n));
  EXPECT_NEAR(x.pow(4).mean(), 3.0 - 1.0 / 8.0, 5 * std::sqrt(96.0 / n));  // 3 (1) - 2 / 16 of 16 tosses
  EXPECT_NEAR((x.head(n - 1) * x.tail(n - 1)).mean(), 0.0, 5 / std::sqrt(n));
  // One value of each trace, far from its neighbours': independent, with the kurtosis of a sum of some eighty such numbers.
  const PreprocessSettings settings;
  const Eigen::ArrayXd at_once =
      noise(data::NoiseModel(settings, 0.5), n, settings.n_samples, 0.5, 5).col(64).cast<double>();
  EXPECT_NEAR(at_once.square().mean(), 1.0, 5 * std::sqrt(2.0 / n));
  EXPECT_NEAR(at_once.pow(4).mean(), 3.0, 5 * std::sqrt(96.0 / n));
}

TEST(NoiseModel, ZeroPhaseRecordsShowTheSquaredGain) {
  // The variance as the integral of density times gain^4, by the rectangle rule on ten times finer frequencies; the sum over
  // the model's frequencies differs from it by its step and by what it leaves out: 1 %.
  PreprocessSettings settings;
  settings.phase = data::FilterPhase::zero_phase;
  const auto sections = data::butterworth_bandpass(4, 0.05, 0.1, 0.5);
  double variance = 0.0;
  const double df = 1.0 / 2560.0;
  for (double f = 0.01; f < 0.5; f += df) {
    variance += data::noise_density(f, 0.4, Quantity::displacement) * std::pow(data::gain(sections, f, 0.5), 4) * df;
  }
  EXPECT_NEAR(data::NoiseModel(settings, 0.5).rms(0.4), std::sqrt(variance), 0.01 * std::sqrt(variance));
}

TEST(NoiseModel, AveragedPeriodogramIsTheModelDensity) {
  // Density of a Fourier frequency of the half series, averaged over M traces: its relative scatter is 1/sqrt(M) = 0.022;
  // neighbouring frequencies leak into each other, so the comparison is between sums over bands, whose model value includes
  // the same leakage only where the density is smooth: the corners of the band are left out.
  PreprocessSettings settings;
  settings.n_samples = 512;
  const data::NoiseModel model(settings, 0.5);
  const int M = 2000;
  const int n = settings.n_samples;
  for (const double level : {0.0, 1.0}) {
    const Waveforms rows = noise(model, M, n, level, 11);
    const auto sections = data::butterworth_bandpass(4, 0.05, 0.1, 0.5);
    const double scale = model.rms(level) * model.rms(level);
    Eigen::ArrayXf hann(n);
    for (int j = 0; j < n; ++j) hann[j] = static_cast<float>(1.0 - std::cos(2.0 * std::numbers::pi * (j + 0.5) / n));
    hann /= std::sqrt(hann.square().mean());
    for (const double f_hz : {0.055, 0.07, 0.08, 0.095}) {
      const int k = static_cast<int>(std::lround(f_hz * n));
      Eigen::ArrayXf cosine(n), sine(n);
      for (int j = 0; j < n; ++j) {
        cosine[j] = hann[j] * static_cast<float>(std::cos(2.0 * std::numbers::pi * k * j / n));
        sine[j] = hann[j] * static_cast<float>(std::sin(2.0 * std::numbers::pi * k * j / n));
      }
      const double periodogram =
          2.0 / n * ((rows * cosine.matrix()).squaredNorm() + (rows * sine.matrix()).squaredNorm()) / M * scale;
      const double f = static_cast<double>(k) / n;
      const double expected =
          data::noise_density(f, level, Quantity::displacement) * std::pow(data::gain(sections, f, 0.5), 2);
      // Five standard deviations of the average, and 3 % for the curvature of the density across the Hann window's three
      // frequencies (spacing 0.002 Hz).
      EXPECT_NEAR(periodogram / expected, 1.0, 5.0 / std::sqrt(M) + 0.03) << "level " << level << ", f " << f;
    }
  }
}

TEST(NoiseModel, AddsNoiseOfTheAskedSizeToEachRow) {
  PreprocessSettings settings;
  const data::NoiseModel model(settings, 0.5);
  const int n_traces = 400;
  Waveforms rows = Waveforms::Zero(n_traces, settings.n_samples);
  Eigen::ArrayXf rms = Eigen::ArrayXf::Constant(n_traces, 3.0f);
  rms.head(200).setZero();
  data::RandomStream random(3, 5);
  model.add(rows, rms, 0.5, random);
  EXPECT_EQ(rows.topRows(200).cwiseAbs().maxCoeff<Eigen::PropagateNaN>(), 0.0f);
  // 200 traces with about 0.05 Hz x 128 s x 2 = 13 independent values each: scatter of the mean square sqrt(2 / 2600) = 2.8 %.
  EXPECT_NEAR(rows.bottomRows(200).array().square().mean(), 9.0, 9.0 * 5 * 0.028);
}

TEST(NoiseModel, LeavesOutPeriodsBeyondTheModels) {
  // 600 samples of 100 s: the first frequency has a period of 120,000 s, the second one of 60,000 s.
  PreprocessSettings settings;
  settings.dt_s = 100.0;
  settings.n_samples = 600;
  settings.before_p_s = 1500.0;
  settings.low_hz = 2e-5;
  settings.high_hz = 1e-4;
  settings.order = 1;
  const double native_dt_s = 50.0;
  const data::NoiseModel model(settings, native_dt_s);
  const auto sections = data::butterworth_bandpass(1, settings.low_hz, settings.high_hz, native_dt_s);
  const double df = 1.0 / 120'000.0;
  double variance = 0.0;
  for (int k = 2; k < 600; ++k) {
    variance += data::noise_density(k * df, 0.0, Quantity::displacement) * df *
                std::pow(data::gain(sections, k * df, native_dt_s), 2);
  }
  EXPECT_NEAR(model.rms(0.0), std::sqrt(variance), 1e-3 * std::sqrt(variance));  // what 1 % of the amplitude leaves out
  // Four samples of 0.01 s: 12.5, 25 and 37.5 Hz.
  settings = {};
  settings.dt_s = 0.01;
  settings.n_samples = 4;
  settings.before_p_s = 0.0;
  EXPECT_THROW(data::NoiseModel(settings, 0.01), std::invalid_argument);
}

TEST(NoiseModel, RefusesWhatLiesOutsideTheModels) {
  EXPECT_THROW(data::new_low_noise_model_db(0.05), std::invalid_argument);
  EXPECT_THROW(data::new_high_noise_model_db(std::nan("")), std::invalid_argument);
  EXPECT_THROW(data::noise_density(0.1, 1.5, Quantity::velocity), std::invalid_argument);
  EXPECT_THROW(data::noise_density(0.1, 0.5, Quantity::counts), std::invalid_argument);
  const data::NoiseModel model(PreprocessSettings{}, 0.5);
  Waveforms rows = Waveforms::Zero(2, 100);
  data::RandomStream random(1, 1);
  EXPECT_THROW(model.add(rows, Eigen::ArrayXf::Ones(2), 0.5, random), std::invalid_argument);
}

}  // namespace
