#pragma once
// The alarm that the tests of messages tell of.
#include "core/alarm_notice.hpp"
#include "tests/notify/contacts_fixture.hpp"

namespace coldvigil::test {

inline alarm_notice warm_freezer() {
  alarm_notice out;
  out.alarm.bytes[15] = 7;
  out.customer = customer_id{1};
  out.unit_name = "Freezer 3";
  out.facility_name = "Store Łódź";
  out.customer_name = "Alpha Foods";
  out.rule = "too warm";
  out.value = -12'345;
  out.limit = -18'000;
  out.raised_at = utc("2026-11-21T02:12:34Z");
  out.explanation = "3 readings above the limit";
  return out;
}

} // namespace coldvigil::test
