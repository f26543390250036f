#include "config/notification_keys.hpp"

namespace coldvigil {
namespace {

constexpr std::array<std::string_view, 3> channel_kinds{"smtp", "webhook", "http"};
constexpr std::array<std::string_view, 3> securities{"tls", "starttls", "plain"};
constexpr std::array<std::string_view, 3> forms{"json", "form", "text"};
constexpr std::array<std::string_view, 3> methods{"POST", "PUT", "GET"};
constexpr std::array<std::string_view, severity_count> severities{"warning", "critical"};

/// The words stand in the order of the enumeration.
template <class Enum> slot choice(Enum& value, std::span<const std::string_view> words) {
  return choice_slot{words, static_cast<std::size_t>(value), [&value](std::size_t i) { value = static_cast<Enum>(i); }};
}

using K = channel_settings;

const std::array channel_table = std::to_array<config_key<K>>({
    {"name", [](K& k) -> slot { return &k.name; }, "Unique: 1 to 64 letters, digits, - or _.", 0, 0, value_rule::code},
    {"kind", [](K& k) -> slot { return choice(k.kind, channel_kinds); },
     "smtp: e-mail. webhook: the message as signed JSON. http: a template for the gateways of SMS and chats."},
    {"host", [](K& k) -> slot { return &k.host; }, "smtp: the mail server."},
    {"port", [](K& k) -> slot { return &k.port; }, "smtp.", 1, 65535},
    {"security", [](K& k) -> slot { return choice(k.security, securities); }, "smtp. Certificates are verified."},
    {"user", [](K& k) -> slot { return &k.user; }, "smtp: empty = no login; refused without TLS."},
    {"from", [](K& k) -> slot { return &k.from; }, "smtp: the sender's address."},
    {"from_name", [](K& k) -> slot { return &k.from_name; }, "smtp."},
    {"url", [](K& k) -> slot { return &k.url; },
     "webhook and http. Placeholders of http, in path and query: {subject} {text} {address} {person} {key} {secret}."},
    {"key_id", [](K& k) -> slot { return &k.key_id; }, "webhook: tells the receiver which secret signs."},
    {"method", [](K& k) -> slot { return choice(k.method, methods); }, "http."},
    {"form", [](K& k) -> slot { return choice(k.form, forms); },
     "http: how what is filled in is escaped, and the Content-Type of the body."},
    {"body", [](K& k) -> slot { return &k.body; }, "http: with the placeholders of url, and {data}, a JSON object."},
    {"secret_file", [](K& k) -> slot { return &k.secret_file; },
     "A file whose first line is the password of user, the secret that signs (16 bytes at least), or {secret}."},
    {"secret_env", [](K& k) -> slot { return &k.secret_env; }, "Or the environment variable that holds it."},
    {"ca_file", [](K& k) -> slot { return &k.ca_file; }, "Certificates to trust in place of the system's, PEM."},
    {"delivery_is_receipt", [](K& k) -> slot { return &k.delivery_is_receipt; },
     "Nobody can confirm a self-test here: it counts as received once the other side has taken it."},
    {"connect_timeout_ms", [](K& k) -> slot { return &k.connect_timeout; },
     "Longest time for name, connection and TLS together.", 1, 600'000},
    {"total_timeout_ms", [](K& k) -> slot { return &k.total_timeout; }, "Longest time for one attempt.", 1, 600'000},
});

const std::array header_table = std::to_array<config_key<header_row>>({
    {"name", [](header_row& r) -> slot { return &r.name; }, "", 0, 0, value_rule::required},
    {"value", [](header_row& r) -> slot { return &r.value; }, "With the placeholders of url."},
});

using W = schedule_row;
constexpr std::string_view day_meaning = "";
const std::array schedule_table = std::to_array<config_key<W>>({
    {"id", [](W& r) -> slot { return &r.id; }, "Unique.", 0, 0, value_rule::code},
    {"zone", [](W& r) -> slot { return &r.zone; }, "IANA time zone whose clock the spans are read on.", 0, 0,
     value_rule::zone},
    {"monday", [](W& r) -> slot { return &r.week[0]; },
     "Spans that begin on this day, \"08:00-12:00, 22:00-06:00\"; the last one ends on the next day. Empty = off "
     "duty."},
    {"tuesday", [](W& r) -> slot { return &r.week[1]; }, day_meaning},
    {"wednesday", [](W& r) -> slot { return &r.week[2]; }, day_meaning},
    {"thursday", [](W& r) -> slot { return &r.week[3]; }, day_meaning},
    {"friday", [](W& r) -> slot { return &r.week[4]; }, day_meaning},
    {"saturday", [](W& r) -> slot { return &r.week[5]; }, day_meaning},
    {"sunday", [](W& r) -> slot { return &r.week[6]; }, day_meaning},
});

const std::array date_table = std::to_array<config_key<date_row>>({
    {"date", [](date_row& r) -> slot { return &r.date; }, "The local date.", 0, 0, value_rule::required},
    {"duty", [](date_row& r) -> slot { return &r.duty; }, "In place of the weekday's spans. Empty = off duty."},
});

using P = person_row;
const std::array person_table = std::to_array<config_key<P>>({
    {"id", [](P& r) -> slot { return &r.id; }, "Unique.", 0, 0, value_rule::code},
    {"name", [](P& r) -> slot { return &r.name; }, "As people call them; empty = the id."},
    {"zone", [](P& r) -> slot { return &r.zone; }, "IANA time zone in which times are told.", 0, 0, value_rule::zone},
    {"severity", [](P& r) -> slot { return choice(r.least, severities); }, "Is not called for less."},
    {"schedule", [](P& r) -> slot { return &r.schedule; }, "When they may be called. Empty = always."},
});

const std::array way_table = std::to_array<config_key<way_row>>({
    {"channel", [](way_row& r) -> slot { return &r.channel; }, "Name of a channel; one way on each.", 0, 0,
     value_rule::code},
    {"address", [](way_row& r) -> slot { return &r.address; },
     "E-mail address, telephone number, URL of a webhook (empty = the channel's)."},
});

const std::array team_table = std::to_array<config_key<team_row>>({
    {"id", [](team_row& r) -> slot { return &r.id; }, "Unique.", 0, 0, value_rule::code},
});
const std::array member_table = std::to_array<config_key<member_row>>({
    {"person", [](member_row& r) -> slot { return &r.person; }, "Id.", 0, 0, value_rule::code},
    {"schedule", [](member_row& r) -> slot { return &r.schedule; },
     "The shift in this team. Empty = the person's own."},
});

using Y = policy_row;
const std::array policy_table = std::to_array<config_key<Y>>({
    {"id", [](Y& r) -> slot { return &r.id; }, "Unique.", 0, 0, value_rule::code},
    {"repeat_minutes", [](Y& r) -> slot { return &r.repeat; },
     "After the last step all begins anew, until somebody acknowledges or it is over; 0 = never.", 0, 10'080},
    {"max_rounds", [](Y& r) -> slot { return &r.max_rounds; }, "How often all steps are gone through.", 1, 10'000},
    {"quiet_seconds", [](Y& r) -> slot { return &r.quiet; },
     "Alarms of one facility inside this time become one message.", 0, 3'600},
});
const std::array step_table = std::to_array<config_key<step_row>>({
    {"after_minutes", [](step_row& r) -> slot { return &r.after; },
     "Since the alarm was raised; rises from step to step.", 0, 10'080},
    {"to", [](step_row& r) -> slot { return &r.to; },
     "Persons and teams, \"anna, team:night, bert/sms\"; with /CHANNEL by this channel alone.", 0, 0,
     value_rule::required},
});

const std::array route_table = std::to_array<config_key<route_row>>({
    {"customer", [](route_row& r) -> slot { return &r.customer; }, "Code; empty = every customer."},
    {"facility", [](route_row& r) -> slot { return &r.facility; },
     "Code of one of the customer's facilities; empty = all of them."},
    {"severity", [](route_row& r) -> slot { return choice(r.least, severities); },
     "At least this. The nearest route wins: the facility's, then the customer's, then the general one; of these the "
     "one of the higher severity."},
    {"policy", [](route_row& r) -> slot { return &r.policy; }, "Id.", 0, 0, value_rule::code},
});

} // namespace

template <> std::span<const config_key<channel_settings>> notification_keys<channel_settings>() {
  return channel_table;
}
template <> std::span<const config_key<header_row>> notification_keys<header_row>() {
  return header_table;
}
template <> std::span<const config_key<schedule_row>> notification_keys<schedule_row>() {
  return schedule_table;
}
template <> std::span<const config_key<date_row>> notification_keys<date_row>() {
  return date_table;
}
template <> std::span<const config_key<person_row>> notification_keys<person_row>() {
  return person_table;
}
template <> std::span<const config_key<way_row>> notification_keys<way_row>() {
  return way_table;
}
template <> std::span<const config_key<team_row>> notification_keys<team_row>() {
  return team_table;
}
template <> std::span<const config_key<member_row>> notification_keys<member_row>() {
  return member_table;
}
template <> std::span<const config_key<policy_row>> notification_keys<policy_row>() {
  return policy_table;
}
template <> std::span<const config_key<step_row>> notification_keys<step_row>() {
  return step_table;
}
template <> std::span<const config_key<route_row>> notification_keys<route_row>() {
  return route_table;
}

} // namespace coldvigil
