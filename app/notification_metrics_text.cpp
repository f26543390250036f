#include "app/notification_metrics_text.hpp"

#include "app/metric_families.hpp"

namespace coldvigil {

std::string notification_metrics_text(const notification_metrics& of) {
  metrics_text out;
  one(out, "coldvigil_notices_total", "counter", "Committed steps of alarms that people may have to hear of.",
      of.notices);
  by_word<send_result>(out, "coldvigil_deliveries_total", "counter",
                       "Attempts to deliver a message, by result; withdrawn ones were not made.", "result",
                       of.attempts);
  one(out, "coldvigil_dead_letters_total", "counter", "Messages refused for good or given up.", of.dead_letters);
  one(out, "coldvigil_unacknowledged_alarms_total", "counter", "Alarms that nobody acknowledged in all rounds.",
      of.unacknowledged);
  histogram(out, "coldvigil_first_call_seconds",
            "From the commit of an alarm to the commit of its first call, with what the policy waits.",
            of.first_call_seconds, 1.0);
  one(out, "coldvigil_overdue_self_tests_total", "counter", "Self-tests without a receipt in time.", of.overdue_tests);
  one(out, "coldvigil_notification_full_total", "counter",
      "Ticks in which something waited because a limit is reached.", of.full);
  one(out, "coldvigil_alarm_steps_dropped_total", "counter",
      "Steps of alarms that are told of after a restart alone, for as many waited for a place as may.", of.dropped);
  one(out, "coldvigil_calls_without_room_total", "counter",
      "Calls that were not made because as many messages waited for their channel as may.", of.not_called);
  one(out, "coldvigil_recording_messages_dropped_total", "counter",
      "Messages that recording has stopped, or works again, for which a limit left no room.", of.not_told_of_recording);
  one(out, "coldvigil_link_acknowledgements_total", "counter", "Acknowledgements by link.", of.acknowledgements);
  one(out, "coldvigil_heartbeats_total", "counter", "Calls of the heartbeat address.", of.heartbeats);
  one(out, "coldvigil_outbox_messages", "gauge", "Messages that wait to be delivered.", of.waiting);
  one(out, "coldvigil_notification_cases", "gauge", "Alarms that people are being called about, or were lately.",
      of.cases);
  one(out, "coldvigil_recording_stopped", "gauge", "1 while nothing can be recorded.", of.recording_stopped);
  return out.text();
}

} // namespace coldvigil
