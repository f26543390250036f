#pragma once
// Who is on duty at one moment, and until when: for those who look, not for the calling itself.

#include "core/contacts.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace coldvigil {

struct duty {
  bool on = true;
  std::optional<timestamp> changes_at{}; ///< when that changes; nothing when it does not within eight days
};

/// Somebody whom a step calls at one time or another.
struct reached_person {
  std::string person;
  std::vector<std::string> channels{}; ///< sorted
  /// By the shift with which the step reaches the person; by several: on when one of them is, until the last that is on
  /// ends, or until the first begins.
  duty when{};
};

/// Each schedule is gone through once. The book has been checked and outlives this.
class duty_roster {
 public:
  duty_roster(const contact_book& book, timestamp now) : book_(book), now_(now) {}

  /// By the id of a schedule; without one somebody is there at any time.
  [[nodiscard]] duty of(const std::string& schedule);
  /// A member of a team has a shift of his own there, or the person's.
  [[nodiscard]] duty of(const team_member& member);
  /// Whom the step calls for this, each once, in the order of the step.
  [[nodiscard]] std::vector<reached_person> reached(const escalation_step& step, severity level);

 private:
  const contact_book& book_;
  const timestamp now_;
  std::map<std::string, duty> known_{};
};

} // namespace coldvigil
