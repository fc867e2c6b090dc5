// What a prediction reads from a folder of records, for its key: "NAME SHA-256" of each file, a line each, in the order of names.
//
// The files are those of data/records/record_files.h: of the folder itself and its sub-folders `waveforms` and `stations`; a file whose
// name does not tell what it is counts where it begins like miniSEED, SACPZ or SAC. Whatever else lies there may change without
// changing the prediction, the results of this program among it.
#pragma once

#include <string>

namespace fmnet {

// `path`: a folder, or one file. InputError where a file cannot be read.
std::string records_inputs(const std::string& path);

}  // namespace fmnet
