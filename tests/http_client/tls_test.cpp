#include "client_fixture.hpp"
#include "loopback_server.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <unistd.h>

namespace coldvigil {
namespace {

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

/// A fresh key with a certificate that it signs itself, for 127.0.0.1 or for another name.
struct identity {
  std::string key, certificate;

  explicit identity(const std::string& subject_alternative_name) {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> pair(EVP_EC_gen("P-256"), EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> cert(X509_new(), X509_free);
    X509_set_version(cert.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(cert.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(cert.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(cert.get()), 3600);
    X509_set_pubkey(cert.get(), pair.get());
    X509_NAME* name = X509_get_subject_name(cert.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
    X509_set_issuer_name(cert.get(), name);
    X509_EXTENSION* names =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, subject_alternative_name.c_str());
    X509_add_ext(cert.get(), names, -1);
    X509_EXTENSION_free(names);
    X509_sign(cert.get(), pair.get(), EVP_sha256());
    const std::unique_ptr<BIO, decltype(&BIO_free)> key_text(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_PrivateKey(key_text.get(), pair.get(), nullptr, nullptr, 0, nullptr, nullptr);
    key = text_of(key_text.get());
    const std::unique_ptr<BIO, decltype(&BIO_free)> cert_text(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_X509(cert_text.get(), cert.get());
    certificate = text_of(cert_text.get());
  }
};

/// A file that is gone with the test.
struct scratch_file {
  std::filesystem::path path;
  explicit scratch_file(const std::string& text) {
    std::string name = (std::filesystem::temp_directory_path() / "coldvigil-ca-XXXXXX").string();
    const int handle = mkstemp(name.data());
    BOOST_REQUIRE(handle >= 0);
    close(handle);
    path = name;
    std::ofstream(path) << text;
  }
  ~scratch_file() { std::filesystem::remove(path); }
};

boost::asio::ssl::context server_tls(const identity& who) {
  boost::asio::ssl::context out(boost::asio::ssl::context::tls_server);
  out.use_certificate_chain(boost::asio::buffer(who.certificate));
  out.use_private_key(boost::asio::buffer(who.key), boost::asio::ssl::context::pem);
  return out;
}

std::string fetch_over_tls(const std::string& names, bool trusted, const std::string& answer) {
  const identity who(names);
  auto tls = server_tls(who);
  const scratch_file ca(who.certificate);
  loopback_server server(tls, answer);
  http_client_options options;
  if (trusted) options.ca_file = ca.path.string();
  return client_fixture(options).problem("https://127.0.0.1:" + std::to_string(server.port()) + "/");
}

const std::string good = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

} // namespace

BOOST_AUTO_TEST_SUITE(http_client_tls)

BOOST_AUTO_TEST_CASE(a_trusted_certificate_of_the_right_name_is_taken) {
  BOOST_TEST(fetch_over_tls("IP:127.0.0.1", true, good) == "");
}

BOOST_AUTO_TEST_CASE(an_unknown_issuer_is_refused) {
  BOOST_CHECK(mentions(fetch_over_tls("IP:127.0.0.1", false, good), "TLS failed"));
}

BOOST_AUTO_TEST_CASE(another_name_is_refused) {
  BOOST_CHECK(mentions(fetch_over_tls("DNS:elsewhere.example", true, good), "TLS failed"));
}

BOOST_AUTO_TEST_CASE(an_end_without_goodbye_is_half_a_body) {
  BOOST_CHECK(mentions(fetch_over_tls("IP:127.0.0.1", true, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"a"),
                       "half a body"));
}

BOOST_AUTO_TEST_CASE(a_missing_certificate_file_is_told_at_the_start) {
  boost::asio::io_context context;
  http_client_options options;
  options.ca_file = "/nonexistent.pem";
  BOOST_TEST(!http_client::make(context, options).ok());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace coldvigil
