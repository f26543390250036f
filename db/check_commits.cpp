#include "db/chain_checks.hpp"
#include "db/commit_rows.hpp"
#include "db/in_parts.hpp"
#include "db/log_gap.hpp"
#include "db/shapes.hpp"

#include <algorithm>
#include <limits>
#include <set>

namespace coldvigil::db {
namespace {

/// So many rows, about, are held at once, however much the commits brought.
constexpr std::uint64_t rows_a_page = 20'000;
constexpr std::uint64_t rows_a_chunk = 8; ///< what a chunk weighs against other rows
constexpr std::uint64_t bytes_a_row_digest = 24;
constexpr std::size_t contents_at_once = 16;

/// Tables that people's lists show in the order of their ids.
struct list_in_order {
  const char* table;
  bool before_the_record; ///< rows of commit 0 are from before they were part of the record
};
constexpr std::array<list_in_order, 4> lists_in_order{
    {{"audit", false}, {"alarm_events", true}, {"service_changes", true}, {"rejects", false}}};

std::uint64_t weight_of(const sql_row& row) {
  std::uint64_t out = 1;
  const auto damage = damage_in([&] {
    for (const int column : {1, 2, 3})
      out += row.as<std::uint64_t>(column);
    out += rows_a_chunk * row.as<std::uint64_t>(4) + row.as<std::uint64_t>(5) / bytes_a_row_digest;
  });
  return damage ? 1 : out; // the row is named when it is read
}

/// The last commit of the next page; nothing when there is none.
std::optional<std::uint64_t> end_of_page(sql_session& in, std::uint64_t after, std::size_t steps) {
  std::optional<std::uint64_t> out;
  std::uint64_t rows = 0;
  in.run("SELECT seq, transitions, audits, snapshots, chunks, length(row_digests) FROM commits WHERE seq > $1 ORDER BY "
         "seq LIMIT $2",
         {as_integer(after), as_integer(steps)}, [&](const sql_row& row) {
           if (rows >= rows_a_page) return;
           rows += std::min(weight_of(row), rows_a_page);
           out = row.as<std::uint64_t>(0);
         });
  return out;
}

/// The contents that are still kept have their hashes, and none is missing.
faults faults_of_log(sql_session& in, const series_layout& layout, std::uint64_t after,
                     const std::vector<commit_row>& rows) {
  faults out;
  std::set<std::uint64_t> there;
  const std::uint64_t through = rows.back().link.seq;
  std::uint64_t last = after;
  for (bool more = true; more && last < through;) {
    const std::uint64_t before = last;
    const auto damage = damage_in([&] {
      layout.read_log(in, last, contents_at_once, [&](std::uint64_t seq, std::vector<unit_run>&&) {
        there.insert(seq);
        last = seq;
      });
    });
    more = last != before || damage;
    if (!damage) continue;
    in.run("SELECT min(seq) FROM commit_log WHERE seq > $1", {as_integer(last)},
           [&](const sql_row& row) { last = row.as<std::uint64_t>(0); });
    there.insert(last);
    out.emplace(last, *damage);
  }
  const std::uint64_t kept_from = log_is_kept_from(in); // after the log was read: trimming goes on meanwhile
  for (const commit_row& row : rows)
    if (row.link.seq >= kept_from && !there.contains(row.link.seq) && row.link.content_hash != hash_of_no_content())
      out.emplace(row.link.seq, "its readings are missing from the log");
  return out;
}

std::int64_t point_of(std::string_view digest) {
  byte_reader from(digest);
  std::uint64_t out = 0;
  for (int i = 0; i < 8; ++i)
    out = out << 8 | from.byte();
  return static_cast<std::int64_t>(out);
}

/// Every snapshot that these commits made is there still, or a later one of its point.
faults faults_of_snapshots(sql_session& in, const std::vector<commit_row>& rows) {
  std::map<std::int64_t, std::uint64_t> newest; // by point
  for (const commit_row& row : rows)
    for (std::size_t at = 0; at + snapshot_digest_size <= row.snapshot_digests.size(); at += snapshot_digest_size)
      newest[point_of(std::string_view(row.snapshot_digests).substr(at))] = row.link.seq;
  std::vector<std::int64_t> points;
  for (const auto& [point, seq] : newest)
    points.push_back(point);
  for_parts(in, "SELECT point_id, seq FROM snapshots WHERE point_id IN ", points, [&](const sql_row& row) {
    if (row.integer(1) >= static_cast<std::int64_t>(newest[row.integer(0)])) newest.erase(row.integer(0));
  });
  faults out;
  for (const auto& [point, seq] : newest)
    out.emplace(seq, "the snapshot of point " + std::to_string(point) + " was taken out or put back to an older one");
  return out;
}

/// Whoever moves an entry in a list gives it another id. Ids rise with the commits, and within one their order is part
/// of its record.
faults faults_of_order(sql_session& in, const list_in_order& list, std::int64_t& newest, std::uint64_t from,
                       std::uint64_t to) {
  faults out;
  std::uint64_t commit = 0;
  std::int64_t newest_before = newest; // of the commits before this one
  const auto look = [&](const sql_row& row) {
    const auto seq = row.as<std::uint64_t>(1);
    if (seq != commit) newest_before = newest;
    commit = seq;
    newest = std::max(newest, row.integer(0));
    if (row.integer(0) <= newest_before)
      out.emplace(std::max<std::uint64_t>(seq, 1),
                  list.table + (" row " + std::to_string(row.integer(0))) + " is not in its place");
  };
  if (from == 1 && list.before_the_record) from = 0;
  if (auto damage = damage_in([&] {
        in.run(std::string("SELECT id, commit_seq FROM ") + list.table + " WHERE " + in_commits() +
                   " ORDER BY commit_seq, id",
               {as_integer(from), as_integer(to)}, look);
      }))
    out.emplace(std::max<std::uint64_t>(from, 1), *damage);
  return out;
}

lasting_changes joined(lasting_changes first, const lasting_changes& then) {
  first.said.insert(first.said.end(), then.said.begin(), then.said.end());
  first.service.insert(first.service.end(), then.service.begin(), then.service.end());
  first.rules.insert(first.rules.end(), then.rules.begin(), then.rules.end());
  first.contacts.insert(first.contacts.end(), then.contacts.begin(), then.contacts.end());
  return first;
}

std::string trouble_with_record(const commit_row& row, const lasting& of, const lasting_changes& earlier) {
  const auto is = [&](const lasting_changes& changes) {
    return sha256(pack_record(of.transitions, of.audits, changes)) == row.link.record_hash;
  };
  if (is(joined(earlier, of.changes))) return "";
  if (!earlier.empty() && is(of.changes)) return "rows of a commit 0 were put in, as if they were from before it";
  return "its alarm transitions, what people said or changed, or its audit entries were changed";
}

/// Empty when the commit is whole. `earlier`: what it accounts for beside its own.
std::string trouble_with(const commit_row& row, const chain_check& check, const lasting& of,
                         const lasting_changes& earlier) {
  const std::uint64_t expected = check.commits + 1;
  if (row.link.seq != expected) return "commit " + std::to_string(expected) + " is missing";
  if (row.prev_hash != check.hash) return "it does not follow the commit before it";
  if (chain_hash(row.prev_hash, row.link) != row.hash) return "the commit row was changed";
  if (auto trouble = trouble_with_record(row, of, earlier); !trouble.empty()) return trouble;
  if (sha256(pack_sealed(of.chunks)) != row.link.sealed_hash) return "readings that it sealed were changed";
  return "";
}

/// Rows that cannot even be read: the damage is said of the first commit whose rows fail alone.
chain_fault unreadable(sql_session& in, const series_layout& layout, std::uint64_t from, std::uint64_t to) {
  for (std::uint64_t seq = from; seq < to; ++seq)
    if (auto damage = damage_in([&] { (void)read_lasting(in, layout, seq, seq); })) return {seq, *damage};
  return {to, "its rows cannot be read"};
}

/// A page of commits, each with all it brought.
struct commit_page {
  std::vector<commit_row> rows;
  lasting_by_commit kept;
  faults found;
};

/// False when the page cannot be read; the fault says why.
bool read_page(sql_session& in, const series_layout& layout, chain_check& check, std::uint64_t to, commit_page& page) {
  const std::uint64_t from = check.commits + 1;
  if (auto damage = damage_in([&] { read_commits(in, check.commits, to, page.rows); })) {
    check.fault = chain_fault{page.rows.empty() ? from : page.rows.back().link.seq + 1, *damage};
    return false;
  }
  if (damage_in([&] { page.kept = read_lasting(in, layout, from, to); })) {
    check.fault = unreadable(in, layout, from, to);
    return false;
  }
  if (page.rows.empty()) {
    check.fault = chain_fault{from, "commit " + std::to_string(from) + " is missing"};
    return false;
  }
  page.found = faults_of_log(in, layout, check.commits, page.rows);
  page.found.merge(faults_of_snapshots(in, page.rows));
  page.found.merge(faults_of_rows(in, check, page.rows));
  for (std::size_t i = 0; i < lists_in_order.size(); ++i)
    page.found.merge(faults_of_order(in, lists_in_order[i], check.newest_ids[i], from, to));
  return true;
}

/// The first commit that says where the log begins accounts for what was changed before changes were recorded.
lasting_changes changes_before(sql_session& in, chain_check& check, const commit_row& row) {
  if (check.founded || !row.link.log_from) return {};
  check.founded = true;
  return read_changes_between(in, 0, 0);
}

/// Of the rows whose end no commit has said.
std::optional<chain_fault> first_taken_out(const chain_check& check) {
  std::optional<chain_fault> out;
  const auto look = [&](std::uint64_t commit, const std::string& row) {
    if (!out || commit < out->seq) out = chain_fault{commit, row + " was taken out"};
  };
  for (const auto& [row, commit] : check.ended)
    look(commit, row);
  for (const auto& [table, rows] : check.missing)
    if (!rows.empty()) look(rows.front().first, table + " row " + std::to_string(rows.front().second));
  return out;
}

} // namespace

void check_commits(sql_session& in, const series_layout& layout, chain_check& check, std::size_t steps) {
  if (check.commits == 0) {
    check.hash = chain_start();
    check.newest_ids.fill(std::numeric_limits<std::int64_t>::min());
  }
  const auto to = end_of_page(in, check.commits, steps);
  if (!to) {
    check.fault = first_taken_out(check);
    if (check.fault) return;
    check.at = chain_check::part::snapshots;
    check.after = std::numeric_limits<std::int64_t>::min();
    return;
  }
  commit_page page;
  if (!read_page(in, layout, check, *to, page)) return;
  for (const commit_row& row : page.rows) {
    lasting_changes earlier;
    std::string what;
    if (auto damage = damage_in([&] { earlier = changes_before(in, check, row); }))
      what = *damage;
    else
      what = trouble_with(row, check, page.kept[row.link.seq], earlier);
    if (what.empty() && page.found.contains(row.link.seq)) what = page.found[row.link.seq];
    if (!what.empty()) {
      check.fault = chain_fault{check.commits + 1, what};
      return;
    }
    check.hash = row.hash;
    check.commits = row.link.seq;
  }
}

} // namespace coldvigil::db
