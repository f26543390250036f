#include "core/plain_file.hpp"
#include "model/default_model.hpp"
#include "model/model_registry.hpp"
#include "tests/support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <future>
#include <sys/stat.h>

namespace coldvigil {
namespace {

constexpr timestamp noon = from_ms(1'767'571'200'000);

struct folder_of_models {
  test::temp_dir folder;
  model_registry models{folder.path("models")};

  std::vector<std::byte> file(std::uint64_t seed) {
    model_file model = read_model(default_model(), "shipped").value();
    model.seed = seed;
    return write_model(model).value();
  }
  std::string added(std::uint64_t seed) { return models.add(file(seed), "memory").value(); }
  std::string active() { return models.active().value().value_or("none"); }
  void spoil(const std::string& version) {
    std::fstream out(folder.path("models/" + version + ".cvm"), std::ios::in | std::ios::out | std::ios::binary);
    out.seekp(2000);
    out.put('x').put('y').put('z');
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(model_registries, folder_of_models)

BOOST_AUTO_TEST_CASE(an_installation_begins_with_the_shipped_one) {
  const auto all = models.list().value();
  BOOST_REQUIRE(all.size() == 1U);
  BOOST_TEST(all[0].version == shipped_version);
  BOOST_TEST(all[0].active);
  BOOST_TEST(all[0].model.has_value());
  BOOST_TEST(!models.active().value().has_value());
  BOOST_TEST(!models.rollback("anna", noon).ok());
}

BOOST_AUTO_TEST_CASE(the_same_content_is_the_same_version) {
  const std::string first = added(11);
  BOOST_TEST(added(11) == first);
  BOOST_TEST(added(12) != first);
  BOOST_TEST((models.read(first).value() == file(11)));
  BOOST_TEST(models.find(first.substr(0, 6)).value() == first);
  BOOST_TEST(models.add(default_model(), "memory").value() == shipped_version);
  BOOST_TEST(models.list().value().size() == 3U);
}

BOOST_AUTO_TEST_CASE(back_is_what_was_active_before_step_by_step) {
  const std::string a = added(11);
  const std::string b = added(12);
  BOOST_REQUIRE(models.activate(a, "anna", noon).ok());
  BOOST_REQUIRE(models.activate(b, "ben of  the night", noon).ok());
  BOOST_TEST(active() == b);
  BOOST_TEST(models.rollback("anna", noon).value() == a);
  BOOST_TEST(active() == a);
  BOOST_TEST(models.rollback("anna", noon).value() == shipped_version);
  BOOST_TEST(active() == shipped_version);
  BOOST_TEST(!models.rollback("anna", noon).ok());
  BOOST_REQUIRE(models.activate(b, "anna", noon).ok());
  BOOST_TEST(models.rollback("anna", noon).value() == shipped_version);
  const auto history = models.history().value();
  BOOST_REQUIRE(history.size() == 6U);
  BOOST_TEST(history[1].who == "ben-of--the-night");
  BOOST_TEST(history[2].back);
  BOOST_TEST((history[0].at == noon));
}

BOOST_AUTO_TEST_CASE(what_is_made_active_twice_is_left_in_one_step) {
  const std::string a = added(11);
  const std::string b = added(12);
  for (const std::string& each : {a, b, b})
    BOOST_REQUIRE(models.activate(each, "anna", noon).ok());
  BOOST_TEST(models.rollback("anna", noon).value() == a);
  BOOST_TEST(active() == a);
  BOOST_REQUIRE(models.activate(a, "anna", noon).ok());
  BOOST_TEST(models.rollback("anna", noon).value() == shipped_version);
  BOOST_TEST(models.history().value().size() == 6U); // all of it is on record
}

BOOST_AUTO_TEST_CASE(a_rollback_of_an_older_program_that_changed_nothing_takes_nothing_away) {
  const std::string a = added(11);
  const std::string b = added(12);
  std::ofstream out(folder.path("models/active"));
  for (const std::string& line : {"activate " + a, "activate " + b, "activate " + b, "rollback " + b})
    out << "2026-01-05T00:00:00Z " << line << " anna\n";
  out.close();
  BOOST_TEST(active() == b);
  BOOST_TEST(models.rollback("anna", noon).value() == a);
}

BOOST_AUTO_TEST_CASE(those_who_activate_at_the_same_time_all_do) {
  std::vector<std::future<bool>> all;
  for (std::uint64_t seed = 1; seed <= 8; ++seed)
    all.push_back(std::async(std::launch::async, [this, seed] {
      const model_registry own(folder.path("models"));
      const auto version = own.add(file(11 + seed % 2), "memory");
      return version.ok() && own.activate(*version, "anna", noon).ok();
    }));
  for (auto& each : all)
    BOOST_TEST(each.get());
  BOOST_TEST(models.history().value().size() == 8U);
  BOOST_TEST(models.list().value().size() == 3U);
  const std::filesystem::directory_iterator left(folder.path("models"));
  BOOST_TEST(std::distance(begin(left), end(left)) == 3); // two models, the list, and no draft
}

BOOST_AUTO_TEST_CASE(what_is_no_plain_file_is_refused_at_once) {
  const std::string good = added(11);
  const std::string pipe = folder.path("models/pipe.cvm");
  BOOST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  std::filesystem::create_directory(folder.path("models/inner.cvm"));
  for (const std::string& path : {pipe, folder.path("models/inner.cvm"), std::string("/dev/zero")}) {
    const auto refused = read_model_bytes(path);
    BOOST_REQUIRE(!refused.ok());
    BOOST_TEST(refused.error().where == path);
    BOOST_TEST(refused.error().text().find("no plain file") != std::string::npos);
    BOOST_TEST(!replace_file(path, file(11)).ok());
  }
  BOOST_TEST(models.list().value().size() == 4U);
  BOOST_TEST(!models.activate("pipe", "anna", noon).ok());
  BOOST_REQUIRE(models.activate(good, "anna", noon).ok());
  std::filesystem::remove(folder.path("models/active"));
  BOOST_REQUIRE(::mkfifo(folder.path("models/active").c_str(), 0600) == 0);
  BOOST_TEST(!models.history().ok());
}

BOOST_AUTO_TEST_CASE(a_damaged_or_foreign_file_is_refused_and_the_previous_stays) {
  const std::string good = added(11);
  const std::string bad = added(12);
  BOOST_REQUIRE(models.activate(good, "anna", noon).ok());
  spoil(bad);
  const auto refused = models.activate(bad, "anna", noon);
  BOOST_REQUIRE(!refused.ok());
  BOOST_TEST((refused.error().code == error_code::corrupt));
  BOOST_TEST(active() == good);
  BOOST_TEST(!models.add(std::as_bytes(std::span{"PK a zip"}), "x.zip").ok());
  BOOST_TEST(!models.activate("nothing", "anna", noon).ok());
  std::ofstream(folder.path("models/foreign.cvm")) << "PK";
  std::size_t unusable = 0;
  const auto all = models.list().value();
  for (const listed_model& each : all) {
    BOOST_TEST(each.model.has_value() == each.trouble.empty());
    unusable += each.model ? 0 : 1;
  }
  BOOST_TEST(unusable == 2U);
}

BOOST_AUTO_TEST_CASE(a_damaged_list_is_said) {
  BOOST_REQUIRE(models.activate(added(11), "anna", noon).ok());
  std::ofstream(folder.path("models/active"), std::ios::app) << "half a li\n";
  BOOST_TEST(models.active().error().what.find("half a li") != std::string::npos);
  BOOST_TEST(!models.activate(added(12), "anna", noon).ok());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
