#include "notify/configured.hpp"

#include "notify/http_channels.hpp"
#include "notify/smtp_channel.hpp"
#include "notify/zones.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace coldvigil {
namespace {

failure at(const failure& why, const std::string& name, const std::string& where) {
  return {why.code, name + ": " + why.what, where, why.hint};
}

/// Whether a message by it has this placeholder of a template in it. A mail has all, a webhook, which has its own,
/// none.
bool has_place_for(const channel_settings& of, std::string_view placeholder) {
  if (of.kind != channel_kind::http) return of.kind == channel_kind::smtp;
  const auto has_it = [&](const std::string& part) { return part.find(placeholder) != std::string::npos; };
  return has_it(of.url) || has_it(of.body) ||
         std::any_of(of.headers.begin(), of.headers.end(), [&](const auto& each) { return has_it(each.second); });
}

/// An address takes the place of a webhook's URL; in a template it is whatever the gateway wants.
address_form form_of(channel_kind kind) {
  switch (kind) {
  case channel_kind::smtp:
    return address_form::mail;
  case channel_kind::webhook:
    return address_form::url;
  default:
    return address_form::text;
  }
}

transfer_limits limits_of(const channel_settings& from) {
  transfer_limits out;
  out.connect_timeout = from.connect_timeout;
  out.total_timeout = from.total_timeout;
  out.ca_file = from.ca_file;
  return out;
}

result<std::shared_ptr<const channel>> smtp_of(const channel_settings& from, std::string secret) {
  constexpr std::array securities{smtp_security::tls, smtp_security::starttls, smtp_security::plain};
  smtp_options out;
  out.host = from.host;
  out.port = from.port;
  out.security = securities[static_cast<std::size_t>(from.security)];
  out.user = from.user;
  out.password = std::move(secret);
  out.from = from.from;
  out.from_name = from.from_name;
  out.limits = limits_of(from);
  return make_smtp_channel(std::move(out));
}

result<std::shared_ptr<const channel>> template_of(const channel_settings& from, std::string secret) {
  constexpr std::array methods{"POST", "PUT", "GET"};
  constexpr std::array forms{body_form::json, body_form::form, body_form::text};
  http_template_options out;
  out.method = methods[static_cast<std::size_t>(from.method)];
  out.url = from.url;
  out.headers = from.headers;
  out.form = forms[static_cast<std::size_t>(from.form)];
  out.body = from.body;
  out.secret = std::move(secret);
  out.limits = limits_of(from);
  return make_http_template_channel(std::move(out));
}

result<std::shared_ptr<const channel>> channel_of(const channel_settings& from, const secret_finder& secrets,
                                                  const clock& time) {
  std::string secret;
  if (!from.secret_file.empty() || !from.secret_env.empty()) {
    auto found = secrets(from);
    if (!found) return found.error();
    secret = std::move(*found);
  }
  switch (from.kind) {
  case channel_kind::smtp:
    return smtp_of(from, std::move(secret));
  case channel_kind::http:
    return template_of(from, std::move(secret));
  default:
    return make_webhook_channel({from.url, from.key_id, std::move(secret), limits_of(from)}, time);
  }
}

} // namespace

std::vector<contact_channel> contact_channels_of(const notification_settings& config) {
  std::vector<contact_channel> out;
  for (const channel_settings& each : config.channels)
    out.push_back({each.name, has_place_for(each, "{address}"), form_of(each.kind)});
  return out;
}

result<contact_book> contacts_of(const notification_settings& config,
                                 const std::map<std::string, customer_id>& customers) {
  contact_book out;
  for (const schedule_settings& each : config.schedules) {
    auto zone = find_zone(each.zone);
    if (!zone) return zone.error();
    schedule& made = out.schedules[each.id] = each.duty;
    made.zone = std::move(*zone);
  }
  for (const person_settings& each : config.persons) {
    auto zone = find_zone(each.zone);
    if (!zone) return at(zone.error(), "person " + each.id, each.where);
    person& made = out.persons[each.id] = each.who;
    made.zone = std::move(*zone);
  }
  for (const team_settings& each : config.teams)
    out.teams[each.id] = each.members;
  for (const policy_settings& each : config.policies)
    out.policies[each.id] = each.policy;
  for (const route_settings& each : config.routes) {
    alarm_route route;
    route.least = each.least;
    route.policy = each.policy;
    if (!each.customer.empty()) {
      const auto known = customers.find(each.customer);
      if (known == customers.end())
        return failure{error_code::invalid_argument, "route: there is no customer '" + each.customer + "'", each.where,
                       "name the code of a [[customer]]"};
      route.customer = known->second;
    }
    if (!each.facility.empty()) route.facility = each.facility;
    out.routes.push_back(std::move(route));
  }
  out.system_policy = config.system_policy;
  if (auto sound = check_change(out, {}, contact_channels_of(config)); !sound) return sound.error();
  return out;
}

result<channel_set> channels_of(const notification_settings& config, const secret_finder& secrets, const clock& time) {
  channel_set out;
  for (const channel_settings& each : config.channels) {
    auto made = channel_of(each, secrets, time);
    if (!made) return at(made.error(), "channel " + each.name, each.where);
    out[each.name] = std::move(*made);
  }
  if (config.heartbeat_url.empty()) return out;
  http_template_options beat;
  beat.method = "GET";
  beat.url = config.heartbeat_url;
  auto made = make_http_template_channel(std::move(beat));
  if (!made) return at(made.error(), "notifications.heartbeat_url", "");
  out[std::string(heartbeat_channel_name)] = std::move(*made);
  return out;
}

desk_options desk_options_of(const notification_settings& config) {
  desk_options out;
  out.escalation.max_cases = config.max_cases;
  out.escalation.max_alarms_a_message = config.max_alarms_a_message;
  out.outbox.max_waiting = config.max_waiting;
  out.outbox.max_in_flight_a_channel = config.max_in_flight_a_channel;
  out.outbox.max_attempts = static_cast<std::uint32_t>(config.max_attempts);
  out.outbox.give_up_after = config.give_up;
  out.outbox.backoff = {config.backoff_initial, config.backoff_max};
  out.self_tests.every = std::chrono::days{config.self_test_days};
  out.self_tests.at = config.self_test_time;
  out.self_tests.receipt_within = config.self_test_receipt;
  // The link by which a reader confirms stands in the text: where that is not sent, nobody can.
  for (const channel_settings& each : config.channels)
    if (each.delivery_is_receipt || config.link_url.empty() || !has_place_for(each, "{text}"))
      out.self_tests.taken_is_enough.push_back(each.name);
  out.recording = {config.stopped_after, config.stopped_repeat};
  if (!config.link_url.empty()) out.link_url = config.link_url + (config.link_url.ends_with('/') ? "l/" : "/l/");
  out.link_lifetime = config.link_lifetime;
  out.max_links = config.max_links;
  return out;
}

} // namespace coldvigil
