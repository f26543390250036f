#include "net/http_client/resolve.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <optional>

namespace coldvigil {
namespace {

namespace asio = boost::asio;
using endpoints = std::vector<asio::ip::tcp::endpoint>;

/// Shared by the coroutine and the look-up; touched on the coroutine's strand only.
struct look_up {
  explicit look_up(const asio::any_io_executor& executor) : timer(executor) {}
  asio::steady_timer timer; ///< ends the coroutine's wait, by deadline or by answer
  std::optional<result<endpoints>> answer{};
};

result<endpoints> look_up_now(asio::thread_pool& resolvers, const std::string& host, std::uint16_t port) {
  asio::ip::tcp::resolver resolver(resolvers);
  boost::system::error_code error;
  const auto found = resolver.resolve(host, std::to_string(port), error);
  if (error) return failure{error_code::unavailable, "the name " + host + " is not known: " + error.message()};
  endpoints out;
  for (const auto& entry : found)
    out.push_back(entry.endpoint());
  return out;
}

} // namespace

asio::awaitable<result<endpoints>> resolve(asio::thread_pool& resolvers, const url& address,
                                           std::chrono::steady_clock::time_point deadline) {
  boost::system::error_code error;
  const auto literal = asio::ip::make_address(address.host, error);
  if (!error) {
    endpoints one;
    one.emplace_back(literal, address.port);
    co_return one;
  }
  const auto executor = co_await asio::this_coro::executor;
  const auto shared = std::make_shared<look_up>(executor);
  shared->timer.expires_at(deadline);
  asio::post(resolvers, [&resolvers, shared, executor, host = address.host, port = address.port] {
    auto found = look_up_now(resolvers, host, port);
    asio::post(executor, [shared, found = std::move(found)]() mutable {
      shared->answer = std::move(found);
      shared->timer.cancel();
    });
  });
  auto token = asio::redirect_error(asio::use_awaitable, error);
  co_await shared->timer.async_wait(token);
  if (shared->answer) co_return std::move(*shared->answer);
  co_return failure{error_code::unavailable, "the look-up of the name " + address.host + " took too long"};
}

} // namespace coldvigil
