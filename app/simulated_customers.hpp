#pragma once
// The simulated customers inside this process: their endpoints on real ports, and how the engine is to poll them.

#include "config/settings.hpp"
#include "core/result.hpp"
#include "core/source.hpp"
#include "net/network_threads.hpp"
#include "net/plain_listener.hpp"
#include "sim/world.hpp"

#include <memory>
#include <string>
#include <vector>

namespace coldvigil {

struct simulated_endpoint {
  std::string customer; ///< code
  std::string url;      ///< "http://127.0.0.1:8001"
};

/// Where injected faults are kept: beside a SQLite file; empty (in memory only) for other stores.
[[nodiscard]] std::string faults_path_of(const store_settings& store);

class simulated_customers {
 public:
  /// `faults_path` keeps injected faults over a restart. The clock outlives this.
  static result<std::unique_ptr<simulated_customers>> start(const simulation_settings& settings,
                                                            const std::string& faults_path, const clock& time);
  ~simulated_customers();

  [[nodiscard]] const std::vector<simulated_endpoint>& endpoints() const { return endpoints_; }
  /// How each is polled: by its own method, at its own interval, with its directory and its history.
  [[nodiscard]] std::vector<source_settings> sources() const;
  void stop();

 private:
  simulated_customers(const simulation_settings& settings, std::unique_ptr<sim::simulated_world> world);
  status listen();

  simulation_settings settings_;
  std::unique_ptr<sim::simulated_world> world_;
  network_threads threads_;
  std::vector<std::unique_ptr<plain_listener>> listeners_;
  std::vector<simulated_endpoint> endpoints_;
};

} // namespace coldvigil
