#pragma once
// What happens when a handler throws. CAF ends such an actor silently, and what it held in memory is gone; but the
// state of the whole is a function of what is committed, so the cure is a restart. The fault is told once and whole,
// and the composition root ends the process for its service manager to start again.

#include "actors/context.hpp"

#include <caf/all.hpp>

#include <exception>
#include <string>

namespace coldvigil::actors {

/// Every actor's first line. `who` is for people: "unit A/u1".
template <class Self> void stop_all_on_fault(Self* self, const engine_context& context, std::string who) {
  self->set_exception_handler([&context, who = std::move(who)](std::exception_ptr& thrown) -> caf::error {
    std::string what = "something that is no exception";
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& e) {
      what = e.what();
    } catch (...) { // told as it stands
    }
    context.on_fault(who, what);
    return caf::sec::runtime_error;
  });
}

} // namespace coldvigil::actors
