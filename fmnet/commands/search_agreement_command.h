// `fmnet search_agreement`: both searches and the network on many synthetic events, whose truth is known. In the folder of results:
//
//   search_agreement.tsv           a row for each event: how far the best of either domain, and the network's answer, are from
//                                  the truth and from each other
//   metrics.json                   section "search_agreement"
//   search_agreement.tsv.partial   what an interrupted run has found so far; the same command goes on from there and removes it
//
// The events are unseen ones with random mechanisms under given conditions (test_events.h).
#pragma once

#include <cstdint>
#include <string>

#include "fmnet/commands/searched_samples.h"
#include "fmnet/manifest.h"

namespace fmnet {

// Unseen off-grid events 0 .. n-1.
StepEnd run_search_agreement(const SearchInputs& inputs, std::int64_t n_events, const std::string& directory,
                             const StepMode& mode);

// What the step wrote into metrics.json, as lines of text.
std::string search_agreement_lines(const std::string& directory);

}  // namespace fmnet
