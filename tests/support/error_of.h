// The text of the error that something ends in.
#pragma once

#include <exception>
#include <string>

namespace support {

// "no error" where there is none; an error that is not an `Error` is told as such.
template <class Error, class Work>
std::string error_of(const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.what();
  } catch (const std::exception& error) {
    return std::string("[another error] ") + error.what();
  }
  return "no error";
}

}  // namespace support
