#pragma once
// A small contact book that the tests change as they need it.

#include "core/contacts.hpp"
#include "notify/zones.hpp"

#include <stdexcept>

namespace coldvigil::test {

[[nodiscard]] inline std::shared_ptr<const zone_clock> zone(const std::string& name = "Europe/Berlin") {
  auto found = find_zone(name);
  if (!found) throw std::runtime_error(found.error().text());
  return *found;
}

[[nodiscard]] inline timestamp utc(const char* text) {
  return parse_utc(text).value();
}

/// "from HOUR to HOUR" on every day of the week.
[[nodiscard]] inline schedule daily(int from_hour, int to_hour) {
  schedule out;
  out.zone = zone();
  out.week.fill({{std::chrono::hours{from_hour}, std::chrono::hours{to_hour}}});
  return out;
}

inline const std::vector<contact_channel> channels{{"mail", true}, {"sms", true}};

/// anna by mail at any time, ben by mail and sms by night, the boss by sms at any time. One policy: the team at once,
/// the boss after ten minutes, all again after half an hour.
[[nodiscard]] inline contact_book small_book() {
  contact_book out;
  out.schedules["night"] = daily(20, 8);
  out.persons["anna"] = {"Anna", zone(), {{"mail", "anna@example.org"}}, severity::warning, ""};
  out.persons["ben"] = {"Ben", zone(), {{"mail", "ben@example.org"}, {"sms", "+4930123"}}, severity::warning, "night"};
  out.persons["boss"] = {"The boss", zone(), {{"sms", "+4930999"}}, severity::warning, ""};
  out.teams["technicians"] = {{"anna", ""}, {"ben", ""}};
  escalation_policy policy;
  policy.steps = {{millis{0}, {{"", "technicians", ""}}}, {std::chrono::minutes{10}, {{"boss", "", ""}}}};
  out.policies["usual"] = policy;
  out.routes = {{std::nullopt, std::nullopt, severity::warning, "usual"}};
  return out;
}

} // namespace coldvigil::test
