#pragma once
// How readings lie in a database: the log of commits, the sealed chunks, the snapshots. All else is the same in both.
// Every function throws db::error; damage is error_code::corrupt and names the row.

#include "core/commit.hpp"
#include "db/batch_codec.hpp"
#include "db/byte_stream.hpp"
#include "db/sql.hpp"
#include "db/words.hpp"

#include <functional>
#include <span>

namespace coldvigil::db {

struct stored_snapshot {
  std::uint64_t seq = 0; ///< the commit that it came with
  unit_snapshot snapshot;
};

/// Calls `unpack`; damaged bytes become a failure that names the row.
template <class Unpack> auto unpacked(const std::string& row, Unpack&& unpack) {
  try {
    return unpack();
  } catch (const damaged_bytes& damage) {
    throw_damaged(damage.what(), row);
  }
}

/// A chunk's row says of its readings what they are.
inline void check_frame(const chunk& of, timestamp from, timestamp to, std::size_t count) {
  const bool right =
      of.readings.size() == count && count > 0 && of.readings.front().at == from && of.readings.back().at == to;
  if (!right) throw damaged_bytes("the row's bounds are not those of its readings");
}

class series_layout {
 public:
  virtual ~series_layout() = default;

  virtual void write_log(sql_session& in, std::uint64_t seq, const commit_batch& batch,
                         const packed_batch& packed) const = 0;
  virtual void write_chunks(sql_session& in, std::uint64_t seq, std::span<const chunk> chunks) const = 0;
  virtual void write_snapshots(sql_session& in, std::uint64_t seq, std::span<const unit_snapshot> snapshots) const = 0;

  using log_sink = std::function<void(std::uint64_t seq, std::vector<unit_run>&&)>;
  /// Up to `limit` commits after one, in order; their contents are checked against their hashes.
  virtual void read_log(sql_session& in, std::uint64_t after, std::size_t limit, const log_sink& sink) const = 0;
  /// Up to `limit` snapshots of the points after one, in the order of the points.
  [[nodiscard]] virtual std::vector<stored_snapshot> read_snapshots(sql_session& in, point_id after,
                                                                    std::size_t limit) const = 0;
  /// The readings of up to `limit` chunks that begin from `from` to `to`, in order, whole.
  [[nodiscard]] virtual std::vector<chunk> read_chunks(sql_session& in, point_id point, timestamp from, timestamp to,
                                                       std::size_t limit) const = 0;
  /// The chunks that were sealed by the commits from one to another, both inclusive, in the order of the commits.
  virtual void read_sealed_between(sql_session& in, std::uint64_t from, std::uint64_t to,
                                   const std::function<void(std::uint64_t seq, chunk&&)>& sink) const = 0;
};

} // namespace coldvigil::db
