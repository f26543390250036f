#include "net/views.hpp"

#include "core/driver_text.hpp"
#include "core/finding_text.hpp"

#include <algorithm>

namespace coldvigil {
namespace {

double rounded(double value) {
  return std::round(value * 1000.0) / 1000.0;
}

/// A whole m°C is 0.0018 °F: what lies behind the second digit is the conversion's, not the sensor's.
double shown(milli_celsius value, temperature_scale scale) {
  const double exact = from_milli_celsius(value, scale);
  return scale == temperature_scale::fahrenheit ? std::round(exact * 100.0) / 100.0 : rounded(exact);
}

std::optional<std::string> name_of(const facility_record* facility) {
  return facility ? facility->name : std::nullopt;
}

std::string_view status_of(const unit_now& unit, const staleness& stale) {
  if (!unit.open.empty()) return "alarm";
  if (!unit.last) return "no_data";
  const millis interval = unit.unit->interval.count() > 0 ? millis(unit.unit->interval) : stale.unknown_interval;
  const timestamp heard = std::max(unit.last_contact.value_or(unit.last->at), unit.last->at);
  return stale.now - heard > std::max(3 * interval, stale.floor) ? "stale" : "normal";
}

void write_now(json_writer& out, const unit_now& unit) {
  const temperature_scale scale = unit.last ? unit.last->scale : unit.unit->scale;
  out.key("current_temperature");
  if (unit.last)
    out.value(shown(unit.last->value, scale));
  else
    out.null();
  out.key("current_temperature_c");
  if (unit.last)
    out.thousandths(unit.last->value);
  else
    out.null();
  out.member("current_temperature_unit", to_string(scale));
  out.key("last_reading_time");
  if (unit.last)
    out.value(unit.last->at);
  else
    out.null();
  out.member("last_contact", unit.last_contact);
  out.member("score", unit.last ? shown_score(*unit.last) : std::nullopt);
  out.member("reconstruction_error", unit.last ? shown_error(*unit.last) : std::nullopt);
  write_forecast(out, "time_to_breach", unit.last ? unit.last->why.breach : breach_forecast{});
  out.key("score_state");
  if (unit.last)
    out.value(to_string(unit.last->state));
  else
    out.null();
}

void write_limits_not_taken(json_writer& out, const unit_record& unit, const limits_not_taken* in_file) {
  out.key("limits_not_taken");
  const auto found = in_file ? in_file->find(number(unit.id)) : limits_not_taken::const_iterator{};
  if (in_file == nullptr || found == in_file->end()) {
    out.null();
    return;
  }
  out.begin_object().key("low_c").thousandths(found->second.low);
  out.key("high_c").thousandths(found->second.high).end_object();
}

} // namespace

std::optional<double> shown_score(const judged_reading& reading) {
  if (reading.state != score_state::scored) return std::nullopt;
  return rounded(static_cast<double>(reading.score));
}

std::optional<double> shown_error(const judged_reading& reading) {
  if (std::isnan(reading.error)) return std::nullopt;
  return rounded(static_cast<double>(reading.error));
}

std::optional<double> shown_usual(const judged_reading& reading) {
  const score_driver& why = reading.why.driver;
  if (why.channel == 0) return std::nullopt;
  return rounded(in_celsius(reading.value) - static_cast<double>(why.departure_k));
}

void write_curves(json_writer& out, const std::vector<judged_reading>& drawn) {
  out.key("t").begin_array();
  for (const judged_reading& each : drawn)
    out.value(to_ms(each.at));
  out.end_array().key("c").begin_array();
  for (const judged_reading& each : drawn)
    out.thousandths(each.value);
  out.end_array().key("usual").begin_array();
  for (const judged_reading& each : drawn)
    out.value(shown_usual(each));
  out.end_array().key("score").begin_array();
  for (const judged_reading& each : drawn)
    out.value(shown_score(each));
  out.end_array();
}

void write_forecast(json_writer& out, std::string_view name, const breach_forecast& of) {
  out.key(name);
  if (of.within == breach_horizon::none) {
    out.null();
    return;
  }
  out.begin_object().member("within", to_string(of.within)).member("limit", of.high ? "high" : "low");
  if (of.within == breach_horizon::minutes) {
    const auto whole = [](float minutes) { return std::round(static_cast<double>(minutes)); };
    out.member("minutes", whole(of.minutes)).member("earliest", whole(of.earliest));
    out.member("latest", whole(of.latest));
  }
  out.end_object();
}

customer_view::customer_view(std::shared_ptr<const customer_now> now) : now_(std::move(now)) {
  for (const auto& facility : now_->directory->facilities)
    facilities_.emplace(number(facility->id), facility.get());
}

const facility_record* customer_view::facility(facility_id id) const {
  const auto found = facilities_.find(number(id));
  return found == facilities_.end() ? nullptr : found->second;
}

const unit_now* customer_view::unit(unit_id id) const {
  return now_->find(id);
}

void write_reading(json_writer& out, const customer_view& of, const unit_record& unit, const judged_reading& reading,
                   std::string_view sensor) {
  const facility_record* facility = of.facility(unit.facility);
  const std::string id = to_string(unit.public_id);
  const bool outside = reading.value < unit.range.low || reading.value > unit.range.high;
  out.begin_object();
  out.member("id", id + "@" + std::to_string(to_ms(reading.at)));
  out.member("storage_unit_id", id).member("unit_code", unit.code).member("unit_name", unit.name);
  out.member("facility_id", facility ? std::optional(facility->public_id) : std::nullopt);
  out.member("facility_name", name_of(facility));
  out.member("customer_id", of.customer().public_id);
  out.member("temperature", shown(reading.value, reading.scale));
  out.member("temperature_unit", to_string(reading.scale));
  out.key("temperature_c").thousandths(reading.value);
  out.member("recorded_at", reading.at).member("sensor_id", sensor);
  out.member("equipment_status", outside ? "error" : "normal");
  out.member("score", shown_score(reading)).member("score_state", to_string(reading.state));
  out.member("reconstruction_error", shown_error(reading)).member("explanation", driver_text(reading.why.driver));
  out.member("model", reading.model != 0 ? std::optional(std::int64_t{reading.model}) : std::nullopt);
  write_forecast(out, "time_to_breach", reading.why.breach);
  out.end_object();
}

void write_unit(json_writer& out, const customer_view& of, const unit_now& now, const staleness& stale,
                const limits_not_taken* in_file) {
  const unit_record& unit = *now.unit;
  const facility_record* facility = of.facility(unit.facility);
  out.begin_object();
  out.member("id", unit.public_id).member("unit_code", unit.code).member("name", unit.name);
  out.member("facility_id", facility ? std::optional(facility->public_id) : std::nullopt);
  out.member("facility_code", facility ? std::optional(facility->code) : std::nullopt);
  out.member("customer_id", of.customer().public_id).member("customer_code", of.customer().code);
  out.member("size_value", unit.size_value).member("size_unit", unit.size_unit);
  out.member("set_temperature", unit.set_point ? std::optional(shown(*unit.set_point, unit.scale)) : std::nullopt);
  out.member("temperature_unit", to_string(unit.scale)).member("kind", to_string(unit.kind));
  out.member("low", shown(unit.range.low, unit.scale)).member("high", shown(unit.range.high, unit.scale));
  out.key("low_c").thousandths(unit.range.low).key("high_c").thousandths(unit.range.high);
  out.member("interval_seconds",
             unit.interval.count() > 0 ? std::optional(std::int64_t{unit.interval.count()}) : std::nullopt);
  out.member("created_at", unit.created_at);
  write_now(out, now);
  out.member("temperature_status", status_of(now, stale));
  out.key("open_rules").begin_array();
  for (const auto& alarm : now.open)
    out.value(to_string(alarm->rule));
  out.end_array().key("out_of_service");
  write_service(out, now.out_of_service.get());
  write_limits_not_taken(out, unit, in_file);
  out.end_object();
}

void write_excursion(json_writer& out, const excursion& course) {
  out.begin_object().member("onset", course.onset);
  out.key("lowest_c").thousandths(course.lowest).key("highest_c").thousandths(course.highest);
  out.key("mean_c").thousandths(course.mean).key("mkt_c").thousandths(course.mkt);
  out.member("seconds", static_cast<double>(course.lasted.count()) / 1000.0);
  out.member("unseen_seconds", static_cast<double>(course.unseen.count()) / 1000.0);
  out.member("end_unknown", course.end_unseen).end_object();
}

void write_life_event(json_writer& out, const life_event& event) {
  out.begin_object().member("event", to_string(event.kind)).member("at", event.at);
  out.member("who", event.who).member("text", event.text).member("until", event.until).end_object();
}

void write_service(json_writer& out, const service_change* out_of_service) {
  if (!out_of_service) {
    out.null();
    return;
  }
  out.begin_object().member("since", out_of_service->at).member("who", out_of_service->who);
  out.member("reason", out_of_service->reason).end_object();
}

void write_mark(json_writer& out, std::string_view name, const std::optional<alarm_life::mark>& mark,
                std::optional<timestamp> until) {
  out.key(name);
  if (!mark) {
    out.null();
    return;
  }
  out.begin_object().member("at", mark->at).member("who", mark->who).member("text", mark->text);
  if (until) out.member("until", *until);
  out.end_object();
}

namespace {

void write_life(json_writer& out, const alarm_life& life) {
  out.member("stage", to_string(life.stage()));
  out.key("life").begin_object();
  write_mark(out, "acknowledged", life.acknowledged);
  write_mark(out, "shelved", life.shelved, life.shelved_until);
  write_mark(out, "suppressed", life.suppressed);
  write_mark(out, "out_of_service", life.out_of_service);
  write_mark(out, "closed", life.closed);
  out.key("assignee");
  if (life.assignee.empty())
    out.null();
  else
    out.value(life.assignee);
  out.member("comments", life.comments).member("actions", life.actions);
  out.member("raised_again", life.raised_again).end_object();
}

} // namespace

std::string_view state_of(const alarm_record& alarm) {
  return alarm.annulled ? "annulled" : alarm.cleared_at ? "cleared" : "open";
}

void write_open_alarm_object(json_writer& out, const customer_view& of, const alarm_record& alarm,
                             const alarm_life& life) {
  const unit_now* unit = of.unit(alarm.unit);
  const facility_record* facility = of.facility(alarm.facility);
  out.begin_object();
  out.member("id", alarm.public_id);
  out.member("unit_id", unit ? std::optional(unit->unit->public_id) : std::nullopt);
  out.member("unit_code", unit ? std::optional(unit->unit->code) : std::nullopt);
  out.member("unit_name", unit ? unit->unit->name : std::nullopt);
  out.member("facility_id", facility ? std::optional(facility->public_id) : std::nullopt);
  out.member("facility_code", facility ? std::optional(facility->code) : std::nullopt);
  out.member("customer_id", of.customer().public_id).member("customer_code", of.customer().code);
  out.member("rule", to_string(alarm.rule));
  out.member("state", state_of(alarm));
  out.member("raised_at", alarm.raised_at).member("cleared_at", alarm.cleared_at);
  out.key("raised_temperature_c").thousandths(alarm.raised_value).key("extreme_c").thousandths(alarm.extreme);
  out.member("peak_score", rounded(static_cast<double>(alarm.peak_score)));
  out.member("explanation", alarm.explanation);
  const temperature_scale scale = unit ? unit->unit->scale : temperature_scale::celsius;
  out.member("finding", finding_in_words(alarm, alarm.raised_value, scale));
  out.member("worst", worst_in_words(alarm, scale));
  out.key("limits").begin_object();
  out.key("low_c").thousandths(alarm.rules.range.low).key("high_c").thousandths(alarm.rules.range.high);
  out.member("consecutive", alarm.rules.consecutive).end_object();
  out.key("rule_limit_c");
  if (has_temperature_limit(alarm.rule))
    out.thousandths(alarm.by.limit);
  else
    out.null();
  out.member("rules_version", alarm.rules.version).member("retroactive", alarm.retroactive);
  out.member("unseen_seconds", static_cast<double>(alarm.course.unseen.count()) / 1000.0);
  out.member("end_unknown", alarm.course.end_unseen);
  out.member("severity", to_string(alarm.by.level)).member("rule_name", alarm.by.name);
  write_life(out, life);
}

void write_alarm(json_writer& out, const customer_view& of, const alarm_record& alarm, const alarm_life& life) {
  write_open_alarm_object(out, of, alarm, life);
  out.end_object();
}

alarm_life life_on_board(const customer_view& of, const alarm_record& alarm) {
  const unit_now* unit = of.unit(alarm.unit);
  return unit ? unit->life_of(alarm) : untouched(alarm);
}

void write_facility(json_writer& out, const customer_view& of, const facility_record& facility, std::size_t units) {
  out.begin_object();
  out.member("id", facility.public_id).member("customer_id", of.customer().public_id);
  out.member("facility_code", facility.code).member("name", facility.name);
  out.member("city", facility.city).member("country", facility.country);
  out.member("unit_count", units).member("created_at", facility.created_at);
  out.end_object();
}

} // namespace coldvigil
