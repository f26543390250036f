#include "app/commands.hpp"
#include "app/open_parts.hpp"
#include "app/stored_units.hpp"
#include "core/what_if.hpp"
#include "net/rule_places.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>

namespace coldvigil {
namespace {

namespace json = boost::json;

constexpr int wrong_usage = 2;
constexpr std::size_t most_shown = 20;
constexpr std::size_t most_bytes = 1 << 20; ///< of a file of rules

int fail(const failure& error) {
  std::cerr << "coldvigil rules preview: " << error.text() << "\n";
  const bool asked_wrongly = error.code == error_code::invalid_argument || error.code == error_code::not_found ||
                             error.code == error_code::limit;
  return asked_wrongly ? wrong_usage : 1;
}

result<json::object> body_of(const preview_arguments& what) {
  if (!what.profile.empty()) return json::object{{"profile", what.profile}};
  std::ifstream in(what.rules_file, std::ios::binary);
  std::string text(most_bytes, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  json::error_code error;
  json::value parsed = json::parse(text, error);
  if (error || !parsed.is_object())
    return failure{
        error_code::invalid_argument, "there is no JSON object to be read", what.rules_file,
        "give a file with --rules, as {\"rules\": [{\"kind\": \"high_limit\", \"limit\": 8}]}, or --profile"};
  return std::move(parsed.as_object());
}

/// As the API takes and shows them, for a place of the known units.
result<place_rules> wanted_rules(const preview_arguments& what, const json::object& body, const registry& known,
                                 const scoped_rule& place) {
  place_rules out;
  out.place = place;
  const auto other = std::find_if(known.units.begin(), known.units.end(),
                                  [&](const unit_record& each) { return makes_unit_needed(each, place); });
  const auto errors =
      read_place_rules(body, other == known.units.end() ? nullptr : &*other, out, {"reason", "revision"});
  if (errors.empty()) return out;
  std::string text;
  for (const field_error& each : errors)
    text += (text.empty() ? "" : "; ") + each.pointer + " " + each.detail;
  return failure{error_code::invalid_argument, text, what.rules_file, "docs/rules.md explains the members"};
}

result<unit_record> unit_of(const registry& known, const preview_arguments& what) {
  std::vector<unit_record> found;
  for (const unit_record& each : known.units) {
    if (each.code != what.unit && to_string(each.public_id) != what.unit) continue;
    for (const customer_record& customer : known.customers)
      if (customer.id == each.customer && (what.customer.empty() || customer.code == what.customer))
        found.push_back(each);
  }
  if (found.size() == 1) return found.front();
  return failure{error_code::not_found, found.empty() ? "there is no such unit" : "several units have this code",
                 what.unit, found.empty() ? "units come with their first reading" : "name the customer, too"};
}

result<std::vector<judged_reading>> readings_of(store& durable, const unit_record& unit, std::optional<unsigned> days,
                                                std::size_t most) {
  std::vector<judged_reading> tail;
  const auto recovered = durable.recover([&](unit_recovery&& each) {
    if (each.snapshot.unit == unit.id) tail = std::move(each.snapshot.tail);
  });
  if (!recovered) return recovered.error();
  auto reader = durable.make_reader();
  if (!reader) return reader.error();
  const millis span = days ? std::chrono::days{*days} : usual_history(unit.interval, most);
  return stored_readings_of(**reader, unit, tail, span, most);
}

void print(const char* what, const std::vector<previewed_alarm>& alarms, std::size_t all) {
  for (std::size_t i = 0; i < std::min(alarms.size(), most_shown); ++i) {
    const previewed_alarm& each = alarms[i];
    std::cout << what << "\t" << format_utc(each.raised_at) << "\t"
              << (each.cleared_at ? format_utc(*each.cleared_at) : "open") << "\t" << to_string(each.by.kind) << "\t"
              << to_string(each.by.level) << "\t" << each.by.name << "\n";
  }
  if (all > most_shown) std::cout << what << "\t... and " << all - most_shown << " more\n";
}

void print(const what_if& found, const std::vector<judged_reading>& readings) {
  if (readings.empty()) {
    std::cout << "no readings are stored of this unit\n";
    return;
  }
  std::cout << readings.size() << " readings from " << format_utc(readings.front().at) << " to "
            << format_utc(readings.back().at) << "\n";
  print("appears", found.appearing, found.appear);
  print("vanishes", found.vanishing, found.vanish);
  std::printf("appear %zu, vanish %zu, stay %zu, merge %zu, split %zu; ", found.appear, found.vanish, found.stay,
              found.merge, found.split);
  if (found.per_month_now && found.per_month_then)
    std::printf("alarms a month: %.1f now, %.1f then\n", *found.per_month_now, *found.per_month_then);
  else
    std::printf("less than a day of readings says nothing of a month\n");
}

status replay(store& durable, const settings& config, const preview_arguments& what, const json::object& body) {
  const auto known = durable.load_registry();
  if (!known) return known.error();
  const auto unit = unit_of(*known, what);
  if (!unit) return unit.error();
  const auto wanted = wanted_rules(what, body, *known, place_of(*unit, *parse_scope(what.scope)));
  if (!wanted) return wanted.error();
  auto records = durable.load_rules();
  if (!records) return records.error();
  rule_history history;
  for (rule_record& each : *records)
    history.add(std::move(each));
  const auto readings = readings_of(durable, *unit, what.days, config.server.max_preview_readings);
  if (!readings) return readings.error();
  const auto n = static_cast<std::uint16_t>(config.rules.consecutive);
  const auto committed = history.in_force(unit->customer, timestamp::max());
  const rule_set current = resolve(ruled(*unit), committed, n, 1);
  const rule_set proposed = resolve_with(ruled(*unit), committed, *wanted, n, first_proposed);
  print(preview(proposed, current, *readings, {}), *readings);
  return nothing{};
}

} // namespace

int preview_rules(const settings& config, const preview_arguments& what) {
  const auto body = body_of(what);
  if (!body) return fail(body.error());
  const auto durable = open_store(config.store);
  if (!durable) return fail(durable.error());
  const auto done = replay(**durable, config, what, *body);
  (*durable)->close();
  return done ? 0 : fail(done.error());
}

} // namespace coldvigil
