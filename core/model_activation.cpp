#include "core/model_activation.hpp"

namespace coldvigil {

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
