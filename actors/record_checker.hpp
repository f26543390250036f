#pragma once
// One check of the record at a time, in steps, and those who wait for it. Belongs to the reader's thread.

#include "db/store.hpp"
#include "net/engine.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace coldvigil::actors {

class record_checker {
 public:
  using answer = std::function<void(result<record_check>)>;

  record_checker(std::shared_ptr<store_reader> source, const clock& time) : source_(std::move(source)), time_(time) {}

  /// True when a check begins now: the caller goes on with step() until it gives false. A check that ended a moment ago
  /// is answered as it stands.
  [[nodiscard]] bool join(answer done);
  /// Goes on; true when there is more to do.
  [[nodiscard]] bool step();

 private:
  struct waiter {
    timestamp since{};
    answer done;
  };
  [[nodiscard]] bool running() const { return check_ && !check_->ended_at; }
  void tell(const std::function<bool(const waiter&)>& whom, const result<record_check>& what);
  void fail(const failure& why);

  std::shared_ptr<store_reader> source_;
  const clock& time_;
  std::optional<record_check> check_;
  std::vector<waiter> waiting_; ///< as many as there are requests: the server bounds those
};

} // namespace coldvigil::actors
