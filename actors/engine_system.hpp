#pragma once
// The engine, put together: brings every actor to life from what the store holds, and ends them in order.

#include "actors/context.hpp"
#include "actors/feed.hpp"
#include "actors/front.hpp"
#include "actors/messages.hpp"
#include "actors/model_keeper.hpp"
#include "actors/notification_wiring.hpp"

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace coldvigil::actors {

struct engine_parts {
  std::shared_ptr<store> durable;
  std::shared_ptr<detector> scorer;           ///< nothing = rules work alone
  std::string version{};                      ///< of the scorer; empty = it has none, and none ever takes over
  std::shared_ptr<detector> next{};           ///< the newest version, committed and not in force yet
  std::shared_ptr<const model_desk> models{}; ///< nothing = the scorer stays
  frame_renderer render;
  std::function<void(const std::string&)> log_failure;
  std::function<void(const alarm_transition&)> log_alarm = [](const alarm_transition&) {}; ///< on the writer's thread
  std::vector<std::pair<std::string, std::string>> customers{}; ///< code, name: made when missing
  std::optional<notification_parts> notify{};                   ///< nothing = nobody is told
  std::function<system_state(timestamp now)> measure{};         ///< of this machine and process; empty = nothing
  std::function<void(const std::string& event, const std::string& detail)> log_event{};
};

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
  using arrivals_by_unit = std::unordered_map<std::int64_t, unit_arrival>;
  static void introduce(now_keeper& keeper, const registry& known);
  static result<arrivals_by_unit> recover_units(store& durable, now_keeper& keeper, const registry& known);
  void spawn_customers(const registry& known, arrivals_by_unit arrivals);
  /// What people did to the open alarms and the units.
  static status restore_lives(store& durable, now_keeper& keeper);

  /// The scorer's number, and that it judges from now on when another one did before.
  [[nodiscard]] result<std::uint16_t> settle_model(store& durable, const engine_parts& parts) const;

  [[nodiscard]] result<std::uint16_t> resume_takeover(store& durable, const std::shared_ptr<detector>& next,
                                                      std::uint16_t present) const;

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
