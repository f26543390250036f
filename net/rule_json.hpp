#pragma once
// Rules as JSON: temperatures in the unit that the rule was given in, times in seconds. What is at its default is left
// out and need not be given.

#include "core/registry.hpp"
#include "core/rule.hpp"
#include "net/json_writer.hpp"
#include "net/problem.hpp"

#include <boost/json/fwd.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coldvigil {

void write_rule(json_writer& out, const rule& what);
/// The members that its kind makes use of, into an object that is begun.
void write_rule_members(json_writer& out, const rule& stored);
/// Only what says which sort of rule it is: all that one that is off has.
void write_sort_members(json_writer& out, const rule& what);

/// The JSON name of a member of `rule`: "on_delay" is "on_delay_seconds".
[[nodiscard]] std::string json_member(std::string_view of_rule);

/// A rule that says `"off": true` turns its sort off and needs no more than kind, level and side.
[[nodiscard]] bool says_off(const boost::json::value& from);

/// Nothing when something is wrong; `errors` gets what, below `pointer`. `beside` are members that are the caller's.
/// A limit without a unit is in °C, unless the place of the rule has a unit that is shown otherwise (`other`, or null):
/// then it must say its unit. What the rule cannot mean (core/rule_check) is an error, too.
[[nodiscard]] std::optional<rule> read_rule(const boost::json::value& from, const std::string& pointer,
                                            const unit_record* other, std::vector<field_error>& errors,
                                            const std::vector<std::string>& beside);

} // namespace coldvigil
