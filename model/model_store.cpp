// Model files on disk.
#include "core/draft_file.hpp"
#include "model/model_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace coldvigil {
namespace {

failure file_failure(const std::string& what, const std::string& path) {
  return {error_code::unavailable, what + ": " + std::strerror(errno), path, ""};
}

/// Reading a pipe or a device waits for ever, or never ends; one that is replaced is gone.
failure no_plain_file(const std::string& path) {
  return {error_code::invalid_argument, "this is no plain file but a folder, a pipe or a device", path,
          "give a model file, as `coldvigil train` writes it"};
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

} // namespace

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

status save_model(const model_file& model, const std::string& path) {
  const auto bytes = write_model(model);
  if (!bytes) return bytes.error();
  return replace_file(path, *bytes);
}

result<std::vector<std::byte>> read_plain_file(const std::string& path, std::size_t most) {
  // Not blocking: opening a pipe would wait for whoever writes to it.
  const int file = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (file < 0) {
    failure error = file_failure("cannot open the file", path);
    if (errno == ENOENT) error.code = error_code::not_found;
    return error;
  }
  struct stat what {};
  const bool plain = ::fstat(file, &what) == 0 && S_ISREG(what.st_mode);
  std::vector<std::byte> bytes(plain ? std::min(most, static_cast<std::size_t>(what.st_size)) : 0);
  const auto got = plain ? read_some(file, bytes) : std::nullopt;
  const failure unreadable = plain ? file_failure("cannot read the file", path) : no_plain_file(path);
  ::close(file);
  if (!got) return unreadable;
  bytes.resize(*got);
  return bytes;
}

result<std::vector<std::byte>> read_model_bytes(const std::string& path) {
  return read_plain_file(path, largest_model_file + 1);
}

} // namespace coldvigil
