#include "app/customer_polling.hpp"

#include "net/random.hpp"

#include <array>

namespace coldvigil {
namespace {

double random_share() {
  std::uint8_t bytes[4];
  secure_random(bytes);
  return (bytes[0] + bytes[1] * 256.0 + bytes[2] * 65536.0) / 16777216.0;
}

actors::ingest_limits limits_of(const settings& config) {
  actors::ingest_limits out;
  out.backoff = {config.ingestion.backoff_initial, config.ingestion.backoff_max};
  out.future_tolerance = config.ingestion.future_tolerance;
  out.max_rows = config.ingestion.max_rows;
  out.history_attempts = static_cast<unsigned>(config.ingestion.history_attempts);
  return out;
}

std::string_view name_of(poll_kind kind) {
  constexpr std::array<std::string_view, 3> names{"directory", "history", "live"};
  return names[static_cast<std::size_t>(kind)];
}

void write(const event_log& log, const actors::poll_note& what) {
  const std::string kind(name_of(what.kind));
  if (what.error.empty())
    log.info("polls_work_again",
             {{"customer", what.customer}, {"what", kind}, {"failures", std::to_string(what.failures)}});
  else
    log.warning("polls_fail", {{"customer", what.customer}, {"what", kind}, {"url", what.url}, {"reason", what.error}});
}

} // namespace

status customer_polling::start(caf::actor_system& system, const actors::engine_context& context,
                               const actors::engine_system& engine, const std::vector<source_settings>& sources,
                               const settings& config, const event_log& log) {
  auto client = endpoint_fetch::make(config.ingestion);
  if (!client.ok()) return client.error();
  fetch_ = std::move(client).value();
  history_gate_ = std::make_shared<admission_gate>(config.ingestion.history_in_flight);
  for (const source_settings& source : sources)
    for (const actors::customer_entry& customer : engine.customers())
      if (!source.url.empty() && customer.record.code == source.customer_code)
        poll(system, context, engine, customer, source, config, log);
  return nothing{};
}

void customer_polling::poll(caf::actor_system& system, const actors::engine_context& context,
                            const actors::engine_system& engine, const actors::customer_entry& customer,
                            const source_settings& source, const settings& config, const event_log& log) {
  auto tools = std::make_shared<actors::ingest_tools>(
      actors::ingest_tools{source,
                           customer.record,
                           customer.handle,
                           engine.writer(),
                           {},
                           random_share,
                           limits_of(config),
                           [&log](const actors::poll_note& what) { write(log, what); },
                           history_gate_});
  tools->fetch = [client = fetch_.get()](const source_settings& from, const std::string& url, auto done) {
    client->fetch(from, url, std::move(done));
  };
  ingesting_.push_back(
      system.spawn(actors::ingest, &context, std::shared_ptr<const actors::ingest_tools>(std::move(tools))));
}

void customer_polling::stop(caf::actor_system& system, millis patience) {
  for (const actors::ingest_actor& each : ingesting_) {
    caf::scoped_actor self{system};
    self->request(each, patience, actors::stop{}).receive([](bool) {}, [](const caf::error&) {});
  }
  ingesting_.clear();
  if (fetch_) fetch_->stop();
}

} // namespace coldvigil
