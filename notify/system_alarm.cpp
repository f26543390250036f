#include "notify/system_alarm.hpp"

#include "notify/secrets.hpp"

namespace coldvigil {
namespace {

alarm_notice about(const self_test& test, timestamp now) {
  alarm_notice out;
  out.alarm = alarm_of_way(test.to);
  out.transition = static_cast<std::uint64_t>(to_ms(now)); // rises, also when the earlier ones are long forgotten
  out.level = severity::warning;
  out.facility_name = "notification";
  out.unit_name = "Coldvigil";
  out.rule = "self-test not confirmed: " + test.to.person + " by " + test.to.channel;
  out.raised_at = test.sent_at;
  return out;
}

} // namespace

uuid alarm_of_way(const callee& way) {
  const std::string digest = sha256_of("self-test\n" + way.person + "\n" + way.channel + "\n" + way.address);
  std::array<std::uint8_t, 16> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<std::uint8_t>(std::stoul(digest.substr(2 * i, 2), nullptr, 16));
  return uuid_from_random(bytes);
}

alarm_notice test_overdue(const self_test& test, timestamp now) {
  alarm_notice out = about(test, now);
  out.explanation = "alarms may not reach this person this way";
  return out;
}

alarm_notice test_received(const self_test& test, timestamp now) {
  alarm_notice out = about(test, now);
  out.state = notice_state::cleared;
  out.ended_at = now;
  return out;
}

} // namespace coldvigil
