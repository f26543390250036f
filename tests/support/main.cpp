// The one main of every Boost.Test program (dynamic: including the framework costs 13 s a program).
#define BOOST_TEST_MODULE coldvigil
#include <boost/test/unit_test.hpp>
