#include "actors/link_desk.hpp"

#include <utility>

namespace coldvigil::actors {
namespace {

/// The person who presses has done so before, by another link or with other words.
bool is_own(const word_on_trial& trial, const std::string& who) {
  const alarm_life& life = trial.story.life;
  return !life.annulled && life.acknowledged && life.acknowledged->who == who;
}

status come_second(alarm_word word, const word_on_trial& trial, const link_tools& tools, link_outcome& into) {
  bool kept = false;
  if (!says_nothing(word.event.text)) {
    word.event.kind = life_event_kind::comment;
    const auto said = tools.say(word);
    // One that can never be kept must not keep the link from working.
    if (!said && said.error().code == error_code::unavailable) return said.error();
    kept = said.ok();
  }
  if (!is_own(trial, word.event.who)) into.before.push_back({word.alarm, trial.after.error().what, kept});
  return nothing{};
}

} // namespace

result<link_outcome> press_link(std::vector<alarm_word> words, const link_tools& tools) {
  link_outcome out;
  std::vector<std::pair<alarm_word*, word_on_trial>> all;
  for (alarm_word& word : words) {
    auto trial = tools.try_word(word);
    if (!trial && trial.error().code == error_code::not_found) {
      out.unknown.push_back(word.alarm);
      continue;
    }
    if (!trial) return trial.error();
    if (!trial->after && trial->after.error().code != error_code::conflict) return trial->after.error();
    all.emplace_back(&word, std::move(*trial));
  }
  for (auto& [word, trial] : all) {
    if (trial.stands) continue;
    if (!trial.after) {
      if (auto done = come_second(*word, trial, tools, out); !done) return done.error();
      continue;
    }
    if (auto said = tools.say(*word); !said) return said.error();
  }
  return out;
}

} // namespace coldvigil::actors
