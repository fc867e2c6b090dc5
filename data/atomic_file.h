// Whole files, read and written so that a reader never sees half of one.
//
// Writing goes to a temporary file in the same directory, then fsync, then rename, then fsync of the directory: after a
// crash at any instant the path holds either the former bytes or the new ones. The temporary file is named
// "<path>.tmp.<process id>"; it is removed when a step before the rename, or the rename, fails. Where the last step fails, the
// path holds the new bytes, and a loss of power may still bring the former ones back.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace data {

// Replaces the file at `path` by `bytes`; an existing file keeps its permission bits. Missing directories are not made.
// Throws propagator::OutputError naming the path, the step and the system's reason; unless the step is the directory's, the
// former file is then untouched.
void write_file_atomically(const std::string& path, std::string_view bytes);

// The same, and what was at `path` goes on as `previous`: at every instant at least one of the two is whole. Nothing has
// changed when writing fails. When the rename of the new file fails, the former one is at `previous` and nothing is at `path`.
void replace_file_keeping_previous(const std::string& path, const std::string& previous, std::string_view bytes);

// Writes all bytes to an open file: a short write goes on where it stopped, an interrupted one is repeated. False where the
// system writes no more; errno tells why.
bool write_all_bytes(int descriptor, std::string_view bytes);

// Removes temporary files that killed programs left beside `path`. Not while another program writes to it.
void remove_abandoned_temporaries(const std::string& path);

// All bytes of the file at `path`. Throws propagator::InputError when it cannot be read, is not a regular file or holds
// more than `max_bytes` (checked before memory is taken).
std::string read_whole_file(const std::string& path, std::uint64_t max_bytes);

// The first n_bytes of the file at `path`, all of a shorter one. Throws propagator::InputError likewise.
std::string read_file_start(const std::string& path, std::size_t n_bytes);

}  // namespace data
