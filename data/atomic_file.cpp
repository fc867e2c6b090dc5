#include "data/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "propagator/errors.h"

namespace data {
namespace {

using propagator::InputError;
using propagator::OutputError;

// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }
  // Closing may report a write that failed late (network file systems).
  bool close_now() { return ::close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

std::string reason() { return std::strerror(errno); }

[[noreturn]] void give_up(const std::string& path, const std::string& temporary, const std::string& step) {
  const std::string why = reason();
  ::unlink(temporary.c_str());
  throw OutputError(path, step, why);
}

void sync_directory_of(const std::string& path) {
  const std::string parent = std::filesystem::path(path).parent_path().string();
  const Descriptor directory(::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.is_open()) throw OutputError(path, "cannot open its directory", reason());
  // Some file systems cannot sync a directory (EINVAL); the rename itself is done.
  if (::fsync(directory.get()) != 0 && errno != EINVAL) throw OutputError(path, "cannot sync its directory", reason());
}

void rename_or_give_up(const std::string& from, const std::string& to, const std::string& path,
                       const std::string& temporary) {
  if (::rename(from.c_str(), to.c_str()) != 0) give_up(path, temporary, "cannot rename " + from);
}

// Writes and synchronises a new file beside `path`; returns its name.
std::string write_beside(const std::string& path, std::string_view bytes) {
  const std::string temporary = path + ".tmp." + std::to_string(::getpid());
  struct stat former = {};
  const bool had_former = ::stat(path.c_str(), &former) == 0;

  Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (!file.is_open()) throw OutputError(path, "cannot create " + temporary, reason());
  if (had_former && ::fchmod(file.get(), former.st_mode & 07777) != 0) give_up(path, temporary, "cannot keep its mode");
  if (!write_all_bytes(file.get(), bytes)) give_up(path, temporary, "cannot write");
  if (::fsync(file.get()) != 0) give_up(path, temporary, "cannot sync");
  if (!file.close_now()) give_up(path, temporary, "cannot close");
  return temporary;
}

// A regular file that is open for reading.
class InputFile {
 public:
  explicit InputFile(const std::string& path)
      : path_(path), file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    if (!file_.is_open()) throw InputError(path, "", "", "", "cannot open: " + reason());
    struct stat status = {};
    if (::fstat(file_.get(), &status) != 0) throw InputError(path, "", "", "", "cannot stat: " + reason());
    if (!S_ISREG(status.st_mode)) throw InputError(path, "", "", "", "is not a regular file");
    size_ = static_cast<std::uint64_t>(status.st_size);
  }

  std::uint64_t size() const { return size_; }

  std::string first(std::uint64_t n_bytes) const {
    std::string bytes(n_bytes, '\0');
    std::size_t filled = 0;
    while (filled < bytes.size()) {
      const ssize_t got = ::read(file_.get(), bytes.data() + filled, bytes.size() - filled);
      if (got < 0 && errno == EINTR) continue;
      const std::string place = "byte " + std::to_string(filled);
      if (got < 0) throw InputError(path_, place, "", "", "cannot read: " + reason());
      if (got == 0) throw InputError(path_, place, "", "", "the file became shorter while read");
      filled += static_cast<std::size_t>(got);
    }
    return bytes;
  }

 private:
  const std::string& path_;
  Descriptor file_;
  std::uint64_t size_ = 0;
};

}  // namespace

bool write_all_bytes(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written == 0) errno = ENOSPC;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

void write_file_atomically(const std::string& path, std::string_view bytes) {
  const std::string temporary = write_beside(path, bytes);
  rename_or_give_up(temporary, path, path, temporary);
  sync_directory_of(path);
}

void replace_file_keeping_previous(const std::string& path, const std::string& previous, std::string_view bytes) {
  const std::string temporary = write_beside(path, bytes);
  if (std::filesystem::exists(path)) rename_or_give_up(path, previous, path, temporary);
  rename_or_give_up(temporary, path, path, temporary);
  sync_directory_of(path);
}

void remove_abandoned_temporaries(const std::string& path) {
  namespace fs = std::filesystem;
  const fs::path parent = fs::path(path).parent_path();
  const std::string start = fs::path(path).filename().string() + ".tmp.";
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(parent.empty() ? "." : parent, error)) {
    const std::string name = entry.path().filename().string();
    const bool abandoned = name.starts_with(start) && name.size() > start.size() &&
                           name.find_first_not_of("0123456789", start.size()) == std::string::npos;
    if (abandoned) fs::remove(entry.path(), error);
  }
}

std::string read_whole_file(const std::string& path, std::uint64_t max_bytes) {
  const InputFile file(path);
  if (file.size() > max_bytes) {
    throw InputError(path, "", "size", std::to_string(file.size()) + " bytes",
                     "must not exceed " + std::to_string(max_bytes));
  }
  return file.first(file.size());
}

std::string read_file_start(const std::string& path, std::size_t n_bytes) {
  const InputFile file(path);
  return file.first(std::min<std::uint64_t>(file.size(), n_bytes));
}

}  // namespace data
