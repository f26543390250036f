#pragma once
// What notification adds to a commit, and what it finds after a restart.

#include "core/alarm_notice.hpp"
#include "core/notification_records.hpp"

#include <string>
#include <utility>
#include <vector>

namespace coldvigil {

struct notification_changes {
  std::vector<alarm_notice> notices{}; ///< in the same batch as the transitions that they tell of
  std::vector<alarm_case> cases{};     ///< the last one of an alarm stands; so with the others below, by their key
  std::vector<outbox_entry> outbox{};
  std::vector<delivery_record> deliveries{};
  std::vector<message_link> links{};
  std::vector<self_test> self_tests{};

  [[nodiscard]] bool empty() const {
    return notices.empty() && cases.empty() && outbox.empty() && deliveries.empty() && links.empty() &&
           self_tests.empty();
  }
};

struct stored_notifications {
  std::uint64_t newest_transition = 0;                    ///< the highest of all notices
  std::vector<std::pair<alarm_case, alarm_notice>> cases; ///< with the newest notice that each has seen
  std::vector<alarm_notice> unseen{};                     ///< that no case has taken up, in the order of each alarm
  std::vector<outbox_entry> outbox{};                     ///< what waits, and what was settled lately; oldest first
  std::vector<message_link> links{};                      ///< not expired
  std::vector<self_test> self_tests{};                    ///< the newest of every way
};

} // namespace coldvigil
