#pragma once
// The places that rules belong to, as paths and answers name them, and the rules that a body wants of one.

#include "core/place_rules.hpp"
#include "core/rule_history.hpp"
#include "net/json_writer.hpp"
#include "net/problem.hpp"
#include "net/scope.hpp"

#include <boost/json/fwd.hpp>

#include <optional>
#include <string>
#include <vector>

namespace coldvigil {

/// A unit, facility or customer by its uuid or code, a kind of units by its name. Nothing when there is none, or when
/// the name fits more than one (?customer narrows). Of the answer only the place counts.
[[nodiscard]] std::optional<scoped_rule> find_place(const scope& seen, const std::string& kind,
                                                    const std::string& name);

/// As the audit trail calls it: "facility F1".
[[nodiscard]] std::string name_of(const customer_now& of, const scoped_rule& place);

/// The members of a rule and whose it is, into an object that is begun. `of` is its customer.
void write_scoped_members(json_writer& out, const customer_now& of, const scoped_rule& rule);

/// Whether the unit is of the place and is not shown in °C: a limit there that does not say its unit may be meant in
/// either.
[[nodiscard]] bool makes_unit_needed(const unit_record& unit, const scoped_rule& place);
/// A unit of the place that does; null when there is none. Lives as long as `of`.
[[nodiscard]] const unit_record* who_makes_unit_needed(const customer_now& of, const scoped_rule& place);

/// What a body wants of a place: "rules", or the name of a "profile". `other` as read_rule takes it, `beside` are
/// members that are the caller's. Gives what is wrong.
[[nodiscard]] std::vector<field_error> read_place_rules(const boost::json::object& body, const unit_record* other,
                                                        place_rules& wanted, const std::vector<std::string>& beside);

} // namespace coldvigil
