// What limits alone say, against an oracle that looks at all readings at once.
#include "evaluation/bounds_watch.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <algorithm>

namespace coldvigil {
namespace {

constexpr millis minute = std::chrono::minutes{1};

timestamp at_minute(std::int64_t minutes) {
  return from_ms(1'700'000'000'000) + minutes * minute;
}

struct sample {
  timestamp at;
  milli_celsius value;
};

bool outside(milli_celsius value) {
  return value < 2000 || value > 8000;
}

/// Every stretch of readings outside with no long silence in it, as (first, the reading that ends it).
std::vector<episode> stretches(const std::vector<sample>& all) {
  std::vector<episode> out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!outside(all[i].value)) continue;
    std::size_t last = i;
    while (last + 1 < all.size() && outside(all[last + 1].value) &&
           all[last + 1].at - all[last].at <= bounds_watch::longest_silence)
      ++last;
    const bool ended_by_next =
        last + 1 < all.size() && all[last + 1].at - all[last].at <= bounds_watch::longest_silence;
    out.push_back({all[i].at, ended_by_next ? all[last + 1].at : all[last].at});
    i = last;
  }
  return out;
}

/// The first reading of a stretch that comes at least the delay after its beginning.
std::optional<timestamp> lasting(const std::vector<sample>& all, const episode& stretch) {
  for (const sample& one : all)
    if (one.at >= stretch.opened + bounds_watch::delay && one.at <= stretch.closed && outside(one.value)) return one.at;
  return std::nullopt;
}

} // namespace

BOOST_AUTO_TEST_SUITE(bounds)

BOOST_AUTO_TEST_CASE(equal_to_a_limit_is_inside_and_half_an_hour_outside_lasts) {
  bounds_watch watch(2000, 8000, {{at_minute(0), at_minute(200)}});
  watch.add(at_minute(0), 8000);
  for (int i = 5; i <= 40; i += 5)
    watch.add(at_minute(i), 8001);
  watch.add(at_minute(45), 2000);
  watch.finish();
  BOOST_REQUIRE(watch.instant().size() == 1U);
  BOOST_TEST((watch.instant()[0] == episode{at_minute(5), at_minute(45)}));
  BOOST_REQUIRE(watch.sustained().size() == 1U);
  BOOST_TEST((watch.sustained()[0] == episode{at_minute(35), at_minute(45)}));
  BOOST_TEST((watch.breaches()[0].instant == at_minute(5)));
  BOOST_TEST((watch.breaches()[0].sustained == at_minute(35)));
}

BOOST_AUTO_TEST_CASE(no_limit_is_never_broken) {
  bounds_watch watch({}, 8000, {});
  watch.add(at_minute(0), -200'000);
  watch.finish();
  BOOST_TEST(watch.instant().empty());
}

BOOST_AUTO_TEST_CASE(agrees_with_the_oracle) {
  const bool held = rc::check([] {
    std::vector<sample> all;
    std::int64_t now = 0;
    milli_celsius value = 5000;
    const auto steps = *rc::gen::container<std::vector<std::pair<int, int>>>(
        rc::gen::pair(rc::gen::inRange(1, 80), rc::gen::inRange(0, 4)));
    for (const auto& [gap, jump] : steps) {
      now += gap;
      if (jump == 0) value = value == 5000 ? 9000 : 5000;
      all.push_back({at_minute(now), value});
    }
    std::vector<fault_span> faults;
    std::int64_t from = 0;
    for (const int length : *rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 300))) {
      faults.push_back({at_minute(from), at_minute(from + length)});
      from += length + 20;
    }
    bounds_watch watch(2000, 8000, faults);
    for (const sample& one : all)
      watch.add(one.at, one.value);
    watch.finish();

    const auto expected = stretches(all);
    std::vector<episode> lasted;
    for (const episode& each : expected)
      if (const auto since = lasting(all, each)) lasted.push_back({*since, each.closed});
    RC_ASSERT(watch.instant() == merged(expected, bounds_watch::merge_gap));
    RC_ASSERT(watch.sustained() == merged(lasted, bounds_watch::merge_gap));
    for (std::size_t i = 0; i < faults.size(); ++i) {
      std::optional<timestamp> first;
      std::optional<timestamp> first_lasting;
      for (const sample& one : all) {
        if (one.at < faults[i].start || one.at >= faults[i].end || !outside(one.value)) continue;
        if (!first) first = one.at;
        const bool lasts = std::any_of(expected.begin(), expected.end(), [&](const episode& each) {
          const auto since = lasting(all, each);
          return since && one.at >= *since && one.at <= each.closed;
        });
        if (lasts && !first_lasting) first_lasting = one.at;
      }
      RC_ASSERT(watch.breaches()[i].instant == first);
      RC_ASSERT(watch.breaches()[i].sustained == first_lasting);
    }
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
