#include "net/plain_listener.hpp"

#include "net/listener.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace coldvigil {

class plain_listener::service final : public http_handler {
 public:
  service(network_threads& threads, const http_limits& limits, http_message_handler handler)
      : handler_(std::move(handler)), most_body_(limits.max_body_bytes), listener_(threads.context(), limits, *this) {}

  listener& sockets() { return listener_; }

  body_terms admit(exchange&, const http_request&) override {
    body_terms terms;
    terms.most_bytes = most_body_;
    return terms;
  }

  asio::awaitable<http_answer> answer(exchange& what) override {
    http_message_request request;
    // A HEAD is a GET whose body stays here.
    const bool head = what.request.method() == http::verb::head;
    request.method = head ? "GET" : std::string(what.request.method_string());
    request.target = std::string(what.request.target());
    request.body = std::move(what.request.body());
    http_message_response response = handler_(request);
    http_answer out;
    out.status = http::int_to_status(static_cast<unsigned>(response.status));
    out.content_type = std::move(response.content_type);
    out.body = std::move(response.body);
    co_return out;
  }

  http_answer refuse(exchange&, http::status code, const std::string& text) override {
    http_answer out;
    out.status = code;
    out.body = boost::json::serialize(boost::json::value{{"detail", text}});
    out.close = true;
    return out;
  }

  void finished(const exchange&, const http_answer&) override {}
  void connection_rejected() override {}

 private:
  http_message_handler handler_;
  const std::size_t most_body_;
  listener listener_;
};

plain_listener::plain_listener(network_threads& threads, const http_limits& limits, http_message_handler handler)
    : service_(std::make_unique<service>(threads, limits, std::move(handler))) {}

plain_listener::~plain_listener() = default;

result<std::uint16_t> plain_listener::start(const std::string& address, std::uint16_t port) {
  auto taken = service_->sockets().take_port(address, port);
  if (taken.ok()) service_->sockets().accept();
  return taken;
}

void plain_listener::stop() {
  service_->sockets().stop();
}

} // namespace coldvigil
