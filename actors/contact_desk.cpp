#include "actors/contact_desk.hpp"

#include <utility>

namespace coldvigil::actors {
namespace {

/// What differs between two books, each part an entry.
std::vector<audit_entry> audits_of(const std::map<std::string, std::string>& before,
                                   const std::map<std::string, std::string>& after, const audit_entry& common) {
  std::vector<audit_entry> out;
  const auto add = [&](const std::string& action, const std::string& subject, std::string was, std::string is) {
    audit_entry& one = out.emplace_back(common);
    one.action = "contact." + action;
    one.subject = subject;
    one.old_value = std::move(was);
    one.new_value = std::move(is);
  };
  for (const auto& [subject, text] : before)
    if (!after.contains(subject)) add("removed", subject, text, {});
  for (const auto& [subject, text] : after) {
    const auto was = before.find(subject);
    if (was == before.end())
      add("created", subject, {}, text);
    else if (was->second != text)
      add("changed", subject, was->second, text);
  }
  return out;
}

audit_entry signed_by(const std::string& who, const std::string& reason, timestamp now) {
  audit_entry out;
  out.at = now;
  out.actor = who;
  out.reason = reason;
  return out;
}

/// What somebody was allowed to store stops no start: that a way has no address is found by the next change.
std::vector<contact_channel> as_before(std::vector<contact_channel> channels) {
  for (contact_channel& each : channels)
    each.needs_address = false;
  return channels;
}

/// Commits the book with what it changes. A book that changes nothing is not committed, unless the file's is wanted
/// back where it did not count.
result<changed_contacts> commit(store& durable, const contact_desk& desk, const contacts_now& before,
                                contact_book after, bool from_file, const audit_entry& common) {
  auto audits =
      audits_of(desk.codec.parts(*before.book, desk.customers), desk.codec.parts(after, desk.customers), common);
  changed_contacts out{before, {{}, before.revision}};
  if (audits.empty() && (from_file == before.from_file || !from_file)) return out;
  for (const audit_entry& each : audits)
    out.what.subjects.push_back(each.subject);
  if (from_file != before.from_file) {
    audit_entry& source = audits.emplace_back(common);
    source.action = "contact.source";
    source.subject = "contacts";
    source.old_value = before.from_file ? "file" : "api";
    source.new_value = from_file ? "file" : "api";
  }
  contact_revision next;
  next.from_file = from_file;
  next.document = desk.codec.write(after, desk.customers);
  next.at = common.at;
  const auto stored = durable.add_contacts(next, audits);
  if (!stored) return stored.error();
  out.what.revision = *stored;
  out.stands = {std::make_shared<const contact_book>(std::move(after)), *stored, from_file};
  return out;
}

} // namespace

result<contacts_now> open_contacts(store& durable, const contact_desk& desk, timestamp now) {
  const auto newest = durable.newest_contacts();
  if (!newest) return newest.error();
  contacts_now stands;
  if (*newest) {
    stands.revision = (*newest)->revision;
    stands.from_file = (*newest)->from_file;
    auto book = desk.codec.read((*newest)->document, desk.customers);
    if (!book && !stands.from_file) return book.error(); // what the file said before is told in the audit trail only
    if (book) stands.book = std::make_shared<const contact_book>(std::move(*book));
  }
  if (!stands.from_file) {
    const auto sound = check(*stands.book, as_before(desk.channels));
    if (sound) return stands;
    return failure{sound.error().code, "the stored contacts do not fit the configuration: " + sound.error().what,
                   sound.error().where, "configure it as it was, change the contacts by API, and then the file"};
  }
  auto done = commit(durable, desk, stands, desk.file, true, signed_by("configuration", "", now));
  if (!done) return done.error();
  done->stands.book = std::make_shared<const contact_book>(desk.file);
  return std::move(done->stands);
}

result<changed_contacts> change_contacts(store& durable, const contacts_now& stands, const contact_desk& desk,
                                         const contact_change& change, timestamp now) {
  if (change.expected && *change.expected != stands.revision)
    return failure{error_code::conflict, "the contacts have changed meanwhile",
                   "revision " + std::to_string(stands.revision), "read them again, and change those"};
  contact_book wanted = change.edit ? *stands.book : desk.file;
  if (change.edit)
    if (auto done = change.edit(wanted); !done) return done.error();
  if (auto sound = check_change(wanted, *stands.book, desk.channels); !sound) return sound.error();
  return commit(durable, desk, stands, std::move(wanted), !change.edit, signed_by(change.who, change.reason, now));
}

} // namespace coldvigil::actors
