#pragma once
// The heart of a unit, without actor: takes measured readings in any order, keeps them in event order, asks for scores
// one run at a time, replays from a checkpoint when a late reading finds its place, and seals what can no longer
// change.
//
// Law 3: the watermark is the newest accepted reading; the horizon behind it is the shorter of 2 h and 128 readings. A
// reading inside it is judged in its place; an older one is late. Everything at or before the base checkpoint is final.

#include "core/detection.hpp"
#include "core/judged.hpp"
#include "core/unit_window.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace coldvigil {

struct unit_limits {
  std::size_t waiting = 512; ///< while so many wait for their score, nothing more is accepted
  std::size_t run = 128;     ///< readings of one run
  std::size_t horizon_count = 128;
  millis horizon_span = std::chrono::hours{2};
  std::size_t seal_count = 64; ///< sealable readings that make a chunk
  millis seal_age = std::chrono::hours{6};
};

/// A measured reading and who waits for it.
struct offered {
  measured reading;
  ticket to{};
};

class unit_judge {
 public:
  /// `limits` must outlive the unit.
  unit_judge(unit_id unit, point_id point, customer_id customer, std::string code, const unit_limits& limits);

  /// The limits for the time to their breach, from the next run on.
  void watch(const watched_limits& limits) { watched_ = limits; }

  /// Goes on where the snapshot stands; only before the first offer.
  void restore(const unit_snapshot& snapshot);

  /// Accepts, or settles at once what is not accepted (see take_settled). A run may be due afterwards. What arrives
  /// together is taken in event order, whatever order it is listed in, and finds room together or not at all.
  void offer(std::vector<offered>&& together);

  /// True when no run is out and readings wait.
  [[nodiscard]] bool run_due() const { return !run_ && !waiting_.empty(); }
  /// The request for the next run; the run is out until one of the two finish functions is called.
  [[nodiscard]] detect_request begin_run();
  /// The answer came. Nothing when a further request is needed first (the base moved on): call begin_run again.
  [[nodiscard]] std::optional<judged> finish_run(detect_answer&& answer);
  /// No answer in time: the run is judged without scores.
  [[nodiscard]] std::optional<judged> finish_unscored(score_state why);

  /// Settlements of offers that need no run (duplicates, conflicts, late and refused ones), to travel to the writer.
  [[nodiscard]] std::vector<settlement> take_settled();

  /// When a quiet unit holds readings that were measured longer than seal_age before `now`: a snapshot that covers
  /// them, so that the log may forget them. At most one for the same readings.
  [[nodiscard]] std::optional<judged> save_quiet(timestamp now);

  [[nodiscard]] point_id point() const { return point_; }
  [[nodiscard]] const unit_window& window() const { return window_; }
  [[nodiscard]] const std::vector<std::string>& sensors() const { return sensors_; }
  /// The detector's memory after the newest judged reading it has seen.
  [[nodiscard]] const detector_state& state() const { return now_state_; }
  [[nodiscard]] std::size_t waiting() const { return waiting_.size() + (run_ ? run_->fresh.size() : 0); }
  [[nodiscard]] std::size_t heap_bytes() const;

 private:
  struct checkpoint {
    std::optional<timestamp> as_of{};
    detector_state state{};
  };
  /// A run on its way to the detector and back.
  struct run {
    std::vector<offered> fresh{}; ///< in event order
    bool replay = false;
    std::optional<timestamp> old_base{};   ///< replay: where the base stood when the run began
    std::optional<timestamp> advance_to{}; ///< replay: the base is being moved to here first
    [[nodiscard]] timestamp first() const { return fresh.front().reading.at; }
    [[nodiscard]] timestamp last() const { return fresh.back().reading.at; }
  };
  /// What the detector said, or why it said nothing.
  struct outcome {
    const detect_answer* answer = nullptr;
    score_state why = score_state::timeout;
  };

  [[nodiscard]] std::optional<timestamp> watermark() const;
  [[nodiscard]] bool too_late(timestamp at) const;
  [[nodiscard]] timestamp window_horizon() const;
  void take_in(offered&& what, bool room);
  void settle_known(offered&& what, milli_celsius known, bool pending);
  [[nodiscard]] settlement refusal(offered&& what, reject_reason reason) const;

  void start_run();
  [[nodiscard]] detect_request advance_request() const;
  [[nodiscard]] detect_request main_request() const;
  void move_base_to_horizon(detector_state state);

  [[nodiscard]] judged complete(const outcome& from);
  void collapse_after_gap(judged& out);
  void append_fresh(judged& out, const outcome& from);
  void replay_window(judged& out, const outcome& from);
  void remember_detector(const outcome& from);
  void move_checkpoints(judged& out);
  void seal(judged& out);
  void settle_run(judged& out);
  [[nodiscard]] unit_snapshot snapshot() const;
  [[nodiscard]] std::uint8_t sensor_index(const std::string& name, judged& out);
  [[nodiscard]] judged_reading fresh_reading(const measured& what, judged& out);
  [[nodiscard]] std::size_t after_base() const;

  unit_id unit_;
  point_id point_;
  customer_id customer_;
  std::string code_;
  const unit_limits* limits_;
  watched_limits watched_;
  unit_window window_;
  std::vector<std::string> sensors_;
  std::vector<offered> waiting_; ///< in event order
  std::optional<run> run_;
  std::vector<settlement> settled_;
  /// Duplicates and conflicts of readings that are not committed yet: answered together with their original.
  std::vector<std::pair<timestamp, settlement>> with_pending_;
  checkpoint base_;
  checkpoint middle_;
  detector_state now_state_;
  std::optional<timestamp> stepped_through_; ///< newest reading the detector has seen
  std::optional<timestamp> quiet_saved_;     ///< newest reading covered by the last quiet snapshot
};

} // namespace coldvigil
