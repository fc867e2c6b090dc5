// The text with which something refuses its input.
#pragma once

#include "propagator/errors.h"
#include "tests/support/error_of.h"

namespace support {

template <class Work>
std::string input_error(const Work& work) {
  return error_of<propagator::InputError>(work);
}

}  // namespace support
