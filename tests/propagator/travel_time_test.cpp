#include "propagator/travel_time.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "tests/support/reference.h"

namespace {

using namespace propagator;

constexpr double elastic = std::numeric_limits<double>::infinity();

LayeredModel model_of(const std::vector<std::pair<double, double>>& thickness_and_vp) {
  std::vector<Layer> layers;
  for (const auto& [thickness, vp] : thickness_and_vp)
    layers.push_back({thickness, vp, vp / 1.8, 2.7, elastic, elastic});
  return LayeredModel(layers);
}

const LayeredModel crust = model_of({{5.5, 5.5}, {10.5, 6.3}, {16.0, 6.7}, {0.0, 7.8}});
const LayeredModel with_slow_layer = model_of({{3.0, 6.0}, {4.0, 4.5}, {8.0, 6.2}, {0.0, 7.8}});

// The direct wave by Fermat's principle, without rays: the time along a broken line is a convex function of the points where it crosses the
// interfaces; each in turn is put where the time through its two neighbours is least (golden section), until nothing moves.
double least_time_s(const std::vector<std::pair<double, double>>& segments, double distance_km) {
  const std::size_t n = segments.size();
  std::vector<double> x(n + 1);
  for (std::size_t i = 0; i <= n; ++i) x[i] = distance_km * static_cast<double>(i) / static_cast<double>(n);
  const auto leg = [&](std::size_t i, double from, double to) {
    return std::hypot(segments[i].first, to - from) / segments[i].second;
  };
  for (int sweep = 0; sweep < 3000; ++sweep) {
    for (std::size_t i = 1; i < n; ++i) {
      double low = x[i - 1], high = x[i + 1];
      for (int step = 0; step < 60; ++step) {
        const double a = high - 0.6180339887498949 * (high - low), b = low + 0.6180339887498949 * (high - low);
        const auto time = [&](double at) { return leg(i - 1, x[i - 1], at) + leg(i, at, x[i + 1]); };
        time(a) < time(b) ? high = b : low = a;
      }
      x[i] = (low + high) / 2.0;
    }
  }
  double time = 0.0;
  for (std::size_t i = 0; i < n; ++i) time += leg(i, x[i], x[i + 1]);
  return time;
}

TEST(FirstP, InAHalfSpaceIsTheStraightLine) {
  const LayeredModel half_space = model_of({{0.0, 6.0}});
  for (const double depth : {0.0, 1e-6, 3.0, 20.0}) {
    for (const double distance : {0.0, 1e-6, 5.0, 150.0, 1e4}) {
      const FirstArrival p = first_p(half_space, depth, distance);
      const double time_s = std::hypot(depth, distance) / 6.0;
      EXPECT_NEAR(p.time_s, time_s, 1e-12 * time_s) << depth << " " << distance;
      EXPECT_EQ(p.refractor, -1);
      EXPECT_NEAR(first_s(half_space, depth, distance).time_s, 1.8 * time_s, 1e-12 * 1.8 * time_s)
          << depth << " " << distance;
    }
  }
}

double degrees(double radians) { return radians * 180.0 / M_PI; }

// Above, beside and below the source, which leaves it up, level and down.
TEST(FirstP, InAHalfSpaceGoesStraightToAReceiverAtAnyDepth) {
  const LayeredModel half_space = model_of({{0.0, 6.0}});
  for (const double receiver : {0.0, 2.0, 7.0, 7.5, 40.0}) {
    for (const double distance : {1e-3, 5.0, 150.0}) {
      const FirstArrival p = first_p(half_space, 7.0, distance, receiver);
      const double time_s = std::hypot(7.0 - receiver, distance) / 6.0;
      EXPECT_NEAR(p.time_s, time_s, 1e-12 * time_s) << receiver << " " << distance;
      EXPECT_NEAR(p.takeoff_deg, degrees(std::atan2(distance, receiver - 7.0)), 1e-10) << receiver << " " << distance;
    }
  }
}

// sin i / v where a ray leaves a source of the crust: v is that of the layer which it enters, above the source or below.
double ray_parameter(double source_depth_km, double takeoff_deg) {
  const InterfaceSide side = takeoff_deg > 90.0 ? InterfaceSide::above : InterfaceSide::below;
  const auto layer = static_cast<std::size_t>(crust.layer_at(source_depth_km, side));
  return std::sin(takeoff_deg * M_PI / 180.0) / crust.layers()[layer].vp_km_s;
}

// Of two depths only the model from the shallower down matters; and the same ray backwards, with the same ray parameter (5e-16 of
// rounding in the angle over 5.5 km/s).
TEST(FirstP, BelowTheSurfaceIsThatOfTheModelCutThere) {
  for (const double shallow : {1.0, 5.5, 6.0, 20.0, 32.0}) {
    std::vector<std::pair<double, double>> cut;
    double top = 0.0;
    for (const auto& [thickness, vp] : {std::pair{5.5, 5.5}, {10.5, 6.3}, {16.0, 6.7}, {0.0, 7.8}}) {
      const double bottom = top + thickness;
      if (thickness == 0.0) {
        cut.push_back({0.0, vp});
      } else if (bottom > shallow) {
        cut.push_back({bottom - std::max(top, shallow), vp});
      }
      top = bottom;
    }
    const LayeredModel below = model_of(cut);
    for (const double further : {0.5, 3.0, 12.0, 30.0}) {
      for (const double distance : {0.0, 10.0, 80.0, 250.0}) {
        const FirstArrival up = first_p(crust, shallow + further, distance, shallow);
        const FirstArrival down = first_p(crust, shallow, distance, shallow + further);
        const FirstArrival cut_off = first_p(below, further, distance);
        SCOPED_TRACE(testing::Message() << shallow << " and " << further << " km, " << distance << " km away");
        EXPECT_NEAR(up.time_s, cut_off.time_s, 1e-12 * cut_off.time_s);
        EXPECT_NEAR(up.takeoff_deg, cut_off.takeoff_deg, 1e-8);
        EXPECT_NEAR(down.time_s, up.time_s, 1e-12 * up.time_s);
        EXPECT_EQ(down.refractor, up.refractor);
        EXPECT_LE(down.takeoff_deg, 90.0);
        EXPECT_NEAR(ray_parameter(shallow, down.takeoff_deg), ray_parameter(shallow + further, up.takeoff_deg), 1e-15);
      }
    }
  }
}

// Snell's law from one end to the other: sin i / v is the same, and its sign of the way is up at the deeper end of a direct wave alone.
TEST(FirstP, LeavesBothEndsWithTheSameRayParameter) {
  const double velocity_at_4 = 5.5, velocity_at_20 = 6.7;
  for (const double distance : {2.0, 30.0, 120.0, 300.0}) {
    const FirstArrival from_deep = first_p(crust, 20.0, distance, 4.0),
                       from_shallow = first_p(crust, 4.0, distance, 20.0);
    EXPECT_NEAR(std::sin(from_deep.takeoff_deg * M_PI / 180.0) / velocity_at_20,
                std::sin(from_shallow.takeoff_deg * M_PI / 180.0) / velocity_at_4, 1e-12);
    EXPECT_LT(from_shallow.takeoff_deg, 90.0);
    EXPECT_EQ(from_deep.takeoff_deg > 90.0, from_deep.refractor < 0) << distance;
  }
}

TEST(FirstP, BetweenTwoPointsOfOneDepthIsLevel) {
  EXPECT_NEAR(first_p(crust, 8.0, 12.6, 8.0).time_s, 2.0, 1e-12);
  EXPECT_NEAR(first_p(crust, 16.0, 13.4, 16.0).time_s, 2.0, 1e-12) << "on an interface in the faster layer";
  EXPECT_NEAR(first_p(model_of({{10.0, 7.0}, {0.0, 6.0}}), 10.0, 14.0, 10.0).time_s, 2.0, 1e-12) << "above it";
  EXPECT_EQ(first_p(crust, 8.0, 12.6, 8.0).takeoff_deg, 90.0);
}

TEST(FirstP, StraightAboveTheSourceIsTheSumOfTheLayersTimes) {
  EXPECT_NEAR(first_p(crust, 20.0, 0.0).time_s, 5.5 / 5.5 + 10.5 / 6.3 + 4.0 / 6.7, 1e-14);
  EXPECT_NEAR(first_p(crust, 40.0, 0.0).time_s, 5.5 / 5.5 + 10.5 / 6.3 + 16.0 / 6.7 + 8.0 / 7.8, 1e-14);
  EXPECT_EQ(first_p(crust, 0.0, 0.0).time_s, 0.0);
  EXPECT_EQ(first_p(crust, 20.0, 0.0).takeoff_deg, 180.0);
  EXPECT_EQ(first_p(crust, 20.0, 0.0, 30.0).takeoff_deg, 0.0) << "straight down";
}

// The golden section finds the place of a minimum to the square root of rounding, hence the time to rounding; the sweeps converge
// geometrically. 1e-9 s leaves room for both.
TEST(FirstP, OfADirectWaveIsFermatsLeastTime) {
  for (const double distance : {1.0, 10.0, 40.0}) {
    EXPECT_NEAR(first_p(crust, 20.0, distance).time_s, least_time_s({{5.5, 5.5}, {10.5, 6.3}, {4.0, 6.7}}, distance),
                1e-9);
    EXPECT_EQ(first_p(crust, 20.0, distance).refractor, -1);
    EXPECT_NEAR(first_p(crust, 45.0, distance).time_s,
                least_time_s({{5.5, 5.5}, {10.5, 6.3}, {16.0, 6.7}, {13.0, 7.8}}, distance), 1e-9)
        << "source in the half-space";
    EXPECT_NEAR(first_p(with_slow_layer, 6.0, distance).time_s, least_time_s({{3.0, 6.0}, {3.0, 4.5}}, distance), 1e-9)
        << "source in a low-velocity layer";
    EXPECT_NEAR(first_p(with_slow_layer, 10.0, distance).time_s,
                least_time_s({{3.0, 6.0}, {4.0, 4.5}, {3.0, 6.2}}, distance), 1e-9)
        << "source below a low-velocity layer";
  }
}

// Rays that are shot arrive where and when they are solved for: a ray with parameter p crosses d at the angle asin(p v).
TEST(FirstP, FindsTheRayThatWasShot) {
  for (const double sine : {1e-8, 0.1, 0.5, 0.9, 0.99, 0.999, 0.99999}) {  // of the angle in the half-space
    double distance = 0.0, time = 0.0;
    for (const auto& [d, v] : {std::pair{5.5, 5.5}, {10.5, 6.3}, {16.0, 6.7}, {0.01, 7.8}}) {
      const double cosine = std::cos(std::asin(sine * v / 7.8));
      distance += d * (sine * v / 7.8) / cosine;
      time += d / (v * cosine);
    }
    const FirstArrival p = first_p(crust, 32.01, distance);
    EXPECT_NEAR(p.time_s, time, 1e-12 * time) << distance;
    EXPECT_EQ(p.refractor, -1);
    EXPECT_NEAR(p.takeoff_deg, 180.0 - degrees(std::asin(sine)), 1e-8) << distance;
  }
}

// One layer over a half-space: T = X / v2 + (2 h - z) sqrt(1 / v1^2 - 1 / v2^2), from tan theta_c = v1 / sqrt(v2^2 - v1^2) on.
TEST(FirstP, OfAHeadWaveIsTheTextbookFormula) {
  const LayeredModel two = model_of({{30.0, 6.0}, {0.0, 8.0}});
  for (const double depth : {0.0, 10.0, 29.0}) {
    const double ways_km = 60.0 - depth, slowness = std::sqrt(1.0 / 36.0 - 1.0 / 64.0);
    // Crossover with the direct wave: beyond it the head wave is first.
    for (const double distance : {200.0, 300.0}) {
      const FirstArrival p = first_p(two, depth, distance);
      EXPECT_NEAR(p.time_s, distance / 8.0 + ways_km * slowness, 1e-12);
      EXPECT_EQ(p.refractor, 1);
      EXPECT_NEAR(p.takeoff_deg, degrees(std::asin(6.0 / 8.0)), 1e-12);
    }
    EXPECT_EQ(first_p(two, depth, 20.0).refractor, -1);
  }
}

TEST(FirstP, KnowsNoHeadWaveAlongALayerThatIsSlowerThanOneAbove) {
  // A fast lid over a slower half-space: no refraction at any distance.
  const LayeredModel lid = model_of({{10.0, 7.0}, {0.0, 6.0}});
  EXPECT_EQ(first_p(lid, 5.0, 1000.0).refractor, -1);
  // A half-space faster than the slow layer above it has a head wave if it is faster than the lid as well.
  EXPECT_EQ(first_p(model_of({{3.0, 6.0}, {4.0, 4.5}, {0.0, 6.2}}), 1.0, 400.0).refractor, 2);
  EXPECT_EQ(first_p(model_of({{3.0, 6.3}, {4.0, 4.5}, {0.0, 6.2}}), 1.0, 400.0).refractor, -1);
}

TEST(FirstP, IsContinuousWhenTheSourceCrossesAnInterface) {
  for (const double interface_km : {5.5, 16.0, 32.0}) {
    for (const double distance : {0.0, 3.0, 30.0, 100.0, 200.0}) {
      const double on = first_p(crust, interface_km, distance).time_s;
      // A shift of 1e-7 km changes the time by at most 1e-7 / 5.5 s.
      EXPECT_NEAR(first_p(crust, interface_km - 1e-7, distance).time_s, on, 2e-8);
      EXPECT_NEAR(first_p(crust, interface_km + 1e-7, distance).time_s, on, 2e-8);
      EXPECT_NEAR(first_p(crust, std::nextafter(interface_km, 0.0), distance).time_s, on, 1e-12);
      EXPECT_NEAR(first_p(crust, std::nextafter(interface_km, 99.0), distance).time_s, on, 1e-12);
    }
  }
  EXPECT_NEAR(first_p(crust, 0.0, 10.0).time_s, first_p(crust, 1e-7, 10.0).time_s, 2e-8);
  EXPECT_EQ(first_p(crust, 16.0, 100.0).refractor, 2) << "along the interface that the source lies on";
  EXPECT_EQ(first_p(crust, 16.0, 100.0).takeoff_deg, 90.0);
}

TEST(FirstP, GrowsWithDistanceBetweenTheSpeedsOfTheSlowestAndTheFastestLayer) {
  for (const LayeredModel& model : {crust, with_slow_layer}) {
    for (const double depth : {0.0, 2.0, 5.5, 6.0, 12.0, 20.0, 40.0}) {
      double previous = first_p(model, depth, 0.0).time_s;
      for (double distance = 1.0; distance <= 300.0; distance += 1.0) {
        const double time = first_p(model, depth, distance).time_s;
        ASSERT_GT(time, previous - 1e-12);
        ASSERT_LE(time - previous, 1.0 / 4.5 + 1e-9);
        ASSERT_GE(time, std::hypot(depth, distance) / 7.8 - 1e-9);
        previous = time;
      }
    }
  }
}

TEST(FirstP, DoesNotChangeWhenALayerIsSplit) {
  const LayeredModel split = model_of({{2.0, 5.5}, {3.5, 5.5}, {10.5, 6.3}, {7.0, 6.7}, {9.0, 6.7}, {0.0, 7.8}});
  for (const double depth : {0.0, 2.0, 8.0, 23.0, 40.0}) {
    for (const double distance : {0.0, 10.0, 60.0, 150.0}) {
      const double time_s = first_p(crust, depth, distance).time_s;
      EXPECT_NEAR(first_p(split, depth, distance).time_s, time_s, 1e-12 * time_s) << depth << " " << distance;
    }
  }
}

// Arrivals that came with the Green's functions of other programs, printed with five decimals, with the wave's kind.
TEST(FirstArrivals, AgreeWithThoseOfTheReferenceGreensFunctions) {
  if (support::reference("greens").empty()) GTEST_SKIP() << support::not_at_hand("greens");
  for (const std::string name :
       {"socal_z02_T256", "socal_z08_T256", "socal_z20_T256", "socal32_z12_T256", "halfspace_z10_T256"}) {
    const auto document = nlohmann::json::parse(std::ifstream(support::reference("greens/" + name + ".json")));
    std::vector<Layer> layers;
    for (const auto& row : document["model"]) layers.push_back({row[0], row[1], row[2], row[3], elastic, elastic});
    const LayeredModel model(layers);
    const auto& told = document["arrivals"];
    const auto kind = [](const FirstArrival& a) {
      return a.refractor < 0 ? "direct" : "head" + std::to_string(a.refractor);
    };
    for (std::size_t i = 0; i < document["distances_km"].size(); ++i) {
      const double depth = document["source_depth_km"], distance = document["distances_km"][i];
      const FirstArrival p = first_p(model, depth, distance), s = first_s(model, depth, distance);
      EXPECT_NEAR(p.time_s, told["P_s"][i].get<double>(), 6e-6) << name << " " << distance;
      EXPECT_NEAR(s.time_s, told["S_s"][i].get<double>(), 6e-6) << name << " " << distance;
      EXPECT_EQ(kind(p), told["P_kind"][i].get<std::string>()) << name << " " << distance;
      EXPECT_EQ(kind(s), told["S_kind"][i].get<std::string>()) << name << " " << distance;
    }
  }
}

// The header of fk's own output for its model hk, source at 15 km, 50 km away: P 8.60 s, S 14.88 s, take-off angles in user1 and user2.
// These are good to 0.06 degrees: v_p / v_s is 1.730 or 1.731 everywhere, so that both rays run alike, but fk's differ by 0.08.
TEST(FirstArrivals, AgreeWithFksForTheModelOfHadleyAndKanamori) {
  const auto layer = [](double thickness, double vs, double ratio) {
    return Layer{thickness, vs * ratio, vs, 2.7, elastic, elastic};
  };
  const LayeredModel hk(
      {layer(5.5, 3.18, 1.730), layer(10.5, 3.64, 1.731), layer(16.0, 3.87, 1.731), layer(0.0, 4.50, 1.733)});
  EXPECT_NEAR(first_p(hk, 15.0, 50.0).time_s, 8.60, 0.005);
  EXPECT_NEAR(first_s(hk, 15.0, 50.0).time_s, 14.88, 0.005);
  EXPECT_NEAR(first_p(hk, 15.0, 50.0).takeoff_deg, 103.07, 0.06);
  EXPECT_NEAR(first_s(hk, 15.0, 50.0).takeoff_deg, 102.99, 0.06);
  EXPECT_NEAR(first_p(hk, 15.0, 50.0).takeoff_deg, first_s(hk, 15.0, 50.0).takeoff_deg, 0.01);
}

TEST(FirstP, RefusesNegativeAndInfinitePlaces) {
  EXPECT_THROW(first_p(crust, -1.0, 10.0), std::invalid_argument);
  EXPECT_THROW(first_p(crust, 1.0, -10.0), std::invalid_argument);
  EXPECT_THROW(first_s(crust, std::nan(""), 10.0), std::invalid_argument);
  EXPECT_THROW(first_s(crust, 1.0, elastic), std::invalid_argument);
  EXPECT_THROW(first_s(crust, 1.0, 10.0, -1.0), std::invalid_argument);
}

}  // namespace
