#include "config/read_notifications.hpp"

#include "core/duty_text.hpp"

namespace coldvigil {
namespace {

constexpr std::size_t max_channels = 100;
constexpr std::size_t max_persons = contact_limits::persons;
constexpr std::size_t max_others = contact_limits::others; ///< schedules, teams, policies, routes, members, dates
constexpr std::size_t max_inner = contact_limits::ways;    ///< ways, headers, steps

constexpr std::array<std::string_view, 5> thing_words{"channel", "schedule", "person", "team", "policy"};

constexpr std::string_view duty_hint = "write \"08:00-12:00, 22:00-06:00\"";

} // namespace

template <class Row>
places notification_reader::read(Row& row, const std::string& label, const toml::table& table,
                                 const list_taker& lists) {
  places set;
  in_.read_table<Row>({row, notification_keys<Row>(), label, set}, table, "", lists);
  return set;
}

/// The list `wanted` inside a block, each table of it as a row.
template <class Row, class Each>
bool notification_reader::inner(const std::string& name, const toml::node& node, const std::string& wanted,
                                const std::string& label, std::size_t most, Each&& each) {
  if (name != wanted) return false;
  const toml::array* list = in_.tables_of(node, label + wanted, most);
  std::size_t number = 0;
  if (list)
    for (const auto& item : *list) {
      Row row;
      const std::string inner_label = label + wanted + "[" + std::to_string(++number) + "].";
      const places set = read(row, inner_label, *item.as_table());
      each(row, inner_label, set, in_.place(item.source()));
    }
  return true;
}

void notification_reader::define(thing what, const std::string& name, const std::string& key,
                                 const std::string& where) {
  if (!name.empty() && !known_[what].insert(name).second)
    in_.report(key + " '" + name + "' is used by another " + std::string(thing_words[static_cast<std::size_t>(what)]),
               where);
}

void notification_reader::refer(thing what, const std::string& name, const std::string& key, const std::string& where) {
  if (!name.empty()) mentions_.push_back({what, name, key, where});
}

void notification_reader::require(const places& set, std::string_view name, const std::string& label,
                                  const std::string& where) {
  if (!set.contains(name)) in_.report(label + std::string(name) + " is missing", where);
}

void notification_reader::read_channel(const std::string& label, const toml::table& table,
                                       notification_settings& into) {
  channel_settings one;
  one.where = in_.place(table.source());
  const places set = read(one, label, table, [&](const std::string& name, const toml::node& node) {
    return inner<header_row>(
        name, node, "header", label, max_inner,
        [&](const header_row& row, const std::string& at, const places& keys, const std::string& where) {
          require(keys, "name", at, where);
          one.headers.emplace_back(row.name, row.value);
        });
  });
  require(set, "name", label, one.where);
  define(thing::channel, one.name, label + "name", place_of(set, "name", one.where));
  check_channel(one, label, set);
  into.channels.push_back(std::move(one));
}

void notification_reader::check_channel(const channel_settings& one, const std::string& label, const places& set) {
  const auto missing = [&](std::string_view key, const std::string& value, const std::string& why) {
    if (value.empty()) in_.report(label + std::string(key) + " is missing", place_of(set, key, one.where), why);
  };
  if (one.kind == channel_kind::smtp) {
    missing("host", one.host, "kind = \"smtp\" needs the mail server");
    missing("from", one.from, "kind = \"smtp\" needs the sender's address");
  } else {
    missing("url", one.url, "webhook and http need where to send to");
  }
  if (!one.secret_file.empty() && !one.secret_env.empty())
    in_.report(label + "secret_file and secret_env exclude each other", place_of(set, "secret_env", one.where));
  const bool has_secret = !one.secret_file.empty() || !one.secret_env.empty();
  if (one.kind == channel_kind::webhook && !has_secret)
    in_.report(label + "secret_file is missing", one.where, "a webhook is signed: name secret_file or secret_env");
  if (one.kind == channel_kind::smtp && one.user.empty() == has_secret)
    in_.report(label + "user and its secret go together", place_of(set, "user", one.where),
               "give user and secret_file or secret_env, or neither");
}

void notification_reader::read_schedule(const std::string& label, const toml::table& table,
                                        notification_settings& into) {
  schedule_row row;
  schedule_settings out;
  const std::string where = in_.place(table.source());
  const places set = read(row, label, table, [&](const std::string& name, const toml::node& node) {
    return inner<date_row>(
        name, node, "date", label, max_others,
        [&](const date_row& day, const std::string& at, const places& keys, const std::string& place) {
          const auto date = parse_date(day.date);
          const auto duty = parse_duty(day.duty);
          if (!date) in_.report(at + "date is no date", place_of(keys, "date", place), "write \"2026-12-25\"");
          if (!duty) in_.report(at + "duty is no list of spans", place_of(keys, "duty", place), std::string(duty_hint));
          if (date && duty && !out.duty.dates.emplace(*date, *duty).second)
            in_.report(at + "date is there twice", place_of(keys, "date", place));
        });
  });
  require(set, "id", label, where);
  define(thing::schedule, row.id, label + "id", place_of(set, "id", where));
  for (std::size_t day = 0; day < row.week.size(); ++day) {
    const std::string_view name = notification_keys<schedule_row>()[day + 2].name;
    if (auto duty = parse_duty(row.week[day]))
      out.duty.week[day] = std::move(*duty);
    else
      in_.report(label + std::string(name) + " is no list of spans", place_of(set, name, where),
                 std::string(duty_hint));
  }
  out.id = row.id;
  out.zone = row.zone;
  into.schedules.push_back(std::move(out));
}

void notification_reader::read_person(const std::string& label, const toml::table& table, notification_settings& into) {
  person_row row;
  person_settings out;
  out.where = in_.place(table.source());
  const places set = read(row, label, table, [&](const std::string& name, const toml::node& node) {
    return inner<way_row>(name, node, "way", label, max_inner,
                          [&](const way_row& way, const std::string& at, const places& keys, const std::string& where) {
                            require(keys, "channel", at, where);
                            refer(thing::channel, way.channel, at + "channel", place_of(keys, "channel", where));
                            out.who.ways.push_back({way.channel, way.address});
                          });
  });
  require(set, "id", label, out.where);
  define(thing::person, row.id, label + "id", place_of(set, "id", out.where));
  refer(thing::schedule, row.schedule, label + "schedule", place_of(set, "schedule", out.where));
  if (out.who.ways.empty())
    in_.report(label + "way is missing", out.where, "say how the person is reached with [[person.way]]");
  out.id = row.id;
  out.zone = row.zone;
  out.who.name = row.name.empty() ? row.id : row.name;
  out.who.least = row.least;
  out.who.schedule = row.schedule;
  into.persons.push_back(std::move(out));
}

void notification_reader::read_team(const std::string& label, const toml::table& table, notification_settings& into) {
  team_row row;
  team_settings out;
  const std::string where = in_.place(table.source());
  const places set = read(row, label, table, [&](const std::string& name, const toml::node& node) {
    return inner<member_row>(
        name, node, "member", label, max_others,
        [&](const member_row& member, const std::string& at, const places& keys, const std::string& place) {
          require(keys, "person", at, place);
          refer(thing::person, member.person, at + "person", place_of(keys, "person", place));
          refer(thing::schedule, member.schedule, at + "schedule", place_of(keys, "schedule", place));
          out.members.push_back({member.person, member.schedule});
        });
  });
  require(set, "id", label, where);
  define(thing::team, row.id, label + "id", place_of(set, "id", where));
  out.id = row.id;
  into.teams.push_back(std::move(out));
}

void notification_reader::read_policy(const std::string& label, const toml::table& table, notification_settings& into) {
  policy_row row;
  policy_settings out;
  const std::string where = in_.place(table.source());
  const places set = read(row, label, table, [&](const std::string& name, const toml::node& node) {
    return inner<step_row>(
        name, node, "step", label, max_inner,
        [&](const step_row& step, const std::string& at, const places& keys, const std::string& place) {
          const std::string to = place_of(keys, "to", place);
          auto targets = parse_targets(step.to);
          if (!targets) return in_.report(at + "to is no list of people", to, "write \"anna, team:night, bert/sms\"");
          for (const step_target& each : *targets) {
            refer(thing::person, each.person, at + "to", to);
            refer(thing::team, each.team, at + "to", to);
            refer(thing::channel, each.channel, at + "to", to);
          }
          if (!out.policy.steps.empty() && step.after <= out.policy.steps.back().after)
            in_.report(at + "after_minutes is not later than the step before", place_of(keys, "after_minutes", place));
          out.policy.steps.push_back({step.after, std::move(*targets)});
        });
  });
  require(set, "id", label, where);
  define(thing::policy, row.id, label + "id", place_of(set, "id", where));
  if (out.policy.steps.empty()) in_.report(label + "step is missing", where, "say who is called with [[policy.step]]");
  out.id = row.id;
  out.policy.repeat = row.repeat;
  out.policy.max_rounds = static_cast<std::uint32_t>(row.max_rounds);
  out.policy.quiet = row.quiet;
  into.policies.push_back(std::move(out));
}

void notification_reader::read_route(const std::string& label, const toml::table& table, notification_settings& into) {
  route_row row;
  const std::string where = in_.place(table.source());
  const places set = read(row, label, table);
  require(set, "policy", label, where);
  refer(thing::policy, row.policy, label + "policy", place_of(set, "policy", where));
  if (!row.facility.empty() && row.customer.empty())
    in_.report(label + "facility stands without customer", place_of(set, "facility", where),
               "name the customer whose facility it is");
  into.routes.push_back({row.customer, row.facility, row.least, row.policy, place_of(set, "customer", where)});
}

bool notification_reader::take(const std::string& name, const toml::node& node, notification_settings& into) {
  struct list {
    std::string_view name;
    std::size_t most;
    void (notification_reader::*read)(const std::string&, const toml::table&, notification_settings&);
  };
  static constexpr std::array lists = std::to_array<list>({
      {"channel", max_channels, &notification_reader::read_channel},
      {"schedule", max_others, &notification_reader::read_schedule},
      {"person", max_persons, &notification_reader::read_person},
      {"team", max_others, &notification_reader::read_team},
      {"policy", max_others, &notification_reader::read_policy},
      {"route", max_others, &notification_reader::read_route},
  });
  for (const list& each : lists) {
    if (name != each.name) continue;
    const toml::array* tables = in_.tables_of(node, name, each.most);
    std::size_t number = 0;
    if (tables)
      for (const auto& item : *tables)
        (this->*each.read)(name + "[" + std::to_string(++number) + "].", *item.as_table(), into);
    return true;
  }
  return false;
}

void notification_reader::check(notification_settings& all, const places& set) {
  const auto at = [&](std::string_view key) { return place_of(set, key, in_.origin()); };
  refer(thing::policy, all.system_policy, "notifications.system_policy", at("notifications.system_policy"));
  for (const mention& each : mentions_)
    if (!known_[each.what].contains(each.name))
      in_.report(each.key + ": there is no " + std::string(thing_words[static_cast<std::size_t>(each.what)]) + " '" +
                     each.name + "'",
                 each.where);
  if (const auto time = parse_time_of_day(all.self_test_at); time && *time < std::chrono::hours{24})
    all.self_test_time = *time;
  else
    in_.report("notifications.self_test_at is no time of day", at("notifications.self_test_at"), "write \"10:00\"");
  if (all.backoff_max < all.backoff_initial)
    in_.report("notifications.backoff_max_ms is smaller than notifications.backoff_initial_ms",
               at("notifications.backoff_max_ms"));
}

} // namespace coldvigil
