#include "notify/desk.hpp"

#include "core/notification_metrics.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace coldvigil {
namespace {

/// A channel that was full goes on counting as such for this long: between two of its messages it has room for a
/// moment.
constexpr millis still_full = std::chrono::minutes{1};

bool has_link(const outbox_entry& entry) {
  return entry.text.find(link_place) != std::string::npos;
}

template <class T> void append(std::vector<T>& to, std::vector<T>&& more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

} // namespace

notification_desk::notification_desk(desk_options options, secret_source random, std::function<double()> chance)
    : options_(std::move(options)), random_(std::move(random)), chance_(std::move(chance)),
      escalation_(options_.escalation, options_.facility_code, options_.standing_of), outbox_(options_.outbox),
      links_(options_.max_links), self_tests_(options_.self_tests) {}

void notification_desk::use(std::shared_ptr<const contact_book> contacts, timestamp now) {
  contacts_ = contacts;
  escalation_.use(std::move(contacts), now);
}

timestamp notification_desk::restore_since(timestamp now) const {
  return now - options_.escalation.remember;
}

void notification_desk::restore(stored_notifications stored, timestamp now) {
  for (auto& [state, newest] : stored.cases)
    escalation_.restore(std::move(state), std::move(newest));
  for (message_link& link : stored.links)
    links_.restore(std::move(link));
  for (self_test& test : stored.self_tests)
    self_tests_.restore(std::move(test));
  for (outbox_entry& entry : stored.outbox) {
    // The secret of its link died with the process: it gets another one, which must be committed first.
    if (entry.state != outbox_state::waiting || !has_link(entry) || options_.link_url.empty()) {
      outbox_.restore(std::move(entry));
      continue;
    }
    give_link(entry, now);
    held_.push_back(std::move(entry));
  }
  escalation_.use(contacts_, now); // the book may be another one than before the restart
  tell(stored.unseen, now);
}

// --- what comes in

void notification_desk::tell(const std::vector<alarm_notice>& notices, timestamp now) {
  for (const alarm_notice& each : notices)
    escalation_.tell(each, now);
}

bool notification_desk::acknowledge(const uuid& alarm, const std::string& who, timestamp now) {
  return escalation_.acknowledge(alarm, who, now);
}
bool notification_desk::shelve(const uuid& alarm, timestamp until) {
  return escalation_.shelve(alarm, until);
}
bool notification_desk::unshelve(const uuid& alarm, timestamp now) {
  return escalation_.unshelve(alarm, now);
}

result<message_link> notification_desk::look_at_link(const std::string& secret, timestamp now) const {
  return links_.look(sha256_of(secret), now);
}

result<message_link> notification_desk::use_link(const std::string& secret, timestamp now) {
  auto used = links_.use(sha256_of(secret), now);
  if (!used) return used;
  changes_.links.push_back(*used);
  for (const uuid& alarm : used->alarms)
    acknowledge(alarm, used->person, now);
  if (used->purpose == link_purpose::confirm_receipt)
    if (auto test = self_tests_.confirmed(used->message, now)) changes_.self_tests.push_back(*test);
  return used;
}

result<std::vector<std::string>> notification_desk::send_test(const std::string& person, const std::string& channel,
                                                              timestamp now) {
  const auto reader = contacts_->persons.find(person);
  if (reader == contacts_->persons.end()) return failure{error_code::not_found, "there is no such person", person};
  std::vector<contact_way> ways;
  for (const contact_way& each : reader->second.ways)
    if (channel.empty() || each.channel == channel) ways.push_back(each);
  if (ways.empty()) return failure{error_code::not_found, "the person has no such channel", channel};
  channel_room left = room();
  for (const contact_way& each : ways) {
    if (!left.has(each.channel))
      return failure{error_code::limit, "as many messages wait for this channel as may", each.channel,
                     "see in the deliveries why it takes none"};
    left.take(each.channel);
  }
  std::vector<std::string> keys;
  for (const contact_way& each : ways) {
    const self_test test = self_tests_.begin({person, each.channel, each.address}, now);
    send(test, now);
    keys.push_back(test.key);
  }
  return keys;
}

std::vector<std::string> notification_desk::overdue_ways() const {
  std::vector<std::string> out;
  for (const self_test& each : self_tests_.all())
    if (each.overdue && !each.received_at && has_way(*contacts_, each.to)) out.push_back(name_of_way(each.to));
  return out;
}

void notification_desk::settled(const std::string& key, const send_outcome& outcome, timestamp now) {
  auto done = outbox_.settle(key, outcome, now, chance_());
  if (!done) return;
  if (done->entry.state != outbox_state::waiting) secrets_.erase(key);
  if (done->entry.state == outbox_state::dead) trouble_.dead_letters.push_back({key, done->entry.to});
  if (done->entry.state == outbox_state::delivered)
    if (auto test = self_tests_.delivered(key, now)) changes_.self_tests.push_back(*test);
  keep(std::move(*done));
}

/// Whether a step of this message is kept for the next commit. Each ends once, and the outbox bounds how many there
/// are; attempts, and messages about recording, go on for as long as the store is away.
bool notification_desk::is_kept(const outbox_entry& entry) const {
  const bool goes_on = entry.state == outbox_state::waiting || entry.kind == message_kind::system;
  return !goes_on || changes_.outbox.size() < options_.max_unstored_attempts;
}

void notification_desk::keep(outbox_book::settled what) {
  if (!is_kept(what.entry)) return;
  changes_.outbox.push_back(std::move(what.entry));
  changes_.deliveries.push_back(std::move(what.record));
}

std::string notification_desk::why_needless(const outbox_entry& entry, timestamp now) const {
  if (entry.kind == message_kind::system && news_of_recording_ && entry.created_at < *news_of_recording_)
    return "there is newer news";
  std::string why;
  if (entry.kind != message_kind::alarm) return why;
  for (const uuid& alarm : entry.alarms)
    if (why = escalation_.why_quiet(alarm, now); why.empty()) return why;
  return entry.alarms.size() > 1 ? "none of its alarms calls any more; the last: " + why : why;
}

void notification_desk::withdraw_needless(timestamp now) {
  for (outbox_book::settled& each :
       outbox_.withdraw([&](const outbox_entry& entry) { return why_needless(entry, now); }, now)) {
    ++withdrawn_;
    secrets_.erase(each.entry.key);
    keep(std::move(each));
  }
}

// --- what goes out

/// A new secret for the link of this message; only its hash is to be stored.
void notification_desk::give_link(const outbox_entry& entry, timestamp now) {
  if (!has_link(entry) || options_.link_url.empty()) return;
  const std::string secret = make_link_secret(random_);
  const bool is_test = entry.kind == message_kind::self_test;
  message_link link{sha256_of(secret),
                    is_test ? link_purpose::confirm_receipt : link_purpose::acknowledge,
                    entry.key,
                    entry.to.person,
                    entry.alarms,
                    now + options_.link_lifetime,
                    {}};
  if (!links_.add(link, now)) {
    trouble_.links_full = true; // the message goes out without one
    return;
  }
  secrets_[entry.key] = secret;
  changes_.links.push_back(std::move(link));
}

void notification_desk::add_message(outbox_entry entry, timestamp now) {
  give_link(entry, now);
  changes_.outbox.push_back(entry);
  held_.push_back(std::move(entry));
}

/// An alarm that is lost before its message is one that nobody would have received.
void notification_desk::send(const self_test& test, timestamp now) {
  const person& reader = contacts_->persons.at(test.to.person);
  const auto call = options_.drill(test, reader, now);
  if (!call) {
    changes_.self_tests.push_back(self_tests_.failed(test));
    trouble_.overdue_tests.push_back(changes_.self_tests.back());
    return;
  }
  const test_words words{self_tests_.delivery_is_receipt(test.to.channel), policies_that_reach(*contacts_, test.to)};
  add_message(test_message_of(*call, words, reader, now), now);
  changes_.self_tests.push_back(test);
}

channel_room notification_desk::room() const {
  channel_room out = outbox_.room();
  for (const outbox_entry& each : held_)
    out.take(each.to.channel);
  return out;
}

void notification_desk::note_full(const channel_room& room, const call_plan& plan, timestamp now) {
  std::erase_if(no_room_, [&](const auto& each) { return each.second + still_full <= now; });
  for (const std::string& each : room.full())
    no_room_[each] = now;
  for (const std::string& each : plan.full)
    no_room_[each] = now;
  trouble_.not_called += plan.not_called;
}

notification_shortage notification_desk::shortage() const {
  notification_shortage out = escalation_.shortage();
  for (const auto& [channel, at] : no_room_)
    out.channels.push_back(channel);
  return out;
}

/// An alarm whose first step calls several people is called about by several messages.
void notification_desk::note_first_calls(const call_plan& plan) {
  std::set<uuid> seen;
  for (const planned_call& each : plan.calls)
    for (const called_alarm& about : each.alarms)
      if (each.kind == call_kind::call && about.call == 1 && seen.insert(about.notice.alarm).second)
        first_calls_.push_back(about.unacknowledged_since);
}

void notification_desk::tick(timestamp now) {
  call_plan plan = escalation_.plan(now, room());
  note_first_calls(plan);
  std::set<std::string> held;
  for (const outbox_entry& each : held_)
    held.insert(each.key);
  for (const planned_call& call : plan.calls) {
    // By an earlier process, which ended before all who were to have the same news had room for it.
    const bool is_made = !held.insert(call.key).second || outbox_.knows(call.key);
    const auto reader = contacts_->persons.find(call.to.person);
    if (!is_made && reader != contacts_->persons.end()) add_message(message_of(call, reader->second, now), now);
  }
  append(changes_.cases, std::move(plan.changed));
  append(trouble_.nobody_acknowledged, std::move(plan.exhausted));
  note_full(room(), plan, now);
  self_test_plan tests = self_tests_.plan(*contacts_, now, room());
  for (const self_test& test : tests.due)
    send(test, now);
  changes_.self_tests.insert(changes_.self_tests.end(), tests.overdue.begin(), tests.overdue.end());
  append(trouble_.overdue_tests, std::move(tests.overdue));
}

notification_changes notification_desk::take_changes() {
  if (committing_ || changes_.empty()) return {};
  committing_ = true;
  under_way_ = std::exchange(changes_, {});
  held_under_way_ = held_.size();
  append(first_calls_under_way_, std::exchange(first_calls_, {}));
  return under_way_;
}

void notification_desk::committed() {
  const auto end = held_.begin() + static_cast<std::ptrdiff_t>(held_under_way_);
  std::for_each(held_.begin(), end, [this](outbox_entry& each) { outbox_.restore(std::move(each)); });
  held_.erase(held_.begin(), end);
  append(first_called_, std::exchange(first_calls_under_way_, {}));
  under_way_ = {};
  held_under_way_ = 0;
  committing_ = false;
}

/// What came meanwhile is committed together with it.
void notification_desk::not_committed() {
  notification_changes again = std::exchange(under_way_, {});
  append(again.cases, std::move(changes_.cases));
  append(again.outbox, std::move(changes_.outbox));
  append(again.deliveries, std::move(changes_.deliveries));
  append(again.links, std::move(changes_.links));
  append(again.self_tests, std::move(changes_.self_tests));
  changes_ = std::move(again);
  held_under_way_ = 0;
  committing_ = false;
}

std::vector<outgoing_message> notification_desk::take_due(timestamp now, std::size_t most) {
  withdraw_needless(now);
  std::vector<outgoing_message> out;
  for (outbox_entry& entry : outbox_.take_due(now, most)) {
    const auto found = secrets_.find(entry.key);
    const std::string secret = found == secrets_.end() ? std::string{} : found->second;
    const std::string link = secret.empty() ? std::string{} : options_.link_url + secret;
    const auto reader = contacts_->persons.find(entry.to.person);
    out.push_back({entry.key, std::move(entry.to),
                   reader == contacts_->persons.end() ? std::string{} : reader->second.name, std::move(entry.subject),
                   with_link(entry.text, link), data_with_link(entry.data, link), entry.created_at, secret});
  }
  return out;
}

desk_trouble notification_desk::take_trouble() {
  return std::exchange(trouble_, {});
}

std::vector<callee> notification_desk::whom_recording_concerns(timestamp now) const {
  std::vector<callee> out;
  const auto policy = contacts_->policies.find(policy_for(*contacts_, customer_id{}, "", severity::critical));
  if (policy == contacts_->policies.end()) return out;
  for (const escalation_step& step : policy->second.steps)
    for (callee& to : on_call(*contacts_, step, severity::critical, now))
      if (std::find(out.begin(), out.end(), to) == out.end()) out.push_back(std::move(to));
  return out;
}

void notification_desk::tell_of_recording(const recording_report& what, timestamp now) {
  news_of_recording_ = now;
  withdraw_needless(now);
  for (const callee& to : whom_recording_concerns(now)) {
    outbox_entry message = recording_message_of(what, to, contacts_->persons.at(to.person), now);
    if (outbox_.add(message) == outbox_add::full)
      ++trouble_.not_told_of_recording;
    else if (is_kept(message))
      changes_.outbox.push_back(std::move(message));
  }
}

} // namespace coldvigil
