#include "app/commands.hpp"
#include "app/event_log.hpp"
#include "app/signals.hpp"
#include "app/simulated_customers.hpp"

namespace coldvigil {

int simulate(const settings& config) {
  const end_signals signals;
  const event_log log(config.log);
  const system_clock time;
  auto customers = simulated_customers::start(config.simulation, "", time);
  if (!customers.ok()) {
    log.error("cannot_start", {{"reason", customers.error().text()}});
    return 1;
  }
  for (const simulated_endpoint& each : customers.value()->endpoints())
    announce("simulated", {{"customer", each.customer}, {"url", each.url}});
  log.info("stopping", {{"reason", std::string(to_string(signals.wait()))}});
  customers.value()->stop();
  return 0;
}

} // namespace coldvigil
