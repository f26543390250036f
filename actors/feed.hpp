#pragma once
#include "actors/context.hpp"
#include "actors/messages.hpp"

#include <deque>
#include <functional>
#include <unordered_map>

namespace coldvigil::actors {

/// Turns a frame into the text that listeners send on. Injected, because the format belongs to the network side.
using frame_renderer = std::function<std::string(const feed_frame&)>;

struct feed_state {
  static inline const char* name = "coldvigil.feed";

  /// One stream: a customer's, or that of all.
  struct stream {
    std::deque<std::shared_ptr<const feed_frame>> ring{};
    std::size_t items = 0;
    std::vector<std::weak_ptr<feed_listener>> listeners{};
  };
  const engine_context* context = nullptr;
  std::uint64_t epoch = 0;
  frame_renderer render{};
  std::unordered_map<std::int64_t, stream> streams{};

  void tell(const std::shared_ptr<feed_frame>& frame);
  void join(const subscription& who);

 private:
  void keep(stream& of, const std::shared_ptr<feed_frame>& frame) const;
};

feed_actor::behavior_type feed(feed_actor::stateful_pointer<feed_state> self, const engine_context* context,
                               std::uint64_t epoch, frame_renderer render);

} // namespace coldvigil::actors
