#pragma once
#include "actors/context.hpp"
#include "actors/messages.hpp"

#include <unordered_map>

namespace coldvigil::actors {

struct customer_state {
  static inline const char* name = "coldvigil.customer";

  std::unordered_map<std::int64_t, facility_actor> facilities{};     ///< by facility
  std::unordered_map<std::int64_t, std::int64_t> facility_of_unit{}; ///< by unit
  std::unordered_map<std::string, unit_id> unit_by_code{};
};

/// One customer: the way to its units, and the door for new ones.
customer_actor::behavior_type customer(customer_actor::stateful_pointer<customer_state> self,
                                       const engine_context* context, customer_id id, inference_actor scorer,
                                       writer_actor writer);

} // namespace coldvigil::actors
