#pragma once
// A log that says what happens again and again no more often than people can read it.

#include "core/time.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace coldvigil {

/// Lets one line of a kind pass in each span, and counts the others. Not thread-safe.
class line_limit {
 public:
  explicit line_limit(millis span) : span_(span) {}
  /// How many of this kind were kept back since the last one that passed; nothing = this one is kept back.
  [[nodiscard]] std::optional<std::uint64_t> pass(const std::string& kind, timestamp now);

 private:
  struct seen {
    timestamp last{};
    std::uint64_t kept_back = 0;
  };
  static constexpr std::size_t most_kinds = 64; ///< beyond them all are one
  const millis span_;
  std::map<std::string, seen> kinds_;
};

} // namespace coldvigil
