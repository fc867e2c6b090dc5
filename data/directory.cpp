#include "data/directory.h"

#include <filesystem>
#include <system_error>

#include "propagator/errors.h"

namespace data {

void make_directory(const std::string& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) throw propagator::OutputError(directory, "making the folder", error.message());
}

}  // namespace data
