#include "actors/feed.hpp"

#include "actors/supervision.hpp"

#include <algorithm>

namespace coldvigil::actors {

void feed_state::keep(stream& of, const std::shared_ptr<feed_frame>& frame) const {
  of.ring.push_back(frame);
  of.items += frame->items.size();
  while (of.items > context->limits.feed_ring_items && of.ring.size() > 1) {
    of.items -= of.ring.front()->items.size();
    of.ring.pop_front();
  }
}

void feed_state::tell(const std::shared_ptr<feed_frame>& frame) {
  stream& of = streams[number(frame->scope)];
  const auto dead = std::erase_if(of.listeners, [](const auto& listener) { return listener.expired(); });
  context->metrics.feed_listeners.fetch_sub(dead, std::memory_order_relaxed);
  if (!of.listeners.empty()) frame->text = render(*frame);
  keep(of, frame);
  context->metrics.feed_frames.fetch_add(1, std::memory_order_relaxed);
  for (const auto& weak : of.listeners)
    if (const auto listener = weak.lock()) listener->on_frame(frame);
}

void feed_state::join(const subscription& who) {
  const auto listener = who.listener.lock();
  if (!listener) return;
  stream& of = streams[number(who.scope)];
  of.listeners.push_back(who.listener);
  context->metrics.feed_listeners.fetch_add(1, std::memory_order_relaxed);
  // Without loss only when the ring reaches back to the cursor; an empty ring cannot know.
  const bool resumable = who.after && who.after->epoch == epoch && !of.ring.empty() &&
                         who.after->number + 1 >= of.ring.front()->first && who.after->number <= of.ring.back()->last();
  listener->on_subscribed(resumable);
  if (!resumable) return;
  for (const auto& frame : of.ring)
    if (frame->last() > who.after->number) listener->on_frame(frame);
}

feed_actor::behavior_type feed(feed_actor::stateful_pointer<feed_state> self, const engine_context* context,
                               std::uint64_t epoch, frame_renderer render) {
  stop_all_on_fault(self, *context, "feed");
  self->state.context = context;
  self->state.epoch = epoch;
  self->state.render = std::move(render);
  return {
      [self](frames& committed) {
        for (const auto& frame : committed.list)
          self->state.tell(frame);
      },
      [self](const subscription& who) { self->state.join(who); },
  };
}

} // namespace coldvigil::actors
