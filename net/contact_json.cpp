#include "net/contact_json.hpp"

#include "core/duty_text.hpp"

namespace coldvigil {
namespace {

std::optional<std::string> if_any(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

/// Writes the parts of one book.
class book_writer {
 public:
  book_writer(json_writer& out, const contact_book& book, std::optional<timestamp> now)
      : out_(out), book_(book), now_(now), roster_(book, now.value_or(timestamp{})) {}

  void part(const std::string& id, const person& who) {
    out_.begin_object().member("id", id).member("name", who.name).member("zone", who.zone->name());
    out_.member("severity", to_string(who.least)).member("schedule", if_any(who.schedule));
    if (now_) write_duty(out_, roster_.of(who.schedule));
    out_.key("ways").begin_array();
    for (const contact_way& way : who.ways)
      out_.begin_object().member("channel", way.channel).member("address", way.address).end_object();
    out_.end_array().end_object();
  }
  void part(const std::string& id, const std::vector<team_member>& members) {
    out_.begin_object().member("id", id).key("members").begin_array();
    for (const team_member& each : members) {
      out_.begin_object().member("person", each.person).member("schedule", if_any(each.schedule));
      if (now_) write_duty(out_, roster_.of(each));
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
    if (now_) write_duty(out_, roster_.of(id));
    if (now_) out_.member("clock", what.zone->abbreviation(*now_));
    out_.key("week").begin_object();
    for (std::size_t day = 0; day < weekday_names.size(); ++day)
      spans(weekday_names[day], what.week[day]);
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
      out_.begin_object().member("customer", code).member("facility", each.facility);
      out_.member("severity", to_string(each.least)).member("policy", each.policy).end_object();
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
  duty_roster roster_; ///< of `now_`
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

} // namespace

void write_duty(json_writer& out, const duty& when) {
  out.member("on_duty", when.on).member("duty_changes_at", when.changes_at);
}

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

} // namespace coldvigil
