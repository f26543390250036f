#pragma once
// A unit with its alarm book and a little deterministic detector, driven by hand.

#include "core/alarm_book.hpp"
#include "core/unit_judge.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <vector>

namespace coldvigil::test {

/// Score = distance of the value from an exponentially forgetting mean of the values before it, in units of 5 K. Order
/// matters to it, so a wrong order or a doubled step shows in the scores.
class mean_detector {
 public:
  static detect_answer step(const detect_request& request) {
    detect_answer answer;
    double mean = 0;
    bool known = !request.state.bytes.empty();
    if (known) std::memcpy(&mean, request.state.bytes.data(), sizeof mean);
    for (const detect_sample& sample : request.samples) {
      verdict said;
      said.state = known ? score_state::scored : score_state::warming;
      if (known) said.score = static_cast<float>(std::abs(in_celsius(sample.value) - mean) / 5.0);
      answer.verdicts.push_back(said);
      mean = known ? 0.9 * mean + 0.1 * in_celsius(sample.value) : in_celsius(sample.value);
      known = true;
    }
    answer.state.model = 1;
    answer.state.bytes.resize(sizeof mean);
    std::memcpy(answer.state.bytes.data(), &mean, sizeof mean);
    if (!request.samples.empty()) answer.state.as_of = request.samples.back().at;
    return answer;
  }
};

/// What the store would hold after the commits.
struct committed_view {
  std::map<timestamp, judged_reading> readings;
  std::map<std::int64_t, alarm_record> alarms; ///< newest state of each
  std::optional<unit_snapshot> snapshot;       ///< newest, brought up to the newest commit by its tail
  std::vector<std::string> sensors;

  [[nodiscard]] std::vector<alarm_record> standing() const {
    std::vector<alarm_record> out;
    for (const auto& [id, alarm] : alarms)
      if (!alarm.annulled) out.push_back(alarm);
    std::sort(out.begin(), out.end(), [](const alarm_record& a, const alarm_record& b) {
      return std::tie(a.by.id, a.raised_at) < std::tie(b.by.id, b.raised_at);
    });
    return out;
  }
};

class driven_unit {
 public:
  explicit driven_unit(unit_limits limits = {}, rule_set rules = own_rules({-25'000, -15'000}, 3))
      : limits_(limits), rules_(std::make_shared<const rule_set>(std::move(rules))) {}

  void offer(timestamp at, milli_celsius value, std::function<void(item_result)> told = {}, bool history = false) {
    offered what;
    what.reading.at = at;
    what.reading.value = value;
    what.reading.history = history;
    what.reading.sensor = "s";
    if (told) what.to.of = std::make_shared<receipt>(1, [told](std::span<const item_result> r) { told(r[0]); });
    judge_.offer({std::move(what)});
    note_settled();
  }

  /// Offers in one piece; `fates` must outlive the unit's runs and is filled when the last item is settled.
  void offer_together(const std::vector<std::pair<timestamp, milli_celsius>>& what, std::vector<item_result>& fates) {
    const auto all = std::make_shared<receipt>(
        what.size(), [&fates](std::span<const item_result> told) { fates.assign(told.begin(), told.end()); });
    std::vector<offered> together;
    for (const auto& [at, value] : what)
      together.push_back(
          {{at, value, temperature_scale::celsius, false, "s"}, {all, static_cast<std::uint32_t>(together.size())}});
    judge_.offer(std::move(together));
    note_settled();
  }

  /// Judges everything that waits, as the actor would.
  void run() {
    while (judge_.run_due())
      finish(mean_detector::step(judge_.begin_run()));
  }
  void finish(detect_answer answer) {
    auto done = judge_.finish_run(std::move(answer));
    while (!done)
      done = judge_.finish_run(mean_detector::step(judge_.begin_run()));
    commit(std::move(*done));
  }
  void run_unscored() {
    (void)judge_.begin_run();
    if (auto done = judge_.finish_unscored(score_state::timeout)) commit(std::move(*done));
  }
  /// Forgets everything that is not committed and goes on from what is.
  void crash() {
    unit_snapshot last = store_.snapshot.value_or(unit_snapshot{});
    last.tail.clear();
    const auto sealed_to = sealed_through_;
    for (const auto& [at, reading] : store_.readings)
      if (!sealed_to || at > *sealed_to) last.tail.push_back(reading);
    last.sensors = store_.sensors;
    judge_ = unit_judge{unit_id{7}, point_id{7}, customer_id{1}, "u", limits_};
    book_ = fresh_book(last.base_as_of);
    judge_.restore(last);
    std::vector<alarm_record> alarms;
    std::optional<alarm_id> newest;
    for (const auto& [id, alarm] : store_.alarms) {
      newest = alarm.id;
      const auto since = last.base_as_of.value_or(timestamp::min());
      if (alarm.open() || alarm.raised_at >= since || (alarm.cleared_at && *alarm.cleared_at >= since))
        alarms.push_back(alarm);
    }
    book_.restore(last, alarms, newest);
  }
  /// As the facility's clock ticks.
  void watch(timestamp now, std::optional<timestamp> heard, timestamp started) { take(look(now, heard, started)); }
  std::vector<alarm_transition> look(timestamp now, std::optional<timestamp> heard, timestamp started) {
    const bool changed = changed_rules_ && now >= changed_from_;
    const auto by = silence_rules_of(changed ? *changed_rules_ : *rules_, changed ? changed_from_ : timestamp::min());
    return book_.judge_silence({now, heard, started}, by, [] { return uuid{}; });
  }
  /// From then on, as a committed fact.
  void change_rules(rule_set rules, timestamp from) {
    changed_rules_ = std::make_shared<const rule_set>(std::move(rules));
    changed_from_ = book_.change_rules(changed_rules_, from);
  }
  [[nodiscard]] alarm_book fresh_book(std::optional<timestamp> base) const {
    const alarm_book::owner owner{customer_id{1}, facility_id{1}, unit_id{7}};
    if (!changed_rules_) return {owner, rules_};
    if (base && *base >= changed_from_) return {owner, changed_rules_};
    alarm_book out(owner, rules_);
    (void)out.change_rules(changed_rules_, changed_from_);
    return out;
  }
  void commit(judged&& what) {
    const auto transitions = book_.apply(what, timestamp{}, [] { return uuid{}; });
    for (const alarm_transition& t : transitions)
      if (t.kind == transition_kind::raised && t.after.retroactive != found_late(t.after.raised_at, what.readings))
        throw std::logic_error("an alarm is not what it says of how it was found");
    take(transitions);
    if (what.replaces_from)
      store_.readings.erase(store_.readings.lower_bound(*what.replaces_from), store_.readings.end());
    for (const judged_reading& r : what.readings)
      if (!what.replaces_from || r.at >= *what.replaces_from) store_.readings[r.at] = r;
    learn(store_.sensors, what.new_sensors);
    if (what.sealed && !what.sealed->readings.empty()) sealed_through_ = what.sealed->readings.back().at;
    if (what.snapshot) store_.snapshot = what.snapshot;
    for (const settlement& s : what.settlements)
      s.to.settle(s.result);
  }
  void take(const std::vector<alarm_transition>& transitions) {
    for (const alarm_transition& t : transitions) {
      store_.alarms[number(t.after.id)] = t.after;
      assert_one_open(t.after);
    }
  }
  /// The reading that raises it is of history, or a newer one has been committed without it.
  [[nodiscard]] bool found_late(timestamp raised_at, const std::vector<judged_reading>& run) const {
    if (!store_.readings.empty() && store_.readings.rbegin()->first >= raised_at) return true;
    return std::any_of(run.begin(), run.end(),
                       [&](const judged_reading& each) { return each.at == raised_at && each.history; });
  }
  void note_settled() {
    for (const settlement& s : judge_.take_settled())
      s.to.settle(s.result);
  }
  void assert_one_open(const alarm_record& changed) {
    int open = 0;
    for (const auto& [id, alarm] : store_.alarms)
      if (alarm.by.id == changed.by.id && alarm.open()) ++open;
    if (open > 1) throw std::logic_error("two open alarms of one rule");
  }

  unit_limits limits_;
  alarm_book::shared_rules rules_;
  alarm_book::shared_rules changed_rules_{};
  timestamp changed_from_{};
  unit_judge judge_{unit_id{7}, point_id{7}, customer_id{1}, "u", limits_};
  alarm_book book_{{customer_id{1}, facility_id{1}, unit_id{7}}, rules_};
  committed_view store_;
  std::optional<timestamp> sealed_through_;
};

inline timestamp minute(int n) {
  return from_ms(1'700'000'000'000 + std::int64_t{n} * 60'000);
}

} // namespace coldvigil::test
