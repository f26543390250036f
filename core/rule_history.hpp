#pragma once
// All revisions of all rules as they were committed, and from them: which rules a unit has had, and from when on.

#include "core/rule_scope.hpp"
#include "core/time.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace coldvigil {

/// Ids below are the program's own.
inline constexpr rule_id first_stored_rule{100};

/// One committed change: the rule is so from `from` on, or gone.
struct rule_record {
  std::uint64_t revision = 0; ///< order of the changes, from 1, given by the store
  scoped_rule rule{};         ///< its id and its place stay over all revisions
  bool removed = false;
  timestamp from{};       ///< event time; later than every reading that is judged when it is committed
  timestamp changed_at{}; ///< wall clock
  friend bool operator==(const rule_record&, const rule_record&) = default;
};

/// Of the newest change of the place's rules, removals included; 0 when there never was one.
[[nodiscard]] std::uint64_t revision_of(std::span<const rule_record> records, const scoped_rule& place);

class rule_history {
 public:
  /// In the order of their revisions.
  void add(rule_record record);
  [[nodiscard]] std::uint64_t revision() const { return revision_; }
  [[nodiscard]] std::uint64_t revision_of(const scoped_rule& place) const;

  /// The rules of a customer at an event time; later revisions stand over earlier ones.
  [[nodiscard]] std::vector<scoped_rule> in_force(customer_id customer, timestamp at) const;

  /// The same as they were committed, so with since when each counts; by their ids.
  [[nodiscard]] std::vector<rule_record> standing(customer_id customer, timestamp at) const;

  /// The newest revisions of a customer's rules that are not gone, by their ids; some may count later only.
  [[nodiscard]] std::vector<rule_record> committed(customer_id customer) const;

  /// No change of a place that the unit belongs to begins between the two times.
  struct stretch {
    timestamp from = timestamp::min();
    timestamp until = timestamp::max();
    rule_set rules{};
  };
  /// What a unit is judged by at a time. Independent of how many changes there have been, but for their logarithm.
  [[nodiscard]] stretch rules_of(const ruled_unit& unit, timestamp at, std::uint16_t consecutive) const;

  struct period {
    timestamp from = timestamp::min();
    rule_set rules{};
  };
  /// What a unit is judged by: first what is in force at `since`, then what comes later, each with its beginning. As
  /// `rules_of` for `since` and for each later change of the unit's places.
  [[nodiscard]] std::vector<period> periods_of(const ruled_unit& unit, timestamp since,
                                               std::uint16_t consecutive) const;

 private:
  /// What stands at a place from a time on, as indices of records by their rules' ids.
  using course_of_place = std::map<timestamp, std::vector<std::uint32_t>>;
  using place_key = std::pair<rule_scope, std::int64_t>;
  struct of_customer {
    std::vector<rule_record> records{};
    std::map<place_key, course_of_place> places{};
    std::map<timestamp, std::uint64_t> newest{}; ///< revision of those that have begun, from a time on
  };
  [[nodiscard]] const of_customer& find(customer_id customer) const;
  [[nodiscard]] const std::vector<rule_record>& records_of(customer_id customer) const {
    return find(customer).records;
  }

  std::unordered_map<std::int64_t, of_customer> customers_{};
  std::uint64_t revision_ = 0;
};

/// The history that everybody judges by, replaced as a whole. Written by whoever commits a change, read by any thread.
class rule_board {
 public:
  [[nodiscard]] std::shared_ptr<const rule_history> current() const {
    const std::lock_guard lock(mutex_);
    return current_;
  }
  void publish(std::shared_ptr<const rule_history> history) {
    const std::lock_guard lock(mutex_);
    current_ = std::move(history);
    revision_.store(current_->revision(), std::memory_order_release);
  }
  /// Of what `current` gives: cheap to ask for with every reading.
  [[nodiscard]] std::uint64_t revision() const { return revision_.load(std::memory_order_acquire); }

 private:
  std::atomic<std::uint64_t> revision_{0};
  mutable std::mutex mutex_;
  std::shared_ptr<const rule_history> current_ = std::make_shared<const rule_history>();
};

} // namespace coldvigil
