#include "db/chain_checks.hpp"
#include "db/in_parts.hpp"
#include "db/row_record.hpp"

#include <algorithm>
#include <map>
#include <variant>

namespace coldvigil::db {
namespace {

/// What the commits of a page wrote into one table.
struct written_rows {
  struct newest {
    std::uint64_t commit = 0;
    bool gone = false;
  };
  std::map<std::string, newest> by_key;
  std::map<std::pair<std::uint64_t, std::string>, std::string> digests; ///< by commit and key
};
using written_by_table = std::map<recorded, written_rows>;

written_by_table written_by(const std::vector<commit_row>& rows, faults& out) {
  written_by_table found;
  for (const commit_row& row : rows) {
    try {
      for (row_entry& each : unpack_row_digests(row.row_digests)) {
        written_rows& of = found[each.table];
        of.by_key[each.key] = {row.link.seq, each.gone()};
        of.digests[{row.link.seq, each.key}] = std::move(each.digest);
      }
    } catch (const damaged_bytes& damage) {
      out.emplace(row.link.seq, damage.what());
    }
  }
  return found;
}

std::string row_name(const recorded_table& table, const std::string& key) {
  return std::string(table.name) + " row " + key;
}

std::int64_t row_number(const recorded_table& table, const std::string& key) {
  return std::get<std::int64_t>(key_value(table, key));
}

/// Every row that names a commit from one to another is as that commit wrote it.
void compare_rows(sql_session& in, const recorded_table& table, const written_rows& written, std::uint64_t from,
                  std::uint64_t to, faults& out) {
  const int commit_column = static_cast<int>(table.columns.size());
  in.run(select_recorded(table, "WHERE " + in_commits("recorded_in")), {as_integer(from), as_integer(to)},
         [&](const sql_row& row) {
           const row_entry there = entry_of(table, row);
           const auto seq = row.as<std::uint64_t>(commit_column);
           const auto wrote = written.digests.find({seq, there.key});
           if (wrote == written.digests.end() || wrote->second != there.digest)
             out.emplace(seq, row_name(table, there.key) + " was changed or put in");
         });
}

/// Rows that cannot be read are said of the first commit whose rows fail alone.
void compare_readable_rows(sql_session& in, const recorded_table& table, const written_rows& written,
                           std::uint64_t from, std::uint64_t to, faults& out) {
  if (!damage_in([&] { compare_rows(in, table, written, from, to, out); })) return;
  for (std::uint64_t seq = from; seq <= to; ++seq)
    if (auto damage = damage_in([&] { compare_rows(in, table, written, seq, seq, out); })) {
      out.emplace(seq, *damage);
      return;
    }
}

std::map<std::string, std::uint64_t> commits_of(sql_session& in, const recorded_table& table,
                                                const written_rows& written) {
  sql_values keys;
  for (const auto& [key, newest] : written.by_key)
    keys.push_back(key_value(table, key));
  std::map<std::string, std::uint64_t> out;
  const std::string& key = table.columns.front().name;
  for_parts(in, "SELECT " + key + ", recorded_in FROM " + table.name + " WHERE " + key + " IN ", keys,
            [&](const sql_row& row) { out[key_of(table, row)] = row.as<std::uint64_t>(1); });
  return out;
}

/// The oldest rows, which these commits forgot, are not there.
void forget_rows(sql_session& in, const recorded_table& table, const written_rows& written, chain_check& check,
                 faults& out) {
  for (const auto& [key, newest] : written.by_key) {
    if (!newest.gone) continue;
    const std::int64_t through = row_number(table, key);
    std::erase_if(check.missing[table.name], [through](const auto& each) { return each.second <= through; });
    in.run("SELECT min(" + table.columns.front().name + ") FROM " + table.name + " WHERE " +
               table.columns.front().name + " <= $1",
           {through}, [&](const sql_row& row) {
             if (!row.is_null(0))
               out.emplace(newest.commit, row_name(table, key_of(table, row)) + " is there although it was taken out");
           });
  }
}

/// What was written is there, or was written again or taken out since.
void look_for_rows(sql_session& in, const recorded_table& table, const written_rows& written, chain_check& check,
                   faults& out) {
  const auto there = commits_of(in, table, written);
  std::map<std::uint64_t, std::int64_t> missing;
  for (const auto& [key, newest] : written.by_key) {
    const auto found = there.find(key);
    const bool is_there = found != there.end();
    if (newest.gone && table.forgets_oldest) continue; // see forget_rows
    if (newest.gone) check.ended.erase(row_name(table, key));
    if (is_there && found->second > newest.commit) continue;
    if (newest.gone && is_there)
      out.emplace(newest.commit, row_name(table, key) + " is there although it was taken out");
    else if (is_there && found->second < newest.commit)
      out.emplace(newest.commit, row_name(table, key) + " was put back to an older one");
    else if (!is_there && !newest.gone && table.rows_end)
      check.ended[row_name(table, key)] = newest.commit;
    else if (!is_there && !newest.gone && table.forgets_oldest)
      missing[newest.commit] = std::max(missing[newest.commit], row_number(table, key));
    else if (!is_there && !newest.gone)
      out.emplace(newest.commit, row_name(table, key) + " was taken out");
  }
  if (!missing.empty())
    check.missing[table.name].insert(check.missing[table.name].end(), missing.begin(), missing.end());
}

} // namespace

faults faults_of_rows(sql_session& in, chain_check& check, const std::vector<commit_row>& rows) {
  faults out;
  const std::uint64_t from = rows.front().link.seq;
  const std::uint64_t to = rows.back().link.seq;
  written_by_table written = written_by(rows, out);
  for (const recorded_table& table : recorded_tables()) {
    const written_rows& of = written[table.which];
    compare_readable_rows(in, table, of, from, to, out);
    try {
      if (auto damage = damage_in([&] {
            look_for_rows(in, table, of, check, out);
            if (table.forgets_oldest) forget_rows(in, table, of, check, out);
          }))
        out.emplace(from, *damage);
    } catch (const damaged_bytes& damage) {
      out.emplace(from, damage.what());
    }
  }
  return out;
}

} // namespace coldvigil::db
