// The engine, wired: what the settings name is opened, brought to life, waited for and ended in order.
#include "actors/engine_system.hpp"
#include "app/access_setup.hpp"
#include "app/alarm_log.hpp"
#include "app/coldvigil_version.hpp"
#include "app/commands.hpp"
#include "app/customer_polling.hpp"
#include "app/end_watchdog.hpp"
#include "app/engine_metrics_text.hpp"
#include "app/engine_settings_of.hpp"
#include "app/event_log.hpp"
#include "app/kept_limits.hpp"
#include "app/model_chooser.hpp"
#include "app/network_front.hpp"
#include "app/notification_metrics_text.hpp"
#include "app/notification_setup.hpp"
#include "app/open_parts.hpp"
#include "app/request_log.hpp"
#include "app/server_options_of.hpp"
#include "app/settings_recording.hpp"
#include "app/signals.hpp"
#include "app/simulated_customers.hpp"
#include "app/system_probe.hpp"
#include "model/model_registry.hpp"
#include "model/paired_detector.hpp"
#include "net/live_json.hpp"
#include "net/random.hpp"
#include "web/assets.hpp"

#include <atomic>

namespace coldvigil {
namespace {

/// EX_SOFTWARE of sysexits.h: a service manager starts the program again.
constexpr int exit_fault = 70;

/// Everything that lives while the program serves. Members end in reverse order.
class serving {
 public:
  explicit serving(const settings& config)
      : config_(config), log_(config.log),
        gate_(config.engine.max_in_flight_readings), context_{time_,
                                                              engine_limits_of(config),
                                                              metrics_,
                                                              board_,
                                                              gate_,
                                                              [] { return make_uuid(); },
                                                              [this](const std::string& who, const std::string& what) {
                                                                note_fault(who, what);
                                                              }},
        caf_config_(config.engine.actor_threads) {}

  int run() {
    if (const auto up = bring_up(); !up.ok()) {
      log_.error("cannot_start", {{"reason", up.error().text()}});
      end();
      return 1;
    }
    const end_reason why = signals_.wait();
    log_.info("stopping", {{"reason", std::string(to_string(why))}});
    const bool clean = end();
    log_.info("stopped", {{"clean", clean ? "yes" : "no"}});
    if (why == end_reason::fault) return exit_fault;
    return clean ? 0 : 1;
  }

 private:
  /// On the thread of the part that failed. What it held is lost, so nothing waits for it: the next start goes on from
  /// what is committed.
  void note_fault(const std::string& who, const std::string& what) {
    log_.error("fault", {{"part", who}, {"reason", what}, {"hint", "coldvigil ends with code 70: start it again"}});
    if (!faulted_.exchange(true)) signals_.end_with_fault();
  }
  [[nodiscard]] millis patience() const { return faulted_ ? millis{0} : config_.engine.shutdown_timeout; }

  status bring_up();
  status open();
  status find_warming();
  status start_engine();
  std::shared_ptr<const actors::model_desk> models_of();
  status declare_units();
  void tell_of_kept_limits(const customer_record& customer, const std::vector<unit_description>& declared);
  status take_port();
  status admit_people();
  status start_front();
  status start_polling();
  bool end();

  const end_signals signals_; ///< the first member: no thread has started yet
  const settings& config_;
  const event_log log_;
  const system_clock time_;
  request_log requests_{log_, time_};
  engine_metrics metrics_;
  now_board board_;
  limits_not_taken not_taken_; ///< complete before anybody is let in
  admission_gate gate_;
  actors::engine_context context_;
  token_book tokens_;
  actor_settings caf_config_;

  std::atomic<bool> faulted_{false};
  std::vector<source_settings> sources_;
  std::unique_ptr<simulated_customers> simulated_;
  std::shared_ptr<store> durable_;
  std::shared_ptr<detector> scorer_;
  std::string model_version_;
  std::shared_ptr<detector> warming_;                    ///< the newest version, not in force yet
  std::unique_ptr<model_chooser> chooser_;               ///< nothing = the settings name one model for good
  std::shared_ptr<const notification_metrics> notified_; ///< nothing = nobody is told of anything
  std::unique_ptr<caf::actor_system> system_;
  std::unique_ptr<actors::engine_system> engine_;
  std::unique_ptr<network_front> bound_; ///< has the port; the front actor's from start_front on
  std::uint16_t port_ = 0;
  actors::front_actor front_;
  customer_polling polling_;
};

status serving::bring_up() {
  for (const auto step : {&serving::open, &serving::start_engine, &serving::declare_units, &serving::take_port,
                          &serving::admit_people, &serving::start_front, &serving::start_polling})
    if (auto done = (this->*step)(); !done.ok()) return done;
  return nothing{};
}

status serving::open() {
  auto durable = open_store(config_.store);
  if (!durable.ok()) return durable.error();
  durable_ = std::move(durable).value();
  if (auto done = record_settings(*durable_, config_, time_.now(), log_); !done.ok()) return done;
  auto scorer = open_detector(config_.model);
  if (!scorer.ok()) return scorer.error();
  scorer_ = scorer->scorer;
  model_version_ = scorer->version;
  if (const auto done = find_warming(); !done.ok()) return done;
  if (!scorer->refused.empty()) log_.error("model_refused", {{"reason", scorer->refused}, {"used", scorer->version}});
  sources_ = config_.customers;
  if (!config_.simulation.enabled) return nothing{};
  auto simulated = simulated_customers::start(config_.simulation, faults_path_of(config_.store), time_);
  if (!simulated.ok()) return simulated.error();
  simulated_ = std::move(simulated).value();
  for (source_settings& source : simulated_->sources())
    sources_.push_back(std::move(source));
  return nothing{};
}

/// The newest version may still be warming up: then the one that judges now does so until the time that was committed.
status serving::find_warming() {
  if (!scorer_ || !config_.model.path.empty()) return nothing{};
  constexpr std::size_t looked_at = 64; // further back it is the one that ships
  const auto last = durable_->model_activations(looked_at);
  if (!last.ok()) return last.error();
  const timestamp now = time_.now();
  if (last->empty() || last->front().from <= now || last->front().version != model_version_) return nothing{};
  const model_activation* judging = judging_at(*last, now);
  const std::string version = judging ? judging->version : std::string(shipped_version);
  const auto bytes = model_registry(config_.model.registry).read(version);
  if (!bytes.ok()) return nothing{}; // it is gone: the new one judges at once
  auto before = load_pair(*bytes, version, config_.model.budget);
  if (before.ok()) warming_ = std::exchange(scorer_, std::shared_ptr<detector>(std::move(*before)));
  return nothing{};
}

/// Where the settings name a file, or none, that is what it stays.
std::shared_ptr<const actors::model_desk> serving::models_of() {
  if (!scorer_ || !config_.model.path.empty()) return nullptr;
  chooser_ = std::make_unique<model_chooser>(config_, board_, model_version_, [this](const std::string& outcome) {
    log_.info("model_retraining", {{"outcome", outcome}});
  });
  auto desk = std::make_shared<actors::model_desk>();
  desk->next = [this](store_reader& reader, std::uint16_t present, timestamp now) {
    return chooser_->next(reader, present, now);
  };
  desk->taken = [this](const model_activation& what) {
    chooser_->taken(what.version);
    log_.info("model_takes_over", {{"version", what.version}, {"from", format_utc(what.from)}, {"who", what.who}});
  };
  desk->refused = [this](const failure& why) { log_.error("model_refused", {{"reason", why.text()}}); };
  return desk;
}

status serving::start_engine() {
  system_ = std::make_unique<caf::actor_system>(caf_config_);
  actors::engine_parts parts;
  parts.durable = durable_;
  parts.scorer = scorer_;
  parts.version = model_version_;
  parts.next = warming_;
  parts.models = models_of();
  parts.render = [this](const feed_frame& frame) { return render_items(frame, board_); };
  parts.log_failure = [this](const std::string& what) { log_.error("store_failed", {{"reason", what}}); };
  parts.log_alarm = [this](const alarm_transition& what) { write_alarm(log_, board_, what); };
  for (const source_settings& source : sources_)
    parts.customers.emplace_back(source.customer_code, source.customer_name);
  auto notify = notification_of(config_, log_, time_);
  if (!notify.ok()) return notify.error();
  if (*notify) notified_ = (*notify)->metrics;
  parts.notify = std::move(*notify);
  const auto probe = std::make_shared<system_probe>(config_, scorer_ != nullptr, metrics_, notified_);
  parts.measure = [probe](timestamp now) { return probe->measure(now); };
  parts.log_event = [this](const std::string& event, const std::string& detail) {
    log_.warning(event, {{"detail", detail}});
  };
  auto engine = actors::engine_system::start(*system_, context_, std::move(parts));
  if (!engine.ok()) return engine.error();
  engine_ = std::move(engine).value();
  if (const auto missing = durable_->gap())
    log_.error("record_gap",
               {{"reason", "readings that were committed are missing from the log"}, {"where", *missing}});
  log_.info("engine_started", {{"version", program_version()},
                               {"store", durable_->kind()},
                               {"epoch", std::to_string(durable_->epoch())},
                               {"model", scorer_ ? scorer_->info().name : "none"},
                               {"model_version", model_version_}});
  return nothing{};
}

status serving::declare_units() {
  for (const source_settings& source : sources_) {
    if (source.units.empty()) continue;
    for (const actors::customer_entry& customer : engine_->customers())
      if (customer.record.code == source.customer_code) {
        if (auto done = engine_->declare_units(customer.record.id, source.units); !done.ok()) return done;
        tell_of_kept_limits(customer.record, source.units);
      }
  }
  return nothing{};
}

void serving::tell_of_kept_limits(const customer_record& customer, const std::vector<unit_description>& declared) {
  const auto now = board_.of(customer.id);
  for (const unit_description& each : declared) {
    const unit_now* known = now ? now->find(each.unit_code) : nullptr;
    const auto asked = known ? limits_in_file(each, *known->unit) : std::nullopt;
    if (!asked) continue;
    not_taken_[number(known->unit->id)] = *asked;
    log_.warning("limits_not_taken",
                 {{"customer", customer.code},
                  {"unit", each.unit_code},
                  {"kept_c", in_words(known->unit->range)},
                  {"file_c", in_words(*asked)},
                  {"hint", "a known unit keeps its limits: change them with rules (docs/rules.md)"}});
  }
}

/// Before anything of a running server is touched: a second one on the same port ends here.
status serving::take_port() {
  server_parts parts{engine_->front(), tokens_, time_, program_version()};
  parts.assets = find_asset;
  parts.more_metrics = [this] {
    return engine_metrics_text(metrics_, gate_) + (notified_ ? notification_metrics_text(*notified_) : "") +
           (chooser_ ? chooser_->metrics_text() : "");
  };
  parts.in_file = &not_taken_;
  parts.access_log = [this](const access_record& record) { requests_.write(record); };
  bound_ = std::make_unique<network_front>(server_options_of(config_), std::move(parts));
  const auto port = bound_->take_port();
  if (!port.ok()) return port.error();
  port_ = *port;
  return nothing{};
}

status serving::admit_people() {
  const auto records = prepare_access(*engine_, config_, log_, time_.now());
  if (!records.ok()) return records.error();
  tokens_.replace(*records);
  return nothing{};
}

status serving::start_front() {
  if (auto done = bound_->start(); !done.ok()) return done;
  auto owned = std::make_shared<std::unique_ptr<actors::front_server>>(std::move(bound_));
  front_ = system_->spawn<caf::detached>(actors::front, owned);
  if (simulated_)
    for (const simulated_endpoint& each : simulated_->endpoints())
      announce("simulated", {{"customer", each.customer}, {"url", each.url}});
  announce("listening", {{"address", "http://" + config_.server.address + ":" + std::to_string(port_)}});
  return nothing{};
}

status serving::start_polling() {
  return polling_.start(*system_, context_, *engine_, sources_, config_, log_);
}

/// No new work, then what is on its way, then everything else. What hangs does not keep the process: the store is
/// closed by then, or what it holds is a whole number of commits anyway.
bool serving::end() {
  const end_watchdog watchdog(log_, config_.engine.shutdown_timeout + millis{1'500});
  if (chooser_) chooser_->stop();
  if (front_) {
    caf::scoped_actor self{*system_};
    self->request(front_, config_.engine.shutdown_timeout, actors::stop{})
        .receive([](bool) {}, [](const caf::error&) {});
  }
  if (system_) polling_.stop(*system_, config_.engine.shutdown_timeout);
  if (simulated_) simulated_->stop();
  const bool clean = engine_ ? engine_->stop(patience()) : true;
  bound_.reset();
  front_ = actors::front_actor{};
  engine_.reset();
  system_.reset();
  return clean;
}

} // namespace

int serve(const settings& config) {
  serving all(config);
  return all.run();
}

} // namespace coldvigil
