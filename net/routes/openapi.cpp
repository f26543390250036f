#include "net/openapi.hpp"

#include "net/asset_answer.hpp"
#include "net/random.hpp"
#include "net/routes/routes.hpp"

namespace coldvigil::routes {

route_answer openapi(api&, api_request& request) {
  static const std::string hash = sha256_hex(openapi_text()).substr(0, 16);
  asset file;
  file.path = "/openapi.json";
  file.mime = "application/json";
  file.hash = hash;
  file.raw = std::as_bytes(std::span(openapi_text()));
  co_return answer_asset(file, request.what.request);
}

} // namespace coldvigil::routes
