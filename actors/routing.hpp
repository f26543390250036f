#pragma once
// What customer and facility share on the way to a unit.

#include "actors/messages.hpp"

namespace coldvigil::actors {

/// Tells whoever asks that there is no such unit.
inline void refuse_unknown(unit_question& question) {
  const failure unknown{error_code::not_found, "there is no such unit"};
  std::visit([&](auto& what) { what.done(unknown); }, question.what);
}

} // namespace coldvigil::actors
