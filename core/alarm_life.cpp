#include "core/alarm_life.hpp"

#include "core/words.hpp"

#include <array>
#include <limits>

namespace coldvigil {
namespace {

constexpr std::array<std::string_view, alarm_stage_count> stage_names{
    "unacknowledged", "acknowledged", "returned_unacknowledged", "normal",
    "shelved",        "suppressed",   "out_of_service",          "closed"};
constexpr std::array<std::string_view, life_event_kind_count> event_names{
    "acknowledge", "comment",  "assign",   "action", "shelve",         "unshelve",       "suppress",
    "unsuppress",  "take_out", "put_back", "close",  "condition_over", "condition_back", "annul"};

failure conflict(std::string what, std::string hint) {
  return {error_code::conflict, std::move(what), "alarm", std::move(hint)};
}
/// `where` is the part of the event.
failure lacking(std::string where, std::string what, std::string hint) {
  return {error_code::invalid_argument, std::move(what), std::move(where), std::move(hint)};
}

using outcome = result<alarm_life>;

alarm_life::mark mark_of(const life_event& event) {
  return {event.at, event.who, event.text};
}

outcome acknowledge(alarm_life life, const life_event& event, const life_limits& limits) {
  if (life.acknowledged)
    return conflict("it is acknowledged already, by " + life.acknowledged->who, "add a comment instead");
  if (life.annulled) return conflict("it never was: a late reading annulled it", "there is nothing to acknowledge");
  if (limits.reason_required && says_nothing(event.text))
    return lacking("text", "this rule wants a reason with an acknowledgement", "say why, or what was found");
  life.acknowledged = mark_of(event);
  return life;
}

outcome shelve(alarm_life life, const life_event& event, const life_limits& limits) {
  if (life.shelved)
    return conflict("it is shelved already", "unshelve it first: an extension would evade the longest time");
  if (life.annulled) return conflict("it never was: a late reading annulled it", "there is nothing to shelve");
  if (says_nothing(event.text)) return lacking("text", "shelving needs a reason", "say why");
  if (!event.until || *event.until <= event.at)
    return lacking("until", "shelving needs an end in the future", "say until when");
  if (*event.until - event.at > limits.longest_shelving)
    return lacking("until", "that is longer than an alarm may be shelved",
                   "shelve it for a shorter time, and look again then");
  life.shelved = mark_of(event);
  life.shelved_until = *event.until;
  return life;
}

outcome end_shelving(const alarm_life& life) {
  if (!life.shelved) return conflict("it is not shelved", "nothing to do");
  alarm_life out = life;
  out.shelved.reset();
  return out;
}

outcome close(alarm_life life, const life_event& event) {
  // A true condition cleared by hand would never be heard of again.
  if (life.active) return conflict("its condition still holds", "shelve it, or put the unit out of service");
  if (!life.acknowledged && !life.annulled && !life.suppressed)
    return conflict("nobody has acknowledged it", "acknowledge it first");
  life.closed = mark_of(event);
  return life;
}

/// A state that a person puts on and takes off.
outcome put_on(alarm_life life, std::optional<alarm_life::mark> alarm_life::*which, const life_event& event) {
  if (life.*which) return conflict("it is so already", "nothing to do");
  if (says_nothing(event.text)) return lacking("text", "that needs a reason", "say why");
  life.*which = mark_of(event);
  return life;
}
outcome take_off(alarm_life life, std::optional<alarm_life::mark> alarm_life::*which) {
  if (!(life.*which)) return conflict("it is not so", "nothing to do");
  (life.*which).reset();
  return life;
}

outcome with_text(alarm_life life, const life_event& event) {
  if (says_nothing(event.text)) return lacking("text", "there is no text", "say what you mean");
  if (event.kind == life_event_kind::assign)
    life.assignee = event.text;
  else
    ++(event.kind == life_event_kind::action ? life.actions : life.comments);
  return life;
}

outcome by_engine(alarm_life life, life_event_kind kind) {
  if (life.annulled) return conflict("it never was: a late reading annulled it", "nothing to do");
  if (kind == life_event_kind::annul) {
    life.annulled = true;
    life.active = false;
    return life;
  }
  const bool back = kind == life_event_kind::condition_back;
  if (life.active == back)
    return conflict(back ? "its condition holds already" : "its condition is over already", "nothing to do");
  life.active = back;
  if (!back) return life;
  life.acknowledged.reset();
  life.closed.reset();
  ++life.raised_again;
  return life;
}

} // namespace

std::string_view to_string(alarm_stage stage) {
  return stage_names[static_cast<std::size_t>(stage)];
}
std::string_view to_string(life_event_kind kind) {
  return event_names[static_cast<std::size_t>(kind)];
}
std::optional<life_event_kind> parse_life_event(std::string_view name) {
  return parse_word<life_event_kind>(name, life_event_kind_count);
}

alarm_stage alarm_life::stage() const {
  if (closed) return alarm_stage::closed;
  if (out_of_service) return alarm_stage::out_of_service;
  // Over while it was suppressed: what people acknowledge is its cause.
  if (suppressed) return active ? alarm_stage::suppressed : alarm_stage::normal;
  if (shelved) return alarm_stage::shelved;
  if (active) return acknowledged ? alarm_stage::acknowledged : alarm_stage::unacknowledged;
  return acknowledged || annulled ? alarm_stage::normal : alarm_stage::returned_unacknowledged;
}

result<alarm_life> live(const alarm_life& life, const life_event& event, const life_limits& limits) {
  const text_form form = event.kind == life_event_kind::assign ? text_form::one_line : text_form::lines;
  if (auto fault = fault_in_text(event.text, form, limits.longest_text))
    return lacking("text", "the text cannot be kept: " + *fault, "write it anew");
  switch (event.kind) {
  case life_event_kind::condition_over:
  case life_event_kind::condition_back:
  case life_event_kind::annul:
    return by_engine(life, event.kind);
  // Of a closed one, too: what is found out later belongs to it, it may be opened again in a unit that is out of
  // service by then, and its shelving holds for the next alarm of its rule.
  case life_event_kind::comment:
    return with_text(life, event);
  case life_event_kind::take_out:
    return put_on(life, &alarm_life::out_of_service, event);
  case life_event_kind::put_back:
    return take_off(life, &alarm_life::out_of_service);
  case life_event_kind::unshelve:
    return end_shelving(life);
  default:
    break;
  }
  if (life.closed) return conflict("it is closed already, by " + life.closed->who, "a comment can still be added");
  switch (event.kind) {
  case life_event_kind::acknowledge:
    return acknowledge(life, event, limits);
  case life_event_kind::shelve:
    return shelve(life, event, limits);
  case life_event_kind::suppress:
    return put_on(life, &alarm_life::suppressed, event);
  case life_event_kind::unsuppress:
    if (!life.active) return conflict("its condition is over already", "nothing to do");
    return take_off(life, &alarm_life::suppressed);
  case life_event_kind::close:
    return close(life, event);
  default:
    return with_text(life, event); // assign, action
  }
}

alarm_life life_of(std::span<const life_event> events) {
  const life_limits anything{false, millis::max(), std::numeric_limits<std::size_t>::max()};
  alarm_life life;
  for (const life_event& event : events) {
    life = as_of(std::move(life), event.at);
    if (auto next = live(life, event, anything)) life = std::move(*next);
  }
  return life;
}

alarm_life as_of(alarm_life life, timestamp now) {
  if (life.shelved && life.shelved_until <= now) life.shelved.reset();
  return life;
}

} // namespace coldvigil
