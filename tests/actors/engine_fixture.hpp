#pragma once
// The engine on virtual time: one thread, a store in memory, a detector made of arithmetic.

#include "actors/engine_system.hpp"
#include "core/rule_text.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/memory_store.hpp"

#include <caf/scheduler/test_coordinator.hpp>

#include <cmath>

namespace coldvigil::test {

/// Score = distance from -20 °C in units of 5 K; reconstruction error 0.5 as long as it is asked for errors.
class arithmetic_detector final : public detector {
 public:
  [[nodiscard]] const model_info& info() const override { return info_; }
  std::vector<detect_answer> step(std::span<detect_request> requests) override {
    std::vector<detect_answer> out;
    for (const detect_request& request : requests) {
      detect_answer answer;
      for (const detect_sample& sample : request.samples)
        answer.verdicts.push_back({static_cast<float>(std::abs(in_celsius(sample.value) + 20) / 5.0),
                                   score_state::scored, errors_ ? 0.5F : std::numeric_limits<float>::quiet_NaN()});
      out.push_back(std::move(answer));
    }
    return out;
  }
  void give_errors(bool wanted) override { errors_ = wanted; }
  result<reconstruction> reconstruct(const detector_state&) override {
    return reconstruction{{-20'000}, {-20'000}, 0, 1};
  }
  result<prediction> predict(std::span<const double> values, double low, double high, std::size_t,
                             const detector_state*) override {
    prediction out;
    out.temperature = values.back();
    out.bounds_breach = values.back() < low || values.back() > high;
    out.hybrid_alert = out.bounds_breach;
    return out;
  }

 private:
  bool errors_ = true;
  model_info info_{"arithmetic", std::string(64, 'a'), 1, 1, "nothing"};
};

struct deterministic_config : caf::actor_system_config {
  deterministic_config() { set("scheduler.policy", caf::atom("testing")); }
};

/// Three scores in a row raise an alarm of the model: a single reading is then the limits' alone.
inline actors::engine_limits with_three_in_a_row(actors::engine_limits limits) {
  limits.consecutive = 3;
  return limits;
}

/// One run of the program on a disk that outlives it.
struct running {
  using parts_change = std::function<void(actors::engine_parts&)>;
  explicit running(std::shared_ptr<disk> on, actors::engine_limits limits = {}, std::size_t gate_size = 1000,
                   const parts_change& change = {}, std::optional<timestamp> at = {})
      : storage(std::move(on)), gate(gate_size), context{time,
                                                         with_three_in_a_row(limits),
                                                         metrics,
                                                         board,
                                                         gate,
                                                         [this] { return next_uuid(); },
                                                         [this](const std::string& who, const std::string& what) {
                                                           faults.push_back(who + ": " + what);
                                                         }} {
    coordinator.clock().current_time += std::chrono::hours(1);
    if (at) time.advance(*at - time.now());
    actors::engine_parts parts;
    parts.durable = std::make_shared<memory_store>(storage);
    parts.scorer = std::make_shared<arithmetic_detector>();
    parts.render = [](const feed_frame& f) { return std::to_string(f.first); };
    parts.log_failure = [this](const std::string& text) { log.push_back(text); };
    parts.customers = {{"A", "Customer A"}, {"B", "Customer B"}};
    if (change) change(parts);
    auto started = actors::engine_system::start(system, context, std::move(parts), false);
    engine = std::move(started).value();
    settle();
  }
  ~running() {
    // The process dies: nothing is committed any more.
    storage->failing_commits = 1'000'000;
    engine->abandon();
    settle();
    storage->failing_commits = 0;
  }

  std::size_t settle() {
    std::size_t steps = 0;
    while (coordinator.try_run_once())
      ++steps;
    return steps;
  }
  void advance(millis by) {
    time.advance(by);
    coordinator.advance_time(by);
    settle();
  }
  /// Lets everything under way reach its commit.
  void finish() {
    settle();
    advance(context.limits.commit_linger);
  }
  uuid next_uuid() {
    uuid id;
    id.bytes[0] = static_cast<std::uint8_t>(++uuids);
    id.bytes[1] = static_cast<std::uint8_t>(uuids >> 8);
    return id;
  }
  void register_unit(const std::string& code, const std::string& facility = "f1") {
    unit_description unit;
    unit.facility_code = facility;
    unit.unit_code = code;
    unit.own_limits = limits{-25'000, -15'000};
    actors::registration_request request;
    request.units = {unit};
    request.allowed = true;
    request.max_units = 100;
    caf::anon_send(engine->customers().front().handle, std::move(request));
    finish();
  }
  /// One more rule of customer A, as if it had been committed long before.
  void rule_from(timestamp from, const char* text) {
    rule_history history = *context.rules->current();
    rule_record record;
    record.revision = history.revision() + 1;
    record.rule.customer = customer_id{1};
    record.rule.what = parse_rule_text(text).value();
    record.from = from;
    history.add(std::move(record));
    context.rules->publish(std::make_shared<const rule_history>(std::move(history)));
  }
  [[nodiscard]] const unit_now& unit(const std::string& code) {
    held = board.of(customer_id{1});
    return *held->find(code);
  }
  std::vector<item_result> post(const std::string& code, std::vector<std::pair<timestamp, milli_celsius>> what,
                                bool history = false) {
    // An answer may come after this call, when the commit was held up.
    const auto told = std::make_shared<std::vector<item_result>>();
    submission items;
    items.customer = customer_id{1};
    for (const auto& [at, value] : what)
      items.items.push_back({unit(code).unit->id, measured{at, value, temperature_scale::celsius, history, ""}});
    items.done = [told](std::span<const item_result> results) { told->assign(results.begin(), results.end()); };
    admitted = engine->front().submit(std::move(items));
    finish();
    return *told;
  }

  std::shared_ptr<disk> storage;
  manual_clock time;
  engine_metrics metrics;
  now_board board;
  admission_gate gate;
  actors::engine_context context;
  std::vector<std::string> log;
  std::vector<std::string> faults; ///< told as "who: what"
  std::shared_ptr<const customer_now> held;
  int uuids = 0;
  bool admitted = false;
  deterministic_config config;
  caf::actor_system system{config};
  caf::scheduler::test_coordinator& coordinator = dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  std::unique_ptr<actors::engine_system> engine;
};

} // namespace coldvigil::test
