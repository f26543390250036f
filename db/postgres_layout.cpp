#include "db/postgres_layout.hpp"

#include "db/hash_chain.hpp"
#include "db/postgres_text.hpp"
#include "db/reading_codec.hpp"
#include "db/shapes.hpp"

#include <algorithm>
#include <limits>

namespace coldvigil::db {
namespace {

/// Readings as arrays; times are counted from `base`.
class reading_arrays {
 public:
  explicit reading_arrays(timestamp base = {}) : base_(base) {}

  void add(const judged_reading& reading) {
    at_.add((reading.at - base_).count());
    value_.add(reading.value);
    score_.add(reading.score);
    error_.add(reading.error);
    any_error_ = any_error_ || !std::isnan(reading.error);
    insights_.add(reading);
    const std::uint32_t flags = pack_flags(reading);
    alike_ = alike_ && (count_ == 0 || flags == last_flags_);
    last_flags_ = flags;
    flags_.add(flags);
    ++count_;
  }
  std::string at() { return at_.take(); }
  std::string value() { return value_.take(); }
  std::string score() { return score_.take(); }
  /// No element when none has one.
  std::string error() { return any_error_ ? error_.take() : "{}"; }
  blob insights() { return blob{insights_.take()}; }
  std::string flags() { return flags_.take(); }
  /// One element when all are alike.
  std::string short_flags() { return alike_ && count_ > 1 ? "{" + std::to_string(last_flags_) + "}" : flags_.take(); }

 private:
  timestamp base_;
  array_text at_, value_, score_, error_, flags_;
  insight_packer insights_;
  bool any_error_ = false;
  std::uint32_t last_flags_ = 0;
  bool alike_ = true;
  std::size_t count_ = 0;
};

/// The columns that hold readings, in this order from column `first` on: times, value, score, error, flags, insights.
std::vector<judged_reading> readings_of(timestamp base, const sql_row& row, int first) {
  const auto at = integers_of(row.text(first));
  const auto value = integers_of(row.text(first + 1));
  const auto score = reals_of(row.text(first + 2));
  const auto error = reals_of(row.text(first + 3));
  const auto flags = integers_of(row.text(first + 4));
  const bool one_for_all = flags.size() == 1;
  if (value.size() != at.size() || score.size() != at.size() || (flags.size() != at.size() && !one_for_all) ||
      (error.size() != at.size() && !error.empty()))
    throw damaged_bytes("arrays of unequal length");
  std::vector<judged_reading> out(at.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    // Unsigned: no damaged number can overflow.
    out[i].at =
        from_ms(static_cast<std::int64_t>(static_cast<std::uint64_t>(to_ms(base)) + static_cast<std::uint64_t>(at[i])));
    out[i].value = static_cast<milli_celsius>(value[i]);
    if (unpack_flags(static_cast<std::uint64_t>(flags[one_for_all ? 0 : i]), out[i])) out[i].score = score[i];
    if (!error.empty()) out[i].error = error[i];
  }
  unpack_insights(row.bytes(first + 5), out);
  return out;
}

const insert_shape& chunk_shape() {
  static const insert_shape shape{"chunks",
                                  {{"point_id", "bigint"},
                                   {"from_at", "bigint"},
                                   {"to_at", "bigint"},
                                   {"readings", "integer"},
                                   {"sealed_in", "bigint"},
                                   {"offset_ms", "integer[]"},
                                   {"value", "integer[]"},
                                   {"score", "real[]"},
                                   {"error", "real[]"},
                                   {"flags", "integer[]"},
                                   {"insights", "bytea"}},
                                  ""};
  return shape;
}

const insert_shape& snapshot_shape() {
  static const insert_shape shape{
      "snapshots",
      {{"point_id", "bigint"},
       {"unit_id", "bigint"},
       {"seq", "bigint"},
       {"memory", "bytea"},
       {"at", "bigint[]"},
       {"value", "integer[]"},
       {"score", "real[]"},
       {"error", "real[]"},
       {"flags", "integer[]"},
       {"insights", "bytea"}},
      "ON CONFLICT (point_id) DO UPDATE SET unit_id = excluded.unit_id, seq = excluded.seq, memory = excluded.memory, "
      "at = excluded.at, value = excluded.value, score = excluded.score, error = excluded.error, "
      "flags = excluded.flags, insights = excluded.insights"};
  return shape;
}

/// Offsets have 31 bits of milliseconds, 24 days: a longer chunk becomes several rows.
std::size_t end_of_row(std::span<const judged_reading> readings) {
  const timestamp last = readings.front().at + millis{std::numeric_limits<std::int32_t>::max()};
  const auto end = std::upper_bound(readings.begin(), readings.end(), last,
                                    [](timestamp at, const judged_reading& r) { return at < r.at; });
  return static_cast<std::size_t>(end - readings.begin());
}

sql_values chunk_row(point_id point, std::uint64_t seq, std::span<const judged_reading> readings) {
  reading_arrays arrays(readings.front().at);
  for (const judged_reading& each : readings)
    arrays.add(each);
  return {as_integer(point),
          to_ms(readings.front().at),
          to_ms(readings.back().at),
          as_integer(readings.size()),
          as_integer(seq),
          arrays.at(),
          arrays.value(),
          arrays.score(),
          arrays.error(),
          arrays.short_flags(),
          arrays.insights()};
}

/// The runs of a log row, and the readings as they were packed when the hash was made.
struct log_content {
  std::vector<unit_run> runs;
  std::string packed_readings;
};
log_content content_of(const std::string& head, std::vector<judged_reading> readings) {
  log_content out;
  byte_writer packed;
  reading_packer packer(packed);
  auto next = readings.begin();
  for (run_head& each : unpack_head(head)) {
    if (each.readings > static_cast<std::size_t>(readings.end() - next)) throw damaged_bytes("too few readings");
    const auto end = next + static_cast<std::ptrdiff_t>(each.readings);
    for (auto r = next; r != end; ++r)
      packer.add(*r);
    each.run.readings.assign(next, end);
    next = end;
    out.runs.push_back(std::move(each.run));
  }
  if (next != readings.end()) throw damaged_bytes("too many readings");
  out.packed_readings = packed.take();
  return out;
}

/// What the view `readings` needs of the runs: the point of each reading, and what is replaced.
struct log_places {
  std::string points, replace_point, replace_from, replace_first;
  friend bool operator==(const log_places&, const log_places&) = default;
};
log_places places_of(const std::vector<unit_run>& runs) {
  array_text points, replace_point, replace_from, replace_first;
  std::size_t count = 0;
  for (const unit_run& run : runs) {
    if (run.replaces_from) {
      replace_point.add(number(run.point));
      replace_from.add(to_ms(*run.replaces_from));
      replace_first.add(count + 1);
    }
    for (std::size_t i = 0; i < run.readings.size(); ++i)
      points.add(number(run.point));
    count += run.readings.size();
  }
  return {points.take(), replace_point.take(), replace_from.take(), replace_first.take()};
}

const std::string chunk_columns = "point_id, from_at, to_at, readings, offset_ms, value, score, error, flags, insights";

chunk chunk_from(const sql_row& row) {
  const std::string name =
      "chunks row point_id=" + std::to_string(row.integer(0)) + " from_at=" + std::to_string(row.integer(1));
  return unpacked(name, [&] {
    chunk out{row.as<point_id>(0), readings_of(row.time(1), row, 4)};
    check_frame(out, row.time(1), row.time(2), row.as<std::size_t>(3));
    return out;
  });
}

} // namespace

void postgres_layout::write_log(sql_session& in, std::uint64_t seq, const commit_batch& batch,
                                const packed_batch& packed) const {
  reading_arrays arrays;
  for (const unit_run& run : batch.runs)
    for (const judged_reading& each : run.readings)
      arrays.add(each);
  log_places places = places_of(batch.runs);
  in.run("INSERT INTO commit_log (seq, bytes, head, point_id, at, value, score, error, flags, insights, "
         "replace_point, replace_from, replace_first) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
         {as_integer(seq), as_integer(packed.size()), blob{packed.head}, places.points, arrays.at(), arrays.value(),
          arrays.score(), arrays.error(), arrays.flags(), arrays.insights(), places.replace_point, places.replace_from,
          places.replace_first});
}

void postgres_layout::write_chunks(sql_session& in, std::uint64_t seq, std::span<const chunk> chunks) const {
  std::vector<sql_values> rows;
  for (const chunk& each : chunks)
    for (std::span<const judged_reading> left = each.readings; !left.empty();) {
      const std::size_t end = end_of_row(left);
      rows.push_back(chunk_row(each.point, seq, left.first(end)));
      left = left.subspan(end);
    }
  in.insert(chunk_shape(), rows);
}

void postgres_layout::write_snapshots(sql_session& in, std::uint64_t seq,
                                      std::span<const unit_snapshot> snapshots) const {
  std::vector<sql_values> rows;
  for (const unit_snapshot& each : snapshots) {
    reading_arrays arrays;
    for (const judged_reading& reading : each.tail)
      arrays.add(reading);
    rows.push_back({as_integer(each.point), as_integer(each.unit), as_integer(seq), blob{pack_memory(each)},
                    arrays.at(), arrays.value(), arrays.score(), arrays.error(), arrays.short_flags(),
                    arrays.insights()});
  }
  in.insert(snapshot_shape(), rows);
}

void postgres_layout::read_log(sql_session& in, std::uint64_t after, std::size_t limit, const log_sink& sink) const {
  in.run("SELECT l.seq, l.head, l.at, l.value, l.score, l.error, l.flags, l.insights, c.content_hash, l.point_id, "
         "l.replace_point, l.replace_from, l.replace_first "
         "FROM commit_log l JOIN commits c ON c.seq = l.seq WHERE l.seq > $1 ORDER BY l.seq LIMIT $2",
         {as_integer(after), as_integer(limit)}, [&](const sql_row& row) {
           const auto seq = row.as<std::uint64_t>(0);
           const std::string name = "commit_log row seq=" + std::to_string(seq);
           const std::string head = row.bytes(1);
           log_content content = unpacked(name, [&] { return content_of(head, readings_of({}, row, 2)); });
           if (sha256(head, content.packed_readings) != row.bytes(8))
             throw_damaged("the content does not have its hash", name);
           if (places_of(content.runs) != log_places{row.text(9), row.text(10), row.text(11), row.text(12)})
             throw_damaged("the points of its readings are not those of its content", name);
           sink(seq, std::move(content.runs));
         });
}

std::vector<stored_snapshot> postgres_layout::read_snapshots(sql_session& in, point_id after, std::size_t limit) const {
  std::vector<stored_snapshot> out;
  in.run("SELECT point_id, unit_id, seq, memory, at, value, score, error, flags, insights FROM snapshots WHERE "
         "point_id > $1 "
         "ORDER BY point_id LIMIT $2",
         {as_integer(after), as_integer(limit)}, [&](const sql_row& row) {
           stored_snapshot found;
           found.seq = row.as<std::uint64_t>(2);
           found.snapshot.point = row.as<point_id>(0);
           found.snapshot.unit = row.as<unit_id>(1);
           unpacked("snapshots row point_id=" + std::to_string(row.integer(0)), [&] {
             unpack_memory(row.bytes(3), found.snapshot);
             found.snapshot.tail = readings_of({}, row, 4);
           });
           out.push_back(std::move(found));
         });
  return out;
}

std::vector<chunk> postgres_layout::read_chunks(sql_session& in, point_id point, timestamp from, timestamp to,
                                                std::size_t limit) const {
  std::vector<chunk> out;
  in.run("SELECT " + chunk_columns +
             " FROM chunks WHERE point_id = $1 AND from_at >= $2 AND from_at <= $3 ORDER BY from_at LIMIT $4",
         {as_integer(point), to_ms(from), to_ms(to), as_integer(limit)},
         [&](const sql_row& row) { out.push_back(chunk_from(row)); });
  return out;
}

void postgres_layout::read_sealed_between(sql_session& in, std::uint64_t from, std::uint64_t to,
                                          const std::function<void(std::uint64_t seq, chunk&&)>& sink) const {
  in.run("SELECT " + chunk_columns + ", sealed_in FROM chunks WHERE " + in_commits("sealed_in") + " ORDER BY sealed_in",
         {as_integer(from), as_integer(to)},
         [&](const sql_row& row) { sink(row.as<std::uint64_t>(10), chunk_from(row)); });
}

} // namespace coldvigil::db
