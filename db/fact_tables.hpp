#pragma once
// What is kept beside the readings: rejects, polls, audit, feed heads. Every function throws db::error.

#include "core/commit.hpp"
#include "db/row_record.hpp"
#include "db/sql.hpp"
#include "db/store.hpp"

namespace coldvigil::db {

/// Of those that are known already nothing is written.
void add_rejects(sql_session& in, const std::vector<rejected_reading>& rejects, std::uint64_t seq,
                 row_recorder& recorder);
void add_polls(sql_session& in, const std::vector<poll_record>& polls, std::uint64_t seq, row_recorder& recorder);
void add_audits(sql_session& in, const std::vector<audit_entry>& entries, std::uint64_t seq);
void set_feed_heads(sql_session& in, const std::vector<feed_head>& heads);

[[nodiscard]] std::vector<rejected_reading> read_rejects(sql_session& in, const reject_query& query);
[[nodiscard]] std::vector<poll_record> read_polls(sql_session& in, const poll_query& query);
[[nodiscard]] std::vector<audit_entry> read_audits(sql_session& in, const audit_query& query);
/// The entries of the commits from one to another, both inclusive, in order.
void read_audits_between(sql_session& in, std::uint64_t from, std::uint64_t to,
                         const std::function<void(std::uint64_t seq, audit_entry&&)>& sink);
[[nodiscard]] std::vector<feed_head> read_feed_heads(sql_session& in);

} // namespace coldvigil::db
