#include "db/later_runs.hpp"

#include <algorithm>
#include <unordered_map>

namespace coldvigil::db {
namespace {

void cut(std::vector<judged_reading>& tail, timestamp from) {
  std::erase_if(tail, [from](const judged_reading& r) { return r.at >= from; });
}

std::optional<timestamp> begin_of(const unit_run& run) {
  if (run.replaces_from || run.readings.empty()) return run.replaces_from;
  return run.readings.front().at;
}

} // namespace

void later_runs::add(const unit_run& run) {
  unit_ = run.unit;
  if (const auto begin = begin_of(run)) {
    if (!tail_.empty() && *begin <= tail_.back().at) cut(tail_, *begin);
    cut_from_ = cut_from_ ? std::min(*cut_from_, *begin) : begin;
  }
  tail_.insert(tail_.end(), run.readings.begin(), run.readings.end());
  sensors_.insert(sensors_.end(), run.new_sensors.begin(), run.new_sensors.end());
}

void later_runs::bring_up(unit_snapshot& snapshot, std::optional<timestamp> sealed) const {
  snapshot.unit = unit_;
  if (cut_from_) cut(snapshot.tail, *cut_from_);
  for (const judged_reading& reading : tail_)
    if (!sealed || reading.at > *sealed) snapshot.tail.push_back(reading);
  learn(snapshot.sensors, sensors_);
}

std::vector<unit_snapshot> final_snapshots(const commit_batch& batch) {
  std::vector<unit_snapshot> out;
  std::unordered_map<std::int64_t, std::size_t> place; // by point
  for (const unit_snapshot& each : batch.snapshots) {
    const auto [found, fresh] = place.try_emplace(number(each.point), out.size());
    if (fresh)
      out.push_back(each);
    else
      out[found->second] = each;
  }
  if (out.empty()) return out;
  std::unordered_map<std::int64_t, later_runs> runs;
  for (const unit_run& each : batch.runs)
    if (place.contains(number(each.point))) runs[number(each.point)].add(each);
  std::unordered_map<std::int64_t, std::optional<timestamp>> sealed;
  for (const chunk& each : batch.chunks)
    sealed[number(each.point)] = each.readings.back().at;
  for (const auto& [point, later] : runs)
    later.bring_up(out[place[point]], sealed[point]);
  return out;
}

} // namespace coldvigil::db
