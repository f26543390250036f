// The description and the router know the same routes, and what every operation says is there.
#include "net/openapi.hpp"
#include "net/router.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <set>

using namespace coldvigil;
namespace json = boost::json;

namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

/// Every "$ref" below `value` leads somewhere.
void check_references(const json::value& document, const json::value& value) {
  if (const auto* list = value.if_array())
    for (const auto& one : *list)
      check_references(document, one);
  const auto* members = value.if_object();
  if (!members) return;
  for (const auto& [name, content] : *members) {
    if (name == "$ref") {
      boost::json::error_code error;
      (void)document.find_pointer(std::string(content.as_string()).substr(1), error);
      BOOST_TEST(!error, content.as_string());
    }
    check_references(document, content);
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(openapi)

BOOST_AUTO_TEST_CASE(every_route_is_described_and_every_description_is_routed) {
  const json::value document = json::parse(openapi_text());
  std::set<std::string> described;
  for (const auto& [path, methods] : document.at("paths").as_object())
    for (const auto& [method, operation] : methods.as_object())
      described.insert(std::string(method) + " " + std::string(path));
  std::set<std::string> routed;
  for (const route& one : route_table())
    routed.insert(lower(http::to_string(one.method)) + " " + std::string(one.pattern));
  BOOST_TEST(described == routed, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(operations_are_complete) {
  const json::value document = json::parse(openapi_text());
  check_references(document, document);
  std::set<std::string> ids;
  for (const route& one : route_table()) {
    const json::value& operation = document.at("paths").at(one.pattern).at(lower(http::to_string(one.method)));
    BOOST_TEST(ids.insert(std::string(operation.at("operationId").as_string())).second);
    BOOST_TEST(operation.at("responses").as_object().contains("401") == (one.needs != access::open));
    if (one.pattern.find("{id}") != std::string_view::npos)
      BOOST_TEST(operation.at("parameters").at(0).at("in").as_string() == "path");
  }
}

BOOST_AUTO_TEST_SUITE_END()
