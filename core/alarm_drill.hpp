#pragma once
// The alarm of a self-test: a breach that is made up, on a unit that exists nowhere else, judged, put into words and
// planned by the very code that does it for real ones (unit_judge, alarm_book, notice_maker, escalation_book). No
// reading and no alarm of it is stored, so numbers, feeds and the record know nothing of it; what it is for is the
// message.

#include "core/contacts.hpp"
#include "core/escalation.hpp"
#include "core/result.hpp"
#include "core/self_test.hpp"

#include <string>
#include <vector>

namespace coldvigil {

/// The call of a test to its way. A failure names the step at which a real alarm would have been lost. `reader` is the
/// person of the test.
[[nodiscard]] result<planned_call> drill(const self_test& test, const person& reader, timestamp now);

/// Ids of the policies by which an alarm of today comes this way to this person at one time or another.
[[nodiscard]] std::vector<std::string> policies_that_reach(const contact_book& book, const callee& to);

} // namespace coldvigil
