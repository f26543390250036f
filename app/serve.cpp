// The engine, wired: what the settings name is opened, brought to life, waited for and ended in order.
#include "actors/engine_system.hpp"
#include "actors/ingest.hpp"
#include "app/coldvigil_version.hpp"
#include "app/commands.hpp"
#include "app/demo_tokens.hpp"
#include "app/endpoint_fetch.hpp"
#include "app/engine_metrics_text.hpp"
#include "app/event_log.hpp"
#include "app/open_parts.hpp"
#include "app/server_options_of.hpp"
#include "app/signals.hpp"
#include "app/simulated_customers.hpp"
#include "net/live_json.hpp"
#include "net/random.hpp"
#include "net/server.hpp"
#include "web/assets.hpp"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <thread>

namespace coldvigil {
namespace {

struct caf_settings : caf::actor_system_config {
  explicit caf_settings(std::size_t threads) {
    // Work stealing collapses over many actors; a bounded turn keeps a flooded actor from owning its thread.
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-throughput", std::size_t{50});
    set("scheduler.max-threads", threads);
  }
};

actors::engine_limits limits_of(const settings& config) {
  actors::engine_limits out;
  out.units.waiting = config.engine.unit_queue;
  out.detector_deadline = config.model.deadline;
  out.detector_batch = config.model.max_batch;
  out.commit_linger = config.engine.commit_linger;
  out.commit_readings = config.engine.max_commit_readings;
  out.feed_ring_items = config.feed.ring_items;
  out.consecutive = config.rules.consecutive;
  return out;
}

/// EX_SOFTWARE of sysexits.h: a service manager starts the program again.
constexpr int exit_fault = 70;

double random_share() {
  std::uint8_t bytes[4];
  secure_random(bytes);
  return (bytes[0] + bytes[1] * 256.0 + bytes[2] * 65536.0) / 16777216.0;
}

/// The server as the front actor owns it.
class network_front final : public actors::front_server {
 public:
  network_front(server_options options, server_parts parts) : server_(std::move(options), std::move(parts)) {}
  result<std::uint16_t> start() { return server_.start(); }
  void stop() override { server_.stop(); }

 private:
  server server_;
};

/// Everything that lives while the program serves. Members end in reverse order.
class serving {
 public:
  explicit serving(const settings& config)
      : config_(config), log_(config.log), gate_(config.engine.max_in_flight_readings),
        history_gate_(std::make_shared<admission_gate>(config.ingestion.history_in_flight)),
        context_{time_,
                 limits_of(config),
                 metrics_,
                 board_,
                 gate_,
                 [] { return make_uuid(); },
                 [this](const std::string& who, const std::string& what) { note_fault(who, what); }},
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
  status start_engine();
  status declare_units();
  status load_tokens();
  status start_front();
  status start_polling();
  bool end();

  const end_signals signals_; ///< the first member: no thread has started yet
  const settings& config_;
  const event_log log_;
  const system_clock time_;
  engine_metrics metrics_;
  now_board board_;
  admission_gate gate_;
  const std::shared_ptr<admission_gate> history_gate_;
  actors::engine_context context_;
  token_book tokens_;
  caf_settings caf_config_;

  std::atomic<bool> faulted_{false};
  std::vector<source_settings> sources_;
  std::unique_ptr<simulated_customers> simulated_;
  std::unique_ptr<endpoint_fetch> fetch_;
  std::shared_ptr<store> durable_;
  std::shared_ptr<detector> scorer_;
  std::unique_ptr<caf::actor_system> system_;
  std::unique_ptr<actors::engine_system> engine_;
  actors::front_actor front_;
  std::vector<actors::ingest_actor> ingesting_;
};

status serving::bring_up() {
  for (const auto step : {&serving::open, &serving::start_engine, &serving::declare_units, &serving::load_tokens,
                          &serving::start_front, &serving::start_polling})
    if (auto done = (this->*step)(); !done.ok()) return done;
  return nothing{};
}

status serving::open() {
  auto durable = open_store(config_.store);
  if (!durable.ok()) return durable.error();
  durable_ = std::move(durable).value();
  auto scorer = open_detector(config_.model);
  if (!scorer.ok()) return scorer.error();
  scorer_ = std::move(scorer).value();
  sources_ = config_.customers;
  if (!config_.simulation.enabled) return nothing{};
  auto simulated = simulated_customers::start(config_.simulation, faults_path_of(config_.store), time_);
  if (!simulated.ok()) return simulated.error();
  simulated_ = std::move(simulated).value();
  for (source_settings& source : simulated_->sources())
    sources_.push_back(std::move(source));
  return nothing{};
}

status serving::start_engine() {
  system_ = std::make_unique<caf::actor_system>(caf_config_);
  actors::engine_parts parts;
  parts.durable = durable_;
  parts.scorer = scorer_;
  parts.render = [this](const feed_frame& frame) { return render_items(frame, board_); };
  parts.log_failure = [this](const std::string& what) { log_.error("store_failed", {{"reason", what}}); };
  for (const source_settings& source : sources_)
    parts.customers.emplace_back(source.customer_code, source.customer_name);
  auto engine = actors::engine_system::start(*system_, context_, std::move(parts));
  if (!engine.ok()) return engine.error();
  engine_ = std::move(engine).value();
  log_.info("engine_started", {{"version", program_version()},
                               {"store", durable_->kind()},
                               {"epoch", std::to_string(durable_->epoch())},
                               {"model", scorer_ ? scorer_->info().name : "none"}});
  return nothing{};
}

status serving::declare_units() {
  for (const source_settings& source : sources_) {
    if (source.units.empty()) continue;
    for (const actors::customer_entry& customer : engine_->customers())
      if (customer.record.code == source.customer_code)
        if (auto done = engine_->declare_units(customer.record.id, source.units); !done.ok()) return done;
  }
  return nothing{};
}

status serving::load_tokens() {
  if (config_.demo.enabled) {
    std::vector<customer_record> customers;
    for (const actors::customer_entry& customer : engine_->customers())
      customers.push_back(customer.record);
    const std::string path = demo_tokens_path(config_.demo.tokens_file, config_.store.path);
    if (auto done = engine_->with_store(
            [&](store& durable) { return ensure_demo_tokens(durable, customers, path, time_.now()); });
        !done.ok())
      return done;
    log_.info("demo_tokens", {{"file", path}});
  } else if (auto done = engine_->with_store([&](store& durable) { return end_demo_tokens(durable, time_.now()); });
             !done.ok()) {
    return done;
  }
  std::vector<token_record> records;
  auto done = engine_->with_store([&](store& durable) -> status {
    auto loaded = durable.load_tokens();
    if (!loaded.ok()) return loaded.error();
    records = std::move(*loaded);
    return nothing{};
  });
  if (!done.ok()) return done;
  if (records.empty())
    log_.warning("no_tokens", {{"hint", "nobody can use the API: stop, and make one with coldvigil token"}});
  tokens_.replace(records);
  return nothing{};
}

status serving::start_front() {
  server_parts parts{engine_->front(), tokens_, time_, program_version()};
  parts.assets = find_asset;
  parts.more_metrics = [this] { return engine_metrics_text(metrics_, gate_); };
  parts.access_log = [this](const access_record& r) {
    if (r.status >= 500) log_.error("request_failed", {{"id", r.request_id}, {"path", r.path}, {"error", r.error}});
    log_.write(log_level::debug, "request",
               {{"id", r.request_id},
                {"peer", r.peer},
                {"token", r.token},
                {"method", r.method},
                {"path", r.path},
                {"status", std::to_string(r.status)},
                {"us", std::to_string(r.duration.count())}});
  };
  auto front = std::make_unique<network_front>(server_options_of(config_), std::move(parts));
  const auto port = front->start();
  if (!port.ok()) return port.error();
  auto owned = std::make_shared<std::unique_ptr<actors::front_server>>(std::move(front));
  front_ = system_->spawn<caf::detached>(actors::front, owned);
  if (simulated_)
    for (const simulated_endpoint& each : simulated_->endpoints())
      announce("simulated", {{"customer", each.customer}, {"url", each.url}});
  announce("listening", {{"address", "http://" + config_.server.address + ":" + std::to_string(*port)}});
  return nothing{};
}

status serving::start_polling() {
  auto client = endpoint_fetch::make(config_.ingestion);
  if (!client.ok()) return client.error();
  fetch_ = std::move(client).value();
  for (const source_settings& source : sources_) {
    if (source.url.empty()) continue;
    for (const actors::customer_entry& customer : engine_->customers()) {
      if (customer.record.code != source.customer_code) continue;
      auto tools = std::make_shared<actors::ingest_tools>(
          actors::ingest_tools{source, customer.record, customer.handle, engine_->writer(), {}, random_share, {}});
      tools->fetch = [this](const source_settings& from, const std::string& url, auto done) {
        fetch_->fetch(from, url, std::move(done));
      };
      tools->limits.backoff = {config_.ingestion.backoff_initial, config_.ingestion.backoff_max};
      tools->limits.future_tolerance = config_.ingestion.future_tolerance;
      tools->limits.max_rows = config_.ingestion.max_rows;
      tools->limits.rows_in_flight = std::min(tools->limits.rows_in_flight, config_.engine.unit_queue);
      tools->history_gate = history_gate_;
      ingesting_.push_back(
          system_->spawn(actors::ingest, &context_, std::shared_ptr<const actors::ingest_tools>(tools)));
    }
  }
  return nothing{};
}

/// No new work, then what is on its way, then everything else. What hangs does not keep the process: the store is
/// closed by then, or what it holds is a whole number of commits anyway.
bool serving::end() {
  std::atomic<bool> ended{false};
  std::thread watchdog([&] {
    for (millis waited{0}; waited < config_.engine.shutdown_timeout + millis{1'500}; waited += millis{20}) {
      if (ended) return;
      std::this_thread::sleep_for(millis{20});
    }
    log_.error("shutdown_hangs", {{"hint", "the process ends now; committed readings are safe"}});
    std::_Exit(1);
  });
  if (front_) {
    caf::scoped_actor self{*system_};
    self->request(front_, config_.engine.shutdown_timeout, actors::stop{})
        .receive([](bool) {}, [](const caf::error&) {});
  }
  for (const actors::ingest_actor& each : ingesting_) {
    caf::scoped_actor self{*system_};
    self->request(each, config_.engine.shutdown_timeout, actors::stop{}).receive([](bool) {}, [](const caf::error&) {});
  }
  ingesting_.clear();
  if (fetch_) fetch_->stop();
  if (simulated_) simulated_->stop();
  const bool clean = engine_ ? engine_->stop(patience()) : true;
  front_ = actors::front_actor{};
  engine_.reset();
  system_.reset();
  ended = true;
  watchdog.join();
  return clean;
}

} // namespace

int serve(const settings& config) {
  serving all(config);
  return all.run();
}

} // namespace coldvigil
