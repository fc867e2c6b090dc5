// Folders for results.
#pragma once

#include <string>

namespace data {

// Makes the folder and those above it where they are missing. Throws propagator::OutputError naming the folder and the system's reason.
void make_directory(const std::string& directory);

}  // namespace data
