#include "actors/front.hpp"

#include "actors/intake.hpp"
#include "actors/routing.hpp"

#include <utility>

namespace coldvigil::actors {

front_actor::behavior_type front(front_actor::stateful_pointer<front_state> self,
                                 std::shared_ptr<std::unique_ptr<front_server>> server) {
  self->state.server = std::move(*server);
  return {
      [self](stop) {
        self->state.server->stop();
        self->state.server.reset();
        self->quit();
        return true;
      },
  };
}

engine_front::engine_front(const engine_context& context, handles to, std::uint64_t epoch,
                           std::shared_ptr<store_health> health, std::string store_kind, std::string model_name)
    : context_(context), to_(std::move(to)), epoch_(epoch), health_(std::move(health)),
      store_kind_(std::move(store_kind)), model_name_(std::move(model_name)) {}

engine_health engine_front::health() const {
  engine_health out;
  const std::string trouble = health_->trouble();
  out.store_ok = trouble.empty();
  out.store_text = trouble.empty() ? "ok" : trouble;
  out.store_kind = store_kind_;
  out.model_name = model_name_;
  out.in_flight = context_.gate.in_flight();
  return out;
}

bool engine_front::submit(submission&& what) {
  const auto found = to_.customers.find(number(what.customer));
  if (found == to_.customers.end()) return false;
  return actors::submit(context_, found->second, std::move(what));
}

void engine_front::ask_unit(customer_id customer, unit_question&& question) {
  const auto found = to_.customers.find(number(customer));
  if (found == to_.customers.end()) return refuse_unknown(question);
  caf::anon_send(found->second, std::move(question));
}

void engine_front::series_of(const series_query& query, std::function<void(result<series>)> done) {
  ask_unit(query.customer, {query.unit, series_question{query.from, query.to, std::move(done)}});
}

void engine_front::alarms(const alarm_list_query& query, std::function<void(result<alarm_listing>)> done) {
  caf::anon_send(to_.reader, alarms_question{query, std::move(done)});
}

void engine_front::story(const uuid& alarm, std::optional<customer_id> customer,
                         std::function<void(result<alarm_story>)> done) {
  caf::anon_send(to_.reader, story_question{alarm, customer, std::move(done)});
}

void engine_front::open_alarms(customer_id customer, unit_id unit,
                               std::function<void(result<std::vector<alarm_record>>)> done) {
  ask_unit(customer, {unit, open_alarms_question{unit, std::move(done)}});
}

void engine_front::say(alarm_word&& word, std::function<void(result<alarm_story>)> done) {
  caf::anon_send(to_.writer, alarm_said{std::move(word), std::move(done)});
}

void engine_front::change_service(service_change&& change, std::function<void(status)> done) {
  caf::anon_send(to_.writer, service_changed{std::move(change), std::move(done)});
}

void engine_front::courses(const course_query& query, std::function<void(result<std::vector<alarm_course>>)> done) {
  caf::anon_send(to_.reader, courses_question{query, std::move(done)});
}

void engine_front::change_rules(place_rules&& wanted, std::function<void(result<std::vector<rule_record>>)> done) {
  caf::anon_send(to_.writer, rules_changed{std::move(wanted), std::move(done)});
}

void engine_front::acknowledge_system_alarm(const uuid& alarm, std::optional<customer_id> customer, std::string who,
                                            std::string reason, std::function<void(result<system_alarm>)> done) {
  caf::anon_send(to_.watcher, system_alarm_seen{alarm, customer, std::move(who), std::move(reason), std::move(done)});
}

void engine_front::rejects(const reject_query& query, std::function<void(result<std::vector<rejected_reading>>)> done) {
  caf::anon_send(to_.reader, rejects_question{query, std::move(done)});
}

void engine_front::polls(const poll_query& query, std::function<void(result<std::vector<poll_record>>)> done) {
  caf::anon_send(to_.reader, polls_question{query, std::move(done)});
}

void engine_front::audits(const audit_query& query, std::function<void(result<std::vector<audit_entry>>)> done) {
  caf::anon_send(to_.reader, audits_question{query, std::move(done)});
}

void engine_front::head(std::function<void(result<std::optional<chain_head>>)> done) {
  caf::anon_send(to_.reader, head_question{std::move(done)});
}

void engine_front::check_record(std::function<void(result<record_check>)> done) {
  caf::anon_send(to_.reader, check_question{std::move(done)});
}

void engine_front::predict(prediction_query&& query, std::function<void(result<prediction>)> done) {
  predict_question question{std::move(query), std::move(done)};
  if (question.query.unit && question.query.customer) {
    const customer_id customer = *question.query.customer;
    const unit_id unit = *question.query.unit;
    return ask_unit(customer, {unit, std::move(question)});
  }
  caf::anon_send(to_.scorer, predict_job{std::move(question), std::nullopt});
}

void engine_front::reconstruct(customer_id customer, unit_id unit, std::function<void(result<reconstruction>)> done) {
  ask_unit(customer, {unit, reconstruct_question{std::move(done)}});
}

void engine_front::subscribe(customer_id scope, std::optional<feed_cursor> after,
                             std::weak_ptr<feed_listener> listener) {
  caf::anon_send(to_.feed, subscription{scope, after, std::move(listener)});
}

} // namespace coldvigil::actors
