#pragma once
// Names to addresses without blocking a network thread or outstaying a deadline.

#include "core/result.hpp"
#include "core/url.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/thread_pool.hpp>

#include <chrono>
#include <vector>

namespace coldvigil {

/// A look-up cannot be broken off: after the deadline its thread goes on by itself and its answer is dropped. A numeric
/// address needs no look-up. Runs on a strand.
boost::asio::awaitable<result<std::vector<boost::asio::ip::tcp::endpoint>>>
resolve(boost::asio::thread_pool& resolvers, const url& address, std::chrono::steady_clock::time_point deadline);

} // namespace coldvigil
