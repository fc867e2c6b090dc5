// Synthetic events to judge a network by, under conditions that it was not trained for.
//
// The events are the unseen ones of training_set.h: mechanism, place and key of event i are the same under all conditions, so
// that two conditions differ in nothing else. What can differ from the training:
//
//   the earth      another velocity model: the waves of a real earth that the training's model does not describe. The window
//                  is aligned on the P time of that earth, as a pick on a record would be
//   the places     in the middle of the grid's cells, half a step from it in latitude, longitude and depth: as far
//                  from any training place as an event inside the grid can be                                       (1)
//   noise          none, or another range of signal-to-noise ratios (data/augment.h); never more than the training has:
//                  where it has none, events have none
//   picking error  instead of the training's shifts: normally distributed with the standard deviation S, each
//                  station its own, rounded to the sampling interval, drawn anew where it exceeds the library's margin  (2)
//   missing        exactly N stations of each event, drawn at random, instead of the training's probability          (3)
//
// Everything is a pure function of (seed, key). What is not given stays as in the training.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "data/dataset.h"
#include "fmnet/config.h"
#include "fmnet/training_set.h"

namespace fmnet {

// The earth and the places of test events.
struct TestWorld {
  std::string velocity_model_path;  // empty: the training's
  bool between_places = false;      // (1)
};

// The training's configuration with the earth and the places of the test.
Config config_of(const Config& trained, const TestWorld& world);

struct TestConditions {
  bool noise = true;
  std::optional<std::pair<double, double>> snr_range;
  std::optional<double> picking_error_s;
  std::optional<int> n_missing;
};

// The conditions as they count for events of this training: without noise where its configuration has none (augment.noise).
// InputError where a range of signal-to-noise ratios is asked for then: there is no noise that it could scale.
TestConditions applied_conditions(const TestConditions& conditions, const Config& trained);

// One line that tells conditions apart, to the last digit; of applied_conditions it tells what is really added.
std::string conditions_text(const TestConditions& conditions);

// Throws std::invalid_argument where a value is out of range: 0 < low <= high, 0 <= S <= 60 s, 0 <= N < n_stations.
void check(const TestConditions& conditions, int n_stations);

// Picking errors beyond the library's margin are drawn again: InputError where the margin is smaller than three standard
// deviations of them, so that fewer than 3 in 1,000 are.
void require_margin(const TestConditions& conditions, const data::Dataset& dataset, const std::string& library_path);

struct TestEvent {
  data::Sample sample;
  std::optional<double> snr;        // of the event; nothing without noise
  int n_missing = 0;                // of its stations
  double median_distance_km = 0.0;  // of the stations that are there
};

// Event i of a kind, under applied_conditions. `dataset` is that of the test's world, `trained` the training's configuration.
TestEvent test_event(const data::Dataset& dataset, const Config& trained, UnseenKind kind,
                     const TestConditions& conditions, std::int64_t i);

}  // namespace fmnet
