#pragma once
#include "actors/context.hpp"
#include "actors/messages.hpp"
#include "actors/notification_tap.hpp"
#include "core/alarm_shelf.hpp"
#include "core/now_keeper.hpp"

#include <atomic>
#include <mutex>

namespace coldvigil::actors {

/// How the store fares, for the health page; written by the writer, read by any thread.
class store_health {
 public:
  void note_ok() { set({}); }
  void note_failure(const std::string& what) { set(what); }
  /// Empty when all is well.
  [[nodiscard]] std::string trouble() const {
    const std::lock_guard lock(mutex_);
    return trouble_;
  }

 private:
  void set(std::string what) {
    const std::lock_guard lock(mutex_);
    trouble_ = std::move(what);
  }
  mutable std::mutex mutex_;
  std::string trouble_;
};

/// What the writer works on; made by the composition root, handed over whole.
struct writer_tools {
  std::shared_ptr<store> durable;
  std::shared_ptr<store_reader> sealed; ///< to tell a late duplicate from a late reading, and for the desk
  std::shared_ptr<now_keeper> keeper;
  alarm_shelf shelf; ///< as it is committed
  std::shared_ptr<store_health> health;
  feed_actor feed;
  reader_actor reader;
  std::function<void(const std::string&)> log_failure;
  std::function<void(const alarm_transition&)> log_alarm; ///< committed ones
  std::shared_ptr<notification_tap> tap{};                ///< nothing = nobody is to be told
};

struct writer_state {
  static inline const char* name = "coldvigil.writer";

  const engine_context* context = nullptr;
  writer_tools tools{};
  commit_batch batch{};
  std::size_t readings = 0;
  std::vector<settlement> settlements{};
  std::vector<series_tail> after_commit{};
  std::vector<std::function<void(status)>> news_done{};
  std::vector<std::chrono::steady_clock::time_point> alarmed{}; ///< receipts of the readings that raised alarms
  bool flush_due = false;
  timestamp next_trim{};

  void gather(unit_decision& decision);
  void gather(system_news& news);
  void gather(std::vector<settlement>&& more);
  /// False when the store refused: everything stays gathered.
  [[nodiscard]] bool commit();
  [[nodiscard]] registration_answer register_units(const store_registration& what);
  [[nodiscard]] result<alarm_story> say(alarm_word& word);
  [[nodiscard]] result<link_outcome> press(std::vector<alarm_word>&& words);
  [[nodiscard]] status change_service(service_change& change);
  [[nodiscard]] result<std::vector<rule_record>> change_rules(const place_rules& wanted);

 private:
  /// The unit as it is published, and what holds it; null when it is not there.
  [[nodiscard]] std::pair<std::shared_ptr<const customer_now>, const unit_now*> unit_on_board(customer_id customer,
                                                                                              unit_id unit) const;
  [[nodiscard]] std::vector<operator_act> left_in_peace() const;
  [[nodiscard]] std::vector<alarm_story> opened_again() const;
  void answer_news(const status& outcome);
  [[nodiscard]] std::string code_of(unit_id unit) const;
  void carry_shelvings();
  void note_alarmed(const unit_decision& decision);
  [[nodiscard]] status look_up_late();
  [[nodiscard]] const judged_reading* in_fresh_chunk(point_id point, timestamp at) const;
  [[nodiscard]] bool store_failed(const failure& why);
  void count(const commit_batch& committed);
  void settle();
  void trim();
};

/// Spawn it detached: it blocks on the store.
writer_actor::behavior_type writer(writer_actor::stateful_pointer<writer_state> self, const engine_context* context,
                                   writer_tools tools);

} // namespace coldvigil::actors
