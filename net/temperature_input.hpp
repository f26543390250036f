#pragma once
// The border of POST /api/v1/temperature: every item becomes a measured reading, a refused one that is kept apart with
// its reason, or, when its unit is not known, a bare refusal.

#include "net/engine.hpp"
#include "net/scope.hpp"

#include <boost/json/fwd.hpp>

#include <optional>
#include <string>

namespace coldvigil {

/// What holds for all items of one request.
struct input_rules {
  const scope* seen = nullptr; ///< the units that may be posted for
  bool by_uuid_only = false;   ///< codes are unique within a customer only
  timestamp now{};
  timestamp latest{}; ///< later ones are `future`
};

struct input_item {
  std::optional<found_unit> unit{};
  std::optional<submission_item> content{}; ///< nothing when the unit is not known
  /// Why it is refused; nothing for a measured reading.
  std::optional<reject_reason> refused{};
};

[[nodiscard]] input_item read_item(const boost::json::value& item, const input_rules& rules);

} // namespace coldvigil
