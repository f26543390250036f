#include "net/access_check.hpp"
#include "net/alarm_gauges.hpp"
#include "net/metrics_text.hpp"
#include "net/routes/routes.hpp"

namespace coldvigil::routes {

route_answer metrics(api& with, api_request& request) {
  const bool free = with.options.metrics_from_loopback && request.what.peer.is_loopback();
  // They tell of every customer.
  if (!free && !request.who) co_return unauthorised();
  if (!free && (request.who->customer || !allows(request.who->level, permission::admin))) co_return forbidden("admin");
  std::string text = render(with.metrics, with.body_room.taken());
  text += co_await alarm_gauges_now(with);
  if (with.parts.more_metrics) text += with.parts.more_metrics();
  http_answer answer = json_answer(std::move(text));
  answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
  co_return answer;
}

} // namespace coldvigil::routes
