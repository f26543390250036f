#pragma once
// Readings in SQLite: packed blobs.

#include "db/series_layout.hpp"

namespace coldvigil::db {

class sqlite_layout final : public series_layout {
 public:
  void write_log(sql_session& in, std::uint64_t seq, const commit_batch& batch,
                 const packed_batch& packed) const override;
  void write_chunks(sql_session& in, std::uint64_t seq, std::span<const chunk> chunks) const override;
  void write_snapshots(sql_session& in, std::uint64_t seq, std::span<const unit_snapshot> snapshots) const override;
  void read_log(sql_session& in, std::uint64_t after, std::size_t limit, const log_sink& sink) const override;
  [[nodiscard]] std::vector<stored_snapshot> read_snapshots(sql_session& in, point_id after,
                                                            std::size_t limit) const override;
  [[nodiscard]] std::vector<chunk> read_chunks(sql_session& in, point_id point, timestamp from, timestamp to,
                                               std::size_t limit) const override;
  void read_sealed_between(sql_session& in, std::uint64_t from, std::uint64_t to,
                           const std::function<void(std::uint64_t seq, chunk&&)>& sink) const override;
};

} // namespace coldvigil::db
