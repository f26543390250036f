#include "core/now_keeper.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace coldvigil {
namespace {

constexpr customer_id everybody{0};

} // namespace

now_keeper::now_keeper(now_board& board, std::uint64_t epoch, const std::vector<feed_head>& heads)
    : board_(&board), epoch_(epoch) {
  for (const feed_head& head : heads)
    heads_[number(head.customer)] = head.last;
}

// --- drafts: copies of what was published, changed in private

customer_now& now_keeper::draft(customer_id customer) {
  auto& slot = drafts_[number(customer)];
  if (!slot) {
    const auto found = published_.find(number(customer));
    slot =
        found == published_.end() ? std::make_shared<customer_now>() : std::make_shared<customer_now>(*found->second);
  }
  return *slot;
}

customer_directory& now_keeper::draft_directory(customer_id customer) {
  auto& mine = draft_directories_[number(customer)];
  if (!mine) {
    auto& shown = draft(customer).directory;
    mine = shown ? std::make_shared<customer_directory>(*shown) : std::make_shared<customer_directory>();
    shown = mine;
  }
  return *mine;
}

unit_block& now_keeper::draft_block(customer_id customer, std::size_t block) {
  auto& mine = draft_blocks_[{number(customer), block}];
  if (!mine) {
    auto& shown = draft(customer).blocks[block];
    mine = std::make_shared<unit_block>(*shown);
    shown = mine;
  }
  return *mine;
}

unit_now& now_keeper::draft_unit(const unit_place& place) {
  return draft_block(place.customer, place.position / units_per_block)[place.position % units_per_block];
}

void now_keeper::publish() {
  std::vector<std::shared_ptr<const customer_now>> changed;
  for (auto& [customer, snapshot] : drafts_) {
    snapshot->feed_last = heads_[customer];
    published_[customer] = snapshot;
    changed.push_back(std::move(snapshot));
  }
  drafts_.clear();
  draft_blocks_.clear();
  draft_directories_.clear();
  board_->publish(std::move(changed), heads_[number(everybody)]);
}

// --- the directory

void now_keeper::add_customer(const customer_record& customer) {
  draft_directory(customer.id).customer = std::make_shared<const customer_record>(customer);
}

void now_keeper::add_facility(const facility_record& facility) {
  if (!facilities_.insert(number(facility.id)).second) return;
  draft_directory(facility.customer).facilities.push_back(std::make_shared<const facility_record>(facility));
}

void now_keeper::add_unit(const unit_record& unit) {
  const auto record = std::make_shared<const unit_record>(unit);
  customer_now& now = draft(unit.customer);
  const std::size_t position = now.unit_count++;
  customer_directory& directory = draft_directory(unit.customer);
  directory.unit_by_code[unit.code] = position;
  directory.unit_by_public[to_string(unit.public_id)] = position;
  directory.unit_by_id[number(unit.id)] = position;
  units_[number(unit.id)] = {unit.customer, position, record};
  unit_of_point_[number(unit.point)] = number(unit.id);
  if (position % units_per_block == 0) now.blocks.push_back(std::make_shared<unit_block>());
  draft_block(unit.customer, position / units_per_block).push_back({record});
}

std::shared_ptr<const unit_record> now_keeper::unit(unit_id id) const {
  const auto found = units_.find(number(id));
  return found == units_.end() ? nullptr : found->second.record;
}

void now_keeper::restore_unit(const unit_snapshot& stood) {
  const auto place = units_.find(number(stood.unit));
  if (place == units_.end() || stood.tail.empty()) return;
  unit_now& now = draft_unit(place->second);
  now.last = stood.tail.back();
  now.last_contact = now.last->at;
  if (!stood.sensors.empty()) now.sensors = std::make_shared<const sensor_names>(stood.sensors);
}

void now_keeper::restore_alarm(const alarm_record& open) {
  note_alarm(open);
}

void now_keeper::restore_life(const alarm_record& open, const alarm_life& life) {
  const auto place = units_.find(number(open.unit));
  if (place == units_.end() || !open.open()) return;
  auto& lives = draft_unit(place->second).lives;
  std::erase_if(lives, [&](const auto& each) { return each.first == open.id; });
  lives.emplace_back(open.id, std::make_shared<const alarm_life>(life));
}

void now_keeper::restore_service(const service_change& newest) {
  const auto place = units_.find(number(newest.unit));
  if (place == units_.end()) return;
  draft_unit(place->second).out_of_service = newest.out ? std::make_shared<const service_change>(newest) : nullptr;
}

// --- what is told

std::shared_ptr<feed_frame> now_keeper::next_frame(customer_id scope) const {
  auto frame = std::make_shared<feed_frame>();
  frame->scope = scope;
  frame->epoch = epoch_;
  const auto head = heads_.find(number(scope));
  frame->first = (head == heads_.end() ? 0 : head->second) + 1;
  return frame;
}

std::vector<std::shared_ptr<feed_frame>> now_keeper::tell_at_once(customer_id customer, const feed_item& item) {
  std::vector<std::shared_ptr<feed_frame>> out;
  for (const customer_id scope : {customer, everybody}) {
    auto frame = next_frame(scope);
    frame->items.push_back(item);
    heads_[number(scope)] = frame->last();
    out.push_back(std::move(frame));
  }
  (void)draft(customer); // so that its snapshot contains the number
  publish();
  return out;
}

std::vector<std::shared_ptr<feed_frame>> now_keeper::said(const alarm_story& story, const life_event& event) {
  restore_life(story.alarm, story.life);
  const feed_life told{unit(story.alarm.unit), story.alarm, story.life, event};
  return tell_at_once(story.alarm.customer, std::make_shared<const feed_life>(told));
}

std::vector<std::shared_ptr<feed_frame>> now_keeper::served(const service_change& change) {
  restore_service(change);
  return tell_at_once(change.customer, std::make_shared<const feed_service>(feed_service{unit(change.unit), change}));
}

// --- a commit

std::vector<std::shared_ptr<feed_frame>> now_keeper::number_frames(commit_batch& batch) const {
  std::unordered_map<std::int64_t, std::shared_ptr<feed_frame>> frames;
  const auto tell = [&](customer_id scope, const feed_item& item) {
    auto& frame = frames[number(scope)];
    if (!frame) frame = next_frame(scope);
    frame->items.push_back(item);
  };
  const auto tell_both = [&](customer_id customer, const feed_item& item) {
    tell(customer, item);
    tell(everybody, item);
  };
  for (const unit_run& run : batch.runs) {
    const auto record = unit(run.unit);
    for (const judged_reading& reading : run.readings)
      if (!reading.history) tell_both(run.customer, feed_reading{record, reading, run.replaces_from.has_value()});
  }
  std::unordered_map<std::int64_t, alarm_life> lives; // as the batch changes them
  for (const alarm_transition& transition : batch.transitions) {
    const alarm_record& alarm = transition.after;
    const auto [entry, first] = lives.try_emplace(number(alarm.id));
    alarm_life& life = entry->second;
    life = life_after(first ? published_life(alarm) : life, transition);
    auto at_end = alarm.open() ? nullptr : std::make_shared<const alarm_life>(life);
    tell_both(alarm.customer,
              std::make_shared<const feed_alarm>(feed_alarm{unit(alarm.unit), transition, std::move(at_end)}));
  }
  for (feed_life& each : said_in(batch)) {
    const customer_id customer = each.alarm.customer;
    tell_both(customer, std::make_shared<const feed_life>(std::move(each)));
  }
  std::vector<std::shared_ptr<feed_frame>> out;
  batch.feed.clear();
  for (auto& [scope, frame] : frames) {
    batch.feed.push_back({customer_id{scope}, frame->last()});
    frame->items.shrink_to_fit(); // it is kept for long
    out.push_back(std::move(frame));
  }
  return out;
}

alarm_life now_keeper::published_life(const alarm_record& alarm) const {
  const auto place = units_.find(number(alarm.unit));
  if (place == units_.end()) return untouched(alarm);
  const auto shown = published_.find(number(place->second.customer));
  if (shown == published_.end()) return untouched(alarm);
  return shown->second->unit(place->second.position).life_of(alarm);
}

std::vector<feed_life> now_keeper::said_in(const commit_batch& batch) const {
  std::vector<feed_life> out;
  for (const auto& [alarm, event] : batch.said) {
    std::vector<alarm_transition> steps;
    std::ranges::copy_if(batch.transitions, std::back_inserter(steps),
                         [id = alarm](const alarm_transition& each) { return each.after.id == id; });
    const alarm_record& newest = steps.back().after;
    out.push_back({unit(newest.unit), newest, life_of(steps, std::span(&event, 1)), event});
  }
  return out;
}

void now_keeper::note_run(const unit_run& run) {
  const auto place = units_.find(number(run.unit));
  if (place == units_.end() || run.readings.empty()) return;
  const judged_reading& newest = run.readings.back();
  unit_now& now = draft_unit(place->second);
  if (!now.last || newest.at >= now.last->at) now.last = newest;
  if (!now.last_contact || newest.at > *now.last_contact) now.last_contact = newest.at;
  if (run.new_sensors.empty()) return;
  sensor_names names = now.sensors ? *now.sensors : sensor_names{};
  learn(names, run.new_sensors);
  now.sensors = std::make_shared<const sensor_names>(std::move(names));
}

void now_keeper::note_alarm(const alarm_record& alarm) {
  const auto place = units_.find(number(alarm.unit));
  if (place == units_.end()) return;
  auto& open = draft_unit(place->second).open;
  std::erase_if(open, [&](const auto& other) { return other->id == alarm.id; });
  if (alarm.open())
    open.push_back(std::make_shared<const alarm_record>(alarm));
  else
    std::erase_if(draft_unit(place->second).lives, [&](const auto& each) { return each.first == alarm.id; });
}

void now_keeper::note_contact(const rejected_reading& apart) {
  if (!apart.point || apart.reason != reject_reason::null_value || !apart.at) return;
  const auto found = unit_of_point_.find(number(*apart.point));
  if (found == unit_of_point_.end()) return;
  unit_now& now = draft_unit(units_.at(found->second));
  if (!now.last_contact || *apart.at > *now.last_contact) now.last_contact = apart.at;
}

void now_keeper::committed(const commit_batch& batch, std::span<const alarm_story> reopened) {
  for (const feed_head& head : batch.feed)
    heads_[number(head.customer)] = head.last;
  for (const unit_run& run : batch.runs)
    note_run(run);
  for (const alarm_transition& transition : batch.transitions)
    note_alarm(transition.after);
  for (const feed_life& each : said_in(batch))
    restore_life(each.alarm, each.life);
  for (const alarm_story& each : reopened)
    restore_life(each.alarm, each.life);
  for (const rejected_reading& apart : batch.rejects)
    note_contact(apart);
  publish();
}

} // namespace coldvigil
