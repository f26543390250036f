#pragma once
// What a store keeps so many of, and forgets the oldest of beyond that.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace coldvigil {

enum class forgettable : std::uint8_t {
  polls,
  rejects,    ///< readings that were kept apart
  deliveries, ///< attempts
  messages,   ///< that are settled, when their last attempt is forgotten
  cases,      ///< of alarms that nobody needs to hear of any more
  notices,    ///< of those
  links,      ///< that expired long ago
};
inline constexpr std::size_t forgettable_count = 7;
[[nodiscard]] std::string_view to_string(forgettable what);

struct forgotten_rows {
  std::array<std::uint64_t, forgettable_count> counts{}; ///< by forgettable
  bool more = false;                                     ///< there is more to forget at once
  [[nodiscard]] std::uint64_t& operator[](forgettable what) { return counts[static_cast<std::size_t>(what)]; }
};

} // namespace coldvigil
