#include "net/contact_json.hpp"

#include "core/duty_text.hpp"

#include <array>

namespace coldvigil {
namespace {

constexpr std::array days{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};

std::optional<std::string> if_any(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

bool on_duty_now(const contact_book& book, const std::string& schedule, timestamp now) {
  const auto found = book.schedules.find(schedule);
  return found == book.schedules.end() || on_duty(found->second, now);
}

/// Writes the parts of one book.
class book_writer {
 public:
  book_writer(json_writer& out, const contact_book& book, std::optional<timestamp> now)
      : out_(out), book_(book), now_(now) {}

  void part(const std::string& id, const person& who) {
    out_.begin_object().member("id", id).member("name", who.name).member("zone", who.zone->name());
    out_.member("severity", to_string(who.least)).member("schedule", if_any(who.schedule));
    if (now_) out_.member("on_duty", on_duty_now(book_, who.schedule, *now_));
    out_.key("ways").begin_array();
    for (const contact_way& way : who.ways)
      out_.begin_object().member("channel", way.channel).member("address", way.address).end_object();
    out_.end_array().end_object();
  }
  void part(const std::string& id, const std::vector<team_member>& members) {
    out_.begin_object().member("id", id).key("members").begin_array();
    for (const team_member& each : members) {
      out_.begin_object().member("person", each.person).member("schedule", if_any(each.schedule));
      const std::string& shift = each.schedule.empty() ? book_.persons.at(each.person).schedule : each.schedule;
      if (now_) out_.member("on_duty", on_duty_now(book_, shift, *now_));
      out_.end_object();
    }
    out_.end_array().end_object();
  }
  void part(const std::string& id, const escalation_policy& policy) {
    out_.begin_object().member("id", id).member("repeat_seconds", policy.repeat.count() / 1000);
    out_.member("max_rounds", policy.max_rounds).member("quiet_seconds", policy.quiet.count() / 1000);
    out_.key("steps").begin_array();
    for (const escalation_step& step : policy.steps) {
      out_.begin_object().member("after_seconds", step.after.count() / 1000).key("to").begin_array();
      for (const step_target& each : step.to) {
        out_.begin_object().member("person", if_any(each.person)).member("team", if_any(each.team));
        out_.member("channel", if_any(each.channel)).end_object();
      }
      out_.end_array().end_object();
    }
    out_.end_array().end_object();
  }
  void part(const std::string& id, const schedule& what) {
    out_.begin_object().member("id", id).member("zone", what.zone->name());
    if (now_) out_.member("on_duty", on_duty(what, *now_)).member("clock", what.zone->abbreviation(*now_));
    out_.key("week").begin_object();
    for (std::size_t day = 0; day < days.size(); ++day)
      spans(days[day], what.week[day]);
    out_.end_object().key("dates").begin_object();
    for (const auto& [date, duty] : what.dates)
      spans(to_text(date), duty);
    out_.end_object().end_object();
  }
  void routes(const customer_codes& customers) {
    out_.begin_array();
    for (const alarm_route& each : book_.routes) {
      std::optional<std::string> code;
      for (const auto& [name, id] : customers)
        if (each.customer == id) code = name;
      out_.begin_object().member("customer", code).member("severity", to_string(each.least));
      out_.member("policy", each.policy).end_object();
    }
    out_.end_array();
  }
  template <class List> void list(const List& parts) {
    out_.begin_array();
    for (const auto& [id, what] : parts)
      part(id, what);
    out_.end_array();
  }

 private:
  void spans(std::string_view day, const std::vector<duty_span>& list) {
    out_.key(day).begin_array();
    for (const duty_span& each : list)
      out_.value(to_text(each));
    out_.end_array();
  }

  json_writer& out_;
  const contact_book& book_;
  const std::optional<timestamp> now_;
};

/// Each element of a list as a text of its own.
template <class List>
void add_parts(std::map<std::string, std::string>& to, const contact_book& book, const std::string& kind,
               const List& list) {
  for (const auto& [id, what] : list) {
    json_writer out(to[kind + " " + id]);
    book_writer(out, book, std::nullopt).part(id, what);
  }
}

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

// --- writing

void write_schedules(json_writer& out, const contact_book& book, std::optional<timestamp> now) {
  book_writer(out, book, now).list(book.schedules);
}

void write_contacts(json_writer& out, const contact_book& book, const customer_codes& customers,
                    std::optional<timestamp> now) {
  book_writer parts(out, book, now);
  out.key("persons");
  parts.list(book.persons);
  out.key("teams");
  parts.list(book.teams);
  out.key("policies");
  parts.list(book.policies);
  out.key("routes");
  parts.routes(customers);
  out.member("system_policy", if_any(book.system_policy)).key("schedules");
  parts.list(book.schedules);
}

std::map<std::string, std::string> contact_parts(const contact_book& book, const customer_codes& customers) {
  std::map<std::string, std::string> out;
  add_parts(out, book, "person", book.persons);
  add_parts(out, book, "team", book.teams);
  add_parts(out, book, "policy", book.policies);
  add_parts(out, book, "schedule", book.schedules);
  if (!book.routes.empty()) {
    json_writer routes(out["routes"]);
    book_writer(routes, book, std::nullopt).routes(customers);
  }
  if (!book.system_policy.empty()) out["system_policy"] = book.system_policy;
  return out;
}

std::string contact_document(const contact_book& book, const customer_codes& customers) {
  std::string text;
  json_writer out(text);
  out.begin_object();
  write_contacts(out, book, customers, std::nullopt);
  out.end_object();
  return text;
}

// --- reading

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
  if (const std::string named = in.text("id"); !named.empty() && named != id) in.wrong("id", "is that of the path");
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

std::shared_ptr<const zone_clock> contact_reader::read_zone(member_reader& in) {
  const std::string name = in.text("zone");
  auto found = zones_(name.empty() ? "UTC" : name);
  if (found) return std::move(*found);
  in.wrong("zone", found.error().what);
  return nullptr;
}

void contact_reader::take(const std::string& id, member_reader& in, person& out) {
  out.name = in.text("name");
  if (out.name.empty()) out.name = id;
  out.zone = read_zone(in);
  out.least = in.word<severity>("severity", parse_severity, severity::warning);
  out.schedule = in.text("schedule");
  in.objects("ways", [&](member_reader way) {
    contact_way read;
    read.channel = way.needed_text("channel");
    read.address = way.text("address");
    way.end("a way");
    out.ways.push_back(std::move(read));
  });
  in.leave({"on_duty"});
}

void contact_reader::take(const std::string&, member_reader& in, std::vector<team_member>& out) {
  in.objects("members", [&](member_reader member) {
    team_member read;
    read.person = member.needed_text("person");
    read.schedule = member.text("schedule");
    member.leave({"on_duty"});
    member.end("a member");
    out.push_back(std::move(read));
  });
}

void contact_reader::take(const std::string&, member_reader& in, escalation_policy& out) {
  out.repeat = seconds_of(in, "repeat_seconds", out.repeat);
  out.max_rounds = in.whole<std::uint32_t>("max_rounds", out.max_rounds);
  out.quiet = seconds_of(in, "quiet_seconds", out.quiet);
  in.objects("steps", [&](member_reader step) {
    escalation_step read;
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
  out.zone = read_zone(in);
  if (const auto* given = in.take("week"); given && given->is_object()) {
    member_reader week(given->get_object(), in.at("week"), errors_);
    for (std::size_t day = 0; day < days.size(); ++day)
      out.week[day] = read_spans(week, days[day]);
    week.end("a week");
  } else if (given) {
    in.wrong("week", "an object");
  }
  if (const auto* given = in.take("dates"); given && given->is_object()) {
    member_reader dates(given->get_object(), in.at("dates"), errors_);
    for (const auto& member : given->get_object()) {
      const std::string name(member.key());
      if (const auto date = parse_date(name))
        out.dates[*date] = read_spans(dates, name);
      else
        dates.wrong(name, "a date as \"2026-12-25\"");
    }
  } else if (given) {
    in.wrong("dates", "an object");
  }
  in.leave({"on_duty", "clock"});
}

void contact_reader::read_routes(member_reader& in) {
  if (!in.has("routes")) return;
  out_.routes.emplace();
  if (in.take("routes") == nullptr) return in.wrong("routes", "a list");
  in.objects("routes", [&](member_reader route) {
    alarm_route read;
    const std::string code = route.text("customer");
    const auto known = customers_.find(code);
    if (known != customers_.end())
      read.customer = known->second;
    else if (!code.empty())
      route.wrong("customer", "there is no such customer");
    read.least = route.word<severity>("severity", parse_severity, severity::warning);
    read.policy = route.needed_text("policy");
    route.end("a route");
    out_.routes->push_back(std::move(read));
  });
}

// --- one element

bool is_contact_list(std::string_view name) {
  return name == "persons" || name == "teams" || name == "policies" || name == "schedules";
}

bool erase_contact(contact_book& book, const std::string& list, const std::string& id) {
  return in_list(list, book, [&](auto& elements) { return elements.erase(id) != 0; });
}

} // namespace coldvigil
