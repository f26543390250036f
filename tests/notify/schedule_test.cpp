// A schedule against a clock on the wall: every minute of a year, and the faults that others have.
#include "tests/notify/contacts_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <date/tz.h>
#include <rapidcheck.h>

using namespace coldvigil;
using namespace coldvigil::test;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

constexpr std::size_t friday = 4;

/// What the clock on the wall and the calendar beside it show, minute by minute, without a table of offsets.
class wall {
 public:
  explicit wall(const std::string& zone) : zone_(date::locate_zone(zone)) {}
  struct reading {
    date::local_days day;
    minutes time;
  };
  [[nodiscard]] reading look(timestamp at) const {
    const auto local = zone_->to_local(date::sys_time<millis>{at.time_since_epoch()});
    const auto day = date::floor<date::days>(local);
    return {day, std::chrono::floor<minutes>(local - day)};
  }

 private:
  const date::time_zone* zone_;
};

/// The definition, spelled out: on duty when the wall shows a minute that belongs to a span. All minutes of the week
/// are painted first.
class painted_week {
 public:
  explicit painted_week(const schedule& when) {
    for (std::size_t day = 0; day < 7; ++day)
      for (const duty_span& span : when.week[day]) {
        auto length = span.to - span.from;
        if (length <= minutes{0}) length += hours{24};
        for (minutes m{0}; m < length; ++m)
          on_[static_cast<std::size_t>((hours{24 * static_cast<int>(day)} + span.from + m).count()) % minutes_a_week] =
              true;
      }
  }
  [[nodiscard]] bool on(const wall::reading& now) const {
    const auto weekday = date::weekday{now.day}.iso_encoding() - 1;
    return on_[static_cast<std::size_t>(weekday * 1440 + now.time.count())];
  }

 private:
  static constexpr std::size_t minutes_a_week = 7 * 1440;
  std::array<bool, minutes_a_week> on_{};
};

std::size_t differences_in_a_year(const schedule& when, const std::string& zone_name, int step_minutes) {
  const wall clock(zone_name);
  const painted_week painted(when);
  std::size_t out = 0;
  for (timestamp at = utc("2026-01-01T00:00:00Z"); at < utc("2027-01-01T00:00:00Z"); at += minutes{step_minutes})
    if (on_duty(when, at) != painted.on(clock.look(at))) ++out;
  return out;
}

schedule shifts() {
  schedule out;
  out.week[0] = {{hours{8}, hours{17}}, {hours{22}, hours{6}}};
  out.week[2] = {{hours{0}, hours{24}}};
  out.week[friday] = {{hours{22}, hours{6}}};
  out.week[5] = {{hours{1} + minutes{30}, hours{2} + minutes{30}}, {minutes{150}, minutes{151}}};
  out.week[6] = {{hours{2}, hours{3}}, {hours{23} + minutes{59}, minutes{1}}};
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(schedules)

BOOST_AUTO_TEST_CASE(every_minute_of_a_year_is_as_the_clock_on_the_wall_says) {
  // Summer time in both hemispheres, one of half an hour, and none.
  for (const char* name : {"Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"}) {
    schedule when = shifts();
    when.zone = zone(name);
    BOOST_TEST_CONTEXT(name) {
      BOOST_TEST(differences_in_a_year(when, name, 1) == 0U);
    }
  }
}

BOOST_AUTO_TEST_CASE(random_weeks_are_as_the_clock_on_the_wall_says) {
  const bool held = rc::check([] {
    const auto name = *rc::gen::element<std::string>("Europe/Berlin", "America/St_Johns", "Pacific/Auckland");
    schedule when;
    when.zone = zone(name);
    for (auto& day : when.week)
      for (int i = *rc::gen::inRange(0, 3); i > 0; --i)
        day.push_back({minutes{*rc::gen::inRange(0, 1440)}, minutes{*rc::gen::inRange(0, 1441)}});
    RC_ASSERT(check(when).ok());
    RC_ASSERT(differences_in_a_year(when, name, 61) == 0U);
  });
  BOOST_TEST(held);
}

// The night belongs to the day on which it begins.
BOOST_AUTO_TEST_CASE(a_friday_night_ends_on_saturday_morning_and_does_not_begin_on_friday_morning) {
  schedule when;
  when.zone = zone("Europe/London");
  when.week[friday] = {{hours{22}, hours{6}}};
  // 2026-11-20 is a Friday; London is at UTC.
  BOOST_TEST(!on_duty(when, utc("2026-11-20T00:00:00Z")));
  BOOST_TEST(!on_duty(when, utc("2026-11-20T05:59:59Z")));
  BOOST_TEST(!on_duty(when, utc("2026-11-20T21:59:59.999Z")));
  BOOST_TEST(on_duty(when, utc("2026-11-20T22:00:00Z")));
  BOOST_TEST(on_duty(when, utc("2026-11-21T00:00:00Z")));
  BOOST_TEST(on_duty(when, utc("2026-11-21T05:59:59.999Z")));
  BOOST_TEST(!on_duty(when, utc("2026-11-21T06:00:00Z")));
}

// A whole day is a whole day when it has 25 hours, and local times hold for the rest of that day.
BOOST_AUTO_TEST_CASE(the_day_of_the_change_is_like_any_other) {
  schedule all;
  all.zone = zone("Europe/London");
  all.week[6] = {{hours{0}, hours{24}}};
  // 2026-10-25, 25 hours: from 2026-10-24T23:00Z to 2026-10-26T00:00Z.
  BOOST_TEST(!on_duty(all, utc("2026-10-24T22:59:59.999Z")));
  for (timestamp at = utc("2026-10-24T23:00:00Z"); at < utc("2026-10-26T00:00:00Z"); at += minutes{1})
    BOOST_REQUIRE(on_duty(all, at));
  BOOST_TEST(!on_duty(all, utc("2026-10-26T00:00:00Z")));
  schedule office;
  office.zone = zone("Europe/London");
  office.week[6] = {{hours{9}, hours{17}}};
  BOOST_TEST(!on_duty(office, utc("2026-10-25T08:59:59Z")));
  BOOST_TEST(on_duty(office, utc("2026-10-25T09:00:00Z")));
  BOOST_TEST(on_duty(office, utc("2026-03-29T08:00:00Z"))); // 09:00 summer time
  BOOST_TEST(!on_duty(office, utc("2026-03-29T07:59:59Z")));
}

/// As somebody would find out who looks every minute.
std::optional<timestamp> looked_for(const schedule& when, timestamp at) {
  const bool now = on_duty(when, at);
  for (timestamp next = std::chrono::floor<minutes>(at) + minutes{1}; next <= at + hours{8 * 24}; next += minutes{1})
    if (on_duty(when, next) != now) return next;
  return std::nullopt;
}

BOOST_AUTO_TEST_CASE(the_end_of_a_duty_is_where_the_clock_shows_it) {
  const bool held = rc::check([] {
    schedule when;
    when.zone = zone(*rc::gen::element<std::string>("Europe/Berlin", "Australia/Lord_Howe", "UTC"));
    const auto span = [] {
      return duty_span{minutes{*rc::gen::inRange(0, 1440)}, minutes{*rc::gen::inRange(0, 1441)}};
    };
    for (auto& day : when.week)
      for (int i = *rc::gen::inRange(0, 3); i > 0; --i)
        day.push_back(span());
    const std::chrono::sys_days changed{std::chrono::year{2026} / 10 / *rc::gen::element(2, 23)};
    if (*rc::gen::arbitrary<bool>()) when.dates[changed + std::chrono::days{*rc::gen::inRange(0, 4)}] = {span()};
    const timestamp at =
        changed + std::chrono::days{*rc::gen::inRange(-1, 3)} + millis{*rc::gen::inRange(0, 86'400'000)};
    RC_ASSERT(duty_changes(when, at) == looked_for(when, at));
  });
  BOOST_TEST(held);
  schedule never{{}, {}, zone()};
  BOOST_TEST(!duty_changes(never, utc("2026-10-24T22:00:00Z")).has_value());
  never.week.fill({{hours{0}, hours{24}}});
  BOOST_TEST(!duty_changes(never, utc("2026-10-24T22:00:00Z")).has_value());
}

BOOST_AUTO_TEST_CASE(a_holiday_replaces_the_spans_that_begin_on_it) {
  schedule when;
  when.zone = zone("Europe/London");
  when.week.fill({{hours{9}, hours{17}}, {hours{22}, hours{6}}});
  const std::chrono::sys_days christmas{std::chrono::year{2026} / 12 / 25};
  when.dates[christmas] = {};
  when.dates[christmas + std::chrono::days{1}] = {{hours{12}, hours{13}}};
  BOOST_TEST(on_duty(when, utc("2026-12-25T05:00:00Z"))); // the night that began on the 24th goes on
  BOOST_TEST(!on_duty(when, utc("2026-12-25T10:00:00Z")));
  BOOST_TEST(!on_duty(when, utc("2026-12-25T23:00:00Z")));
  BOOST_TEST(!on_duty(when, utc("2026-12-26T05:00:00Z")));
  BOOST_TEST(!on_duty(when, utc("2026-12-26T10:00:00Z")));
  BOOST_TEST(on_duty(when, utc("2026-12-26T12:30:00Z")));
  BOOST_TEST(on_duty(when, utc("2026-12-27T10:00:00Z")));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_a_schedule_is_refused) {
  schedule when = shifts();
  BOOST_TEST(!check(when).ok());
  when.zone = zone();
  BOOST_TEST(check(when).ok());
  when.week[1] = {{hours{24}, hours{24}}};
  BOOST_TEST(!check(when).ok());
  when.week[1] = {{hours{1}, hours{24} + minutes{1}}};
  BOOST_TEST(!check(when).ok());
  when.week[1] = std::vector<duty_span>(24);
  BOOST_TEST(check(when).ok());
  when.week[1] = std::vector<duty_span>(25);
  BOOST_TEST(!check(when).ok());
  BOOST_TEST(!find_zone("Europe/Nowhere").ok());
}

BOOST_AUTO_TEST_SUITE_END()
