#include "db/recovery.hpp"

#include "db/later_runs.hpp"

#include <limits>
#include <map>
#include <unordered_map>

namespace coldvigil::db {
namespace {

constexpr std::size_t commits_a_page = 256;
constexpr std::size_t snapshots_a_page = 512;

using later_by_point = std::map<std::int64_t, later_runs>;

std::unordered_map<std::int64_t, std::uint64_t> snapshot_commits(sql_link& link) {
  return with_session(link, [](sql_session& in) {
    std::unordered_map<std::int64_t, std::uint64_t> out;
    in.run("SELECT point_id, seq FROM snapshots", {},
           [&](const sql_row& row) { out[row.integer(0)] = row.as<std::uint64_t>(1); });
    return out;
  });
}

later_by_point read_later_runs(sql_link& link, const series_layout& layout, log_tracker& tracker) {
  const auto covered = snapshot_commits(link);
  later_by_point out;
  std::uint64_t last = 0;
  for (bool more = true; more;) {
    more = false;
    const auto take = [&](std::uint64_t seq, std::vector<unit_run>&& runs) {
      more = true;
      last = seq;
      for (const unit_run& run : runs) {
        const auto snapshot = covered.find(number(run.point));
        if (snapshot != covered.end() && snapshot->second >= seq) continue;
        tracker.note_run(seq, run.point);
        out[number(run.point)].add(run);
      }
    };
    with_session(link, [&](sql_session& in) { layout.read_log(in, last, commits_a_page, take); });
  }
  return out;
}

} // namespace

log_tracker recover_units(sql_link& link, const series_layout& layout,
                          const std::function<void(unit_recovery&&)>& sink) {
  log_tracker tracker;
  later_by_point later = read_later_runs(link, layout, tracker);
  point_id last{std::numeric_limits<std::int64_t>::min()};
  for (;;) {
    auto page = with_session(link, [&](sql_session& in) { return layout.read_snapshots(in, last, snapshots_a_page); });
    if (page.empty()) break;
    last = page.back().snapshot.point;
    for (stored_snapshot& each : page) {
      auto runs = later.extract(number(each.snapshot.point));
      if (!runs.empty()) runs.mapped().bring_up(each.snapshot);
      sink({std::move(each.snapshot)});
    }
  }
  while (!later.empty()) {
    auto runs = later.extract(later.begin());
    unit_recovery out;
    out.snapshot.point = point_id{runs.key()};
    runs.mapped().bring_up(out.snapshot);
    sink(std::move(out));
  }
  return tracker;
}

} // namespace coldvigil::db
