#include "net/rule_places.hpp"

#include "core/rule_profiles.hpp"
#include "net/member_reader.hpp"
#include "net/rule_json.hpp"

#include <boost/json.hpp>

namespace coldvigil {
namespace {

namespace json = boost::json;

constexpr std::size_t most_rules_of_a_body = 1'000; ///< the engine's own bound is far below

/// What a rule's place is called: the unit's, the facility's or the customer's code, the kind's name.
std::string place_name(const customer_now& of, const scoped_rule& rule) {
  const customer_directory& directory = *of.directory;
  switch (rule.scope) {
  case rule_scope::kind:
    return std::string(to_string(rule.kind));
  case rule_scope::facility:
    if (const facility_record* found = directory.facility(rule.facility)) return found->code;
    return {};
  case rule_scope::unit:
    if (const unit_now* found = of.find(rule.unit)) return found->unit->code;
    return {};
  case rule_scope::customer:
    break;
  }
  return directory.customer->code;
}

bool names(const std::string& name, const std::string& code, const uuid& id) {
  return name == code || name == to_string(id);
}

/// The places of one customer that a name fits; a unit is looked for elsewhere.
void find_in(const customer_directory& of, const scoped_rule& wanted, const std::string& name,
             std::vector<scoped_rule>& into) {
  scoped_rule place = wanted;
  place.customer = of.customer->id;
  if (wanted.scope == rule_scope::customer && names(name, of.customer->code, of.customer->public_id))
    into.push_back(place);
  if (wanted.scope == rule_scope::facility)
    for (const auto& facility : of.facilities) {
      if (!names(name, facility->code, facility->public_id)) continue;
      place.facility = facility->id;
      into.push_back(place);
    }
  const auto kind = parse_kind(name);
  if (wanted.scope != rule_scope::kind || !kind) return;
  place.kind = *kind;
  into.push_back(place);
}

void take_profile(const json::value& named, place_rules& wanted, std::vector<field_error>& errors) {
  const rule_profile* found = named.is_string() ? find_profile(std::string_view(named.get_string())) : nullptr;
  if (!found) {
    errors.push_back({"#/profile", "one of GET /api/v1/rules/profiles"});
    return;
  }
  for (rule each : found->rules) {
    each.id = rule_id{};
    wanted.rules.push_back({std::move(each), false});
  }
}

void take_rules(const json::value& given, const unit_record* other, place_rules& wanted,
                std::vector<field_error>& errors) {
  const json::array* list = given.if_array();
  if (!list || list->size() > most_rules_of_a_body) {
    errors.push_back({"#/rules", "a list of at most " + std::to_string(most_rules_of_a_body) + " rules"});
    return;
  }
  const std::vector<std::string> as_shown{"scope", "place", "customer_code", "revision", "from", "changed_at"};
  for (std::size_t i = 0; i < list->size(); ++i) {
    auto read = read_rule((*list)[i], "#/rules/" + std::to_string(i), other, errors, as_shown);
    if (read) wanted.rules.push_back({std::move(*read), says_off((*list)[i])});
  }
  if (!errors.empty()) return;
  for (std::size_t i = 0; i < wanted.rules.size(); ++i) {
    const std::string pointer = "#/rules/" + std::to_string(i);
    if (const auto same = repeated_by(wanted.rules, i))
      errors.push_back({pointer, "is the same rule as #/rules/" + std::to_string(*same) + ": leave one out"});
    if (const auto off = turned_off_by(wanted.rules, i))
      errors.push_back(
          {pointer, "is of a sort that #/rules/" + std::to_string(*off) + " turns off: leave one of the two out"});
  }
}

} // namespace

std::optional<scoped_rule> find_place(const scope& seen, const std::string& kind, const std::string& name) {
  const auto wanted = parse_scope(kind);
  if (!wanted) return std::nullopt;
  scoped_rule out;
  out.scope = *wanted;
  if (*wanted == rule_scope::unit) {
    const auto unit = find_unit(seen, name);
    if (!unit) return std::nullopt;
    out.customer = unit->unit->unit->customer;
    out.unit = unit->unit->unit->id;
    return out;
  }
  std::vector<scoped_rule> found;
  for (const auto& each : seen.customers)
    find_in(*each->directory, out, name, found);
  if (found.size() != 1) return std::nullopt;
  return found.front();
}

std::string name_of(const customer_now& of, const scoped_rule& place) {
  return std::string(to_string(place.scope)) + " " + place_name(of, place);
}

void write_scoped_members(json_writer& out, const customer_now& of, const scoped_rule& rule) {
  if (rule.off)
    write_sort_members(out, rule.what);
  else
    write_rule_members(out, rule.what);
  out.member("scope", to_string(rule.scope)).member("place", place_name(of, rule));
  out.member("customer_code", of.directory->customer->code).member("off", rule.off);
}

bool makes_unit_needed(const unit_record& unit, const scoped_rule& place) {
  return unit.scale != temperature_scale::celsius && applies(place, ruled(unit));
}

const unit_record* who_makes_unit_needed(const customer_now& of, const scoped_rule& place) {
  for (const auto& block : of.blocks)
    for (const unit_now& each : *block)
      if (makes_unit_needed(*each.unit, place)) return each.unit.get();
  return nullptr;
}

std::vector<field_error> read_place_rules(const json::object& body, const unit_record* other, place_rules& wanted,
                                          const std::vector<std::string>& beside) {
  std::vector<field_error> errors;
  member_reader members(body, "#", errors);
  members.leave(beside);
  members.leave({"profile", "rules"});
  members.end("this request");
  const json::value* profile = body.if_contains("profile");
  const json::value* rules = body.if_contains("rules");
  if ((profile != nullptr) == (rules != nullptr))
    errors.push_back({"#/rules", "either rules or a profile"});
  else if (profile)
    take_profile(*profile, wanted, errors);
  else
    take_rules(*rules, other, wanted, errors);
  return errors;
}

} // namespace coldvigil
