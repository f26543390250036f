#include "core/rule.hpp"

#include <algorithm>

namespace coldvigil {
namespace {

constexpr millis longest_gap = std::chrono::days{40};
constexpr int intervals_of_silence = 3;
/// An alarm of the model that flickers is one alarm: as the protocol of docs/detection.md counts it.
constexpr millis model_off_delay = std::chrono::minutes{10};
constexpr millis unknown_gap = std::chrono::hours{1};

} // namespace

rule fitted(rule what, std::chrono::seconds interval) {
  const millis usual =
      interval.count() > 0 ? std::min<millis>(intervals_of_silence * interval, longest_gap) : unknown_gap;
  if (what.max_gap.count() == 0) what.max_gap = usual;
  if (what.silent_after.count() == 0) what.silent_after = usual;
  return what;
}

rule_set own_rules(limits range, std::uint16_t consecutive) {
  rule low;
  low.id = own_low_limit;
  low.kind = rule_kind::low_limit;
  low.side = rule_side::below;
  low.limit = range.low;
  low.gaps = gap_policy::bridge;
  rule high = low;
  high.id = own_high_limit;
  high.kind = rule_kind::high_limit;
  high.side = rule_side::above;
  high.limit = range.high;
  rule model = high;
  model.id = own_model_persistence;
  model.kind = rule_kind::model_persistence;
  model.level = alarm_level::warning;
  model.limit = 0;
  model.consecutive = consecutive;
  model.off_delay = model_off_delay;
  return {1, range, {low, high, model}};
}

rule own_silence() {
  rule out;
  out.id = own_no_data;
  out.kind = rule_kind::no_data;
  out.level = alarm_level::warning;
  return out;
}

} // namespace coldvigil
