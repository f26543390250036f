#pragma once
// Whom to tell: persons and how they are reached, teams with their rota, policies of escalation, and which alarm takes
// which policy.

#include "core/alarm_notice.hpp"
#include "core/notification_records.hpp"
#include "core/schedule.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace coldvigil {

struct contact_way {
  std::string channel; ///< name of a configured channel; a person has at most one way on each
  std::string address; ///< an e-mail address, a telephone number; may be empty for a webhook
};

struct person {
  std::string name;                         ///< as people call them
  std::shared_ptr<const zone_clock> zone{}; ///< times are told in it
  std::vector<contact_way> ways;
  severity least = severity::warning; ///< is not called for less
  std::string schedule{};             ///< empty = always
};

struct team_member {
  std::string person;
  std::string schedule{}; ///< the shift in this team; empty = the person's own
};

/// A person or a team, by id; exactly one of the two is given.
struct step_target {
  std::string person{}, team{};
  std::string channel{}; ///< empty = every way of the person
};

struct escalation_step {
  millis after{0}; ///< since the alarm was committed; rises from step to step
  std::vector<step_target> to;
};

struct escalation_policy {
  std::vector<escalation_step> steps;      ///< the last one names somebody without a schedule
  millis repeat{std::chrono::minutes{30}}; ///< after the last step all begins anew; 0 = never
  std::uint32_t max_rounds = 48;           ///< how often all steps are gone through
  millis quiet{std::chrono::seconds{20}};  ///< alarms of one site inside this time become one message
};

/// The nearest wins: facility, then customer, then neither; among equals the one of the higher severity.
struct alarm_route {
  std::optional<customer_id> customer{};
  std::optional<facility_id> facility{};
  severity least = severity::warning;
  std::string policy;
};

/// By id: letters, digits, '-' and '_', at most 64.
struct contact_book {
  std::map<std::string, schedule> schedules;
  std::map<std::string, person> persons;
  std::map<std::string, std::vector<team_member>> teams;
  std::map<std::string, escalation_policy> policies;
  std::vector<alarm_route> routes;
  std::string system_policy{}; ///< for alarms of Coldvigil itself; empty = the route of a critical alarm of nobody's
};

/// References exist, addresses are one line of visible text, every policy ends at somebody who is always there, and
/// every alarm finds a policy. A book without persons is sound: it tells nobody. `channels` are the configured ones.
[[nodiscard]] status check(const contact_book& book, std::span<const std::string> channels);

/// Those of a step who are on duty at `now` and want to hear of this; each once, in the order of the step.
[[nodiscard]] std::vector<callee> on_call(const contact_book& book, const escalation_step& step, severity level,
                                          timestamp now);

/// The id of the policy; empty when there is none. The customer and facility are 0 for an alarm of Coldvigil itself.
[[nodiscard]] std::string policy_for(const contact_book& book, customer_id customer, facility_id facility,
                                     severity level);

} // namespace coldvigil
