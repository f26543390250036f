#pragma once
// Keeps the now board true: numbers what a commit will tell before it, and publishes it after it. Belongs to the
// writer's thread.

#include "core/alarm_story.hpp"
#include "core/commit.hpp"
#include "core/feed.hpp"
#include "core/now_board.hpp"

#include <map>
#include <memory>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace coldvigil {

class now_keeper {
 public:
  /// The board must outlive the keeper. `heads` are the newest committed feed numbers.
  now_keeper(now_board& board, std::uint64_t epoch, const std::vector<feed_head>& heads);

  void add_customer(const customer_record& customer);
  /// Nothing happens when it is known.
  void add_facility(const facility_record& facility);
  void add_unit(const unit_record& unit);
  /// After a restart: where the unit stood and which of its alarms are open.
  void restore_unit(const unit_snapshot& stood);
  void restore_alarm(const alarm_record& open);
  void restore_life(const alarm_record& open, const alarm_life& life);
  void restore_service(const service_change& newest);
  /// Publishes what was added and restored.
  void publish();

  /// The frames that the batch will be told as, numbered; writes the new heads into the batch. Back-filled readings are
  /// not news and have no number.
  [[nodiscard]] std::vector<std::shared_ptr<feed_frame>> number_frames(commit_batch& batch) const;
  /// The batch is durable: moves the heads and publishes.
  /// With those alarms that are open again, as they are stored: what is over has no life here.
  void committed(const commit_batch& batch, std::span<const alarm_story> reopened = {});

  /// What people did is durable: publishes it and gives the frames that tell of it.
  [[nodiscard]] std::vector<std::shared_ptr<feed_frame>> said(const alarm_story& story, const life_event& event);
  [[nodiscard]] std::vector<std::shared_ptr<feed_frame>> served(const service_change& change);

  [[nodiscard]] std::shared_ptr<const unit_record> unit(unit_id id) const;

 private:
  struct unit_place {
    customer_id customer{};
    std::size_t position = 0;
    std::shared_ptr<const unit_record> record;
  };
  [[nodiscard]] customer_now& draft(customer_id customer);
  [[nodiscard]] customer_directory& draft_directory(customer_id customer);
  [[nodiscard]] unit_block& draft_block(customer_id customer, std::size_t block);
  [[nodiscard]] unit_now& draft_unit(const unit_place& place);
  void note_run(const unit_run& run);
  void note_alarm(const alarm_record& alarm);
  /// What the engine says with the raising of alarms.
  [[nodiscard]] std::vector<feed_life> said_in(const commit_batch& batch) const;
  /// As the board has it.
  [[nodiscard]] alarm_life published_life(const alarm_record& alarm) const;
  void note_contact(const rejected_reading& apart);
  /// Empty, with the number that comes next.
  [[nodiscard]] std::shared_ptr<feed_frame> next_frame(customer_id scope) const;
  [[nodiscard]] std::vector<std::shared_ptr<feed_frame>> tell_at_once(customer_id customer, const feed_item& item);

  now_board* board_;
  std::uint64_t epoch_;
  std::unordered_map<std::int64_t, std::uint64_t> heads_; ///< by customer; 0 = the stream of all
  std::unordered_set<std::int64_t> facilities_;
  std::unordered_map<std::int64_t, unit_place> units_;
  std::unordered_map<std::int64_t, std::int64_t> unit_of_point_;
  std::unordered_map<std::int64_t, std::shared_ptr<const customer_now>> published_;
  std::unordered_map<std::int64_t, std::shared_ptr<customer_now>> drafts_; ///< being changed, not published yet
  /// Directories that only a draft holds: still ours to change.
  std::unordered_map<std::int64_t, std::shared_ptr<customer_directory>> draft_directories_;
  /// Blocks that only a draft holds, by customer and block number: still ours to change.
  std::map<std::pair<std::int64_t, std::size_t>, std::shared_ptr<unit_block>> draft_blocks_;
};

} // namespace coldvigil
