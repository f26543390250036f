#include "db/alarm_tables.hpp"
#include "db/chain_checks.hpp"

#include <limits>

namespace coldvigil::db {
namespace {

bool has_digest(const std::string& digests, const std::string& wanted) {
  for (std::size_t at = 0; at + snapshot_digest_size <= digests.size(); at += snapshot_digest_size)
    if (digests.compare(at, snapshot_digest_size, wanted) == 0) return true;
  return false;
}

std::string trouble_with(sql_session& in, const stored_snapshot& found) {
  const std::int64_t point = number(found.snapshot.point);
  std::string digests;
  in.run("SELECT snapshot_digests FROM commits WHERE seq = $1", {as_integer(found.seq)},
         [&](const sql_row& row) { digests = row.bytes(0); });
  if (!has_digest(digests, snapshot_digest(found.snapshot)))
    return "the snapshot of point " + std::to_string(point) + " was changed";
  bool of_its_unit = true;
  in.run("SELECT unit_id FROM points WHERE id = $1", {point},
         [&](const sql_row& row) { of_its_unit = row.as<unit_id>(0) == found.snapshot.unit; });
  return of_its_unit ? "" : "the snapshot of point " + std::to_string(point) + " names another unit";
}

/// An alarm may move on between two queries, so it is looked at from both sides.
bool is_what_was_told(sql_session& in, alarm_id id) {
  const auto told = read_transitions(in, id);
  const auto now = read_whole_alarm(in, id);
  const auto told_then = read_transitions(in, id);
  const auto says = [&](const std::vector<alarm_transition>& steps) {
    return !steps.empty() && steps.back().after == now;
  };
  return now && (says(told) || says(told_then));
}

std::string trouble_with_alarm(sql_session& in, alarm_id id) {
  bool right = false;
  if (auto damage = damage_in([&] { right = is_what_was_told(in, id); })) return *damage;
  return right ? "" : "alarm " + std::to_string(number(id)) + " is not what its newest transition says";
}

/// Alarms after one, each with the commit of its newest transition; 0 when it has none.
std::vector<std::pair<alarm_id, std::uint64_t>> alarms_after(sql_session& in, std::int64_t after, std::size_t limit) {
  std::vector<std::pair<alarm_id, std::uint64_t>> out;
  in.run("SELECT ids.id, (SELECT coalesce(max(t.commit_seq), 0) FROM alarm_transitions t WHERE t.id = ids.id) FROM ("
         "SELECT id FROM (SELECT id FROM alarms WHERE id > $1 ORDER BY id LIMIT $2) a UNION "
         "SELECT id FROM (SELECT DISTINCT id FROM alarm_transitions WHERE id > $1 ORDER BY id LIMIT $2) t"
         ") ids ORDER BY ids.id LIMIT $2",
         {after, as_integer(limit)},
         [&](const sql_row& row) { out.emplace_back(row.as<alarm_id>(0), row.as<std::uint64_t>(1)); });
  return out;
}

} // namespace

void check_snapshots(sql_session& in, const series_layout& layout, chain_check& check, std::size_t steps) {
  std::vector<stored_snapshot> page;
  if (auto damage = damage_in([&] { page = layout.read_snapshots(in, point_id{check.after}, steps); })) {
    check.fault = chain_fault{check.commits, *damage};
    return;
  }
  for (const stored_snapshot& each : page) {
    check.after = number(each.snapshot.point);
    std::string what;
    if (auto damage = damage_in([&] { what = trouble_with(in, each); })) what = *damage;
    if (what.empty()) continue;
    check.fault = chain_fault{each.seq, what};
    return;
  }
  if (page.size() < steps) {
    check.at = chain_check::part::alarms;
    check.after = std::numeric_limits<std::int64_t>::min();
  }
}

void check_alarms(sql_session& in, chain_check& check, std::size_t steps) {
  std::vector<std::pair<alarm_id, std::uint64_t>> page;
  if (auto damage = damage_in([&] { page = alarms_after(in, check.after, steps); })) {
    check.fault = chain_fault{check.commits, *damage};
    return;
  }
  for (const auto& [id, seq] : page) {
    check.after = number(id);
    const std::string what = trouble_with_alarm(in, id);
    if (what.empty()) continue;
    check.fault = chain_fault{seq == 0 ? check.commits : seq, what};
    return;
  }
  if (page.size() < steps) check.at = chain_check::part::strays;
}

} // namespace coldvigil::db
