#include "propagator/greens_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "tests/propagator/models.h"
#include "tests/support/error_of.h"

namespace {

using propagator::GreensSettings;

struct AskedFor {
  std::vector<double> depths_km = {8.0}, distances_km = {20.0};
  GreensSettings settings;
};

using ChangedBy = std::function<void(AskedFor&)>;

std::string refusal_where(const ChangedBy& change) {
  AskedFor asked;
  change(asked);
  const propagator::LayeredModel model = test_models::half_space();
  return support::error_of<std::invalid_argument>([&] {
    propagator::check_request({"f", model, asked.depths_km, asked.distances_km, asked.settings});
  });
}

// A setting that is a number, where it is accepted and where not, each as near to the end as it goes.
struct AllowedRange {
  const char* name;
  const char* expected;
  std::vector<double> good, bad;
  std::function<void(AskedFor&, double)> set;
};

const double beyond_all = std::numeric_limits<double>::infinity(), no_number = std::nan("");
const double least_positive = std::numeric_limits<double>::denorm_min(),
             largest_finite = std::numeric_limits<double>::max();

double next_above(double x) { return std::nextafter(x, beyond_all); }
double next_below(double x) { return std::nextafter(x, -beyond_all); }

const std::vector<AllowedRange> ranges_of_places = {{"source depth (km)",
                                                     "0 to 10000",
                                                     {0.0, 1e4},
                                                     {-least_positive, next_above(1e4), no_number},
                                                     [](AskedFor& a, double x) { a.depths_km.push_back(x); }},
                                                    {"distance (km)",
                                                     "0.001 to 100000",
                                                     {1e-3, 1e5},
                                                     {next_below(1e-3), next_above(1e5), no_number},
                                                     [](AskedFor& a, double x) { a.distances_km.push_back(x); }},
                                                    {"receiver_depth_km",
                                                     "0 to 10000",
                                                     {0.0, 1e4},
                                                     {-least_positive, next_above(1e4), no_number},
                                                     [](AskedFor& a, double x) { a.settings.receiver_depth_km = x; }}};

const std::vector<AllowedRange> ranges_of_times = {
    {"n_samples",
     "2 to 16777216",
     {2, 16777216},
     {1, 16777217},
     [](AskedFor& a, double x) { a.settings.n_samples = static_cast<int>(x); }},
    {"dt_s",
     "positive",
     {1e-300, 1e300},
     {0.0, -1.0, beyond_all, no_number},
     [](AskedFor& a, double x) { a.settings.dt_s = x; }},
    {"first_sample_s",
     "finite",
     {-largest_finite, largest_finite},
     {-beyond_all, beyond_all, no_number},
     [](AskedFor& a, double x) { a.settings.first_sample_s = x; }},
    {"lead_samples",
     "-1 (automatic) to 1048576",
     {-1, 1048576},
     {-2, 1048577},
     [](AskedFor& a, double x) { a.settings.lead_samples = static_cast<int>(x); }},
    {"window_s",
     "0 (automatic) or positive",
     {0.0, largest_finite},
     {-least_positive, beyond_all, no_number},
     [](AskedFor& a, double x) { a.settings.window_s = x; }},
    {"damping",
     "0 (automatic) to 20",
     {0.0, 20.0},
     {-least_positive, next_above(20.0), no_number},
     [](AskedFor& a, double x) { a.settings.damping = x; }}};

// At two samples a second the Nyquist frequency is 1 Hz; a millionth of a millionth more is rounding.
const std::vector<AllowedRange> ranges_of_the_band = {
    {"taper",
     "0 to 1",
     {0.0, 1.0},
     {-least_positive, next_above(1.0), no_number},
     [](AskedFor& a, double x) { a.settings.taper = x; }},
    {"max_frequency_hz",
     "0 to the Nyquist frequency",
     {0.0, 1.0},
     {-least_positive, 1.0 + 1e-11, no_number},
     [](AskedFor& a, double x) {
       a.settings.dt_s = 0.5;
       a.settings.max_frequency_hz = x;
     }},
    {"min_frequency_hz",
     "0 or positive",
     {0.0, largest_finite},
     {-least_positive, beyond_all, no_number},
     [](AskedFor& a, double x) { a.settings.min_frequency_hz = x; }},
    {"n_threads", "0 (automatic) or positive", {0, 1024}, {-1}, [](AskedFor& a, double x) {
       a.settings.n_threads = static_cast<int>(x);
     }}};

TEST(GreensSettings, EachIsAcceptedAtTheEndsOfItsRangeAndRefusedByNameBeyond) {
  for (const auto* ranges : {&ranges_of_places, &ranges_of_times, &ranges_of_the_band}) {
    for (const AllowedRange& range : *ranges) {
      const auto refusal = [&range](double value) { return refusal_where([&](AskedFor& a) { range.set(a, value); }); };
      for (const double value : range.good) EXPECT_EQ(refusal(value), "no error") << range.name << " = " << value;
      for (const double value : range.bad) {
        EXPECT_THAT(refusal(value), testing::AllOf(testing::StartsWith(std::string("f: ") + range.name + " = "),
                                                   testing::EndsWith(std::string(": expected ") + range.expected)))
            << value;
      }
    }
  }
}

TEST(GreensSettings, NoDepthAndNoDistanceAreRefused) {
  EXPECT_EQ(refusal_where([](AskedFor& a) { a.depths_km.clear(); }),
            "f: number of source depths = 0: expected at least one");
  EXPECT_EQ(refusal_where([](AskedFor& a) { a.distances_km.clear(); }),
            "f: number of distances = 0: expected at least one");
}

}  // namespace
