#pragma once
// One truth for "now": the last value of each unit and the open alarms, as immutable snapshots that reads are served
// from. Written after each commit by the writer alone, read by any thread.

#include "core/alarm_story.hpp"
#include "core/reading.hpp"
#include "core/registry.hpp"
#include "core/sensor_names.hpp"
#include "core/service_change.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace coldvigil {

struct unit_now {
  std::shared_ptr<const unit_record> unit;
  std::optional<judged_reading> last{};                    ///< newest in event time; never moves back
  std::optional<timestamp> last_contact{};                 ///< newest reading of any sort, null ones included
  std::vector<std::shared_ptr<const alarm_record>> open{}; ///< its open alarms, one a rule
  /// Lives of open alarms of which people said something.
  std::vector<std::pair<alarm_id, std::shared_ptr<const alarm_life>>> lives{};
  std::shared_ptr<const service_change> out_of_service{}; ///< null while it is in service
  std::shared_ptr<const sensor_names> sensors{};          ///< null while none is named

  /// Of the sensor of `last`; empty when it has none.
  [[nodiscard]] std::string_view last_sensor() const;
  /// Of one of its open alarms.
  [[nodiscard]] alarm_life life_of(const alarm_record& alarm) const;
};

/// Units are kept in blocks so that a commit copies only what it touched.
inline constexpr std::size_t units_per_block = 64;
using unit_block = std::vector<unit_now>;

struct customer_directory {
  std::shared_ptr<const customer_record> customer;
  std::vector<std::shared_ptr<const facility_record>> facilities;
  std::unordered_map<std::string, std::size_t> unit_by_code;   ///< position among the customer's units
  std::unordered_map<std::string, std::size_t> unit_by_public; ///< by uuid text
  std::unordered_map<std::int64_t, std::size_t> unit_by_id;
  /// Null when it is not the customer's.
  [[nodiscard]] const facility_record* facility(facility_id id) const;
};

struct customer_now {
  std::shared_ptr<const customer_directory> directory;
  std::vector<std::shared_ptr<const unit_block>> blocks;
  std::size_t unit_count = 0;
  std::uint64_t feed_last = 0; ///< number of the newest feed item of this customer that is contained here

  [[nodiscard]] const unit_now& unit(std::size_t position) const {
    return (*blocks[position / units_per_block])[position % units_per_block];
  }
  /// The open alarms of all units, newest raised first.
  [[nodiscard]] std::vector<std::shared_ptr<const alarm_record>> open_alarms() const;
  /// By uuid text or by the customer's own code.
  [[nodiscard]] const unit_now* find(const std::string& name) const;
  /// Null when it is not the customer's.
  [[nodiscard]] const unit_now* find(unit_id id) const;
};

struct all_now {
  std::vector<std::shared_ptr<const customer_now>> customers;
  std::uint64_t feed_last = 0; ///< of the stream of all customers
};

class now_board {
 public:
  [[nodiscard]] std::shared_ptr<const customer_now> of(customer_id customer) const;
  [[nodiscard]] all_now all() const;
  /// Replaces the named customers' snapshots in one step.
  void publish(std::vector<std::shared_ptr<const customer_now>> changed, std::uint64_t feed_last);

 private:
  mutable std::mutex mutex_;
  all_now current_;
  std::unordered_map<std::int64_t, std::size_t> position_;
};

} // namespace coldvigil
