#include "core/system_board.hpp"

namespace coldvigil {
namespace {

/// As the client for customers' endpoints puts it.
bool says_refused(const std::string& error) {
  return error.find("answered 401") != std::string::npos || error.find("answered 403") != std::string::npos;
}

} // namespace

poll_state& system_board::take(const poll_record& poll) {
  poll_state& state = polls_[number(poll.customer)];
  state.customer = poll.customer;
  state.failures = poll.status == poll_status::failure ? state.failures + 1 : 0;
  state.error = poll.error;
  state.refused = says_refused(poll.error);
  state.believed_until.reset();
  return state;
}

void system_board::note(const poll_record& poll) {
  const std::lock_guard lock(mutex_);
  take(poll);
}

void system_board::recall(const poll_record& poll, timestamp believed_until) {
  const std::lock_guard lock(mutex_);
  take(poll).believed_until = believed_until;
}

std::vector<poll_state> system_board::polls() const {
  const std::lock_guard lock(mutex_);
  std::vector<poll_state> out;
  for (const auto& [customer, state] : polls_)
    out.push_back(state);
  return out;
}

} // namespace coldvigil
