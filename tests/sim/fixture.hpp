#pragma once
// A world under a clock that the test moves.

#include "sim/world.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace coldvigil::sim {

/// On the grid of the physics.
inline constexpr timestamp test_start = from_ms(1'790'000'000'000);

class manual_clock final : public clock {
 public:
  timestamp at = test_start;
  [[nodiscard]] timestamp now() const override { return at; }
};

struct fixture {
  manual_clock time;
  std::unique_ptr<simulated_world> world = make({});
  std::unique_ptr<simulated_world> make(world_options options) {
    return std::move(simulated_world::make(options, time)).value();
  }
  boost::json::value get(const std::string& customer, const std::string& target, int status = 200,
                         const std::string& method = "GET", const std::string& body = "") {
    const auto answer = world->handler(customer)({method, target, body});
    BOOST_TEST(answer.status == status);
    return boost::json::parse(answer.body.empty() ? "null" : answer.body);
  }
};

inline unit_trace freezer(std::uint64_t unit) {
  return unit_trace(draw_design(1, unit, unit_class::freezer, -20));
}

inline bool same(const std::vector<trace_reading>& a, const std::vector<trace_reading>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const trace_reading& x, const trace_reading& y) {
    return x.at == y.at && x.celsius == y.celsius;
  });
}

} // namespace coldvigil::sim
