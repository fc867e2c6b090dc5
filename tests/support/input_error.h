// The message with which something refuses its input; a word in brackets where it does not.
#pragma once

#include <string>

#include "propagator/errors.h"

namespace support {

template <typename Action>
std::string input_error(Action action) {
  try {
    action();
  } catch (const propagator::InputError& error) {
    return error.what();
  } catch (const std::exception& error) {
    return std::string("[not an InputError] ") + error.what();
  }
  return "[accepted]";
}

}  // namespace support
