#pragma once
// A list that the engine has, as an answer.

#include "net/api.hpp"
#include "net/await_engine.hpp"
#include "net/json_writer.hpp"

#include <string>
#include <vector>

namespace coldvigil {

/// `ask(done)` asks the engine for the list, `write(out, item)` puts an item of it. Both live until the answer is
/// there.
template <class Item, class Ask, class Write>
asio::awaitable<http_answer> list_answer(api& with, Ask& ask, Write& write) {
  auto start = [&](auto done) {
    ask(std::move(done));
    return true;
  };
  auto got = co_await await_engine<result<std::vector<Item>>>(with.options.request_timeout, start);
  if (!got) co_return engine_late(with);
  if (!got->ok()) co_return engine_failed(got->error());
  std::string text;
  json_writer out(text);
  out.begin_array();
  for (const Item& each : got->value())
    write(out, each);
  out.end_array();
  co_return json_answer(std::move(text));
}

} // namespace coldvigil
