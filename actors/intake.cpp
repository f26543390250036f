#include "actors/intake.hpp"

#include <chrono>
#include <utility>

namespace coldvigil::actors {
namespace {

/// Gives back to the gate and notes how long the submission took, before its sender is told.
receipt::done_function closing(const engine_context& context, std::size_t items, receipt::done_function done) {
  const auto began = std::chrono::steady_clock::now();
  return [&context, items, began, done = std::move(done)](std::span<const item_result> results) {
    context.gate.give(items);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
    context.metrics.receipt_to_commit.note(took.count());
    done(results);
  };
}

} // namespace

bool submit(const engine_context& context, const customer_actor& to, submission&& what) {
  const std::size_t items = what.items.size();
  if (items == 0) {
    what.done({});
    return true;
  }
  if (!context.gate.try_take(items)) return false;
  context.metrics.readings_received.fetch_add(items, std::memory_order_relaxed);
  const auto shared = std::make_shared<receipt>(items, closing(context, items, std::move(what.done)));
  customer_offer offer;
  for (std::uint32_t i = 0; i < items; ++i) {
    submission_item& item = what.items[i];
    if (auto* reading = std::get_if<measured>(&item.content)) {
      offer.readings.emplace_back(item.unit, offered{std::move(*reading), {shared, i}});
    } else {
      settlement refused;
      refused.to = {shared, i};
      refused.reject = std::move(std::get<rejected_reading>(item.content));
      refused.result = {item_outcome::rejected, refused.reject->reason};
      offer.refused.push_back(std::move(refused));
    }
  }
  caf::anon_send(to, std::move(offer));
  return true;
}

} // namespace coldvigil::actors
