// The words under which enumerations are stored, counted and shown.
#include "core/alarm.hpp"
#include "core/commit.hpp"
#include "core/reading.hpp"

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

std::string_view to_string(rule_kind rule) {
  switch (rule) {
  case rule_kind::low_limit:
    return "low_limit";
  case rule_kind::high_limit:
    return "high_limit";
  case rule_kind::model_persistence:
    return "model_persistence";
  }
  return "unknown";
}

std::optional<rule_kind> parse_rule(std::string_view name) {
  for (const rule_kind rule : {rule_kind::low_limit, rule_kind::high_limit, rule_kind::model_persistence})
    if (to_string(rule) == name) return rule;
  return std::nullopt;
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

std::string_view to_string(poll_status status) {
  switch (status) {
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
