// `fmnet features`, `fmnet search`, `fmnet search_agreement`: the training set searched for what resembles an earthquake most, in the
// data domain (search/waveform_search.h) and in the feature domain (search/feature_search.h).
//
// Both go through the clean samples of the same places: all of the grid, or every `place_step`-th. Synthetic events are unseen
// ones with random mechanisms under given conditions (test_events.h): the samples are aligned on P, so that the large shifts
// which the training adds would tell more of themselves than of the search. In the folder of results:
//
//   search_waveforms.tsv, search_features.tsv   the 5,000 nearest samples of one event, nearest first: Figures 4 and 5
//   search_agreement.tsv                        a row for each of many synthetic events: how far the best of either
//                                               domain, and the network's answer, are from the truth and from each other
//   metrics.json                                sections "search", "search_agreement", with times
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fmnet/config.h"
#include "fmnet/figures/search_figures.h"
#include "fmnet/manifest.h"
#include "fmnet/test_events.h"

namespace fmnet {

struct SearchInputs {
  Config config;
  std::string library_path, weights_path;
  std::string features_path;  // of run_features with the same place_step
  int place_step = 1;
  TestConditions conditions;  // of synthetic events
};

// An interrupt leaves what is done in the file; the same call goes on from there.
StepEnd run_features(const SearchInputs& inputs, const StepMode& mode);

// The event is that of a prediction.json (`fmnet predict`), or, with an empty path, unseen off-grid event number i.
struct SearchedEvent {
  std::string prediction_path;
  std::int64_t unseen = 0;
};
StepEnd run_search(const SearchInputs& inputs, const SearchedEvent& event, const std::string& directory,
                   const StepMode& mode);

// Unseen off-grid events 0 .. n-1.
StepEnd run_search_agreement(const SearchInputs& inputs, std::int64_t n_events, const std::string& directory,
                             const StepMode& mode);

// The rows of search_waveforms.tsv or search_features.tsv. InputError where the file is not such a table.
std::vector<FoundSample> read_found_samples(const std::string& path);

// What the step wrote into metrics.json, as lines of text.
std::string search_lines(const std::string& directory);
std::string search_agreement_lines(const std::string& directory);

}  // namespace fmnet
