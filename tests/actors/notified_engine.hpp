#pragma once
// The engine on virtual time, with somebody to call.

#include "notify/zones.hpp"
#include "tests/actors/engine_fixture.hpp"

#include <algorithm>

namespace coldvigil::test {

/// Anna is called about everything. What would be sent stays in the outbox: no thread takes part.
inline void with_anna_called(actors::engine_parts& parts, millis repeat) {
  actors::notification_parts people;
  people.options.desk.self_tests.every = std::chrono::days{0};
  people.options.desk.outbox.max_in_flight_a_channel = 0;
  people.options.tick = std::chrono::seconds{15};
  people.contacts = [repeat](const auto&, const registry&) -> result<contact_book> {
    contact_book book;
    book.persons["anna"] = {"Anna", *find_zone("UTC"), {{"mail", "a@b"}}, severity::warning, ""};
    book.policies["usual"].steps = {{millis{0}, {{"anna", "", ""}}}};
    book.policies["usual"].repeat = repeat;
    book.routes = {{std::nullopt, std::nullopt, severity::warning, "usual"}};
    return book;
  };
  people.codec = {[](const contact_book&, const auto&) { return std::map<std::string, std::string>{}; },
                  [](const contact_book&, const auto&) { return std::string{}; },
                  [](const std::string&, const auto&) { return result<contact_book>{contact_book{}}; }};
  people.random = [](std::span<std::uint8_t> bytes) { std::ranges::fill(bytes, std::uint8_t{7}); };
  people.chance = [] { return 0.5; };
  people.metrics = std::make_shared<notification_metrics>();
  people.log = [](const std::string&, const std::string&) {};
  parts.measure = [counts = people.metrics](timestamp) {
    system_state out;
    out.unheard = counts->unheard.get();
    return out;
  };
  parts.notify = std::move(people);
}
inline void with_anna(actors::engine_parts& parts) {
  with_anna_called(parts, std::chrono::minutes{30});
}

} // namespace coldvigil::test
