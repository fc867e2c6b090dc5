// `fmnet greens`: the Green's functions of every place of a configuration's grid at every station, as one file.
//
// The step depends on the velocity model, the stations, the places, and the settings of the Green's functions and of the
// processing; not on mechanisms, noise, labels, network or training, which may change without computing them again.
//
// Interrupted or killed, it keeps the spectra that are finished in LIBRARY.partial (data/partial_spectra.h); the same command goes on
// from there to the same bytes, and removes that file.
//
// The margin, by which a window can be shifted in time, is the largest shift of the configuration; a wider one serves as well.
#pragma once

#include <memory>
#include <string>

#include "data/dataset.h"
#include "data/greens_library.h"
#include "fmnet/config.h"
#include "fmnet/manifest.h"

namespace fmnet {

// The part of a configuration that the file depends on, as text.
std::string greens_inputs(const Config& config);

// `margin`: samples beyond the configuration's own that are wanted on both sides; the larger of the two is made.
StepEnd run_greens(const Config& config, int margin, const std::string& library_path, const StepMode& mode);

// The training set of a configuration on a library's file. InputError where the file is not that of the configuration.
data::Dataset open_dataset(const Config& config, const std::string& library_path);

}  // namespace fmnet
