// `fmnet features`, `fmnet search`: the training set searched for what resembles an earthquake most, in the data domain
// (search/waveform_search.h) and in the feature domain (search/feature_search.h).
//
// Both go through the clean samples of the same places: all of the grid, or every `place_step`-th. Synthetic events are unseen
// ones with random mechanisms under given conditions (test_events.h): the samples are aligned on P, so that the large shifts
// which the training adds would tell more of themselves than of the search. In the folder of results:
//
//   search_waveforms.tsv, search_features.tsv   the 5,000 nearest samples of one event, nearest first: Figures 4 and 5
//   metrics.json                                section "search", with times
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fmnet/commands/searched_samples.h"
#include "fmnet/figures/search_figures.h"
#include "fmnet/manifest.h"

namespace fmnet {

// An interrupt leaves what is done in the file; the same call goes on from there.
StepEnd run_features(const SearchInputs& inputs, const StepMode& mode);

// The event is that of a prediction.json (`fmnet predict`), which must be of the same weights (InputError), or, with an empty path,
// unseen off-grid event number i.
struct SearchedEvent {
  std::string prediction_path;
  std::int64_t unseen = 0;
};
StepEnd run_search(const SearchInputs& inputs, const SearchedEvent& event, const std::string& directory,
                   const StepMode& mode);

// The rows of search_waveforms.tsv or search_features.tsv. InputError where the file is not such a table.
std::vector<FoundSample> read_found_samples(const std::string& path);

// What the step wrote into metrics.json, as lines of text.
std::string search_lines(const std::string& directory);

}  // namespace fmnet
