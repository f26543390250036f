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
#include <string_view>
#include <vector>

namespace coldvigil {

/// What an address must be so that anything can ever arrive there.
enum class address_form : std::uint8_t {
  text, ///< whatever the gateway takes: a telephone number, the name of a chat
  mail,
  url, ///< of http or https
};

/// By which people can be reached, as it is configured.
struct contact_channel {
  std::string name;
  bool needs_address = false; ///< without one nothing would arrive
  address_form form = address_form::text;
};

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
  std::optional<std::string> facility{}; ///< the code of one of the customer's; it may be registered later
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

/// How large a book may be, whoever writes it.
struct contact_limits {
  static constexpr std::size_t persons = 10'000;
  static constexpr std::size_t others = 1'000; ///< schedules, teams, policies, routes, members of a team
  static constexpr std::size_t ways = 50;      ///< of a person
  static constexpr std::size_t steps = 50;     ///< of a policy
  static constexpr std::size_t targets = 100;  ///< of a step
  static constexpr millis longest_wait = std::chrono::days{7};
  static constexpr millis longest_quiet = std::chrono::hours{1};
  static constexpr std::uint32_t rounds = 10'000;
};

/// References exist, addresses are one line of visible text, every policy ends at somebody who is always there,
/// every alarm finds a policy, every way has the address that its channel needs, a facility stands with its customer,
/// and nothing is larger than its limit. A failure's `where` is "person ID", "team ID", "policy ID", "schedule ID",
/// "persons", "teams", "policies", "schedules", "routes" or "system_policy"; behind a part of the book the way to its
/// member, as the API names it, where there is one: "person anna/ways/0/address". A book without persons is sound: it
/// tells nobody. `channels` are the configured ones.
[[nodiscard]] status check(const contact_book& book, std::span<const contact_channel> channels);

/// What a sound book says twice, so that one of the two does nothing and was hardly meant: members of a team with the
/// same shift, routes of the same alarms, spans of one day that overlap. `where` as above.
[[nodiscard]] std::vector<failure> said_twice(const contact_book& book);

/// Of a book that somebody wants in place of the one that stands: check(), and nothing is said twice, and no address is
/// one where nothing can arrive, that was not before.
[[nodiscard]] status check_change(const contact_book& wanted, const contact_book& stands,
                                  std::span<const contact_channel> channels);

/// By which schedule a member of a team is there: the shift in the team, or the person's own; empty = always.
[[nodiscard]] const std::string& shift_of(const contact_book& book, const team_member& member);

struct named_person {
  std::string id;
  std::string schedule;          ///< as shift_of
  std::vector<contact_way> ways; ///< by which the step asks for them; may be empty
};
/// Whom a step names and who want to hear of this, in its order; a member of two teams comes twice.
[[nodiscard]] std::vector<named_person> named_by(const contact_book& book, const escalation_step& step, severity level);

/// Those of a step who are on duty at `now` and want to hear of this; each once, in the order of the step.
[[nodiscard]] std::vector<callee> on_call(const contact_book& book, const escalation_step& step, severity level,
                                          timestamp now);

/// Every way of all whom the policy calls for this at one time or another; each once, sorted.
[[nodiscard]] std::vector<callee> reached_by(const contact_book& book, const escalation_policy& policy, severity level);
/// Those of them who are on duty at `now`.
[[nodiscard]] std::vector<callee> reached_at(const contact_book& book, const escalation_policy& policy, severity level,
                                             timestamp now);

/// The way of the person on this channel as it is in the book; null when there is none.
[[nodiscard]] const contact_way* way_of(const contact_book& book, const std::string& person,
                                        const std::string& channel);

/// Whether the person has this very way still.
[[nodiscard]] bool has_way(const contact_book& book, const callee& to);

/// The id of the policy; empty when there is none. `facility` is its code. The customer is 0 and the facility empty for
/// an alarm of Coldvigil itself.
[[nodiscard]] std::string policy_for(const contact_book& book, customer_id customer, std::string_view facility,
                                     severity level);

} // namespace coldvigil
