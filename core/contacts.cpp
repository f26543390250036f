#include "core/contacts.hpp"

#include "core/ascii.hpp"
#include "core/duty_text.hpp"
#include "core/mail_address.hpp"
#include "core/plain_text.hpp"
#include "core/url.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>

namespace coldvigil {
namespace {

constexpr std::size_t longest_id = 64;
constexpr std::size_t longest_address = 320;

failure refuse(std::string what, std::string where, std::string hint = {}) {
  return {error_code::invalid_argument, std::move(what), std::move(where), std::move(hint)};
}

bool is_id(const std::string& id) {
  return !id.empty() && id.size() <= longest_id && std::all_of(id.begin(), id.end(), is_name_letter);
}

std::string nth(const char* list, std::size_t index) {
  return "/" + std::string(list) + "/" + std::to_string(index);
}

bool knows_schedule(const contact_book& book, const std::string& id) {
  return id.empty() || book.schedules.contains(id);
}

const contact_way* way_on(const person& who, const std::string& channel) {
  for (const contact_way& way : who.ways)
    if (way.channel == channel) return &way;
  return nullptr;
}

const contact_channel* channel_of(std::span<const contact_channel> channels, const std::string& name) {
  const auto found =
      std::find_if(channels.begin(), channels.end(), [&](const auto& each) { return each.name == name; });
  return found == channels.end() ? nullptr : &*found;
}

status check_person(const contact_book& book, const std::string& id, const person& who,
                    std::span<const contact_channel> channels) {
  const std::string where = "person " + id;
  // A name or an address cannot become a header or a second line anywhere.
  if (const auto fault = fault_in_text(who.name, text_form::one_line, most_name_bytes))
    return refuse("a name that cannot be kept: " + *fault, where + "/name");
  if (!who.zone) return refuse("a person without a time zone", where + "/zone");
  if (who.ways.empty()) return refuse("a person who cannot be reached", where + "/ways", "give at least one channel");
  if (who.ways.size() > contact_limits::ways) return refuse("a person has at most 50 ways", where + "/ways");
  if (!knows_schedule(book, who.schedule))
    return refuse("there is no schedule '" + who.schedule + "'", where + "/schedule");
  std::set<std::string> seen;
  for (std::size_t i = 0; i < who.ways.size(); ++i) {
    const contact_way& way = who.ways[i];
    const std::string at = where + nth("ways", i);
    const contact_channel* by = channel_of(channels, way.channel);
    if (by == nullptr) return refuse("there is no channel '" + way.channel + "'", at + "/channel");
    if (by->needs_address && says_nothing(way.address))
      return refuse("a way without the address that the channel '" + way.channel + "' needs", at + "/address");
    if (!seen.insert(way.channel).second)
      return refuse("two addresses on the channel '" + way.channel + "'", at + "/channel",
                    "make the second one a person");
    if (const auto fault = fault_in_text(way.address, text_form::one_line, longest_address))
      return refuse("an address that cannot be kept: " + *fault, at + "/address");
  }
  return nothing{};
}

status check_target(const contact_book& book, const step_target& target, std::span<const contact_channel> channels,
                    const std::string& where) {
  if (target.person.empty() == target.team.empty()) return refuse("a target is either a person or a team", where);
  if (!target.person.empty() && !book.persons.contains(target.person))
    return refuse("there is no person '" + target.person + "'", where);
  if (!target.team.empty() && !book.teams.contains(target.team))
    return refuse("there is no team '" + target.team + "'", where);
  if (!target.channel.empty() && channel_of(channels, target.channel) == nullptr)
    return refuse("there is no channel '" + target.channel + "'", where);
  return nothing{};
}

/// Whether somebody of the target is there at any time, for whatever is wrong.
bool is_always_there(const contact_book& book, const step_target& target) {
  const auto always = [&](const std::string& id, const std::string& shift) {
    const person& who = book.persons.at(id);
    return shift.empty() && who.schedule.empty() && who.least == severity::warning &&
           (target.channel.empty() || way_on(who, target.channel) != nullptr);
  };
  if (!target.person.empty()) return always(target.person, {});
  const auto& members = book.teams.at(target.team);
  return std::any_of(members.begin(), members.end(),
                     [&](const team_member& each) { return always(each.person, each.schedule); });
}

status check_policy(const contact_book& book, const std::string& id, const escalation_policy& policy,
                    std::span<const contact_channel> channels) {
  const std::string where = "policy " + id;
  if (policy.steps.empty() || policy.steps.size() > contact_limits::steps)
    return refuse("a policy has 1 to 50 steps", where + "/steps");
  if (policy.max_rounds == 0 || policy.max_rounds > contact_limits::rounds)
    return refuse("a policy goes through its steps 1 to 10000 times", where + "/max_rounds");
  if (policy.repeat < millis{0} || policy.quiet < millis{0}) return refuse("a negative time", where);
  if (policy.repeat > contact_limits::longest_wait || policy.quiet > contact_limits::longest_quiet)
    return refuse("all is repeated after at most a week, and alarms are gathered for at most an hour", where);
  millis before{-1};
  for (std::size_t i = 0; i < policy.steps.size(); ++i) {
    const escalation_step& step = policy.steps[i];
    const std::string at = where + nth("steps", i);
    if (step.after <= before)
      return refuse("steps come one after the other", at + "/after_seconds", "give rising times");
    before = step.after;
    if (step.after > contact_limits::longest_wait) return refuse("a step comes within a week", at + "/after_seconds");
    if (step.to.empty() || step.to.size() > contact_limits::targets)
      return refuse("a step has 1 to 100 targets", at + "/to");
    for (std::size_t j = 0; j < step.to.size(); ++j)
      if (auto bad = check_target(book, step.to[j], channels, at + nth("to", j)); !bad) return bad;
  }
  const auto& last = policy.steps.back().to;
  if (std::none_of(last.begin(), last.end(), [&](const step_target& each) { return is_always_there(book, each); }))
    return refuse("nobody of the last step is there at any time", where + nth("steps", policy.steps.size() - 1) + "/to",
                  "let it end at a person without a schedule who is called for warnings too");
  return nothing{};
}

bool catches_all(const alarm_route& route) {
  return !route.customer && !route.facility && route.least == severity::warning;
}

status check_routes(const contact_book& book) {
  for (const alarm_route& route : book.routes) {
    if (!book.policies.contains(route.policy)) return refuse("there is no policy '" + route.policy + "'", "routes");
    if (route.facility && !route.customer)
      return refuse("the facility '" + *route.facility + "' stands without its customer", "routes", "name both");
  }
  if (std::none_of(book.routes.begin(), book.routes.end(), catches_all))
    return refuse("some alarms would reach nobody", "routes",
                  "add a route for every customer and every severity that the others leave over");
  if (!book.system_policy.empty() && !book.policies.contains(book.system_policy))
    return refuse("there is no policy '" + book.system_policy + "'", "system_policy");
  return nothing{};
}

void find_twice(const std::string& team, const std::vector<team_member>& members, std::vector<failure>& out) {
  std::set<std::pair<std::string, std::string>> seen;
  for (const team_member& each : members)
    if (!seen.emplace(each.person, each.schedule).second)
      out.push_back(refuse("'" + each.person + "' is there twice" +
                               (each.schedule.empty() ? "" : " with the schedule '" + each.schedule + "'"),
                           "team " + team, "leave one out, or give it another schedule"));
}

void find_twice(const std::vector<alarm_route>& routes, std::vector<failure>& out) {
  std::map<std::tuple<std::optional<customer_id>, std::optional<std::string>, severity>, std::size_t> seen;
  for (std::size_t i = 0; i < routes.size(); ++i) {
    const alarm_route& route = routes[i];
    const auto [before, fresh] = seen.try_emplace({route.customer, route.facility, route.least}, i);
    if (fresh) continue;
    out.push_back(refuse("routes " + std::to_string(before->second + 1) + " ('" + routes[before->second].policy +
                             "') and " + std::to_string(i + 1) + " ('" + route.policy +
                             "') are of the same customer, facility and severity",
                         "routes", "leave one out: only the first is ever taken"));
  }
}

/// Why nothing can ever arrive at the address; nothing when something can.
std::optional<failure> fault_of_address(const contact_way& way, const contact_channel& by, const std::string& where) {
  const std::string which = "the address on the channel '" + by.name + "' is no ";
  if (by.form == address_form::mail && !is_mail_address(way.address))
    return refuse(which + "e-mail address", where, "write it as anna@example.org, without a name");
  if (by.form == address_form::url)
    if (const auto read = parse_url(way.address); !read)
      return refuse(which + "http or https URL: " + read.error().what, where, read.error().hint);
  return std::nullopt;
}

/// One that stands already stops no other change.
status check_new_addresses(const contact_book& wanted, const contact_book& stands,
                           std::span<const contact_channel> channels) {
  for (const auto& [id, who] : wanted.persons)
    for (std::size_t i = 0; i < who.ways.size(); ++i) {
      const contact_way& way = who.ways[i];
      if (way.address.empty() || has_way(stands, {id, way.channel, way.address})) continue;
      const std::string where = "person " + id + nth("ways", i) + "/address";
      if (auto fault = fault_of_address(way, *channel_of(channels, way.channel), where)) return std::move(*fault);
    }
  return nothing{};
}

template <class Map> status check_ids(const Map& map, const std::string& kind) {
  for (const auto& [id, what] : map)
    if (!is_id(id))
      return refuse("'" + id + "' is no id", kind, "use letters, digits, '-' and '_', at most 64 of them");
  return nothing{};
}

/// Adds those of a step whose schedule lets them, each once.
template <class On>
void add_called(const contact_book& book, const escalation_step& step, severity level, std::vector<callee>& out,
                const On& on) {
  for (const named_person& who : named_by(book, step, level)) {
    if (!on(who.schedule)) continue;
    for (const contact_way& way : who.ways) {
      callee one{who.id, way.channel, way.address};
      if (std::find(out.begin(), out.end(), one) == out.end()) out.push_back(std::move(one));
    }
  }
}

auto on_duty_at(const contact_book& book, timestamp now) {
  return [&book, now](const std::string& schedule) {
    return schedule.empty() || on_duty(book.schedules.at(schedule), now);
  };
}

template <class On>
std::vector<callee> sorted_of(const contact_book& book, const escalation_policy& policy, severity level, const On& on) {
  std::vector<callee> out;
  for (const escalation_step& step : policy.steps)
    add_called(book, step, level, out, on);
  std::sort(out.begin(), out.end());
  return out;
}

status check_sizes(const contact_book& book) {
  constexpr auto most = contact_limits::others;
  const std::string too_many = "more than " + std::to_string(most);
  if (book.persons.size() > contact_limits::persons) return refuse("more than 10000 persons", "persons");
  if (book.schedules.size() > most) return refuse(too_many, "schedules");
  if (book.teams.size() > most) return refuse(too_many, "teams");
  if (book.policies.size() > most) return refuse(too_many, "policies");
  if (book.routes.size() > most) return refuse(too_many, "routes");
  for (const auto& [id, members] : book.teams)
    if (members.size() > most) return refuse(too_many + " members", "team " + id);
  return nothing{};
}

} // namespace

status check(const contact_book& book, std::span<const contact_channel> channels) {
  if (auto sizes = check_sizes(book); !sizes) return sizes;
  for (const status& ids : {check_ids(book.schedules, "schedules"), check_ids(book.persons, "persons"),
                            check_ids(book.teams, "teams"), check_ids(book.policies, "policies")})
    if (!ids) return ids;
  for (const contact_channel& channel : channels)
    if (!is_id(channel.name)) return refuse("'" + channel.name + "' is no id", "channels");
  for (const auto& [id, when] : book.schedules)
    if (auto bad = check(when); !bad) return refuse(bad.error().what, "schedule " + id, bad.error().hint);
  for (const auto& [id, who] : book.persons)
    if (auto bad = check_person(book, id, who, channels); !bad) return bad;
  for (const auto& [id, members] : book.teams)
    for (std::size_t i = 0; i < members.size(); ++i) {
      const team_member& member = members[i];
      const std::string at = "team " + id + nth("members", i);
      if (!book.persons.contains(member.person))
        return refuse("there is no person '" + member.person + "'", at + "/person");
      if (!knows_schedule(book, member.schedule))
        return refuse("there is no schedule '" + member.schedule + "'", at + "/schedule");
    }
  for (const auto& [id, policy] : book.policies)
    if (auto bad = check_policy(book, id, policy, channels); !bad) return bad;
  if (book.persons.empty()) return nothing{};
  return check_routes(book);
}

std::vector<failure> said_twice(const contact_book& book) {
  std::vector<failure> out;
  for (const auto& [id, members] : book.teams)
    find_twice(id, members, out);
  find_twice(book.routes, out);
  for (const auto& [id, when] : book.schedules)
    if (const auto overlap = overlap_in(when))
      out.push_back(refuse(*overlap + " overlap", "schedule " + id, "make one span of them"));
  return out;
}

status check_change(const contact_book& wanted, const contact_book& stands, std::span<const contact_channel> channels) {
  if (auto sound = check(wanted, channels); !sound) return sound;
  if (auto reached = check_new_addresses(wanted, stands, channels); !reached) return reached;
  std::set<std::string> before;
  for (const failure& each : said_twice(stands))
    before.insert(each.text());
  for (const failure& each : said_twice(wanted))
    if (!before.contains(each.text())) return each;
  return nothing{};
}

const std::string& shift_of(const contact_book& book, const team_member& member) {
  return member.schedule.empty() ? book.persons.at(member.person).schedule : member.schedule;
}

std::vector<named_person> named_by(const contact_book& book, const escalation_step& step, severity level) {
  std::vector<named_person> out;
  const auto add = [&](const team_member& member, const std::string& channel) {
    const person& who = book.persons.at(member.person);
    if (level < who.least) return;
    named_person& one = out.emplace_back(named_person{member.person, shift_of(book, member), {}});
    std::copy_if(who.ways.begin(), who.ways.end(), std::back_inserter(one.ways),
                 [&](const contact_way& way) { return channel.empty() || way.channel == channel; });
  };
  for (const step_target& target : step.to) {
    if (!target.person.empty()) {
      add({target.person, {}}, target.channel);
      continue;
    }
    for (const team_member& member : book.teams.at(target.team))
      add(member, target.channel);
  }
  return out;
}

std::vector<callee> on_call(const contact_book& book, const escalation_step& step, severity level, timestamp now) {
  std::vector<callee> out;
  add_called(book, step, level, out, on_duty_at(book, now));
  return out;
}

std::vector<callee> reached_by(const contact_book& book, const escalation_policy& policy, severity level) {
  return sorted_of(book, policy, level, [](const std::string&) { return true; });
}

std::vector<callee> reached_at(const contact_book& book, const escalation_policy& policy, severity level,
                               timestamp now) {
  return sorted_of(book, policy, level, on_duty_at(book, now));
}

const contact_way* way_of(const contact_book& book, const std::string& person, const std::string& channel) {
  const auto who = book.persons.find(person);
  return who == book.persons.end() ? nullptr : way_on(who->second, channel);
}

bool has_way(const contact_book& book, const callee& to) {
  const contact_way* way = way_of(book, to.person, to.channel);
  return way != nullptr && way->address == to.address;
}

std::string policy_for(const contact_book& book, customer_id customer, std::string_view facility, severity level) {
  if (customer == customer_id{} && !book.system_policy.empty()) return book.system_policy;
  const auto nearness = [](const alarm_route& route) {
    return std::pair((route.facility ? 2 : 0) + (route.customer ? 1 : 0), route.least);
  };
  const alarm_route* best = nullptr;
  for (const alarm_route& route : book.routes) {
    const bool fits = level >= route.least && (!route.customer || *route.customer == customer) &&
                      (!route.facility || *route.facility == facility);
    if (fits && (best == nullptr || nearness(route) > nearness(*best))) best = &route;
  }
  return best == nullptr ? std::string{} : best->policy;
}

} // namespace coldvigil
