#include "evaluation/outcome.hpp"

#include <algorithm>
#include <map>

namespace coldvigil {
namespace {

/// The times in which alarms are not false, merged, within the scored time.
std::vector<fault_span> excused(const unit_case& unit, millis recovery) {
  std::vector<fault_span> out;
  for (const scored_fault& fault : unit.faults) {
    const fault_span span{std::max(fault.span.start, unit.from), std::min(fault.span.end + recovery, unit.to)};
    if (span.start >= span.end) continue;
    if (!out.empty() && span.start <= out.back().end)
      out.back().end = std::max(out.back().end, span.end);
    else
      out.push_back(span);
  }
  return out;
}

bool inside_any(const std::vector<fault_span>& spans, timestamp at) {
  return std::any_of(spans.begin(), spans.end(),
                     [at](const fault_span& span) { return at >= span.start && at < span.end; });
}

fault_outcome judge_fault(const scored_fault& fault, const std::vector<episode>& alarms) {
  fault_outcome out;
  out.kind = fault.kind;
  const auto found = std::find_if(alarms.begin(), alarms.end(),
                                  [&](const episode& alarm) { return alarm.opened >= fault.span.start; });
  if (found == alarms.end() || found->opened >= fault.span.end) return out;
  out.delay = found->opened - fault.span.start;
  if (fault.breach.instant) out.lead_instant = *fault.breach.instant - found->opened;
  if (fault.breach.sustained) out.lead_sustained = *fault.breach.sustained - found->opened;
  return out;
}

} // namespace

unit_outcome judge(const unit_case& unit, const scoring_rules& rules) {
  unit_outcome out;
  out.unit = unit.unit;
  out.site = unit.site;
  if (unit.to <= unit.from) return out;
  const auto alarms = merged(unit.alarms, rules.merge_gap);
  for (const scored_fault& fault : unit.faults)
    if (fault.span.start >= unit.from && fault.span.start < unit.to) out.faults.push_back(judge_fault(fault, alarms));
  const auto spans = excused(unit, rules.recovery);
  out.scored = out.clean = unit.to - unit.from;
  for (const fault_span& span : spans)
    out.clean -= span.end - span.start;
  for (const episode& alarm : alarms) {
    if (alarm.opened < unit.from || alarm.opened > unit.to) continue;
    ++out.episodes;
    if (!inside_any(spans, alarm.opened)) out.false_alarms.push_back(alarm);
  }
  return out;
}

std::size_t site_incidents(const std::vector<unit_outcome>& units, const scoring_rules& rules) {
  std::map<std::string, std::vector<episode>> by_site;
  std::size_t incidents = 0;
  for (const unit_outcome& unit : units) {
    // A unit of no site is alone.
    if (unit.site.empty()) incidents += unit.false_alarms.size();
    auto& all = by_site[unit.site];
    if (!unit.site.empty()) all.insert(all.end(), unit.false_alarms.begin(), unit.false_alarms.end());
  }
  for (const auto& [site, all] : by_site)
    incidents += merged(all, rules.merge_gap).size();
  return incidents;
}

} // namespace coldvigil
