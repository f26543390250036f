// The words under which enumerations are stored, counted and shown.
#include "core/alarm.hpp"
#include "core/commit.hpp"
#include "core/forgotten.hpp"
#include "core/insight.hpp"
#include "core/reading.hpp"
#include "core/words.hpp"

namespace coldvigil {
std::string_view to_string(reject_reason reason) {
  switch (reason) {
  case reject_reason::null_value:
    return "null_value";
  case reject_reason::non_finite:
    return "non_finite";
  case reject_reason::implausible:
    return "implausible";
  case reject_reason::bad_value:
    return "bad_value";
  case reject_reason::bad_time:
    return "bad_time";
  case reject_reason::ambiguous_time:
    return "ambiguous_time";
  case reject_reason::nonexistent_time:
    return "nonexistent_time";
  case reject_reason::future:
    return "future";
  case reject_reason::conflict:
    return "conflict";
  case reject_reason::late_not_judged:
    return "late_not_judged";
  case reject_reason::unknown_unit:
    return "unknown_unit";
  case reject_reason::queue_full:
    return "queue_full";
  }
  return "unknown";
}

std::string_view to_string(forgettable what) {
  switch (what) {
  case forgettable::polls:
    return "polls";
  case forgettable::rejects:
    return "rejects";
  case forgettable::deliveries:
    return "deliveries";
  case forgettable::messages:
    return "messages";
  case forgettable::cases:
    return "cases";
  case forgettable::notices:
    return "notices";
  case forgettable::links:
    return "links";
  }
  return "unknown";
}

std::string_view to_string(score_state state) {
  switch (state) {
  case score_state::scored:
    return "scored";
  case score_state::timeout:
    return "timeout";
  case score_state::no_model:
    return "no_model";
  case score_state::warming:
    return "warming";
  }
  return "unknown";
}

std::string_view to_string(breach_horizon within) {
  switch (within) {
  case breach_horizon::none:
    return "none";
  case breach_horizon::minutes:
    return "minutes";
  case breach_horizon::six_hours:
    return "six_hours";
  case breach_horizon::day:
    return "day";
  case breach_horizon::later:
    return "later";
  }
  return "unknown";
}

std::string_view to_string(rule_kind rule) {
  switch (rule) {
  case rule_kind::low_limit:
    return "low_limit";
  case rule_kind::high_limit:
    return "high_limit";
  case rule_kind::model_persistence:
    return "model_persistence";
  case rule_kind::cumulative:
    return "cumulative";
  case rule_kind::rate_of_change:
    return "rate_of_change";
  case rule_kind::predicted_breach:
    return "predicted_breach";
  case rule_kind::no_data:
    return "no_data";
  case rule_kind::sensor_fault:
    return "sensor_fault";
  case rule_kind::mkt_limit:
    return "mkt_limit";
  }
  return "unknown";
}

bool has_temperature_limit(rule_kind kind) {
  return kind == rule_kind::low_limit || kind == rule_kind::high_limit || kind == rule_kind::cumulative ||
         kind == rule_kind::predicted_breach || kind == rule_kind::mkt_limit;
}

std::optional<rule_kind> parse_rule(std::string_view name) {
  return parse_word<rule_kind>(name, rule_kind_count);
}

std::string_view to_string(alarm_level level) {
  return level == alarm_level::warning ? "warning" : "critical";
}

std::optional<alarm_level> parse_level(std::string_view name) {
  return parse_word<alarm_level>(name, alarm_level_count);
}

std::string_view to_string(rule_side side) {
  switch (side) {
  case rule_side::above:
    return "above";
  case rule_side::below:
    return "below";
  case rule_side::either:
    return "either";
  }
  return "unknown";
}

std::optional<rule_side> parse_side(std::string_view name) {
  return parse_word<rule_side>(name, 3);
}

std::string_view to_string(gap_policy policy) {
  switch (policy) {
  case gap_policy::restart:
    return "restart";
  case gap_policy::pause:
    return "pause";
  case gap_policy::bridge:
    return "bridge";
  }
  return "unknown";
}

std::optional<gap_policy> parse_gap_policy(std::string_view name) {
  return parse_word<gap_policy>(name, 3);
}

std::string_view to_string(alarm_end end) {
  return end == alarm_end::condition ? "condition" : "rule_changed";
}

std::string_view to_string(transition_kind kind) {
  switch (kind) {
  case transition_kind::raised:
    return "raised";
  case transition_kind::cleared:
    return "cleared";
  case transition_kind::revised:
    return "revised";
  case transition_kind::annulled:
    return "annulled";
  }
  return "unknown";
}

std::string_view to_string(poll_status outcome) {
  switch (outcome) {
  case poll_status::success:
    return "success";
  case poll_status::partial:
    return "partial";
  case poll_status::failure:
    return "failure";
  }
  return "unknown";
}

} // namespace coldvigil
