#pragma once
// Times as sources write them, to UTC. Zones exist only here.

#include "core/result.hpp"
#include "core/source.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace coldvigil {

/// What a text says of when. A local time of the repeated autumn hour has two instants until its payload's order
/// settles which one is meant.
struct source_time {
  enum class kind : std::uint8_t { unreadable, skipped, repeated, instant };
  kind what = kind::unreadable;
  timestamp first{};  ///< the instant; of a repeated time the earlier one
  timestamp second{}; ///< of a repeated time the later one; otherwise equal to first
};

/// Reads times of one source. Not shared between threads.
class time_reader {
 public:
  /// An unknown zone is a failure.
  static result<time_reader> make(const field_mapping& mapping);
  ~time_reader();
  time_reader(time_reader&&) noexcept;
  time_reader& operator=(time_reader&&) noexcept;

  [[nodiscard]] source_time read(std::string_view text) const;
  /// An epoch given as a number.
  [[nodiscard]] source_time read(double epoch) const;

 private:
  struct state;
  explicit time_reader(std::unique_ptr<state> inner);
  std::unique_ptr<state> state_;
};

/// Settles the repeated times of one unit, given in the order of the payload. That order runs strictly forward or
/// strictly backward in UTC, no instant is later than `latest`; a time is settled when every reading of the order
/// that fits agrees on it. What stays `repeated` is ambiguous.
void settle_repeated(std::span<source_time* const> of_one_unit, timestamp latest);

} // namespace coldvigil
