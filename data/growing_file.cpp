#include "data/growing_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "data/atomic_file.h"
#include "propagator/errors.h"

namespace data {

GrowingFile::GrowingFile(const std::string& path, Mode mode)
    : path_(path),
      descriptor_(open(path.c_str(), (mode == Mode::read ? O_RDONLY : O_RDWR | O_CREAT) | O_CLOEXEC, 0666)) {
  if (descriptor_ >= 0) return;
  if (mode == Mode::grow) fail("opening");
  throw propagator::InputError(path, "", "", "", std::string("cannot open: ") + std::strerror(errno));
}

GrowingFile::~GrowingFile() { close(descriptor_); }

bool GrowingFile::read_all(void* to, std::size_t n) const {
  auto* next = static_cast<char*>(to);
  while (n > 0) {
    const ssize_t got = ::read(descriptor_, next, n);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    next += got;
    n -= static_cast<std::size_t>(got);
  }
  return true;
}

bool GrowingFile::goes_on_with(const std::string& expected) const {
  std::string found(expected.size(), '\0');
  return read_all(found.data(), found.size()) && found == expected;
}

void GrowingFile::write_all(const void* from, std::size_t n) const {
  if (!write_all_bytes(descriptor_, {static_cast<const char*>(from), n})) fail("writing");
}

void GrowingFile::cut_behind(std::uint64_t n_bytes) const {
  if (ftruncate(descriptor_, static_cast<off_t>(n_bytes)) != 0) fail("cutting");
  if (lseek(descriptor_, static_cast<off_t>(n_bytes), SEEK_SET) < 0) fail("seeking");
}

void GrowingFile::synchronize() const {
  if (fsync(descriptor_) != 0) fail("synchronizing");
}

std::uint64_t GrowingFile::size_bytes() const {
  struct stat status;
  if (fstat(descriptor_, &status) != 0) fail("looking at its size");
  return static_cast<std::uint64_t>(status.st_size);
}

void GrowingFile::fail(const std::string& step) const {
  throw propagator::OutputError(path_, step, std::strerror(errno));
}

}  // namespace data
