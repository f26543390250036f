#include "actors/reader.hpp"

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
  return {
      [source](series_tail& what) { what.question.done(whole_series(*source, what)); },
      [source](alarms_question& what) { what.done(source->alarms(what.query)); },
      [source](transitions_question& what) { what.done(source->transitions(what.alarm)); },
      [source](polls_question& what) { what.done(source->polls(what.query)); },
  };
}

} // namespace coldvigil::actors
