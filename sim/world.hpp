#pragma once
// The simulated customers as living endpoints: one message handler a customer, the physics of every unit behind it.

#include "core/http_message.hpp"
#include "core/result.hpp"
#include "sim/customers.hpp"
#include "sim/trace.hpp"

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace coldvigil::sim {

struct world_options {
  std::uint64_t seed = 1;
  std::size_t generated_customers = 0;    ///< 0 = the ten of the reference; otherwise so many generated ones
  std::chrono::seconds interval{0};       ///< between readings of every unit; 0 = each customer's own
  std::chrono::seconds archive_step{300}; ///< readings older than an hour are kept at this step (or the interval)
  std::chrono::hours max_history{744};    ///< that a request may ask for
  std::size_t max_rows = 300'000;         ///< of all units in one answer
  std::string faults_path{};              ///< injected faults survive a restart in this file; empty = in memory only
};

/// One reading as an endpoint gives it.
struct reported_reading {
  timestamp at;
  std::optional<double> value; ///< in the unit's scale; nothing = null
  double quality = 0;          ///< 0 to 1, lower far from the set point and with less reliable customers; 0 = null
};

class simulated_world {
 public:
  /// The clock must outlive the world. A damaged faults file is a failure.
  static result<std::unique_ptr<simulated_world>> make(const world_options& options, const clock& time);

  [[nodiscard]] const std::vector<simulated_customer>& customers() const { return customers_; }
  [[nodiscard]] std::chrono::seconds interval_of(const simulated_customer& customer) const;
  /// Thread-safe; the world must outlive it. For a code that no customer has it answers 404.
  [[nodiscard]] http_message_handler handler(const std::string& customer_code);

  /// Readings of the last `span`, in order: an hour back at the customer's interval, before that at the archive's step.
  [[nodiscard]] std::vector<reported_reading> readings(const simulated_customer& customer, const simulated_unit& unit,
                                                       millis span);
  /// At most so many rows has every unit's span together.
  [[nodiscard]] std::size_t rows_of(const simulated_customer& customer, millis span) const;
  /// The newest value that is not null.
  [[nodiscard]] std::optional<double> newest(const simulated_customer& customer, const simulated_unit& unit);
  /// Starts at the next reading and runs for so many minutes. Never changes what could be read before.
  result<fault> start_fault(const std::string& unit_code, fault_kind kind, double minutes, double magnitude);
  [[nodiscard]] timestamp now() const { return time_.now(); }
  [[nodiscard]] const world_options& options() const { return options_; }

 private:
  simulated_world(const world_options& options, const clock& time);
  [[nodiscard]] millis archive_step_of(const simulated_customer& customer) const;
  status load_faults();
  status save_faults();

  world_options options_;
  const clock& time_;
  std::vector<simulated_customer> customers_;
  std::unordered_map<std::string, std::unique_ptr<unit_trace>> traces_; ///< by unit code
  std::mutex saving_;
};

} // namespace coldvigil::sim
