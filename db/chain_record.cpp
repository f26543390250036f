#include "db/chain_record.hpp"

#include "db/chain_checks.hpp"
#include "db/hash_chain.hpp"

namespace coldvigil::db {

std::optional<chain_head> read_head(sql_session& in) {
  std::optional<chain_head> out;
  in.run("SELECT seq, hash, at FROM commits ORDER BY seq DESC LIMIT 1", {}, [&](const sql_row& row) {
    out = chain_head{row.as<std::uint64_t>(0), to_hex(row.bytes(1)), row.time(2)};
  });
  return out;
}

std::optional<std::string> read_commit_hash(sql_session& in, std::uint64_t seq) {
  std::optional<std::string> out;
  in.run("SELECT hash FROM commits WHERE seq = $1", {as_integer(seq)},
         [&](const sql_row& row) { out = to_hex(row.bytes(0)); });
  return out;
}

chain_check go_on(sql_session& in, const series_layout& layout, chain_check check, std::size_t steps) {
  switch (check.finished() ? chain_check::part::done : check.at) {
  case chain_check::part::commits:
    check_commits(in, layout, check, steps);
    break;
  case chain_check::part::snapshots:
    check_snapshots(in, layout, check, steps);
    break;
  case chain_check::part::alarms:
    check_alarms(in, check, steps);
    break;
  case chain_check::part::strays:
    check_strays(in, check);
    break;
  case chain_check::part::done:
    break;
  }
  return check;
}

} // namespace coldvigil::db
