// Whole files, read and written so that a reader never sees half of one.
//
// Writing goes to a temporary file in the same directory, then fsync, then rename, then fsync of the directory: after a
// crash at any instant the path holds either the former bytes or the new ones. The temporary file is named
// "<path>.tmp.<process id>"; it is removed when a step fails.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace data {

// Replaces the file at `path` by `bytes`; an existing file keeps its permission bits. Missing directories are not made.
// Throws propagator::OutputError naming the path, the step and the system's reason; the former file is then untouched.
void write_file_atomically(const std::string& path, std::string_view bytes);

// All bytes of the file at `path`. Throws propagator::InputError when it cannot be read, is not a regular file or holds
// more than `max_bytes` (checked before memory is taken).
std::string read_whole_file(const std::string& path, std::uint64_t max_bytes);

}  // namespace data
