#include "tests/sim/fixture.hpp"

#include <boost/json.hpp>

namespace coldvigil::sim {

BOOST_FIXTURE_TEST_SUITE(endpoint, fixture)

BOOST_AUTO_TEST_CASE(endpoints_have_their_shapes) {
  BOOST_TEST(get("A", "/").at("total_units").as_int64() == 11);
  BOOST_TEST(get("A", "/health").at("status").as_string() == "ok");
  BOOST_TEST(get("A", "/facilities").at("facilities").as_array().size() == 2U);
  const auto current = get("A", "/temperature/current");
  BOOST_TEST(current.at("reading_count").to_number<std::size_t>() == current.at("readings").as_array().size());
  const auto history = get("A", "/temperature/historical?unit_id=unit_A_1_1&hours=24&limit=10");
  BOOST_TEST(history.at("readings").as_array().size() == 10U);
  BOOST_TEST(get("A", "/temperature/unit/unit_A_1_1").at("temp").is_int64());
  const auto csv = world->handler("B")({"GET", "/data/download.csv?hours=2", ""});
  BOOST_TEST(csv.content_type == "text/csv");
  BOOST_TEST(csv.body.starts_with("customer_id,facility_id,unit_id,unit_name,temperature,temperature_unit,timestamp,"));
  BOOST_TEST(world->handler("B")({"GET", "/data/download.csv?hours=0", ""}).status == 204);
}

BOOST_AUTO_TEST_CASE(numbers_are_plain_decimals) {
  for (const char* target : {"/temperature/current?hours=2", "/facilities", "/temperature/unit/unit_A_1_1"}) {
    const std::string body = world->handler("A")({"GET", target, ""}).body;
    for (std::size_t at = body.find('E'); at != std::string::npos; at = body.find('E', at + 1))
      BOOST_TEST(!(std::isdigit(static_cast<unsigned char>(body[at - 1]))), body.substr(at - 8, 16));
  }
  const std::string facilities = world->handler("A")({"GET", "/facilities", ""}).body;
  BOOST_TEST((facilities.find("\"set_temperature\":-67.4,") != std::string::npos), facilities);
}

BOOST_AUTO_TEST_CASE(bad_questions_get_clear_answers) {
  get("A", "/nowhere", 404);
  get("A", "/temperature/historical?unit_id=unit_B_1_1", 404);
  get("A", "/temperature/historical", 400);
  for (const char* hours : {"-1", "nan", "1e9", "x", ""})
    get("A", std::string("/temperature/current?hours=") + hours, 400);
  get("A", "/", 405, "DELETE");
  get("A", "/simulate/fault/unit_A_1_1", 405);
  for (const char* body : {"", "[]", R"({"kind":"flood"})", R"({"kind":"sensor_offset","minutes":-1})",
                           R"({"kind":"sensor_offset","magnitude":1e400})", R"({"kind":7})"})
    get("A", "/simulate/fault/unit_A_1_1", 400, "POST", body);
  get("A", "/simulate/fault/nobody", 404, "POST", R"({"kind":"sensor_offset"})");
}

BOOST_AUTO_TEST_CASE(every_answer_is_json_whatever_bytes_were_sent) {
  for (const char* target : {"/%ff%fe%00", "/temperature/unit/%c3%28", "/temperature/historical?unit_id=%22%ff",
                             "/temperature/current?hours=%ff", "/%", "?", "/simulate/fault/%0a"}) {
    const auto answer = world->handler("A")({"GET", target, ""});
    BOOST_TEST(answer.status >= 200);
    for (const char c : answer.body)
      BOOST_TEST((c >= ' ' && c <= '~'));
    BOOST_CHECK_NO_THROW((void)boost::json::parse(answer.body));
  }
  get("A", "/temperature/historical?unit_id=unit_A_1_1&limit=1.5", 400);
  get("A", "/temperature/historical?unit_id=unit_A_1_1&limit=0", 400);
  get("A", "/temperature/historical?unit_id=unit_A_1_1&limit=100001", 400);
  get("A", "/temperature/historical?unit_id=unit_A_1_1&hours=744.1", 400);
  get("nobody", "/", 404);
}

BOOST_AUTO_TEST_CASE(an_answer_holds_so_many_rows_and_no_more) {
  world_options options;
  options.max_rows = 11 * (4 + 1 + 2); // A has 11 units: four minutes, one archive step, two for the edges
  world = make(options);
  get("A", "/temperature/current?hours=0.08", 200);
  get("A", "/temperature/current?hours=0.5", 400);
  get("A", "/data/download.csv?hours=0.5", 400);
}

BOOST_AUTO_TEST_CASE(both_methods_tell_the_same_of_every_customer) {
  for (const auto& customer : world->customers()) {
    const auto listing = get(customer.code, "/temperature/current?hours=2");
    const auto csv = world->handler(customer.code)({"GET", "/data/download.csv?hours=2", ""});
    const auto lines = static_cast<std::size_t>(std::count(csv.body.begin(), csv.body.end(), '\n'));
    BOOST_TEST(lines == listing.at("reading_count").to_number<std::size_t>() + 1);
    for (const auto& row : listing.at("readings").as_array()) {
      BOOST_TEST(row.as_object().size() == 14U);
      BOOST_TEST(row.at("timestamp").as_string().size() == 19U);
      const double quality = row.at("quality_score").to_number<double>();
      BOOST_TEST((row.at("temperature").is_null() ? quality == 0 : quality > 0.3 && quality <= 1));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil::sim
