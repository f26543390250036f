#include "core/settings_record.hpp"

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <random>

namespace coldvigil::test {
namespace {

const timestamp now = from_ms(1'800'000'000'000);

/// An audit trail, the newest first, as a store would give it.
struct trail {
  std::vector<audit_entry> newest_first;

  std::size_t start(const settings_list& with) {
    const auto news = settings_news(newest_first, with, now);
    for (const audit_entry& each : news)
      newest_first.insert(newest_first.begin(), each);
    if (newest_first.size() > settings_entries_read) newest_first.resize(settings_entries_read);
    return news.size();
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(settings_record)

BOOST_AUTO_TEST_CASE(the_first_start_records_all_and_the_next_nothing) {
  trail of;
  const settings_list all{{"model.budget", "0.5"}, {"rules.consecutive", "3"}};
  BOOST_TEST(of.start(all) == 1U);
  BOOST_TEST(of.newest_first[0].action == "settings.recorded");
  BOOST_TEST(of.newest_first[0].actor == "configuration");
  BOOST_TEST(of.newest_first[0].new_value == "model.budget = 0.5\nrules.consecutive = 3");
  BOOST_TEST(of.start(all) == 0U);
}

BOOST_AUTO_TEST_CASE(a_start_with_others_says_which_were_and_which_are) {
  trail of;
  of.start({{"a", "1"}, {"channel.mail.host", "\"mail\""}, {"same", "\"x = y\""}});
  BOOST_TEST(of.start({{"a", "2"}, {"channel.text.url", "\"\""}, {"same", "\"x = y\""}}) == 1U);
  const audit_entry& change = of.newest_first[0];
  BOOST_TEST(change.action == "settings.changed");
  BOOST_TEST((change.at == now));
  BOOST_TEST(!change.customer);
  BOOST_TEST(change.old_value == "a = 1\nchannel.mail.host = \"mail\"");
  BOOST_TEST(change.new_value == "a = 2\nchannel.text.url = \"\"");
}

/// However many starts there were, the record has the settings of the last one, and reads a bounded part of the trail.
BOOST_AUTO_TEST_CASE(the_record_is_what_the_last_start_went_by) {
  const bool held = rc::check([](unsigned seed) {
    std::mt19937 random(seed);
    trail of;
    const auto starts = 1 + static_cast<unsigned>(random() % 150);
    for (unsigned i = 0; i < starts; ++i) {
      settings_list with;
      for (const char* key : {"a", "b", "c"})
        if (random() % 4 > 0) with[key] = std::to_string(random() % 3);
      const bool changed = i == 0 || settings_recorded(of.newest_first) != with;
      RC_ASSERT((of.start(with) > 0) == changed);
      RC_ASSERT((settings_recorded(of.newest_first) == with));
    }
  });
  BOOST_TEST(held);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
