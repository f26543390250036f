#pragma once
// That people were told that recording has stopped, kept beside the store by a file without content: its time is since
// when. A disk that is full still takes it, as a rule; that it cannot be kept is no error, only a message less.

#include "core/time.hpp"

#include <filesystem>
#include <optional>

namespace coldvigil {

class stop_note {
 public:
  explicit stop_note(std::filesystem::path path) : path_(std::move(path)) {}

  [[nodiscard]] std::optional<timestamp> read() const;
  /// Nothing: it works again, and they were told.
  void keep(std::optional<timestamp> stopped_since) const;

 private:
  const std::filesystem::path path_;
};

} // namespace coldvigil
