#include "db/contact_tables.hpp"

#include "db/shapes.hpp"
#include "db/words.hpp"

#include <string>

namespace coldvigil::db {
namespace {

const std::string columns = "SELECT revision, from_file, document, changed_at, commit_seq FROM contact_revisions";

contact_revision contacts_from(const sql_row& row) {
  return {row.as<std::uint64_t>(0), row.flag(1), row.text(2), row.time(3)};
}

} // namespace

std::optional<contact_revision> newest_contacts(sql_session& in) {
  std::optional<contact_revision> out;
  in.run(columns + " ORDER BY revision DESC LIMIT 1", {}, [&](const sql_row& row) { out = contacts_from(row); });
  return out;
}

std::uint64_t add_contacts(sql_session& in, const contact_revision& book, std::span<const audit_entry> entries,
                           audit_trail& audits) {
  contact_revision out = book;
  out.document = clean_text(out.document);
  in.run("INSERT INTO contact_revisions (commit_seq, from_file, document, changed_at) VALUES ($1, $2, $3, $4) "
         "RETURNING revision",
         {as_integer(audits.commit), out.from_file, out.document, to_ms(out.at)},
         [&](const sql_row& row) { out.revision = row.as<std::uint64_t>(0); });
  for (const audit_entry& each : entries)
    audits.push_back(each);
  audits.changes.contacts.push_back(out);
  return out.revision;
}

void read_contacts_between(sql_session& in, std::uint64_t from, std::uint64_t to,
                           const std::function<void(std::uint64_t seq, contact_revision&&)>& sink) {
  in.run(columns + " WHERE " + in_commits() + " ORDER BY commit_seq, revision", {as_integer(from), as_integer(to)},
         [&](const sql_row& row) { sink(row.as<std::uint64_t>(4), contacts_from(row)); });
}

} // namespace coldvigil::db
