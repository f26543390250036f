#include "core/system_alarm.hpp"

#include <array>

namespace coldvigil {
namespace {

struct fault_words {
  std::string_view name;
  std::string_view words;
  alarm_level level;
};
constexpr std::array<fault_words, system_fault_count> faults{{
    {"store_away", "the store cannot be written to", alarm_level::critical},
    {"store_slow", "the store is slow", alarm_level::warning},
    {"disk_low", "the disk of the store is nearly full", alarm_level::critical},
    {"clock_stepped", "the clock of this machine was set", alarm_level::warning},
    {"backlog_old", "readings wait too long to be recorded", alarm_level::critical},
    {"polls_failing", "a customer's endpoint gives nothing usable", alarm_level::warning},
    {"polls_refused", "a customer's endpoint refuses the credentials", alarm_level::warning},
    {"model_missing", "the model does not score", alarm_level::warning},
    {"self_test_overdue", "a self-test of notification is not confirmed", alarm_level::warning},
    {"notice_undelivered", "a message to a person could not be delivered", alarm_level::critical},
    {"site_silent", "nothing is heard of a whole site", alarm_level::critical},
    {"customer_silent", "nothing is heard of any site of a customer", alarm_level::critical},
    {"alarm_unheard", "nobody has acknowledged an alarm", alarm_level::critical},
    {"notification_full", "there is no room for all calls to people", alarm_level::critical},
}};

const fault_words& of(system_fault fault) {
  return faults[static_cast<std::size_t>(fault)];
}

} // namespace

std::string_view to_string(system_fault fault) {
  return of(fault).name;
}
std::string_view words_of(system_fault fault) {
  return of(fault).words;
}
alarm_level level_of(system_fault fault) {
  return of(fault).level;
}

} // namespace coldvigil
