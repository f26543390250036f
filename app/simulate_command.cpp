#include "app/commands.hpp"
#include "app/event_log.hpp"
#include "app/signals.hpp"
#include "app/simulated_customers.hpp"

#include <filesystem>

namespace coldvigil {

int simulate(const settings& config) {
  const end_signals signals;
  const event_log log(config.log);
  const system_clock time;
  const std::string faults = faults_path_of(config.store);
  std::error_code left_to_the_file;
  if (!faults.empty())
    std::filesystem::create_directories(std::filesystem::path(faults).parent_path(), left_to_the_file);
  auto customers = simulated_customers::start(config.simulation, faults, time);
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
