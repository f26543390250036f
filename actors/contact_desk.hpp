#pragma once
// What people decide about whom alarms reach, checked and committed with its audit entries. At the start on the thread
// that starts the engine, later on the writer's, one change after the other.

#include "core/contact_board.hpp"
#include "db/store.hpp"
#include "net/notification_port.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace coldvigil::actors {

using known_customers = std::map<std::string, customer_id>; ///< by code

/// How a book becomes text and back, as the composition root gives it.
struct contact_codec {
  /// Each part of a book by its name: two books are the same when these are.
  std::function<std::map<std::string, std::string>(const contact_book&, const known_customers&)> parts;
  std::function<std::string(const contact_book&, const known_customers&)> write;
  std::function<result<contact_book>(const std::string&, const known_customers&)> read;
};

/// The same for every change of a process. Belongs to whoever may use the store.
struct contact_desk {
  contact_codec codec;
  known_customers customers;
  contact_book file; ///< the book of the configuration; it has been checked
  std::vector<contact_channel> channels;
};

/// The book that counts at the start, committed where it is new. The file's, as long as nobody has changed the book by
/// API; then the stored one, until somebody wants the file's back.
result<contacts_now> open_contacts(store& durable, const contact_desk& desk, timestamp now);

struct changed_contacts {
  contacts_now stands{};
  contact_changes what{};
};
/// error_code::conflict when the book is not that which the change was decided on, invalid_argument when it would not
/// be sound; otherwise as the change's own `edit` says it. An edit that changes nothing leaves all as it was, also
/// whether the file's book counts.
result<changed_contacts> change_contacts(store& durable, const contacts_now& stands, const contact_desk& desk,
                                         const contact_change& change, timestamp now);

} // namespace coldvigil::actors
