// The dashboard's files over the wire.
#include "tests/net/fake_engine.hpp"
#include "tests/support/http_test_client.hpp"

#include <boost/test/unit_test.hpp>

using namespace coldvigil;
using coldvigil::test::http_call;
using coldvigil::test::running_server;

namespace {

std::span<const std::byte> bytes(std::string_view text) {
  return std::as_bytes(std::span(text));
}

const asset* find_asset(std::string_view path) {
  static const asset index{"/index.html", "text/html; charset=utf-8", "i1", false, bytes("<html>"), {}, {}};
  static const asset code{"/assets/app-1a.js", "text/javascript", "c1", true, bytes("raw"), bytes("GZ"), bytes("B")};
  for (const asset* one : {&index, &code})
    if (one->path == path) return one;
  return nullptr;
}

struct fixture {
  fixture() : server({}, find_asset) {}
  test::http_reply fetch(const std::string& target, std::vector<std::string> headers = {},
                         const std::string& method = "GET") {
    http_call call;
    call.method = method;
    call.target = target;
    call.headers = std::move(headers);
    return test::call(server.port, call);
  }
  running_server server;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(assets, fixture)

BOOST_AUTO_TEST_CASE(the_page_is_revalidated) {
  const auto page = fetch("/");
  BOOST_TEST(page.status == 200);
  BOOST_TEST(page.body == "<html>");
  BOOST_TEST(page.headers.at("content-type") == "text/html; charset=utf-8");
  BOOST_TEST(page.headers.at("cache-control") == "no-cache");
  BOOST_TEST(page.headers.at("etag") == "\"i1\"");
  BOOST_TEST(fetch("/?x=1").body == "<html>");
  const auto again = fetch("/", {"If-None-Match: \"i1\""});
  BOOST_TEST(again.status == 304);
  BOOST_TEST(again.headers.at("etag") == "\"i1\"");
}

BOOST_AUTO_TEST_CASE(each_coding_has_its_own_tag) {
  const auto brotli = fetch("/assets/app-1a.js", {"Accept-Encoding: gzip, br"});
  BOOST_TEST(brotli.body == "B");
  BOOST_TEST(brotli.headers.at("content-encoding") == "br");
  BOOST_TEST(brotli.headers.at("etag") == "\"c1-br\"");
  BOOST_TEST(brotli.headers.at("vary") == "Accept-Encoding");
  BOOST_TEST(brotli.headers.at("cache-control") == "public, max-age=31536000, immutable");
  BOOST_TEST(fetch("/assets/app-1a.js", {"Accept-Encoding: br;q=0, gzip"}).body == "GZ");
  const auto raw = fetch("/assets/app-1a.js");
  BOOST_TEST(raw.body == "raw");
  BOOST_TEST(raw.headers.count("content-encoding") == 0u);
  BOOST_TEST(fetch("/assets/app-1a.js", {"If-None-Match: \"c1-br\""}).status == 200);
}

BOOST_AUTO_TEST_CASE(other_methods_and_paths) {
  const auto head = fetch("/", {}, "HEAD");
  BOOST_TEST(head.status == 200);
  BOOST_TEST(head.headers.at("content-length") == "6");
  const auto posted = fetch("/", {}, "POST");
  BOOST_TEST(posted.status == 405);
  BOOST_TEST(posted.headers.at("allow") == "GET, HEAD");
  BOOST_TEST(fetch("/assets/../index.html").status == 404);
}

BOOST_AUTO_TEST_CASE(the_description_of_the_api) {
  const auto first = fetch("/openapi.json");
  BOOST_TEST(first.status == 200);
  BOOST_TEST(first.headers.at("content-type") == "application/json");
  BOOST_TEST(fetch("/openapi.json", {"If-None-Match: " + first.headers.at("etag")}).status == 304);
}

BOOST_AUTO_TEST_SUITE_END()
