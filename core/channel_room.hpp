#pragma once
// How many more messages may wait, channel by channel: one that hangs and fills up takes no place from the others.

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace coldvigil {

class channel_room {
 public:
  explicit channel_room(std::size_t each) : each_(each) {}

  [[nodiscard]] bool has(const std::string& channel) const {
    const auto found = taken_.find(channel);
    return (found == taken_.end() ? 0 : found->second) < each_;
  }
  void take(const std::string& channel) { ++taken_[channel]; }
  void give_back(const std::string& channel) { --taken_[channel]; }
  [[nodiscard]] std::vector<std::string> full() const {
    std::vector<std::string> out;
    for (const auto& [channel, taken] : taken_)
      if (taken >= each_) out.push_back(channel);
    return out;
  }

 private:
  std::size_t each_;
  std::map<std::string, std::size_t> taken_;
};

} // namespace coldvigil
