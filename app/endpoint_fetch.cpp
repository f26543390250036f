#include "app/endpoint_fetch.hpp"

namespace coldvigil {

result<std::unique_ptr<endpoint_fetch>> endpoint_fetch::make(const ingestion_settings& settings) {
  http_client_options options;
  options.connect_timeout = settings.connect_timeout;
  options.read_timeout = settings.read_timeout;
  options.total_timeout = settings.total_timeout;
  options.max_header_bytes = settings.max_header_bytes;
  options.max_body_bytes = settings.max_body_bytes;
  options.max_concurrent = settings.max_concurrent;
  std::unique_ptr<endpoint_fetch> out(new endpoint_fetch);
  auto client = http_client::make(out->threads_.context(), options);
  if (!client.ok()) return client.error();
  out->client_ = std::move(client).value();
  return out;
}

endpoint_fetch::~endpoint_fetch() {
  stop();
}

// The client stays: an actor may still hand it a fetch, which then is never answered.
void endpoint_fetch::stop() {
  threads_.stop();
}

void endpoint_fetch::fetch(const source_settings& source, const std::string& url,
                           std::function<void(result<std::string>)> done) {
  http_fetch what;
  what.url = url;
  what.header_name = source.header_name;
  what.header_value = source.header_value;
  what.user = source.user;
  what.password = source.password;
  client_->fetch(std::move(what), [done = std::move(done)](result<http_fetch_answer> answer) {
    constexpr unsigned no_content = 204;
    if (!answer.ok())
      done(answer.error());
    else if (answer->body.empty() && answer->status != no_content)
      done(failure{error_code::invalid_argument, "the endpoint answered " + std::to_string(answer->status) +
                                                     " with an empty body; 204 would mean that there is nothing new"});
    else
      done(std::move(answer->body));
  });
}

} // namespace coldvigil
