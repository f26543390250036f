#include "evaluation/backtest.hpp"

#include "evaluation/readings_file.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <span>

namespace coldvigil {
namespace {

constexpr std::uint64_t progress_every = 50'000;

struct pending_reading {
  timestamp at;
  milli_celsius value;
};

/// What is kept of a unit.
struct running_unit {
  const std::string* code = nullptr;
  const unit_row* facts = nullptr;
  reorder_window order;
  detector_state state{};
  alarm_tracker alarms{};
  breach_ledger breaches{};
  std::vector<pending_reading> pending{};
  std::size_t done = 0; ///< of pending
};

class replay {
 public:
  replay(detector& with, const backtest_options& options, const backtest_output& out)
      : detector_(with), options_(options), out_(out) {
    for (const unit_row& unit : options.units)
      facts_.emplace(unit.unit, &unit);
  }

  result<backtest_counts> run() {
    auto file = readings_file::open(options_.readings);
    if (!file.ok()) return file.error();
    file_reading reading;
    std::uint64_t rows = 0;
    while (file->next(reading)) {
      const bool far_off = !options_.within.holds(reading.at);
      counts_.order.far_off += far_off ? 1 : 0;
      if (far_off || reading.at >= options_.stop_at) continue;
      running_unit* unit = find(reading.unit);
      if (unit == nullptr)
        return failure{error_code::limit, "the readings have too many units", options_.readings, "take them in parts"};
      if (const auto next = unit->order.add({reading.at, reading.value}, counts_.order)) take(*unit, *next);
      if (waiting_ >= options_.pending) score_all();
      if (++rows % progress_every == 0) out_.progress(file->progress());
    }
    if (!file->sound()) return failure{error_code::unavailable, "reading the file broke off", options_.readings};
    for (auto& [code, unit] : units_)
      while (const auto next = unit->order.flush())
        take(*unit, *next);
    score_all();
    for (auto& [code, unit] : units_)
      unit->alarms.finish(newest_, options_.rules, sink(*unit));
    counts_.units = units_.size();
    counts_.problems = file->problems();
    out_.progress(1);
    return counts_;
  }

 private:
  running_unit* find(std::string_view code) {
    if (recent_ != nullptr && *recent_->code == code) return recent_;
    auto found = units_.find(code);
    if (found == units_.end()) {
      if (units_.size() >= options_.most_units) return nullptr;
      found =
          units_
              .emplace(std::string(code),
                       std::make_unique<running_unit>(running_unit{.order = reorder_window(options_.reorder_window)}))
              .first;
      running_unit& fresh = *found->second;
      fresh.code = &found->first;
      if (const auto known = facts_.find(found->first); known != facts_.end()) fresh.facts = known->second;
      counts_.with_facts += fresh.facts ? 1 : 0;
      if (fresh.facts && fresh.facts->interval_s)
        fresh.alarms.expect_interval(std::chrono::seconds{*fresh.facts->interval_s});
    }
    recent_ = found->second.get();
    return recent_;
  }

  void take(running_unit& unit, const ordered_reading& reading) {
    newest_ = std::max(newest_, reading.at);
    if (!reading.value) {
      ++counts_.missing;
      return;
    }
    ++counts_.readings;
    if (unit.pending.empty()) with_pending_.push_back(&unit);
    unit.pending.push_back({reading.at, *reading.value});
    ++waiting_;
  }

  /// Units take turns, a run each, so that a step has requests of many units whatever the order of the file.
  void score_all() {
    while (!with_pending_.empty()) {
      for (std::size_t from = 0; from < with_pending_.size(); from += options_.batch)
        step(std::span{with_pending_}.subspan(from, std::min(options_.batch, with_pending_.size() - from)));
      std::erase_if(with_pending_, [](running_unit* unit) {
        if (unit->done < unit->pending.size()) return false;
        unit->pending = {};
        unit->done = 0;
        return true;
      });
    }
    waiting_ = 0;
  }

  void step(std::span<running_unit* const> units) {
    std::vector<detect_request> requests;
    for (running_unit* unit : units) {
      detect_request request{
          std::move(unit->state), {}, limit_of(*unit, &unit_row::low), limit_of(*unit, &unit_row::high)};
      const std::size_t end = std::min(unit->pending.size(), unit->done + options_.run);
      for (std::size_t i = unit->done; i < end; ++i)
        request.samples.push_back({unit->pending[i].at, unit->pending[i].value, true});
      requests.push_back(std::move(request));
    }
    auto answers = detector_.step(requests);
    for (std::size_t i = 0; i < units.size(); ++i)
      judge(*units[i], requests[i], answers[i]);
  }

  void judge(running_unit& unit, const detect_request& asked, detect_answer& answer) {
    const alarm_sink to = sink(unit);
    for (std::size_t i = 0; i < asked.samples.size(); ++i) {
      const detect_sample& sample = asked.samples[i];
      const verdict& judged = answer.verdicts[i];
      unit.alarms.add(sample.at, sample.value, judged, asked.low, asked.high, options_.rules, to);
      if (sample.at >= options_.report_from)
        unit.breaches.add(sample.at, sample.value, judged.why.breach, asked.low, asked.high, counts_.breaches);
      ++(judged.state == score_state::scored ? counts_.scored : counts_.warming);
      if (out_.score && sample.at >= options_.report_from) out_.score({*unit.code, sample.at, sample.value, judged});
    }
    unit.state = std::move(answer.state);
    unit.done += asked.samples.size();
  }

  static std::optional<milli_celsius> limit_of(const running_unit& unit,
                                               std::optional<milli_celsius> unit_row::*limit) {
    return unit.facts ? unit.facts->*limit : std::nullopt;
  }

  alarm_sink sink(const running_unit& unit) {
    return [this, code = unit.code](alarm_row row) {
      if (row.opened < options_.report_from) return;
      row.unit = *code;
      ++(row.severity == "alarm" ? counts_.alarms : counts_.warnings);
      out_.alarm(row);
    };
  }

  detector& detector_;
  const backtest_options& options_;
  const backtest_output& out_;
  std::map<std::string, const unit_row*> facts_;
  std::map<std::string, std::unique_ptr<running_unit>, std::less<>> units_;
  running_unit* recent_ = nullptr;
  std::vector<running_unit*> with_pending_;
  std::size_t waiting_ = 0;
  timestamp newest_ = timestamp::min();
  backtest_counts counts_;
};

} // namespace

result<backtest_counts> backtest(detector& with, const backtest_options& options, const backtest_output& out) {
  return replay(with, options, out).run();
}

} // namespace coldvigil
