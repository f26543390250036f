#pragma once
// Members that an object of a JSON text has twice: Boost.JSON keeps the last and says nothing.

#include <boost/json.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace coldvigil {

/// The name of the first such member; nothing when there is none. `parsed` is what Boost.JSON made of the text.
[[nodiscard]] std::optional<std::string> doubled_member(std::string_view text, const boost::json::value& parsed);

} // namespace coldvigil
