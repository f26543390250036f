#pragma once
// How units, readings, alarms and facilities look from outside (docs/api.md), whoever shows them: a route or the feed.

#include "core/now_board.hpp"
#include "net/json_writer.hpp"

#include <memory>
#include <optional>
#include <unordered_map>

namespace coldvigil {

/// A customer's snapshot with its facilities by number: what every view needs to name things.
class customer_view {
 public:
  explicit customer_view(std::shared_ptr<const customer_now> now);

  [[nodiscard]] const customer_now& now() const { return *now_; }
  [[nodiscard]] const customer_record& customer() const { return *now_->directory->customer; }
  /// Null when unknown.
  [[nodiscard]] const facility_record* facility(facility_id id) const;
  [[nodiscard]] const unit_now* unit(unit_id id) const;

 private:
  std::shared_ptr<const customer_now> now_;
  std::unordered_map<std::int64_t, const facility_record*> facilities_;
};

/// When a silent unit is called stale: after three of its intervals, but never before `floor`.
struct staleness {
  timestamp now{};
  millis floor{60'000};
  millis unknown_interval{300'000}; ///< assumed when the unit's interval is not known
};

/// What the configuration file says of a known unit's limits where the unit has others, by the unit's number: the unit
/// keeps its own (docs/configuration.md).
using limits_not_taken = std::unordered_map<std::int64_t, limits>;

/// "t" (milliseconds), "c" (°C), "usual" and "score" of the readings, an array each.
void write_curves(json_writer& out, const std::vector<judged_reading>& drawn);
/// "open", "cleared" or "annulled"
[[nodiscard]] std::string_view state_of(const alarm_record& alarm);
/// Three digits; nothing unless the reading was scored, has a reconstruction error, or its score has a reason: only
/// then is it kept what was usual for the unit at that time (°C).
[[nodiscard]] std::optional<double> shown_score(const judged_reading& reading);
[[nodiscard]] std::optional<double> shown_error(const judged_reading& reading);
[[nodiscard]] std::optional<double> shown_usual(const judged_reading& reading);
/// When a limit will be crossed if it goes on so; null when nothing can be said.
void write_forecast(json_writer& out, std::string_view name, const breach_forecast& of);

void write_reading(json_writer& out, const customer_view& of, const unit_record& unit, const judged_reading& reading,
                   std::string_view sensor);
/// `in_file` may be null.
void write_unit(json_writer& out, const customer_view& of, const unit_now& unit, const staleness& stale,
                const limits_not_taken* in_file);
/// Without the closing brace, so that a route may add to it; `write_alarm` closes.
void write_open_alarm_object(json_writer& out, const customer_view& of, const alarm_record& alarm,
                             const alarm_life& life);
void write_alarm(json_writer& out, const customer_view& of, const alarm_record& alarm, const alarm_life& life);
/// What people did to an open alarm, as it was said: `as_of` a time ends shelvings.
[[nodiscard]] alarm_life life_on_board(const customer_view& of, const alarm_record& alarm);
void write_excursion(json_writer& out, const excursion& course);
void write_life_event(json_writer& out, const life_event& event);
void write_service(json_writer& out, const service_change* out_of_service);
void write_facility(json_writer& out, const customer_view& of, const facility_record& facility, std::size_t units);
/// Who did something to an alarm, when and with what words, as the member `name`; null when nobody did.
void write_mark(json_writer& out, std::string_view name, const std::optional<alarm_life::mark>& mark,
                std::optional<timestamp> until = std::nullopt);

} // namespace coldvigil
