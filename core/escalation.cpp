#include "core/escalation.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace coldvigil {
namespace {

/// A call is named after its first alarm: no alarm comes twice to the same step of the same round.
std::string key_of(const uuid& alarm, const std::string& what, const callee& to) {
  return to_string(alarm) + "." + what + "." + to.channel + "." + to.person;
}
std::string name_of_call(const alarm_case& state) {
  return "c" + std::to_string(state.opened_by) + "-" + std::to_string(state.round) + "-" + std::to_string(state.step);
}

/// Alarms of the same site and policy may share a message.
auto site_of(const alarm_case& state, const alarm_notice& notice) {
  return std::tuple(notice.customer, notice.facility, state.policy);
}

/// How long the next step waits for what was before it; nothing when the policy has no more rounds.
std::optional<millis> wait_before(const escalation_policy& policy, const alarm_case& state) {
  const auto& steps = policy.steps;
  if (state.step > 0) return steps[state.step].after - steps[state.step - 1].after;
  if (state.rounds == 0) return steps.front().after + policy.quiet;
  return policy.repeat > millis{0} ? std::optional(policy.repeat) : std::nullopt;
}

/// Whom it reached at no time before, or who is on duty now by the change alone.
bool reaches_somebody_new(const contact_book& before, const contact_book& after, const std::string& id, severity level,
                          timestamp now) {
  const auto old_policy = before.policies.find(id), policy = after.policies.find(id);
  if (policy == after.policies.end()) return false;
  if (old_policy == before.policies.end()) return true; // it ends at somebody
  const auto fewer = [](const std::vector<callee>& known, const std::vector<callee>& all) {
    return !std::includes(known.begin(), known.end(), all.begin(), all.end());
  };
  return fewer(reached_by(before, old_policy->second, level), reached_by(after, policy->second, level)) ||
         fewer(reached_at(before, old_policy->second, level, now), reached_at(after, policy->second, level, now));
}

/// It lasted longer than the first call would have waited, and was over before that call: its readings came together,
/// or nobody was running. Whoever has acknowledged or shelved it knows already.
bool was_missed(const alarm_case& state, const alarm_notice& notice) {
  const bool over = notice.ended_at && notice.state != notice_state::annulled;
  if (!over || notice.retroactive || !state.next_at || !state.told.empty()) return false;
  if (state.acknowledged_at || state.shelved_until) return false;
  return *notice.ended_at - notice.raised_at > *state.next_at - state.opened_at;
}

/// Until when somebody may still acknowledge what the last call of the last round told: as long as one more round would
/// wait, and where there never is one, a while.
timestamp end_of_waiting(const alarm_case& state, const escalation_policy* policy) {
  constexpr millis shortest = std::chrono::minutes{15};
  if (policy == nullptr) return state.opened_at + shortest;
  const millis all_steps = policy->steps.back().after * state.rounds;
  return state.opened_at + policy->quiet + all_steps + policy->repeat * (state.rounds - 1) +
         std::max(policy->repeat, shortest);
}

bool older(const alarm_notice& a, const alarm_notice& b) {
  return std::tie(a.raised_at, a.alarm) < std::tie(b.raised_at, b.alarm);
}

} // namespace

// --- what comes in

void escalation_book::restore(alarm_case as_stored, alarm_notice newest) {
  const uuid alarm = as_stored.alarm;
  cases_.insert_or_assign(alarm, entry{std::move(as_stored), std::move(newest), false});
}

const alarm_case* escalation_book::find(const uuid& alarm) const {
  const auto found = cases_.find(alarm);
  return found == cases_.end() ? nullptr : &found->second.state;
}

std::string escalation_book::why_quiet(const uuid& alarm, timestamp now) const {
  if (waiting_.contains(alarm)) return {};
  const auto found = cases_.find(alarm);
  if (found == cases_.end()) return "the alarm has been over for long";
  const alarm_case& state = found->second.state;
  const alarm_notice& newest = found->second.newest;
  if (newest.state == notice_state::annulled) return "the alarm never was";
  if (!state.open() || newest.over()) return "the alarm is over";
  if (state.acknowledged_at) return "acknowledged by " + state.acknowledged_by;
  if (state.shelved_until && now < *state.shelved_until)
    return "the alarm is shelved or suppressed, or its unit is out of service";
  return {};
}

unheard_alarms escalation_book::unheard(timestamp now) const {
  unheard_alarms out;
  for (const auto& [alarm, one] : cases_) {
    const alarm_notice& what = one.newest;
    const bool through = one.state.rounds > 0 && !one.state.next_at;
    if (!through || what.customer == customer_id{} || !why_quiet(alarm, now).empty()) continue;
    if (now < end_of_waiting(one.state, policy_of(one))) continue;
    if (out.named.size() == limits_.max_unheard_named)
      ++out.more;
    else
      out.named.push_back(
          {alarm, what.customer, what.unit_name + ", " + what.facility_name + ": " + what.rule, what.raised_at});
  }
  return out;
}

escalation_book::entry* escalation_book::known_case(const uuid& alarm) {
  for (auto* in : {&cases_, &waiting_})
    if (const auto found = in->find(alarm); found != in->end()) return &found->second;
  return nullptr;
}

escalation_book::entry* escalation_book::open_case(const uuid& alarm) {
  entry* one = known_case(alarm);
  return one == nullptr || !one->state.open() ? nullptr : one;
}

const escalation_policy* escalation_book::policy_of(const entry& one) const {
  const auto found = contacts_->policies.find(one.state.policy);
  return found == contacts_->policies.end() ? nullptr : &found->second;
}

std::string escalation_book::policy_for_today(const entry& one) const {
  const alarm_notice& what = one.newest;
  return policy_for(*contacts_, what.customer, code_of_(what.customer, what.facility), what.level);
}

/// From its first step on. A policy that is gone by now is replaced by the one that fits today.
void escalation_book::begin_ladder(entry& one, timestamp from, bool quiet) {
  if (policy_of(one) == nullptr) one.state.policy = policy_for_today(one);
  const escalation_policy* policy = policy_of(one);
  one.state.step = 0;
  one.state.rounds = 0;
  one.state.next_at.reset();
  from = std::max(from, one.newest.hold_until.value_or(from));
  if (policy) one.state.next_at = from + policy->steps.front().after + (quiet ? policy->quiet : millis{0});
}

void escalation_book::tell(const alarm_notice& notice, timestamp now) {
  entry* one = known_case(notice.alarm);
  if (one != nullptr && notice.transition <= one->state.seen) return;
  std::string seen_by;
  if (one == nullptr) {
    const auto lost = forgotten_.extract(notice.alarm);
    const bool begun_before = !lost.empty() || (dropped_ > 0 && notice.state != notice_state::raised);
    if (notice.over() && begun_before) return note_dropped(now); // the next process tells of it as a whole
    if (!lost.empty()) seen_by = lost.mapped();
    // Alarms of Coldvigil itself are few, and one of them says that there is no room: they need none.
    one = &(notice.customer == customer_id{} ? cases_ : waiting_)[notice.alarm];
    one->state.alarm = notice.alarm;
    one->state.finished_at = now; // until there is something to tell
  }
  take_news(*one, notice, now);
  if (!seen_by.empty()) acknowledge(notice.alarm, seen_by, now);
  // Not with every notice: whoever is put in line together gets places in a fair order, whichever came first.
  if (waiting_.size() > limits_.max_cases + 2 * limits_.max_waiting_cases) give_places(now);
}

void escalation_book::take_news(entry& one, const alarm_notice& notice, timestamp now) {
  alarm_case& state = one.state;
  const bool goes_on = state.open() && !one.newest.over(); // a case is open, too, until people have heard of its end
  if (notice.state != notice_state::corrected)
    one.before.reset();
  else if (!one.before && one.newest.ended_at)
    one.before = told_before{one.newest.raised_at, one.newest.ended_at, one.newest.value};
  one.newest = notice;
  one.dirty = true;
  one.heard.clear();
  state.seen = notice.transition;
  const bool nobody_knows = state.told.empty();
  if (notice.over() || (notice.retroactive && nobody_knows)) {
    state.follow_up = !nobody_knows || was_missed(state, notice);
    state.finished_at = state.follow_up ? std::nullopt : std::optional(now);
    return;
  }
  state.finished_at.reset();
  state.follow_up = goes_on && notice.state == notice_state::corrected && !nobody_knows;
  if (goes_on) return;
  state.opened_by = notice.transition;
  state.opened_at = now;
  state.acknowledged_at.reset();
  state.acknowledged_by.clear();
  state.shelved_until.reset(); // whatever leaves it in peace now comes with this notice, or has ended since
  state.round = 0;
  state.calls = 0;
  begin_ladder(one, now, true);
}

void escalation_book::go_on_by_new_book(entry& one, bool reaches_more, timestamp now) {
  alarm_case& state = one.state;
  const escalation_policy* policy = policy_of(one);
  const bool stands = policy != nullptr && state.step < policy->steps.size();
  if (policy == nullptr && !state.next_at && policy_for_today(one).empty()) return; // nobody, as before
  if (!stands || (!state.next_at && reaches_more)) {
    const std::optional<timestamp> planned = state.next_at;
    one.dirty = true;
    ++state.round;
    begin_ladder(one, now, false);
    if (planned && state.next_at) state.next_at = std::min(*planned, *state.next_at);
    return;
  }
  const std::optional<millis> wait = wait_before(*policy, state);
  const timestamp soonest = std::max(now, one.newest.hold_until.value_or(now)) + wait.value_or(millis{0});
  if (!wait || !state.next_at || *state.next_at <= soonest) return;
  one.dirty = true;
  state.next_at = soonest;
}

void escalation_book::use(std::shared_ptr<const contact_book> contacts, timestamp now) {
  const auto before = std::exchange(contacts_, std::move(contacts));
  std::map<std::pair<std::string, severity>, bool> known; // a policy reaches many, and many alarms have the same one
  const auto reaches_more = [&](const entry& one) {
    const auto [found, fresh] = known.try_emplace({one.state.policy, one.newest.level}, false);
    if (fresh) found->second = reaches_somebody_new(*before, *contacts_, one.state.policy, one.newest.level, now);
    return found->second;
  };
  for (auto* all : {&cases_, &waiting_})
    for (auto& [alarm, one] : *all)
      if (one.state.open() && !one.newest.over() && !one.state.acknowledged_at && !one.state.shelved_until)
        go_on_by_new_book(one, reaches_more(one), now);
}

bool escalation_book::acknowledge(const uuid& alarm, const std::string& who, timestamp now) {
  if (const auto lost = forgotten_.find(alarm); lost != forgotten_.end() && lost->second.empty()) lost->second = who;
  entry* one = open_case(alarm);
  if (one == nullptr) return false;
  if (one->state.acknowledged_at) return true; // whoever was first stays so
  one->dirty = true;
  one->state.acknowledged_at = now;
  one->state.acknowledged_by = who;
  return true;
}

bool escalation_book::shelve(const uuid& alarm, timestamp until) {
  entry* one = open_case(alarm);
  if (one == nullptr) return false;
  one->dirty = true;
  one->state.shelved_until = until;
  return true;
}

bool escalation_book::unshelve(const uuid& alarm, timestamp now) {
  entry* one = open_case(alarm);
  if (one == nullptr || !one->state.shelved_until) return false;
  one->dirty = true;
  one->state.shelved_until.reset();
  ++one->state.round;
  begin_ladder(*one, now, false);
  return true;
}

void escalation_book::end_shelving(timestamp now) {
  for (auto& [alarm, one] : cases_) {
    if (!one.state.open() || !one.state.shelved_until || now < *one.state.shelved_until) continue;
    one.dirty = true;
    one.state.shelved_until.reset();
    ++one.state.round;
    begin_ladder(one, now, false);
  }
}

// --- what is due

bool escalation_book::may_be_called(const entry& one, timestamp now) const {
  const alarm_case& state = one.state;
  return state.open() && !state.acknowledged_at && !one.newest.over() && state.next_at &&
         (!state.shelved_until || now >= *state.shelved_until);
}

/// The alarms whose turn it is, by site; with them those of the same site that are next within the quiet time, so that
/// one message lists them.
std::vector<escalation_book::entry_list> escalation_book::sites_due(timestamp now) {
  std::map<decltype(site_of({}, {})), entry_list> sites;
  for (auto& [alarm, one] : cases_)
    if (may_be_called(one, now) && policy_of(one) != nullptr) sites[site_of(one.state, one.newest)].push_back(&one);
  std::vector<entry_list> out;
  for (auto& [site, waiting] : sites) {
    const auto due_by = [](timestamp when) { return [when](const entry* one) { return *one->state.next_at <= when; }; };
    if (std::none_of(waiting.begin(), waiting.end(), due_by(now))) continue;
    const auto end =
        std::stable_partition(waiting.begin(), waiting.end(), due_by(now + policy_of(*waiting.front())->quiet));
    waiting.erase(end, waiting.end());
    std::sort(waiting.begin(), waiting.end(),
              [](const entry* a, const entry* b) { return older(a->newest, b->newest); });
    out.push_back(std::move(waiting));
  }
  return out;
}

/// Takes the step that is due, passing over steps where nobody is on duty or can be reached. Gives who was reached;
/// when that is nobody at all, the step was not taken.
std::vector<callee> escalation_book::climb(entry& one, timestamp now, const reach_function& reach, call_plan& into) {
  alarm_case& state = one.state;
  const alarm_case before = state;
  const escalation_policy* policy = policy_of(one);
  const auto& steps = policy->steps;
  std::size_t left_out = 0;
  for (;;) {
    const std::uint32_t step = std::min(state.step, static_cast<std::uint32_t>(steps.size() - 1));
    const auto on_duty = on_call(*contacts_, steps[step], one.newest.level, now);
    auto whom = reach(on_duty);
    left_out += on_duty.size() - whom.size();
    const bool last = step + 1 == steps.size();
    if (whom.empty() && last && left_out > 0) {
      state = before;
      return whom;
    }
    if (!last) {
      // After an outage the steps that were missed do not all come at once.
      // From now also where it was called a little early, with others of its site: a restart counts from no other time.
      state.next_at = now + (whom.empty() ? millis{0} : steps[step + 1].after - steps[step].after);
      state.step = step + 1;
      if (whom.empty()) continue;
    } else {
      state.step = 0;
      ++state.round;
      ++state.rounds;
      const bool again = policy->repeat > millis{0} && state.rounds < policy->max_rounds;
      state.next_at = again ? std::optional(now + policy->repeat) : std::nullopt;
      if (!again) into.exhausted.push_back(state.alarm);
    }
    one.dirty = true;
    into.not_called += left_out;
    return whom;
  }
}

called_alarm escalation_book::as_called(const entry& one) const {
  called_alarm out{one.newest, one.state.calls + 1, one.state.opened_at, {}, standing_of_(one.state.alarm)};
  for (const callee& each : one.state.told) {
    const auto known = contacts_->persons.find(each.person);
    const std::string& name = known == contacts_->persons.end() ? each.person : known->second.name;
    if (std::find(out.called_before.begin(), out.called_before.end(), name) == out.called_before.end())
      out.called_before.push_back(name);
  }
  return out;
}

void escalation_book::plan_site(const entry_list& site, timestamp now, channel_room& room, call_plan& into) {
  std::vector<planned_call> calls;
  const auto open_message = [&](const callee& to) {
    return std::find_if(calls.begin(), calls.end(), [&](const planned_call& call) {
      return call.to == to && call.alarms.size() < limits_.max_alarms_a_message;
    });
  };
  for (entry* one : site) {
    const std::string name = name_of_call(one->state);
    const auto reach = [&](const std::vector<callee>& whom) {
      std::vector<callee> out;
      for (const callee& to : whom) {
        const bool fits = open_message(to) != calls.end();
        if (!fits && !room.has(to.channel)) {
          into.full.insert(to.channel);
          continue;
        }
        if (!fits) {
          room.take(to.channel);
          calls.push_back({key_of(one->state.alarm, name, to), call_kind::call, to, {}});
        }
        out.push_back(to);
      }
      return out;
    };
    const std::vector<callee> whom = climb(*one, now, reach, into);
    if (whom.empty()) continue;
    const called_alarm alarm = as_called(*one);
    ++one->state.calls;
    for (const callee& to : whom) {
      if (std::find(one->state.told.begin(), one->state.told.end(), to) == one->state.told.end())
        one->state.told.push_back(to);
      open_message(to)->alarms.push_back(alarm);
    }
  }
  std::move(calls.begin(), calls.end(), std::back_inserter(into.calls));
}

/// Those who were told, at the addresses that they have now.
std::vector<callee> escalation_book::told_still(const entry& one) const {
  std::vector<callee> out;
  for (const callee& told : one.state.told) {
    const contact_way* way = way_of(*contacts_, told.person, told.channel);
    if (way == nullptr) continue;
    callee to{told.person, told.channel, way->address};
    if (std::find(out.begin(), out.end(), to) == out.end()) out.push_back(std::move(to)); // called at two addresses
  }
  return out;
}

/// Who hears of what was missed: those of the first step at which somebody is on call.
std::vector<callee> escalation_book::called_first(const entry& one, timestamp now) const {
  const auto policy = contacts_->policies.find(policy_of(one) ? one.state.policy : policy_for_today(one));
  if (policy == contacts_->policies.end()) return {};
  for (const escalation_step& step : policy->second.steps)
    if (auto out = on_call(*contacts_, step, one.newest.level, now); !out.empty()) return out;
  return {};
}

/// Alarms of a site that went the same way share a message.
void escalation_book::tell_what_became(const entry_list& site, timestamp now, channel_room& room,
                                       call_plan& into) const {
  std::map<std::tuple<notice_state, call_kind, callee>, entry_list> by_message;
  for (entry* one : site) {
    const bool missed = one->state.told.empty();
    for (const callee& to : missed ? called_first(*one, now) : told_still(*one))
      if (!one->heard.contains(to))
        by_message[{one->newest.state, missed ? call_kind::late : call_kind::follow_up, to}].push_back(one);
  }
  std::set<const entry*> waiting; ///< for room for some of their messages
  for (const auto& [message, about] : by_message) {
    const auto& [state, kind, to] = message;
    for (std::size_t i = 0; i < about.size(); ++i) {
      const alarm_notice& notice = about[i]->newest;
      if (i % limits_.max_alarms_a_message == 0) {
        if (!room.has(to.channel)) {
          into.full.insert(to.channel);
          waiting.insert(about.begin() + static_cast<std::ptrdiff_t>(i), about.end());
          break;
        }
        room.take(to.channel);
        into.calls.push_back({key_of(notice.alarm, "t" + std::to_string(notice.transition), to), kind, to, {}});
      }
      called_alarm about_it{notice};
      if (!notice.over()) about_it.standing = standing_of_(notice.alarm);
      about_it.before = about[i]->before;
      into.calls.back().alarms.push_back(std::move(about_it));
      about[i]->heard.insert(to);
    }
  }
  for (entry* one : site) {
    if (waiting.contains(one)) continue;
    if (one->state.told.empty()) one->state.told.assign(one->heard.begin(), one->heard.end());
    one->dirty = true;
    one->state.follow_up = false;
    one->before.reset();
    if (one->newest.over()) one->state.finished_at = now;
  }
}

/// What was missed needs no message any more once somebody has seen it by other means.
void escalation_book::forgive_missed(timestamp now) {
  for (auto& [alarm, one] : cases_) {
    if (!one.state.follow_up || !one.state.told.empty() || was_missed(one.state, one.newest)) continue;
    one.dirty = true;
    one.state.follow_up = false;
    one.state.finished_at = now;
  }
}

void escalation_book::plan_follow_ups(timestamp now, channel_room& room, call_plan& into) {
  std::map<std::pair<customer_id, facility_id>, entry_list> sites;
  for (auto& [alarm, one] : cases_)
    if (one.state.follow_up && (!one.state.told.empty() || *one.state.next_at <= now))
      sites[{one.newest.customer, one.newest.facility}].push_back(&one);
  for (auto& [place, site] : sites) {
    std::sort(site.begin(), site.end(), [](const entry* a, const entry* b) { return older(a->newest, b->newest); });
    tell_what_became(site, now, room, into);
  }
}

// --- who has a place

escalation_book::rank escalation_book::rank_of(const alarm_notice& what) {
  if (what.over()) return rank::over;
  return what.level == severity::critical ? rank::critical : rank::warning;
}

/// Calls, or was over before it could and must be told: all else takes no place.
bool escalation_book::needs_place(const entry& one, timestamp now) const {
  return may_be_called(one, now) || (one.newest.over() && one.state.open() && one.state.told.empty());
}

void escalation_book::take_what_needs_no_place(timestamp now) {
  for (auto at = waiting_.begin(); at != waiting_.end();) {
    const auto one = at++;
    if (!needs_place(one->second, now)) cases_.insert(waiting_.extract(one));
  }
}

/// The oldest critical alarm of a customer of which no other critical one has a place: however many those of others
/// are, none waits for them alone.
void escalation_book::give_own_places(timestamp now) {
  const auto is_critical = [](const entry& one) { return rank_of(one.newest) == rank::critical; };
  std::map<customer_id, std::pair<std::uint64_t, uuid>> first;
  for (const auto& [alarm, one] : waiting_) {
    if (!is_critical(one)) continue;
    const std::pair age{one.state.opened_by, alarm};
    const auto [known, fresh] = first.try_emplace(one.newest.customer, age);
    if (!fresh) known->second = std::min(known->second, age);
  }
  if (first.empty()) return;
  for (const auto& [alarm, one] : cases_)
    if (is_critical(one) && needs_place(one, now)) first.erase(one.newest.customer);
  for (const auto& [customer, oldest] : first)
    cases_.insert(waiting_.extract(oldest.second));
}

/// In the order in which places are given out; from its end what is too much is forgotten, which is stored nowhere yet.
/// What is critical comes first; on the same level, every customer's oldest alarm comes before the second one of any,
/// so nobody waits for the flood of another.
std::vector<escalation_book::in_line> escalation_book::line() const {
  std::vector<in_line> out;
  for (const auto& [alarm, one] : waiting_) {
    const rank level = rank_of(one.newest);
    const customer_id customer = one.newest.customer;
    const bool served = customer <= served_[static_cast<std::size_t>(level)];
    out.push_back({level, 0, served, customer, one.state.opened_by, alarm});
  }
  std::sort(out.begin(), out.end());
  for (std::size_t i = 1; i < out.size(); ++i) {
    const bool same = out[i].level == out[i - 1].level && out[i].customer == out[i - 1].customer;
    out[i].turn = same ? out[i - 1].turn + 1 : 0;
  }
  std::sort(out.begin(), out.end());
  return out;
}

/// A critical alarm waits only while critical ones have all places, and another one of its customer has one; a warning
/// while any alarms have; what is over and must be told leaves the line at once, unless as many as may wait are to be
/// told already.
void escalation_book::give_places(timestamp now) {
  take_what_needs_no_place(now);
  give_own_places(now);
  without_place_ = 0;
  if (waiting_.empty()) return;
  std::array<std::size_t, rank_count> taken{};
  const auto taken_by = [&](rank level) -> std::size_t& { return taken[static_cast<std::size_t>(level)]; };
  for (const auto& [alarm, one] : cases_)
    if (one.newest.customer != customer_id{} && needs_place(one, now)) ++taken_by(rank_of(one.newest));
  std::size_t waiting = 0;
  for (const in_line& each : line()) {
    const std::size_t by_critical = each.level == rank::warning ? taken_by(rank::critical) : 0;
    const std::size_t places = each.level == rank::over ? limits_.max_waiting_cases : limits_.max_cases;
    if (taken_by(each.level) + by_critical < places) {
      ++taken_by(each.level);
      served_[static_cast<std::size_t>(each.level)] = each.customer;
      cases_.insert(waiting_.extract(each.alarm));
    } else if (waiting == limits_.max_waiting_cases) {
      note_dropped(now);
      waiting_.erase(each.alarm);
      if (each.level != rank::over) forgotten_[each.alarm];
    } else {
      ++waiting;
      if (each.level != rank::over) ++without_place_;
    }
  }
}

void escalation_book::note_dropped(timestamp now) {
  ++dropped_;
  ++dropped_of_late_;
  dropped_last_ = now;
}

std::size_t escalation_book::uncalled() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(forgotten_, [](const auto& each) { return each.second.empty(); }));
}

notification_shortage escalation_book::shortage() const {
  return {{}, without_place_, dropped_of_late_, uncalled()};
}

void escalation_book::end_shortage(timestamp now) {
  if (dropped_of_late_ == 0 || now < dropped_last_ + limits_.drops_shown) return;
  if (without_place_ == 0 && uncalled() == 0) dropped_of_late_ = 0;
}

/// What has changed is to be stored. What is over is remembered for a while, and the newest of it where it is too much.
void escalation_book::drop_finished(timestamp now, call_plan& into) {
  std::vector<std::pair<timestamp, uuid>> over;
  for (auto at = cases_.begin(); at != cases_.end();) {
    entry& one = at->second;
    if (std::exchange(one.dirty, false)) into.changed.push_back(one.state);
    const bool forgotten = one.state.finished_at && *one.state.finished_at + limits_.remember <= now;
    if (one.state.finished_at && !forgotten) over.emplace_back(*one.state.finished_at, at->first);
    at = forgotten ? cases_.erase(at) : std::next(at);
  }
  if (over.size() <= limits_.max_cases) return;
  std::sort(over.begin(), over.end(), std::greater{});
  for (std::size_t i = limits_.max_cases; i < over.size(); ++i)
    cases_.erase(over[i].second);
}

call_plan escalation_book::plan(timestamp now, channel_room room) {
  call_plan out;
  give_places(now);
  end_shortage(now);
  end_shelving(now);
  forgive_missed(now);
  plan_follow_ups(now, room, out);
  for (const entry_list& site : sites_due(now))
    plan_site(site, now, room, out);
  drop_finished(now, out);
  return out;
}

} // namespace coldvigil
