// Pictures: round axes, files that stay small and well formed whatever is drawn.
#include "core/utf8.hpp"
#include "evaluation/plot.hpp"
#include "evaluation/plot_axes.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace coldvigil {
namespace {

constexpr timestamp start = from_ms(1'767'571'200'000); // 2026-01-05

/// Every opened element is closed in order, and no number was none.
bool well_formed(const std::string& svg) {
  std::vector<std::string> open;
  for (std::size_t at = svg.find('<'); at != std::string::npos; at = svg.find('<', at + 1)) {
    const std::size_t end = svg.find('>', at);
    if (end == std::string::npos) return false;
    const std::string tag = svg.substr(at + 1, end - at - 1);
    const std::string name = tag.substr(tag[0] == '/' ? 1 : 0, tag.find_first_of(" /", 1) - (tag[0] == '/' ? 1 : 0));
    if (tag[0] == '/') {
      if (open.empty() || open.back() != tag.substr(1)) return false;
      open.pop_back();
    } else if (tag.back() != '/') {
      open.push_back(name);
    }
  }
  return open.empty() && svg.find("nan") == std::string::npos && svg.find("inf\"") == std::string::npos;
}

plot_data one_month_at_a_minute() {
  plot_data data;
  data.title = "<unit> & \"co\"";
  data.low = -30'000;
  data.high = -14'000;
  for (int i = 0; i < 30 * 1440; ++i) {
    const timestamp at = start + i * std::chrono::minutes{1};
    const auto value = static_cast<milli_celsius>(-20'000 + 1500 * std::sin(i / 5.0));
    data.trace.push_back({at, i % 500 == 0 ? std::nullopt : std::optional(value)});
    data.scores.push_back({at, i % 7 == 0 ? std::nan("") : 0.4, -22.0, -18.0});
  }
  data.alarms.push_back({start + std::chrono::hours{50}, start + std::chrono::hours{60}, "a < b", true});
  data.faults.push_back({start + std::chrono::hours{48}, start + std::chrono::hours{55}, "door_ajar", true});
  return data;
}

} // namespace

BOOST_AUTO_TEST_SUITE(plot)

BOOST_AUTO_TEST_CASE(axes_are_round_and_inside) {
  const bool held = rc::check([] {
    const double from = *rc::gen::inRange(-90'000, 90'000) / 1000.0;
    const double width = *rc::gen::inRange(1, 200'000) / 1000.0;
    const auto ticks = round_ticks(from, from + width, 7);
    RC_ASSERT(ticks.size() <= 9U);
    for (const axis_tick& tick : ticks) {
      RC_ASSERT(tick.value >= from - 1e-6);
      RC_ASSERT(tick.value <= from + width + 1e-6);
      RC_ASSERT(std::abs(std::stod(tick.text) - tick.value) < 1e-6);
    }
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_CASE(times_are_whole_hours_or_days) {
  const auto day = time_ticks(start + std::chrono::minutes{7}, start + std::chrono::hours{25}, 10);
  BOOST_REQUIRE(day.size() == 8U);
  BOOST_TEST(day.front().text == "03:00");
  BOOST_TEST(day.back().text == "2026-01-06");
  for (const axis_tick& tick : time_ticks(start, start + std::chrono::days{40}, 10))
    BOOST_TEST(tick.text.size() == 10U);
  BOOST_TEST(time_ticks(start, start + std::chrono::days{36'500}, 10).size() <= 100U);
}

BOOST_AUTO_TEST_CASE(names_of_any_bytes_make_a_picture_that_can_be_read) {
  plot_data data;
  data.title = "K\xFChlraum\x01\x7F\xC2\x85 \xEF\xBF\xBF<";
  data.trace = {{start, -20'000}, {start + std::chrono::hours{2}, -20'000}};
  data.alarms.push_back({start, start + std::chrono::hours{1}, "t\xFCr\tzu\n", true});
  const std::string latin = plot_svg(data, {});
  BOOST_TEST(latin.find("<title>K\xC3\xBChlraum\xC3\x82\xE2\x80\xA6 \xC3\xAF\xC2\xBF\xC2\xBF&lt;</title>") !=
             std::string::npos);
  BOOST_TEST(latin.find("t\xC3\xBCrzu<") != std::string::npos);
  data.title = "K\xC3\xBChlraum\x01\xC2\x85\xEF\xBF\xBF<";
  data.alarms.clear();
  BOOST_TEST(plot_svg(data, {}).find("<title>K\xC3\xBChlraum&lt;</title>") != std::string::npos);
  BOOST_TEST(!first_invalid_utf8(latin));
  data.title = "K\xE2\x80\x8B\xE2\x80\xAE 1";
  BOOST_TEST(plot_svg(data, {}).find("<title>K 1</title>") != std::string::npos);
  const bool held = rc::check([&] {
    data.title = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
    const std::string svg = plot_svg(data, {300, 200});
    RC_ASSERT(well_formed(svg));
    RC_ASSERT(!first_invalid_utf8(svg));
    RC_ASSERT(std::none_of(svg.begin(), svg.end(), [](char c) { return c >= 0 && c < ' ' && c != '\n'; }));
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_CASE(a_month_of_minutes_is_a_small_well_formed_file) {
  const auto data = one_month_at_a_minute();
  const std::string svg = plot_svg(data, {});
  BOOST_TEST(well_formed(svg));
  BOOST_TEST(svg.size() < 400'000U);
  BOOST_TEST(svg.find("&lt;unit&gt; &amp; &quot;co&quot;") != std::string::npos);
  BOOST_TEST(svg.find("door_ajar") != std::string::npos);
  BOOST_TEST(svg.find("2026-01-05 00:00 to 2026-02-03 23:59 UTC") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(odd_data_is_drawn_all_the_same) {
  plot_data data;
  BOOST_TEST(well_formed(plot_svg(data, {})));
  data.trace = {{start, 5'000}};
  BOOST_TEST(well_formed(plot_svg(data, {})));
  data.trace = {{start, {}}, {start + std::chrono::hours{1}, {}}};
  data.scores = {{start, std::numeric_limits<double>::infinity(), {}, {}}};
  data.alarms = {{start - std::chrono::hours{9}, start + std::chrono::hours{9}, "", false}};
  BOOST_TEST(well_formed(plot_svg(data, {300, 200})));
  data.trace = {{start, 5'000}, {start + std::chrono::hours{1}, 900'000}};
  BOOST_TEST(well_formed(plot_svg(data, {})));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
