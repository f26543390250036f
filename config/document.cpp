// The default file, printed from the table of keys.
#include "config/notification_keys.hpp"

#include <sstream>

namespace coldvigil {
namespace {

constexpr std::size_t line_width = 100;

/// "# " in front of every line, broken between words.
void comment(std::string& out, std::string_view text, std::string_view lead) {
  std::istringstream words{std::string(text)};
  std::string line(lead);
  for (std::string word; words >> word;) {
    if (line.size() + 1 + word.size() > line_width && line != lead) {
      out += line + '\n';
      line = lead;
    }
    line += ' ' + word;
  }
  out += line + '\n';
}

/// What a key means, with its range or its words.
template <class Owner> std::string meaning_of(const config_key<Owner>& key, const slot& where) {
  std::string text(key.meaning);
  const auto add = [&text](const std::string& range) { text += (text.empty() ? "(" : " (") + range + ")"; };
  if (key.high != 0)
    add((key.rule == value_rule::above ? "above " : "") + std::to_string(key.low) + " to " + std::to_string(key.high));
  else if (std::holds_alternative<choice_slot>(where) || std::holds_alternative<char*>(where))
    add(expectation(where, key.rule, key.low, key.high));
  return text;
}

/// "fields.unit" stands in the table "fields" as "unit".
std::pair<std::string, std::string> split(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return {"", std::string(name)};
  return {std::string(name.substr(0, dot)), std::string(name.substr(dot + 1))};
}

template <class Owner>
void print_keys(std::string& out, std::span<const config_key<Owner>> keys, Owner& defaults, const std::string& parent,
                const std::string& lead) {
  std::string group;
  for (const auto& key : keys) {
    const auto [table, name] = split(key.name);
    if (table != group) {
      group = table;
      out += lead + '\n' + lead + "[" + parent + group + "]\n";
    }
    const slot where = key.at(defaults);
    if (const auto text = meaning_of(key, where); !text.empty()) comment(out, text, lead + "#");
    out += lead + name + " = " + as_toml(where) + '\n';
  }
}

constexpr std::string_view head =
    R"(# Coldvigil's configuration. Every key is here with its default: leave out what you do not change.
# Any key but a customer's can be set on the command line: coldvigil serve --config FILE --set server.port=0
# docs/configuration.md explains overrides, customers and their field mapping.
)";

constexpr std::string_view notification_head = R"(
# Who is told of alarms. docs/notifications.md has a whole example. Repeat each block as needed.
# Persons, teams, policies, routes and schedules count until they are changed by API; channels are here alone.
)";

constexpr std::string_view customers_head = R"(
# A customer. Repeat the block for each; code has no default. docs/configuration.md has examples.
)";

/// One commented block of a list, as it stands when nothing is set.
template <class Row> void print_list(std::string& out, const std::string& name, Row row = {}) {
  out += "#\n# [[" + name + "]]\n";
  print_keys<Row>(out, notification_keys<Row>(), row, "", "# ");
}

std::string notification_lists() {
  std::string out(notification_head);
  print_list<channel_settings>(out, "channel", {"mail"});
  print_list<header_row>(out, "channel.header", {"Authorization", "Bearer {secret}"});
  print_list<schedule_row>(out, "schedule", {"office"});
  print_list<date_row>(out, "schedule.date", {"2026-12-25", ""});
  print_list<person_row>(out, "person", {"anna"});
  print_list<way_row>(out, "person.way", {"mail", "anna@example.org"});
  print_list<team_row>(out, "team", {"night"});
  print_list<member_row>(out, "team.member", {"anna", ""});
  print_list<policy_row>(out, "policy", {"usual"});
  print_list<step_row>(out, "policy.step", {std::chrono::minutes{0}, "anna"});
  print_list<route_row>(out, "route", {"", "", "usual"});
  return out;
}

} // namespace

std::string default_config_text() {
  std::string out(head);
  settings defaults;
  print_keys<settings>(out, setting_keys(), defaults, "", "");
  out += notification_lists();
  out += customers_head;
  std::string block;
  source_settings customer;
  print_keys<source_settings>(block, customer_keys(), customer, "customer.", "# ");
  block += "# \n# # A unit known before it reports. Repeat the block; all but code and facility may be left out.\n"
           "# [[customer.unit]]\n";
  declared_unit unit{"unit_1", "facility_1", "Freezer 1", "Cold store", "Leeds", "England", "sqm", 930, -20, -25, -15};
  print_keys<declared_unit>(block, unit_keys(), unit, "", "# ");
  out += "#\n# [[customer]]\n" + block;
  // A commented blank line has no blank at its end.
  for (std::size_t at = out.find("# \n"); at != std::string::npos; at = out.find("# \n", at))
    out.erase(at + 1, 1);
  return out;
}

} // namespace coldvigil
