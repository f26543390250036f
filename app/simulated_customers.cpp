#include "app/simulated_customers.hpp"

#include <algorithm>
#include <filesystem>

namespace coldvigil {
namespace {

/// All ten share them; what they answer is computed, not waited for.
constexpr std::size_t endpoint_threads = 1;

} // namespace

std::string faults_path_of(const store_settings& store) {
  if (store.kind != store_kind::sqlite) return {};
  return (std::filesystem::path(store.path).parent_path() / "simulated_faults.json").string();
}

simulated_customers::simulated_customers(const simulation_settings& settings,
                                         std::unique_ptr<sim::simulated_world> world)
    : settings_(settings), world_(std::move(world)), threads_(endpoint_threads) {}

simulated_customers::~simulated_customers() {
  stop();
}

result<std::unique_ptr<simulated_customers>>
simulated_customers::start(const simulation_settings& settings, const std::string& faults_path, const clock& time) {
  sim::world_options options;
  options.seed = settings.seed;
  options.interval = settings.interval;
  options.max_history = std::max(options.max_history, settings.history);
  options.faults_path = faults_path;
  auto world = sim::simulated_world::make(options, time);
  if (!world.ok()) return world.error();
  std::unique_ptr<simulated_customers> out(new simulated_customers(settings, std::move(world).value()));
  if (auto done = out->listen(); !done.ok()) return done.error();
  return out;
}

status simulated_customers::listen() {
  http_limits limits;
  limits.max_body_bytes = 64 * 1024; // the orders for faults are short
  std::uint16_t next = settings_.base_port;
  for (const sim::simulated_customer& customer : world_->customers()) {
    listeners_.push_back(std::make_unique<plain_listener>(threads_, limits, world_->handler(customer.code)));
    const auto port = listeners_.back()->start(settings_.address, next);
    if (!port.ok()) return port.error();
    endpoints_.push_back({customer.code, "http://" + settings_.address + ":" + std::to_string(*port)});
    if (next != 0) ++next;
  }
  return nothing{};
}

std::vector<source_settings> simulated_customers::sources() const {
  std::vector<source_settings> out;
  for (std::size_t i = 0; i < endpoints_.size(); ++i) {
    const sim::simulated_customer& customer = world_->customers()[i];
    const std::string& base = endpoints_[i].url;
    source_settings source;
    source.customer_code = customer.code;
    source.customer_name = customer.name;
    source.format = customer.csv ? payload_format::csv : payload_format::json;
    source.url = base + (customer.csv ? "/data/download.csv?hours={hours}" : "/temperature/current?hours={hours}");
    source.history_url = base + (customer.csv ? "/data/download.csv?hours={hours}"
                                              : "/temperature/historical?unit_id={unit}&hours={hours}&limit={limit}");
    source.directory_url = base + "/facilities";
    source.interval = world_->interval_of(customer);
    source.history_hours = settings_.history;
    source.register_units = true;
    out.push_back(std::move(source));
  }
  return out;
}

void simulated_customers::stop() {
  for (auto& listener : listeners_)
    listener->stop();
  threads_.stop();
}

} // namespace coldvigil
