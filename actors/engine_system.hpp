#pragma once
// The engine, put together: brings every actor to life from what the store holds, and ends them in order.

#include "actors/context.hpp"
#include "actors/engine_recovery.hpp"
#include "actors/front.hpp"
#include "actors/messages.hpp"

#include <memory>
#include <string>
#include <vector>

namespace coldvigil::actors {

/// A customer and the way to it, for those who poll it.
struct customer_entry {
  customer_record record;
  customer_actor handle;
};

class engine_system {
 public:
  /// `context` and `system` must outlive the engine. `detached` is off in tests on virtual time.
  static result<std::unique_ptr<engine_system>> start(caf::actor_system& system, const engine_context& context,
                                                      engine_parts parts, bool detached = true);
  ~engine_system();

  [[nodiscard]] engine_front& front() { return *front_; }
  [[nodiscard]] const std::vector<customer_entry>& customers() const { return customers_; }
  [[nodiscard]] const writer_actor& writer() const { return writer_; }

  /// Registers units that the configuration declares. Blocks until they are there.
  status declare_units(customer_id customer, std::vector<unit_description> units);

  /// Lets the writer's thread work on the store (tokens). Blocks until it is done.
  status with_store(std::function<status(store&)> work);

  /// Commits what is on its way (at most for `patience`), closes the store and ends every actor. False when something
  /// was still on its way: it was not acknowledged to anybody.
  bool stop(millis patience);
  /// Ends every actor without a word to the store: what a crash does. For tests.
  void abandon();

 private:
  engine_system(caf::actor_system& system, const engine_context& context) : system_(system), context_(context) {}
  status bring_up(engine_parts& parts, bool detached);
  status prepare_notification(engine_parts& parts, const registry& known);
  void spawn_scoring(const engine_parts& parts, const recovered_engine& from, bool detached);
  void spawn_recording(const engine_parts& parts, const recovered_engine& from, bool detached);
  void spawn_customers(recovered_engine& from);
  void open_front(const engine_parts& parts);

  void end_actors();

  caf::actor_system& system_;
  const engine_context& context_;
  std::shared_ptr<store_health> health_ = std::make_shared<store_health>();
  feed_actor feed_;
  reader_actor reader_;
  writer_actor writer_;
  inference_actor scorer_;
  model_actor models_;
  system_watcher_actor watcher_;
  std::vector<customer_entry> customers_;
  std::unique_ptr<notification_wiring> notification_;
  std::unique_ptr<engine_front> front_;
  bool stopped_ = false;
};

} // namespace coldvigil::actors
