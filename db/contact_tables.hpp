#pragma once
// Revisions of the contact book. Every function throws db::error; transactions are the caller's, and so is the commit
// that records what they add to `audits`.

#include "core/contact_board.hpp"
#include "db/registry_tables.hpp"
#include "db/sql.hpp"

#include <functional>
#include <optional>
#include <span>

namespace coldvigil::db {

[[nodiscard]] std::optional<contact_revision> newest_contacts(sql_session& in);
/// Appends a revision and gives its number.
[[nodiscard]] std::uint64_t add_contacts(sql_session& in, const contact_revision& book,
                                         std::span<const audit_entry> entries, audit_trail& audits);
/// Those of the commits from one to another, both inclusive, in order.
void read_contacts_between(sql_session& in, std::uint64_t from, std::uint64_t to,
                           const std::function<void(std::uint64_t seq, contact_revision&&)>& sink);

} // namespace coldvigil::db
