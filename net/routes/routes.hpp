#pragma once
// Every route's handler, one source a resource.

#include "net/api.hpp"

namespace coldvigil::routes {

using route_answer = asio::awaitable<http_answer>;

route_answer ping(api& with, api_request& request);
route_answer health(api& with, api_request& request);
route_answer openapi(api& with, api_request& request);
route_answer metrics(api& with, api_request& request);
route_answer predict(api& with, api_request& request);

route_answer list_readings(api& with, api_request& request);
route_answer latest_readings(api& with, api_request& request);
route_answer unit_readings(api& with, api_request& request);
route_answer post_readings(api& with, api_request& request);

route_answer list_facilities(api& with, api_request& request);
route_answer list_units(api& with, api_request& request);
route_answer one_unit(api& with, api_request& request);
route_answer unit_series(api& with, api_request& request);
route_answer unit_reconstruction(api& with, api_request& request);

route_answer list_alarms(api& with, api_request& request);
route_answer alarm_numbers(api& with, api_request& request);
route_answer one_alarm(api& with, api_request& request);
route_answer ack_alarm(api& with, api_request& request);
route_answer comment_alarm(api& with, api_request& request);
route_answer assign_alarm(api& with, api_request& request);
route_answer shelve_alarm(api& with, api_request& request);
route_answer unshelve_alarm(api& with, api_request& request);
route_answer act_on_alarm(api& with, api_request& request);
route_answer close_alarm(api& with, api_request& request);
route_answer unit_out_of_service(api& with, api_request& request);
route_answer unit_in_service(api& with, api_request& request);
route_answer list_rules(api& with, api_request& request);
route_answer list_rule_profiles(api& with, api_request& request);
route_answer place_rules_now(api& with, api_request& request);
route_answer put_rules(api& with, api_request& request);
route_answer delete_rules(api& with, api_request& request);
route_answer preview_rules(api& with, api_request& request);

route_answer list_system_alarms(api& with, api_request& request);
route_answer ack_system_alarm(api& with, api_request& request);
route_answer list_rejects(api& with, api_request& request);
route_answer list_polls(api& with, api_request& request);
route_answer list_audit(api& with, api_request& request);
route_answer audit_head(api& with, api_request& request);
route_answer verify_audit(api& with, api_request& request);

route_answer on_call_now(api& with, api_request& request);
route_answer list_contacts(api& with, api_request& request);
route_answer put_contacts(api& with, api_request& request);
route_answer delete_contacts(api& with, api_request& request);
route_answer put_contact(api& with, api_request& request);
route_answer delete_contact(api& with, api_request& request);
route_answer list_schedules(api& with, api_request& request);
route_answer put_schedule(api& with, api_request& request);
route_answer delete_schedule(api& with, api_request& request);
route_answer list_deliveries(api& with, api_request& request);
route_answer list_self_tests(api& with, api_request& request);
route_answer test_notification(api& with, api_request& request);
route_answer show_link(api& with, api_request& request);
route_answer use_link(api& with, api_request& request);

route_answer live_ticket(api& with, api_request& request);
route_answer live(api& with, api_request& request);

} // namespace coldvigil::routes
