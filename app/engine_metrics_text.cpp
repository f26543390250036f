#include "app/engine_metrics_text.hpp"

#include "app/metric_families.hpp"

namespace coldvigil {
namespace {

void readings(metrics_text& out, const engine_metrics& m) {
  one(out, "coldvigil_readings_received_total", "counter", "Readings admitted.", m.readings_received);
  one(out, "coldvigil_readings_stored_total", "counter", "Readings committed.", m.readings_stored);
  one(out, "coldvigil_readings_duplicate_total", "counter", "Readings that were stored before.", m.readings_duplicate);
  by_word<reject_reason>(out, "coldvigil_readings_rejected_total", "counter", "Readings kept apart, by reason.",
                         "reason", m.readings_rejected);
  by_word<score_state>(out, "coldvigil_readings_by_score_total", "counter",
                       "Committed readings by what became of their score.", "state", m.readings_by_score);
}

void alarms(metrics_text& out, const engine_metrics& m) {
  out.family("coldvigil_alarm_transitions_total", "counter", "Transitions of alarms, by rule and kind.");
  for (std::size_t rule = 0; rule < rule_kind_count; ++rule)
    for (std::size_t kind = 0; kind < m.transitions[rule].size(); ++kind)
      out.sample(static_cast<double>(m.transitions[rule][kind].load(std::memory_order_relaxed)),
                 label("rule", to_string(static_cast<rule_kind>(rule))) + "," +
                     label("kind", to_string(static_cast<transition_kind>(kind))));
}

void lives(metrics_text& out, const engine_metrics& m) {
  by_word<life_event_kind>(out, "coldvigil_alarm_life_events_total", "counter", "What people said of alarms, by kind.",
                           "event", m.life_events);
  histogram(out, "coldvigil_alarm_acknowledge_seconds",
            "From the decision that raised an alarm to its acknowledgement.", m.acknowledge_seconds, 1.0);
}

void system_alarms(metrics_text& out, const engine_metrics& m) {
  by_word<system_fault>(out, "coldvigil_system_alarms", "gauge",
                        "Open alarms of Coldvigil itself and of common cause, by fault.", "fault", m.system_alarms);
}

} // namespace

std::string engine_metrics_text(const engine_metrics& m, const admission_gate& gate) {
  metrics_text out;
  readings(out, m);
  alarms(out, m);
  system_alarms(out, m);
  lives(out, m);
  one(out, "coldvigil_in_flight_readings", "gauge", "Readings between receipt and commit.",
      static_cast<double>(gate.in_flight()));
  one(out, "coldvigil_in_flight_capacity", "gauge", "Bound of coldvigil_in_flight_readings.",
      static_cast<double>(gate.capacity()));
  one(out, "coldvigil_readings_refused_total", "counter", "Readings turned away because the engine was full.",
      static_cast<double>(gate.refused()));
  one(out, "coldvigil_commits_total", "counter", "Transactions committed.", m.commits);
  one(out, "coldvigil_commit_failures_total", "counter", "Transactions that failed and are tried again.",
      m.commit_failures);
  histogram(out, "coldvigil_commit_seconds", "Time of one transaction.", m.commit_time);
  histogram(out, "coldvigil_receipt_to_commit_seconds",
            "From a submission's receipt to the commit of its last reading.", m.receipt_to_commit);
  histogram(out, "coldvigil_alarm_latency_seconds",
            "From the receipt of a reading to the commit of the alarm that it raised.", m.receipt_to_alarm);
  by_word<poll_status>(out, "coldvigil_polls_total", "counter", "Polls of customers' endpoints, by status.", "status",
                       m.polls);
  one(out, "coldvigil_inference_batches_total", "counter", "Calls of the detector.", m.inference_batches);
  one(out, "coldvigil_inference_samples_total", "counter", "Readings passed to the detector.", m.inference_samples);
  one(out, "coldvigil_reconstruction_errors_left_out_total", "counter",
      "Readings scored without a reconstruction error because too many waited.", m.errors_left_out);
  one(out, "coldvigil_feed_frames_total", "counter", "Frames of the live feed.", m.feed_frames);
  one(out, "coldvigil_feed_listeners", "gauge", "Listeners of the live feed.", m.feed_listeners);
  one(out, "coldvigil_log_rows_trimmed_total", "counter", "Commit rows whose payload was dropped.", m.log_rows_trimmed);
  by_word<forgettable>(out, "coldvigil_rows_forgotten_total", "counter",
                       "Rows beyond the bounds of the store, by what they were.", "what", m.rows_forgotten);
  return out.text();
}

} // namespace coldvigil
