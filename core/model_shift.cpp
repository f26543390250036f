#include "core/model_shift.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace coldvigil {
namespace {

/// A state of two begins so: tag, both numbers, the length of the first part.
constexpr std::array<char, 8> tag{'2', 'm', 'o', 'd', 'e', 'l', 's', '\1'};
struct head {
  std::array<char, 8> tag{};
  std::uint16_t from = 0, to = 0;
  std::uint32_t first = 0;
};
static_assert(sizeof(head) == 16);

std::optional<head> head_of(const detector_state& whole) {
  head out;
  if (whole.bytes.size() < sizeof out) return std::nullopt;
  std::memcpy(&out, whole.bytes.data(), sizeof out);
  if (out.tag != tag || out.first > whole.bytes.size() - sizeof out) return std::nullopt;
  return out;
}

} // namespace

detector_state joined(const model_shift& over, const detector_state& before, const detector_state& after) {
  const head begin{tag, over.from, over.to, static_cast<std::uint32_t>(before.bytes.size())};
  detector_state out{over.to, after.as_of, {}};
  out.bytes.resize(sizeof begin + before.bytes.size() + after.bytes.size());
  std::memcpy(out.bytes.data(), &begin, sizeof begin);
  const auto second = std::copy(before.bytes.begin(), before.bytes.end(), out.bytes.begin() + sizeof begin);
  std::copy(after.bytes.begin(), after.bytes.end(), second);
  return out;
}

bool holds_two(const detector_state& state) {
  return head_of(state).has_value();
}

detector_state part_of(const detector_state& whole, std::uint16_t number) {
  const auto begin = head_of(whole);
  if (!begin) return whole;
  const auto first = whole.bytes.begin() + sizeof(head);
  const auto second = first + begin->first;
  const bool old = number == begin->from && number != begin->to;
  return old ? detector_state{begin->from, whole.as_of, {first, second}}
             : detector_state{begin->to, whole.as_of, {second, whole.bytes.end()}};
}

std::vector<detect_request> parts_of(std::span<const detect_request> requests, std::uint16_t number) {
  std::vector<detect_request> out(requests.begin(), requests.end());
  for (detect_request& each : out)
    each.state = part_of(each.state, number);
  return out;
}

detect_answer merged(const model_shift& over, const detect_request& asked, detect_answer&& before,
                     detect_answer&& after) {
  detect_answer out{joined(over, before.state, after.state), std::move(after.verdicts)};
  for (std::size_t i = 0; i < out.verdicts.size(); ++i) {
    const bool old = asked.samples[i].at < over.at;
    if (old) out.verdicts[i] = before.verdicts[i];
    out.verdicts[i].model = old ? over.from : over.to;
  }
  return out;
}

} // namespace coldvigil
