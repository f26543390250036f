#pragma once
// The contact book as JSON: as it is shown, as it is wanted, as it is stored. What one shows can be sent back.

#include "core/contacts.hpp"
#include "core/duty_roster.hpp"
#include "net/json_writer.hpp"
#include "net/member_reader.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coldvigil {

/// Customers by their codes.
using customer_codes = std::map<std::string, customer_id>;
using zone_finder = std::function<result<std::shared_ptr<const zone_clock>>(const std::string&)>;

/// The members of the book into an object that is begun. With `now` it is said who is on duty.
void write_contacts(json_writer& out, const contact_book& book, const customer_codes& customers,
                    std::optional<timestamp> now);
void write_schedules(json_writer& out, const contact_book& book, std::optional<timestamp> now);

/// "on_duty" and "duty_changes_at"
void write_duty(json_writer& out, const duty& when);

/// Each part of the book by its name ("person anna", "routes") as text: two books are the same when these are.
[[nodiscard]] std::map<std::string, std::string> contact_parts(const contact_book& book,
                                                               const customer_codes& customers);
/// The whole book as one text, and back. A text that says what cannot be is error_code::corrupt.
[[nodiscard]] std::string contact_document(const contact_book& book, const customer_codes& customers);
[[nodiscard]] result<contact_book> read_contact_document(const std::string& text, const customer_codes& customers,
                                                         const zone_finder& zones);

/// What of a book somebody wants.
struct wanted_contacts {
  std::optional<std::map<std::string, schedule>> schedules{};
  std::optional<std::map<std::string, person>> persons{};
  std::optional<std::map<std::string, std::vector<team_member>>> teams{};
  std::optional<std::map<std::string, escalation_policy>> policies{};
  std::optional<std::vector<alarm_route>> routes{};
  std::optional<std::string> system_policy{};
  std::map<std::string, std::string> pointers{}; ///< of each part, by its name

  /// Lists that are here take the place of those in the book; others stay.
  void replace_in(contact_book& book) const;
  /// What is here is added to the lists of the book, or takes the place of what has the same id there.
  void put_into(contact_book& book) const;
};

/// Reads what somebody wants; `errors` gets what is wrong with it. References are checked later, by check(). What an
/// element is about (the ways of a person, the members of a team, the steps of a policy, zone and week of a schedule)
/// must be there, so that nobody empties it by leaving it out; the rest has its default. Null stands only where it is
/// shown.
class contact_reader {
 public:
  contact_reader(const customer_codes& customers, const zone_finder& zones, std::vector<field_error>& errors)
      : customers_(customers), zones_(zones), errors_(errors) {}

  /// A document. `beside` are members that are the caller's.
  wanted_contacts read(const boost::json::object& from, const std::vector<std::string>& beside);
  /// One element of a list ("persons", "teams", "policies", "schedules"): its id is given by the caller.
  wanted_contacts read_one(const std::string& list, const std::string& id, const boost::json::object& from,
                           const std::vector<std::string>& beside);

 private:
  void read_list(const std::string& list, member_reader& in);
  void read_element(const std::string& list, const std::string& id, member_reader& in);
  void take(const std::string& id, member_reader& in, person& out);
  void take(const std::string& id, member_reader& in, std::vector<team_member>& out);
  void take(const std::string& id, member_reader& in, escalation_policy& out);
  void take(const std::string& id, member_reader& in, schedule& out);
  void read_routes(member_reader& in);
  std::shared_ptr<const zone_clock> read_zone(member_reader& in, const char* otherwise);
  std::vector<duty_span> read_spans(member_reader& in, const std::string& name);

  const customer_codes& customers_;
  const zone_finder& zones_;
  std::vector<field_error>& errors_;
  wanted_contacts out_{};
};

/// Whether the book has lists of this name whose elements have ids.
[[nodiscard]] bool is_contact_list(std::string_view name);
[[nodiscard]] bool has_contact(const contact_book& book, const std::string& list, const std::string& id);
/// Takes the element out; false when it is not there.
bool erase_contact(contact_book& book, const std::string& list, const std::string& id);

} // namespace coldvigil
