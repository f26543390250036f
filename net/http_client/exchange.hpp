#pragma once
// One fetch from the name to the end of the body.

#include "core/url.hpp"
#include "net/http_client/http_client.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/thread_pool.hpp>

#include <optional>

namespace coldvigil {

/// What a fetch uses of the client; all of it outlives the fetch.
struct exchange_tools {
  const http_client_options& options;
  boost::asio::ssl::context& tls;
  boost::asio::thread_pool& resolvers;
};

/// The parsed URL, or why the fetch cannot be tried.
[[nodiscard]] result<url> check_fetch(const http_fetch& what);

/// Runs on the strand it is spawned on. `what` has been checked.
boost::asio::awaitable<result<http_fetch_answer>> exchange(const exchange_tools& tools, const http_fetch& what,
                                                           const url& address);

} // namespace coldvigil
