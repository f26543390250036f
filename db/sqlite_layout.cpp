#include "db/sqlite_layout.hpp"

#include "db/hash_chain.hpp"
#include "db/reading_codec.hpp"
#include "db/shapes.hpp"

namespace coldvigil::db {
namespace {

const insert_shape& log_shape() {
  static const insert_shape shape{"commit_log", {{"seq", "bigint"}, {"bytes", "bigint"}, {"content", "bytea"}}, ""};
  return shape;
}

const insert_shape& chunk_shape() {
  static const insert_shape shape{"chunks",
                                  {{"point_id", "bigint"},
                                   {"from_at", "bigint"},
                                   {"to_at", "bigint"},
                                   {"readings", "integer"},
                                   {"sealed_in", "bigint"},
                                   {"body", "bytea"}},
                                  ""};
  return shape;
}

const insert_shape& snapshot_shape() {
  static const insert_shape shape{
      "snapshots",
      {{"point_id", "bigint"}, {"unit_id", "bigint"}, {"seq", "bigint"}, {"memory", "bytea"}, {"tail", "bytea"}},
      "ON CONFLICT (point_id) DO UPDATE SET unit_id = excluded.unit_id, seq = excluded.seq, "
      "memory = excluded.memory, tail = excluded.tail"};
  return shape;
}

const std::string chunk_columns = "point_id, from_at, to_at, readings, body";

chunk chunk_from(const sql_row& row) {
  const std::string name =
      "chunks row point_id=" + std::to_string(row.integer(0)) + " from_at=" + std::to_string(row.integer(1));
  return unpacked(name, [&] {
    chunk out{row.as<point_id>(0), unpack_readings(row.bytes(4))};
    check_frame(out, row.time(1), row.time(2), row.as<std::size_t>(3));
    return out;
  });
}

} // namespace

void sqlite_layout::write_log(sql_session& in, std::uint64_t seq, const commit_batch&,
                              const packed_batch& packed) const {
  in.insert(log_shape(), {{as_integer(seq), as_integer(packed.size()), blob{packed.head + packed.readings}}});
}

void sqlite_layout::write_chunks(sql_session& in, std::uint64_t seq, std::span<const chunk> chunks) const {
  std::vector<sql_values> rows;
  for (const chunk& each : chunks)
    rows.push_back({as_integer(each.point), to_ms(each.readings.front().at), to_ms(each.readings.back().at),
                    as_integer(each.readings.size()), as_integer(seq), blob{pack_readings(each.readings)}});
  in.insert(chunk_shape(), rows);
}

void sqlite_layout::write_snapshots(sql_session& in, std::uint64_t seq,
                                    std::span<const unit_snapshot> snapshots) const {
  std::vector<sql_values> rows;
  for (const unit_snapshot& each : snapshots)
    rows.push_back({as_integer(each.point), as_integer(each.unit), as_integer(seq), blob{pack_memory(each)},
                    blob{pack_readings(each.tail)}});
  in.insert(snapshot_shape(), rows);
}

void sqlite_layout::read_log(sql_session& in, std::uint64_t after, std::size_t limit, const log_sink& sink) const {
  in.run("SELECT l.seq, l.content, c.content_hash FROM commit_log l JOIN commits c ON c.seq = l.seq "
         "WHERE l.seq > $1 ORDER BY l.seq LIMIT $2",
         {as_integer(after), as_integer(limit)}, [&](const sql_row& row) {
           const auto seq = row.as<std::uint64_t>(0);
           const std::string name = "commit_log row seq=" + std::to_string(seq);
           const std::string content = row.bytes(1);
           if (sha256(content) != row.bytes(2)) throw_damaged("the content does not have its hash", name);
           sink(seq, unpacked(name, [&] { return unpack_runs(content); }));
         });
}

std::vector<stored_snapshot> sqlite_layout::read_snapshots(sql_session& in, point_id after, std::size_t limit) const {
  std::vector<stored_snapshot> out;
  in.run("SELECT point_id, unit_id, seq, memory, tail FROM snapshots WHERE point_id > $1 ORDER BY point_id LIMIT $2",
         {as_integer(after), as_integer(limit)}, [&](const sql_row& row) {
           stored_snapshot found;
           found.seq = row.as<std::uint64_t>(2);
           found.snapshot.point = row.as<point_id>(0);
           found.snapshot.unit = row.as<unit_id>(1);
           unpacked("snapshots row point_id=" + std::to_string(row.integer(0)), [&] {
             unpack_memory(row.bytes(3), found.snapshot);
             found.snapshot.tail = unpack_readings(row.bytes(4));
           });
           out.push_back(std::move(found));
         });
  return out;
}

std::vector<chunk> sqlite_layout::read_chunks(sql_session& in, point_id point, timestamp from, timestamp to,
                                              std::size_t limit) const {
  std::vector<chunk> out;
  in.run("SELECT " + chunk_columns +
             " FROM chunks WHERE point_id = $1 AND from_at >= $2 AND from_at <= $3 ORDER BY from_at LIMIT $4",
         {as_integer(point), to_ms(from), to_ms(to), as_integer(limit)},
         [&](const sql_row& row) { out.push_back(chunk_from(row)); });
  return out;
}

void sqlite_layout::read_sealed_between(sql_session& in, std::uint64_t from, std::uint64_t to,
                                        const std::function<void(std::uint64_t seq, chunk&&)>& sink) const {
  in.run("SELECT " + chunk_columns + ", sealed_in FROM chunks WHERE " + in_commits("sealed_in") + " ORDER BY sealed_in",
         {as_integer(from), as_integer(to)},
         [&](const sql_row& row) { sink(row.as<std::uint64_t>(5), chunk_from(row)); });
}

} // namespace coldvigil::db
