#pragma once

#include "net/http_client/http_client.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <future>
#include <thread>

namespace coldvigil {

/// A client with a thread of its own; `get` waits for the answer.
class client_fixture {
 public:
  explicit client_fixture(const http_client_options& options = {}) : guard_(context_.get_executor()) {
    auto made = http_client::make(context_, options);
    BOOST_REQUIRE_MESSAGE(made.ok(), (made ? "" : made.error().text()));
    client_ = std::move(made).value();
    thread_ = std::thread([this] { context_.run(); });
  }
  ~client_fixture() {
    context_.stop();
    thread_.join();
  }

  std::future<result<http_fetch_answer>> begin(http_fetch what) {
    auto promise = std::make_shared<std::promise<result<http_fetch_answer>>>();
    auto answer = promise->get_future();
    client_->fetch(std::move(what), [promise](result<http_fetch_answer> got) { promise->set_value(std::move(got)); });
    return answer;
  }
  result<http_fetch_answer> get(http_fetch what) {
    auto answer = begin(std::move(what));
    // Only a guard against a client that never answers: no outcome depends on it.
    BOOST_REQUIRE(answer.wait_for(std::chrono::seconds(60)) == std::future_status::ready);
    return answer.get();
  }
  result<http_fetch_answer> get(const std::string& url) { return get(http_fetch{url}); }

  /// "" when the fetch succeeded.
  std::string problem(const std::string& url) {
    const auto got = get(url);
    return got ? "" : got.error().text();
  }

 private:
  boost::asio::io_context context_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
  std::unique_ptr<http_client> client_;
  std::thread thread_;
};

inline bool mentions(const std::string& text, const std::string& part) {
  const bool found = text.find(part) != std::string::npos;
  if (!found) BOOST_TEST_MESSAGE("\"" << text << "\" does not mention \"" << part << "\"");
  return found;
}

} // namespace coldvigil
