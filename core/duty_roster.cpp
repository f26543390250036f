#include "core/duty_roster.hpp"

#include <algorithm>

namespace coldvigil {
namespace {

/// Of two shifts of the same person.
duty either(const duty& a, const duty& b) {
  if (a.on != b.on) return a.on ? a : b;
  if (!a.changes_at || !b.changes_at) {
    if (a.on) return {true, std::nullopt};
    return {false, a.changes_at ? a.changes_at : b.changes_at};
  }
  return {a.on, a.on ? std::max(a.changes_at, b.changes_at) : std::min(a.changes_at, b.changes_at)};
}

/// Adds what is not there yet; they stay sorted.
void add_channels(std::vector<std::string>& to, const std::vector<contact_way>& ways) {
  for (const contact_way& way : ways) {
    const auto place = std::lower_bound(to.begin(), to.end(), way.channel);
    if (place == to.end() || *place != way.channel) to.insert(place, way.channel);
  }
}

} // namespace

duty duty_roster::of(const std::string& schedule) {
  const auto when = book_.schedules.find(schedule);
  if (when == book_.schedules.end()) return {};
  const auto [found, fresh] = known_.try_emplace(schedule);
  if (fresh) found->second = {on_duty(when->second, now_), duty_changes(when->second, now_)};
  return found->second;
}

duty duty_roster::of(const team_member& member) {
  return of(shift_of(book_, member));
}

std::vector<reached_person> duty_roster::reached(const escalation_step& step, severity level) {
  std::vector<reached_person> out;
  std::map<std::string, std::size_t> places;
  for (const named_person& who : named_by(book_, step, level)) {
    if (who.ways.empty()) continue;
    const auto [place, fresh] = places.try_emplace(who.id, out.size());
    if (fresh) out.push_back({who.id, {}, of(who.schedule)});
    reached_person& known = out[place->second];
    add_channels(known.channels, who.ways);
    if (!fresh) known.when = either(known.when, of(who.schedule));
  }
  return out;
}

} // namespace coldvigil
