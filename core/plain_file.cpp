#include "core/plain_file.hpp"

#include "core/draft_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <sys/stat.h>
#include <unistd.h>

namespace coldvigil {
namespace {

failure file_failure(const std::string& what, const std::string& path) {
  return {error_code::unavailable, what + ": " + std::strerror(errno), path, ""};
}

failure no_plain_file(const std::string& path) {
  return {error_code::invalid_argument, "this is no plain file but a folder, a pipe or a device", path,
          "put what it gives into a file, and name that"};
}

bool write_synced(int file, std::span<const std::byte> bytes) {
  std::size_t done = 0;
  bool good = true;
  while (good && done < bytes.size()) {
    const ssize_t wrote = ::write(file, bytes.data() + done, bytes.size() - done);
    if (wrote < 0 && errno == EINTR) continue;
    good = wrote > 0;
    if (good) done += static_cast<std::size_t>(wrote);
  }
  good = good && ::fsync(file) == 0;
  return ::close(file) == 0 && good;
}

/// At most `bytes.size()` of what is there; nothing when it cannot be read.
std::optional<std::size_t> read_some(int file, std::span<std::byte> bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = ::read(file, bytes.data() + done, bytes.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

std::size_t size_of(int file) {
  struct stat what {};
  return ::fstat(file, &what) == 0 ? static_cast<std::size_t>(what.st_size) : 0;
}

} // namespace

result<int> open_plain_file(const std::string& path) {
  // Not blocking: opening a pipe would wait for whoever writes to it.
  const int file = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (file < 0) {
    failure error = file_failure("cannot open the file", path);
    error.code = errno == ENOENT ? error_code::not_found : error_code::invalid_argument;
    error.hint = "check the name and that you may read it";
    return error;
  }
  struct stat what {};
  if (::fstat(file, &what) == 0 && S_ISREG(what.st_mode)) return file;
  ::close(file);
  return no_plain_file(path);
}

result<std::vector<std::byte>> read_plain_file(const std::string& path, std::size_t most) {
  const auto file = open_plain_file(path);
  if (!file.ok()) return file.error();
  std::vector<std::byte> bytes(std::min(most, size_of(*file)));
  const auto got = read_some(*file, bytes);
  const failure unreadable = file_failure("cannot read the file", path);
  ::close(*file);
  if (!got) return unreadable;
  bytes.resize(*got);
  return bytes;
}

status can_be_written(const std::string& path) {
  const draft_file trial = open_draft(path);
  if (trial.descriptor < 0) return file_failure("cannot write the file", path);
  ::close(trial.descriptor);
  ::unlink(trial.name.c_str());
  return nothing{};
}

status replace_file(const std::string& path, std::span<const std::byte> bytes) {
  struct stat there {};
  if (::stat(path.c_str(), &there) == 0 && !S_ISREG(there.st_mode)) return no_plain_file(path);
  const draft_file draft = open_draft(path);
  if (draft.descriptor < 0) return file_failure("cannot write the file", path);
  if (write_synced(draft.descriptor, bytes) && std::rename(draft.name.c_str(), path.c_str()) == 0) return nothing{};
  const failure error = file_failure("cannot write the file", path);
  ::unlink(draft.name.c_str());
  return error;
}

} // namespace coldvigil
