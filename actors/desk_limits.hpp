#pragma once
#include "core/alarm_life.hpp"

#include <cstddef>

namespace coldvigil::actors {

struct desk_limits {
  std::size_t rules_a_place = 32;   ///< of one unit, facility, kind or customer: every reading pays for them
  std::size_t said = 1'000;         ///< events of one alarm: beyond them only what lets it call, or ends it, is taken
  std::size_t taken_out_a_day = 20; ///< of service, of one unit; it can be put back however often
  life_limits life{};
};

} // namespace coldvigil::actors
