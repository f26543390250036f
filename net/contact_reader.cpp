// The contact book as somebody wants it, out of JSON.
#include "core/duty_text.hpp"
#include "net/contact_json.hpp"

namespace coldvigil {
namespace {

millis seconds_of(member_reader& in, const std::string& name, millis otherwise) {
  constexpr std::int64_t most = 1'000'000'000;
  const auto seconds = in.whole<std::int64_t>(name, otherwise.count() / 1000);
  if (seconds >= 0 && seconds <= most) return millis{seconds * 1000};
  in.wrong(name, "seconds, not less than none");
  return otherwise;
}

std::string kind_of(const std::string& list) {
  return list == "policies" ? "policy" : list.substr(0, list.size() - 1);
}

/// The list of a book, or of what is wanted of one, by its name.
template <class Lists, class Work> auto in_list(const std::string& name, Lists& of, Work&& work) {
  if (name == "persons") return work(of.persons);
  if (name == "teams") return work(of.teams);
  if (name == "policies") return work(of.policies);
  return work(of.schedules);
}

template <class Map> void put_all(const std::optional<Map>& from, Map& to) {
  if (from)
    for (const auto& [id, what] : *from)
      to.insert_or_assign(id, what);
}

} // namespace

result<contact_book> read_contact_document(const std::string& text, const customer_codes& customers,
                                           const zone_finder& zones) {
  boost::json::error_code error;
  const boost::json::value parsed = boost::json::parse(text, error);
  if (error || !parsed.is_object()) return failure{error_code::corrupt, "the stored contacts are no JSON object"};
  std::vector<field_error> errors;
  const wanted_contacts wanted = contact_reader(customers, zones, errors).read(parsed.get_object(), {});
  if (!errors.empty())
    return failure{error_code::corrupt, "the stored contacts cannot be read: " + errors.front().detail,
                   errors.front().pointer};
  contact_book out;
  wanted.replace_in(out);
  return out;
}

void wanted_contacts::replace_in(contact_book& book) const {
  if (schedules) book.schedules = *schedules;
  if (persons) book.persons = *persons;
  if (teams) book.teams = *teams;
  if (policies) book.policies = *policies;
  if (routes) book.routes = *routes;
  if (system_policy) book.system_policy = *system_policy;
}

void wanted_contacts::put_into(contact_book& book) const {
  put_all(schedules, book.schedules);
  put_all(persons, book.persons);
  put_all(teams, book.teams);
  put_all(policies, book.policies);
}

wanted_contacts contact_reader::read(const boost::json::object& from, const std::vector<std::string>& beside) {
  member_reader in(from, "#", errors_);
  in.leave(beside);
  for (const char* list : {"persons", "teams", "policies", "schedules"})
    read_list(list, in);
  read_routes(in);
  if (in.has("system_policy")) out_.system_policy = in.text("system_policy");
  out_.pointers["routes"] = "#/routes";
  out_.pointers["system_policy"] = "#/system_policy";
  in.end("a contact book");
  return std::move(out_);
}

wanted_contacts contact_reader::read_one(const std::string& list, const std::string& id,
                                         const boost::json::object& from, const std::vector<std::string>& beside) {
  member_reader in(from, "#", errors_);
  in.leave(beside);
  in.never_null({"id"});
  if (const auto* named = in.take("id"); named && !(named->is_string() && std::string_view(named->get_string()) == id))
    in.wrong("id", "is that of the path");
  read_element(list, id, in);
  out_.pointers[kind_of(list) + " " + id] = "#";
  return std::move(out_);
}

void contact_reader::read_list(const std::string& list, member_reader& in) {
  if (!in.has(list)) return;
  out_.pointers[list] = in.at(list);
  in_list(list, out_, [](auto& wanted) { wanted.emplace(); }); // an empty list is wanted as well as a full one
  if (in.take(list) == nullptr) return in.wrong(list, "a list");
  in.objects(list, [&](member_reader one) {
    const std::string id = one.needed_text("id");
    if (const auto* given = one.take("id"); given && given->is_string() && id.empty())
      one.wrong("id", "is empty: use letters, digits, '-' and '_'");
    if (!out_.pointers.emplace(kind_of(list) + " " + id, one.pointer()).second) one.wrong("id", "is there twice");
    read_element(list, id, one);
  });
}

void contact_reader::read_element(const std::string& list, const std::string& id, member_reader& in) {
  in_list(list, out_, [&](auto& wanted) {
    if (!wanted) wanted.emplace();
    take(id, in, (*wanted)[id]);
  });
  in.leave({"id"});
  in.end("a " + kind_of(list));
}

std::shared_ptr<const zone_clock> contact_reader::read_zone(member_reader& in, const char* otherwise) {
  const boost::json::value* given = in.take("zone");
  const bool is_text = given ? given->is_string() : otherwise != nullptr;
  if (!is_text) {
    in.wrong("zone", given ? "text" : "is needed");
    return nullptr;
  }
  auto found = zones_(given ? std::string(given->get_string()) : std::string(otherwise));
  if (found) return std::move(*found);
  in.wrong("zone", found.error().what);
  return nullptr;
}

void contact_reader::take(const std::string& id, member_reader& in, person& out) {
  in.never_null({"name", "zone", "severity", "ways"});
  in.need({"ways"});
  out.name = in.text("name");
  if (out.name.empty()) out.name = id;
  out.zone = read_zone(in, "UTC");
  out.least = in.word<severity>("severity", parse_severity, severity::warning);
  out.schedule = in.text("schedule");
  in.objects("ways", [&](member_reader way) {
    contact_way read;
    way.never_null({"address"});
    read.channel = way.needed_text("channel");
    read.address = way.text("address");
    way.end("a way");
    out.ways.push_back(std::move(read));
  });
  in.leave({"on_duty", "duty_changes_at"});
}

void contact_reader::take(const std::string&, member_reader& in, std::vector<team_member>& out) {
  in.never_null({"members"});
  in.need({"members"});
  in.objects("members", [&](member_reader member) {
    team_member read;
    read.person = member.needed_text("person");
    read.schedule = member.text("schedule");
    member.leave({"on_duty", "duty_changes_at"});
    member.end("a member");
    out.push_back(std::move(read));
  });
}

void contact_reader::take(const std::string&, member_reader& in, escalation_policy& out) {
  in.never_null({"repeat_seconds", "max_rounds", "quiet_seconds", "steps"});
  in.need({"steps"});
  out.repeat = seconds_of(in, "repeat_seconds", out.repeat);
  out.max_rounds = in.whole<std::uint32_t>("max_rounds", out.max_rounds);
  out.quiet = seconds_of(in, "quiet_seconds", out.quiet);
  in.objects("steps", [&](member_reader step) {
    escalation_step read;
    step.never_null({"after_seconds", "to"});
    step.need({"to"});
    read.after = seconds_of(step, "after_seconds", millis{0});
    step.objects("to", [&](member_reader target) {
      step_target to;
      to.person = target.text("person");
      to.team = target.text("team");
      to.channel = target.text("channel");
      target.end("a target");
      read.to.push_back(std::move(to));
    });
    step.end("a step");
    out.steps.push_back(std::move(read));
  });
}

std::vector<duty_span> contact_reader::read_spans(member_reader& in, const std::string& name) {
  std::vector<duty_span> out;
  in.list(name, [&](const boost::json::value& element, const std::string& pointer) {
    const auto* text = element.if_string();
    const auto span = text ? parse_duty(std::string_view(*text)) : std::nullopt;
    if (span && span->size() == 1)
      out.push_back(span->front());
    else
      errors_.push_back({pointer, "a span as \"22:00-06:00\""});
  });
  return out;
}

void contact_reader::take(const std::string&, member_reader& in, schedule& out) {
  in.never_null({"week", "dates"});
  in.need({"week"});
  out.zone = read_zone(in, nullptr);
  if (const auto* given = in.take("week"); given && given->is_object()) {
    member_reader week(given->get_object(), in.at("week"), errors_);
    for (std::size_t day = 0; day < weekday_names.size(); ++day) {
      week.never_null({weekday_names[day]});
      out.week[day] = read_spans(week, weekday_names[day]);
    }
    week.end("a week");
  } else if (given) {
    in.wrong("week", "an object");
  }
  if (const auto* given = in.take("dates"); given && given->is_object()) {
    member_reader dates(given->get_object(), in.at("dates"), errors_);
    for (const auto& member : given->get_object()) {
      const std::string name(member.key());
      dates.never_null({name.c_str()});
      if (const auto date = parse_date(name))
        out.dates[*date] = read_spans(dates, name);
      else
        dates.wrong(name, "a date as \"2026-12-25\"");
    }
  } else if (given) {
    in.wrong("dates", "an object");
  }
  in.leave({"on_duty", "duty_changes_at", "clock"});
}

void contact_reader::read_routes(member_reader& in) {
  if (!in.has("routes")) return;
  out_.routes.emplace();
  if (in.take("routes") == nullptr) return in.wrong("routes", "a list");
  in.objects("routes", [&](member_reader route) {
    alarm_route read;
    route.never_null({"severity"});
    const std::string code = route.text("customer");
    const auto known = customers_.find(code);
    if (known != customers_.end())
      read.customer = known->second;
    else if (!code.empty())
      route.wrong("customer", "there is no such customer");
    if (std::string facility = route.text("facility"); !facility.empty()) {
      if (code.empty()) route.wrong("facility", "goes with its customer");
      read.facility = std::move(facility);
    }
    read.least = route.word<severity>("severity", parse_severity, severity::warning);
    read.policy = route.needed_text("policy");
    route.end("a route");
    out_.routes->push_back(std::move(read));
  });
}

bool is_contact_list(std::string_view name) {
  return name == "persons" || name == "teams" || name == "policies" || name == "schedules";
}

bool has_contact(const contact_book& book, const std::string& list, const std::string& id) {
  return in_list(list, book, [&](const auto& elements) { return elements.contains(id); });
}

bool erase_contact(contact_book& book, const std::string& list, const std::string& id) {
  return in_list(list, book, [&](auto& elements) { return elements.erase(id) != 0; });
}

} // namespace coldvigil
