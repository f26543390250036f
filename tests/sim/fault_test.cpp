#include "tests/sim/fixture.hpp"

namespace coldvigil::sim {

BOOST_AUTO_TEST_SUITE(faults)

BOOST_AUTO_TEST_CASE(every_fault_shows) {
  const timestamp begin = test_start;
  for (const fault_profile& profile : fault_profiles) {
    auto healthy = freezer(5);
    auto faulty = freezer(5);
    BOOST_TEST(faulty.add({profile.kind, begin, begin + std::chrono::hours{12}, profile.usual}));
    const auto a =
        healthy.readings(begin, begin + std::chrono::hours{12} - std::chrono::minutes{1}, std::chrono::minutes{1});
    const auto b =
        faulty.readings(begin, begin + std::chrono::hours{12} - std::chrono::minutes{1}, std::chrono::minutes{1});
    double apart = 0;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
      apart = std::max(apart, std::abs(a[i].celsius - b[i].celsius));
    BOOST_TEST((b.size() < a.size() || apart > 0.5), profile.name);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::sim
