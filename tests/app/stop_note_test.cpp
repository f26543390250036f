// What is kept beside a store that takes nothing.
#include "app/stop_note.hpp"
#include "tests/support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

namespace coldvigil::test {

BOOST_AUTO_TEST_SUITE(stop_notes)

BOOST_AUTO_TEST_CASE(a_note_is_kept_until_it_is_taken_back) {
  const temp_dir folder;
  const stop_note note(folder.path("new/coldvigil.db.stopped"));
  BOOST_TEST(!note.read().has_value());
  note.keep(std::nullopt);
  const timestamp since = from_ms(1'795'219'200'123);
  note.keep(since);
  BOOST_TEST((note.read() == since));
  note.keep(since + millis{5});
  BOOST_TEST((note.read() == since + millis{5}));
  note.keep(std::nullopt);
  BOOST_TEST(!note.read().has_value());
  stop_note("/proc/nowhere/note").keep(since); // what cannot be kept is no fault
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::test
