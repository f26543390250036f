#include "core/model_activation.hpp"

namespace coldvigil {

const model_activation* judging_at(std::span<const model_activation> newest_first, timestamp at) {
  const model_activation* next = nullptr;
  for (const model_activation& each : newest_first) {
    const bool gave_way = next && next->at < each.from;
    if (!gave_way && each.from <= at) return &each;
    next = &each;
  }
  return nullptr;
}

audit_entry audit_of(const model_activation& what, const std::string& model, const std::string& reason) {
  audit_entry out;
  out.at = what.at;
  out.actor = what.who;
  out.action = "model.activated";
  out.subject = model;
  out.new_value = what.version + " from " + format_utc(what.from) + " as number " + std::to_string(what.number);
  out.reason = reason;
  return out;
}

} // namespace coldvigil
