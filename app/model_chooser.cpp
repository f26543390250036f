#include "app/model_chooser.hpp"

#include "app/coldvigil_version.hpp"
#include "app/stored_units.hpp"
#include "core/score_calibration.hpp"
#include "model/paired_detector.hpp"
#include "net/metrics_text.hpp"

#include <algorithm>
#include <cmath>
#include <sys/resource.h>
#include <unistd.h>

namespace coldvigil {
namespace {

constexpr std::string_view calibration = "calibration";
constexpr std::string_view retraining = "retraining";
constexpr millis day = std::chrono::days{1};
constexpr millis looked_back = std::chrono::days{35};
constexpr std::size_t units_looked_at = 2'000;
/// A threshold that moves less than this is the same: every version begins its scores anew.
constexpr double worth_a_version = 0.02;
/// The new threshold needs no warm-up, but what is being judged must not change under a reading on its way.
constexpr millis soon = std::chrono::minutes{10};
constexpr millis taught = std::chrono::days{14};
constexpr std::size_t units_taught = 500, least_taught = 10, held_back_every = 5;
constexpr std::size_t windows_a_unit = 300;
constexpr std::size_t readings_taught = 20'160; ///< of a unit: fourteen days, a reading a minute
constexpr int background = 10;                  ///< niceness

/// Calibrating and training wait for what readings and alarms need of the processor. Linux has a niceness a thread.
void stand_back() {
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), background);
}

} // namespace

model_chooser::model_chooser(const settings& config, const now_board& board, std::string running, report retrained)
    : config_(config), board_(board), models_(config.model.registry), running_(std::move(running)),
      retrained_(std::move(retrained)) {}

model_chooser::answer model_chooser::next(store_reader& reader, std::uint16_t present, timestamp now) {
  stand_back();
  auto wanted = wanted_by_people();
  if (!wanted.ok() || *wanted) return wanted;
  if (!look_back_at_) look_back_at_ = now + std::chrono::hours{1};
  if (!retrain_at_) retrain_at_ = retraining_due(now);
  if (now >= *look_back_at_) return look_back(reader, present, now);
  if (config_.model.retrain_days > 0 && now >= *retrain_at_) return retrain(reader, now);
  return std::optional<actors::model_candidate>{};
}

// --- people

model_chooser::answer model_chooser::wanted_by_people() {
  const auto active = models_.active();
  std::string wanted = active.ok() ? active->value_or(running_) : "the list";
  if (active.ok() && wanted == running_) {
    refused_.clear();
    return std::optional<actors::model_candidate>{};
  }
  if (wanted == refused_) return std::optional<actors::model_candidate>{};
  refused_ = wanted;
  if (!active.ok()) return active.error();
  const auto history = models_.history();
  const bool back = history.ok() && !history->empty() && history->back().back;
  const std::string who = history.ok() && !history->empty() ? history->back().who : "";
  return candidate(wanted, who, back ? "models rollback" : "models activate");
}

model_chooser::answer model_chooser::candidate(const std::string& version, const std::string& who,
                                               const std::string& reason) const {
  const auto bytes = models_.read(version);
  if (!bytes.ok()) return bytes.error();
  const auto file = read_model(*bytes, version);
  if (!file.ok()) return file.error();
  auto scorer = load_pair(*bytes, version, config_.model.budget);
  if (!scorer.ok()) return scorer.error();
  const auto running = running_model();
  const bool same_windows = running.ok() && running->weights == file->weights;
  const millis warm_up = same_windows ? soon : std::max<millis>(soon, config_.model.warm_up);
  return std::optional(
      actors::model_candidate{std::shared_ptr<detector>(std::move(*scorer)), version, who, reason, warm_up});
}

result<model_file> model_chooser::running_model() const {
  const auto bytes = models_.read(running_);
  if (!bytes.ok()) return bytes.error();
  return read_model(*bytes, running_);
}

model_chooser::answer model_chooser::adopt(const model_file& file, const std::string& who, const std::string& reason,
                                           timestamp now) {
  const auto bytes = write_model(file);
  if (!bytes.ok()) return bytes.error();
  const auto version = models_.add(*bytes, file.name);
  if (!version.ok()) return version.error();
  if (const auto done = models_.activate(*version, who, now); !done.ok()) return done.error();
  return candidate(*version, who, reason);
}

std::optional<timestamp> model_chooser::last_by(const std::string& who) const {
  const auto history = models_.history();
  std::optional<timestamp> out;
  if (!history.ok()) return out;
  for (const activation& each : *history)
    if (each.who == who) out = each.at;
  return out;
}

std::vector<model_chooser::known_unit>
model_chooser::some_units(std::size_t most, const std::function<bool(const customer_record&)>& wanted) const {
  all_now now = board_.all();
  std::erase_if(now.customers, [&](const auto& each) { return !wanted(*each->directory->customer); });
  std::size_t all = 0;
  for (const auto& customer : now.customers)
    all += customer->unit_count;
  const std::size_t every = std::max<std::size_t>(1, (all + most - 1) / std::max<std::size_t>(most, 1));
  std::vector<known_unit> out;
  std::size_t place = 0;
  for (const auto& customer : now.customers)
    for (std::size_t i = 0; i < customer->unit_count; ++i)
      if (place++ % every == 0) out.push_back({customer->directory->customer, customer->unit(i).unit});
  return out;
}

// --- the budget

/// What the running version's scores were over the last weeks: how often they were over the threshold, and, now and
/// then, a threshold that fits the budget better.
model_chooser::answer model_chooser::look_back(store_reader& reader, std::uint16_t present, timestamp now) {
  look_back_at_ = now + day;
  const auto running = running_model();
  if (!running.ok()) return running.error();
  fleet_scores scores;
  const auto units = some_units(units_looked_at, [](const customer_record&) { return true; });
  for (const known_unit& each : units) {
    if (ending_) return std::optional<actors::model_candidate>{};
    const auto readings = reader.sealed(each.unit->point, now - looked_back, now);
    if (!readings.ok()) return readings.error();
    fleet_scores::unit unit;
    for (const judged_reading& one : *readings)
      if (one.model == present) scores.add(unit, one.at, one.state, static_cast<double>(one.score), one.why.driver);
  }
  const std::size_t over = scores.peaks_over_threshold();
  const fleet_tail seen = scores.fit();
  unit_months_ = seen.unit_months;
  achieved_ = seen.unit_months > 0 ? static_cast<double>(over) / seen.unit_months : 0;
  const auto before = last_by(std::string(calibration));
  const bool due = config_.model.refit_days > 0 && (!before || now - *before >= config_.model.refit_days * day);
  if (!seen.fit || !due) return std::optional<actors::model_candidate>{};
  // The scores are in units of the running threshold; a calibration is in those of the one that ships.
  const double threshold = course_threshold(running->tail, config_.model.budget);
  model_file fresh = *running;
  fresh.tail = seen.fit;
  fresh.tail->level *= threshold;
  fresh.tail->scale *= threshold;
  if (std::abs(std::log(course_threshold(fresh.tail, config_.model.budget) / threshold)) < worth_a_version)
    return std::optional<actors::model_candidate>{};
  char on[160];
  std::snprintf(on, sizeof on, "stored scores of %zu units up to %s, %.1f unit-months", units.size(),
                format_utc(now).c_str(), seen.unit_months);
  fresh.calibrated_on = on;
  return adopt(fresh, std::string(calibration), on, now);
}

// --- the autoencoder

/// A program that is started anew every week retrains all the same: time counts from the last one, or from the first
/// customer on.
timestamp model_chooser::retraining_due(timestamp now) const {
  timestamp last = now;
  for (const auto& customer : board_.all().customers)
    last = std::min(last, customer->directory->customer->created_at);
  if (const auto note = models_.last_retraining(); note.ok() && *note) last = std::max(last, (*note)->at);
  if (const auto taken = last_by(std::string(retraining))) last = std::max(last, *taken);
  return last + config_.model.retrain_days * day;
}

result<model_chooser::lessons> model_chooser::lessons_from(store_reader& reader, timestamp now) const {
  lessons out;
  for (const known_unit& each : some_units(units_taught, teachers(config_))) {
    if (ending_) return out;
    const auto readings = reader.sealed(each.unit->point, now - taught, now);
    if (!readings.ok()) return readings.error();
    const std::string& customer = each.customer->code;
    training_series one = healthy_series(customer + "/" + each.unit->code, *each.unit, *readings);
    auto& all = one.readings;
    if (all.empty()) continue;
    if (all.size() > readings_taught) all.erase(all.begin(), all.end() - readings_taught);
    if (out.customers.empty() || out.customers.back() != customer) out.customers.push_back(customer);
    if (out.units++ % held_back_every == 0)
      take_windows(one, windows_a_unit, out.held_back);
    else
      out.series.push_back(std::move(one));
  }
  return out;
}

bool model_chooser::people_wait() const {
  const auto active = models_.active();
  return active.ok() && *active && **active != running_ && **active != refused_;
}

model_chooser::answer model_chooser::no_candidate(const std::string& outcome, bool ended, timestamp now) {
  ++(ended ? worse_ : broken_off_);
  if (!ended) retrain_at_ = now + day;
  retrained_(outcome);
  if (!ended) return std::optional<actors::model_candidate>{};
  if (const auto noted = models_.note_retraining({now, outcome}); !noted.ok()) return noted.error();
  return std::optional<actors::model_candidate>{};
}

/// Trained on four fifths of the units, taken only when it is no worse on the rest.
model_chooser::answer model_chooser::retrain(store_reader& reader, timestamp now) {
  retrain_at_ = now + config_.model.retrain_days * day;
  const auto running = running_model();
  if (!running.ok()) return no_candidate("not begun: " + running.error().text(), false, now);
  const auto from = lessons_from(reader, now);
  if (ending_) return std::optional<actors::model_candidate>{};
  if (!from.ok()) return no_candidate("not begun: " + from.error().text(), false, now);
  if (from->units < least_taught || from->held_back.size() == 0)
    return no_candidate("not begun: " + std::to_string(from->units) + " units of customers who agreed have readings, " +
                            std::to_string(least_taught) + " are needed",
                        false, now);
  training_options options;
  options.seed = static_cast<std::uint64_t>(to_ms(now) / day.count());
  options.name = "lstm-ae-" + format_utc(now).substr(0, 10);
  options.trained_on = "the store: " + std::to_string(from->series.size()) + " units, 14 days up to " + format_utc(now);
  options.made_with = "coldvigil " + program_version();
  options.customers = from->customers;
  // What is known of other fleets is not thrown away for the few units of this one.
  options.start = running->weights;
  options.learning_rate = 1e-3;
  bool gave_way = false;
  auto fresh = train(options, from->series, [&](const training_progress& at) {
    gave_way = gave_way || (at.batch == 1 && people_wait());
    return !ending_ && !gave_way;
  });
  if (ending_) return std::optional<actors::model_candidate>{};
  if (gave_way) return no_candidate("broken off: another version was made active", false, now);
  if (!fresh.ok()) return no_candidate("failed: " + fresh.error().text(), false, now);
  fresh->tail = running->tail;
  fresh->calibrated_on = running->calibrated_on;
  const double before = evaluate_loss(running->weights, from->held_back.values).loss;
  const double after = evaluate_loss(fresh->weights, from->held_back.values).loss;
  char figures[120];
  std::snprintf(figures, sizeof figures, "loss %.4f instead of %.4f on %zu windows held back", after, before,
                from->held_back.size());
  if (!(after <= before)) return no_candidate("not taken: " + std::string(figures), true, now);
  auto candidate = adopt(*fresh, std::string(retraining), figures, now);
  if (!candidate.ok()) return no_candidate("not taken: " + candidate.error().text(), false, now);
  ++taken_;
  retrained_("taken: " + std::string(figures));
  if (const auto noted = models_.note_retraining({now, "taken: " + std::string(figures)}); !noted.ok())
    return noted.error();
  return candidate;
}

std::string model_chooser::metrics_text() const {
  coldvigil::metrics_text out;
  one(out, "coldvigil_model_budget", "gauge", "False alarms a unit-month that the operator set.", config_.model.budget);
  one(out, "coldvigil_model_alarms_per_unit_month", "gauge",
      "Times the score went over the threshold in the last weeks, true ones included, sensor rules not.", achieved_);
  one(out, "coldvigil_model_unit_months", "gauge", "Unit-months behind coldvigil_model_alarms_per_unit_month.",
      unit_months_);
  out.family("coldvigil_model_retrainings_total", "counter",
             "Retrainings: taken, no better than the present model, or not brought to their end (the log says why).");
  out.sample(static_cast<double>(taken_), label("outcome", "taken"));
  out.sample(static_cast<double>(worse_), label("outcome", "worse"));
  out.sample(static_cast<double>(broken_off_), label("outcome", "broken_off"));
  return out.text();
}

} // namespace coldvigil
