#include "actors/reader.hpp"

#include "actors/alarm_list.hpp"
#include "actors/desk.hpp"
#include "actors/record_checker.hpp"
#include "actors/supervision.hpp"
#include "core/merge.hpp"

namespace coldvigil::actors {
namespace {

result<series> whole_series(store_reader& source, series_tail& what) {
  auto sealed = source.sealed(what.point, what.question.from, what.question.to);
  if (!sealed.ok()) return sealed.error();
  series out = std::move(what.tail);
  out.readings = merged(std::move(*sealed), std::move(out.readings));
  return out;
}

} // namespace

reader_actor::behavior_type reader(reader_actor::stateful_pointer<reader_state> self, const engine_context* context,
                                   std::shared_ptr<store_reader> source) {
  stop_all_on_fault(self, *context, "reader");
  const auto checker = std::make_shared<record_checker>(source, context->time);
  return {
      [source](series_tail& what) { what.question.done(whole_series(*source, what)); },
      [source, context](alarms_question& what) { what.done(list_alarms(*source, what.query, context->time.now())); },
      [source](story_question& what) { what.done(story_of(*source, what.alarm, what.customer)); },
      [source](courses_question& what) { what.done(source->courses(what.query)); },
      [source](rejects_question& what) { what.done(source->rejects(what.query)); },
      [source](polls_question& what) { what.done(source->polls(what.query)); },
      [source](audits_question& what) { what.done(source->audits(what.query)); },
      [source](deliveries_question& what) { what.done(source->deliveries(what.query)); },
      [source](self_tests_question& what) { what.done(source->self_tests(what.limit)); },
      [source](head_question& what) { what.done(source->head()); },
      [self, checker](check_question& what) {
        if (checker->join(std::move(what.done))) self->send(self, check_step{});
      },
      [self, checker](check_step) {
        if (checker->step()) self->send(self, check_step{});
      },
  };
}

} // namespace coldvigil::actors
