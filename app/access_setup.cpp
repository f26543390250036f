#include "app/access_setup.hpp"

#include "app/demo_tokens.hpp"

namespace coldvigil {
namespace {

status prepare_demo(actors::engine_system& engine, const settings& config, const event_log& log, timestamp now) {
  if (!config.demo.enabled) return engine.with_store([&](store& durable) { return end_demo_tokens(durable, now); });
  std::vector<customer_record> customers;
  for (const actors::customer_entry& customer : engine.customers())
    customers.push_back(customer.record);
  const std::string path = demo_tokens_path(config.demo.tokens_file, config.store.path);
  auto done = engine.with_store([&](store& durable) { return ensure_demo_tokens(durable, customers, path, now); });
  if (done.ok()) log.info("demo_tokens", {{"file", path}});
  return done;
}

} // namespace

result<std::vector<token_record>> prepare_access(actors::engine_system& engine, const settings& config,
                                                 const event_log& log, timestamp now) {
  if (auto done = prepare_demo(engine, config, log, now); !done.ok()) return done.error();
  std::vector<token_record> records;
  const auto done = engine.with_store([&](store& durable) -> status {
    auto loaded = durable.load_tokens();
    if (!loaded.ok()) return loaded.error();
    records = std::move(*loaded);
    return nothing{};
  });
  if (!done.ok()) return done.error();
  if (records.empty())
    log.warning("no_tokens", {{"hint", "nobody can use the API: stop, and make one with coldvigil token"}});
  return records;
}

} // namespace coldvigil
