#include "net/router.hpp"

#include "net/routes/routes.hpp"

#include <array>
#include <optional>

namespace coldvigil {
namespace {

constexpr std::array<route, 55> table{{
    {http::verb::get, "/ping", access::open, routes::ping},
    {http::verb::get, "/health", access::open, routes::health},
    {http::verb::get, "/openapi.json", access::open, routes::openapi},
    {http::verb::get, "/metrics", access::by_route, routes::metrics},
    {http::verb::post, "/predict", access::read_or_demo, routes::predict},
    {http::verb::get, "/api/v1/temperature", access::read, routes::list_readings},
    {http::verb::post, "/api/v1/temperature", access::write, routes::post_readings, true},
    {http::verb::get, "/api/v1/temperature/latest", access::read, routes::latest_readings},
    {http::verb::get, "/api/v1/temperature/unit/{id}", access::read, routes::unit_readings},
    {http::verb::get, "/api/v1/facilities", access::read, routes::list_facilities},
    {http::verb::get, "/api/v1/units", access::read, routes::list_units},
    {http::verb::get, "/api/v1/units/{id}", access::read, routes::one_unit},
    {http::verb::get, "/api/v1/units/{id}/series", access::read, routes::unit_series},
    {http::verb::get, "/api/v1/units/{id}/reconstruction", access::read, routes::unit_reconstruction},
    {http::verb::get, "/api/v1/alarms", access::read, routes::list_alarms},
    {http::verb::get, "/api/v1/alarms/numbers", access::read, routes::alarm_numbers},
    {http::verb::get, "/api/v1/alarms/{id}", access::read, routes::one_alarm},
    {http::verb::post, "/api/v1/alarms/{id}/ack", access::write, routes::ack_alarm},
    {http::verb::post, "/api/v1/alarms/{id}/comment", access::write, routes::comment_alarm},
    {http::verb::post, "/api/v1/alarms/{id}/assign", access::write, routes::assign_alarm},
    {http::verb::post, "/api/v1/alarms/{id}/shelve", access::write, routes::shelve_alarm},
    {http::verb::post, "/api/v1/alarms/{id}/unshelve", access::write, routes::unshelve_alarm},
    {http::verb::post, "/api/v1/alarms/{id}/action", access::write, routes::act_on_alarm},
    {http::verb::post, "/api/v1/alarms/{id}/close", access::write, routes::close_alarm},
    {http::verb::post, "/api/v1/units/{id}/out-of-service", access::write, routes::unit_out_of_service},
    {http::verb::post, "/api/v1/units/{id}/in-service", access::write, routes::unit_in_service},
    {http::verb::get, "/api/v1/rules", access::read, routes::list_rules},
    {http::verb::get, "/api/v1/rules/profiles", access::read, routes::list_rule_profiles},
    {http::verb::post, "/api/v1/rules/preview", access::read, routes::preview_rules},
    {http::verb::get, "/api/v1/rules/{scope}/{name}", access::read, routes::place_rules_now},
    {http::verb::put, "/api/v1/rules/{scope}/{name}", access::admin, routes::put_rules},
    {http::verb::delete_, "/api/v1/rules/{scope}/{name}", access::admin, routes::delete_rules},
    {http::verb::get, "/api/v1/system/alarms", access::read, routes::list_system_alarms},
    {http::verb::post, "/api/v1/system/alarms/{id}/ack", access::write, routes::ack_system_alarm},
    {http::verb::get, "/api/v1/rejects", access::read, routes::list_rejects},
    {http::verb::get, "/api/v1/polls", access::read, routes::list_polls},
    {http::verb::get, "/api/v1/audit", access::read, routes::list_audit},
    {http::verb::get, "/api/v1/audit/head", access::admin_of_all, routes::audit_head},
    {http::verb::get, "/api/v1/audit/verify", access::admin_of_all, routes::verify_audit},
    {http::verb::get, "/api/v1/contacts", access::admin_of_all, routes::list_contacts},
    {http::verb::put, "/api/v1/contacts", access::admin_of_all, routes::put_contacts, true},
    {http::verb::delete_, "/api/v1/contacts", access::admin_of_all, routes::delete_contacts},
    {http::verb::put, "/api/v1/contacts/{list}/{id}", access::admin_of_all, routes::put_contact, true},
    {http::verb::delete_, "/api/v1/contacts/{list}/{id}", access::admin_of_all, routes::delete_contact},
    {http::verb::get, "/api/v1/schedules", access::admin_of_all, routes::list_schedules},
    {http::verb::put, "/api/v1/schedules/{id}", access::admin_of_all, routes::put_schedule, true},
    {http::verb::delete_, "/api/v1/schedules/{id}", access::admin_of_all, routes::delete_schedule},
    {http::verb::get, "/api/v1/on-call", access::read, routes::on_call_now},
    {http::verb::get, "/api/v1/deliveries", access::read, routes::list_deliveries},
    {http::verb::get, "/api/v1/notifications/tests", access::admin_of_all, routes::list_self_tests},
    {http::verb::post, "/api/v1/notifications/test", access::admin_of_all, routes::test_notification},
    {http::verb::get, "/l/{secret}", access::open, routes::show_link},
    {http::verb::post, "/l/{secret}", access::open, routes::use_link},
    {http::verb::post, "/api/v1/live/ticket", access::read, routes::live_ticket},
    {http::verb::get, "/api/v1/live", access::by_route, routes::live},
}};

/// The first segment of a path, taken off with its slash.
std::string_view take_segment(std::string_view& path) {
  path.remove_prefix(1);
  const std::size_t end = std::min(path.find('/'), path.size());
  const std::string_view segment = path.substr(0, end);
  path.remove_prefix(end);
  return segment;
}

/// The values of the pattern's names when the path fits it.
std::optional<std::vector<std::string>> fit(std::string_view pattern, std::string_view path) {
  std::vector<std::string> values;
  while (!pattern.empty() && !path.empty()) {
    if (path.front() != '/') return std::nullopt;
    const std::string_view expected = take_segment(pattern);
    const std::string_view given = take_segment(path);
    if (!expected.empty() && expected.front() == '{') {
      auto decoded = percent_decode(given, false);
      if (!decoded || decoded->empty()) return std::nullopt;
      values.push_back(std::move(*decoded));
    } else if (expected != given) {
      return std::nullopt;
    }
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return values;
}

} // namespace

std::span<const route> route_table() {
  return table;
}

route_match match_route(http::verb method, std::string_view path) {
  const http::verb wanted = method == http::verb::head ? http::verb::get : method;
  route_match out;
  for (const route& candidate : table) {
    auto values = fit(candidate.pattern, path);
    if (!values) continue;
    if (candidate.method == wanted) {
      out.found = &candidate;
      out.path = std::move(*values);
      return out;
    }
    if (!out.allow.empty()) out.allow += ", ";
    out.allow += candidate.method == http::verb::get ? "GET, HEAD" : std::string(http::to_string(candidate.method));
  }
  return out;
}

} // namespace coldvigil
