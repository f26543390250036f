#include "actors/alarm_list.hpp"

#include <algorithm>
#include <utility>

namespace coldvigil::actors {
namespace {

constexpr std::size_t looked_at_once = 500;

/// Stages in which the condition surely holds, or surely does not, spare looking at the others.
std::optional<bool> open_in(const std::vector<alarm_stage>& stages) {
  const auto all = [&](std::initializer_list<alarm_stage> of) {
    return std::all_of(stages.begin(), stages.end(),
                       [&](alarm_stage each) { return std::find(of.begin(), of.end(), each) != of.end(); });
  };
  if (all({alarm_stage::unacknowledged, alarm_stage::acknowledged, alarm_stage::suppressed})) return true;
  if (all({alarm_stage::returned_unacknowledged, alarm_stage::normal, alarm_stage::closed})) return false;
  return std::nullopt;
}

result<alarm_listing> with_lives(store_reader& from, alarm_page page, timestamp now) {
  auto lives = from.lives(page.items);
  if (!lives) return lives.error();
  alarm_listing out;
  for (std::size_t i = 0; i < page.items.size(); ++i)
    out.items.push_back({std::move(page.items[i]), as_of(std::move((*lives)[i]), now)});
  return out;
}

list_place place_of(const alarm_record& alarm) {
  return {alarm.raised_at, alarm.id};
}

result<alarm_listing> one_page(store_reader& from, const alarm_query& query, timestamp now) {
  auto page = from.alarms(query);
  if (!page) return page.error();
  const std::uint64_t total = page->total;
  const bool full = page->items.size() >= query.limit;
  auto out = with_lives(from, std::move(*page), now);
  if (!out) return out;
  out->total = total;
  if (full && !out->items.empty()) out->next = place_of(out->items.back().alarm);
  return out;
}

} // namespace

result<alarm_listing> list_alarms(store_reader& from, const alarm_list_query& query, timestamp now) {
  if (query.stages.empty()) return one_page(from, query.facts, now);
  alarm_query facts = query.facts;
  facts.limit = looked_at_once;
  facts.offset = 0;
  if (!facts.open) facts.open = open_in(query.stages);
  alarm_listing out;
  for (std::size_t seen = 0; seen < alarms_looked_through; seen += looked_at_once) {
    auto part = one_page(from, facts, now);
    if (!part) return part;
    for (alarm_listing::item& each : part->items) {
      out.next = place_of(each.alarm);
      const alarm_stage stage = each.life.stage();
      if (std::find(query.stages.begin(), query.stages.end(), stage) == query.stages.end()) continue;
      out.items.push_back(std::move(each));
      if (out.items.size() == query.facts.limit) return out;
    }
    if (!part->next) {
      out.next.reset();
      return out;
    }
    facts.after = part->next;
  }
  return out;
}

} // namespace coldvigil::actors
