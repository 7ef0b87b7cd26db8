#include "resync/tls_terms.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace tls_terms_test {
namespace {

using namespace provphone;
using namespace provphone::resync;
using profile::Generation;

constexpr std::string_view load = "sip88xx.11-3-2MPP0001-609";

struct Phone {
  Generation generation = Generation::mpp12;
  Personality personality = personality_of(generation);
  profile::ParameterSet parameters{profile::factory_values(generation)};

  explicit Phone(Generation family = Generation::mpp12) : generation(family) {}
  Phone& set(std::string_view name, std::string_view value) {
    parameters.set(*profile::find_parameter(name), value);
    return *this;
  }
  Phone& knob(std::string_view assignment) {
    REQUIRE(set_knob(personality, assignment));
    return *this;
  }
  TlsTerms terms(std::string_view firmware = load) const {
    return tls_terms_of(parameters, personality, firmware);
  }
};

}  // namespace

TEST_CASE("the lowest version is the parameter's where that was set", "[R-TLS-10]") {
  CHECK(Phone().terms().lowest == TlsVersion::tls1_1);
  CHECK(Phone(Generation::spa).terms().lowest == TlsVersion::tls1_0);
  CHECK(Phone().set("TLS_Min_Version", "TLS 1.2").terms().lowest == TlsVersion::tls1_2);
  CHECK(Phone().set("TLS_Min_Version", "TLS 1.0").terms().lowest == TlsVersion::tls1_0);
  // The newer of the two names counts where both are set.
  CHECK(Phone()
            .set("TLS_Min_Version", "TLS 1.0")
            .set("TLS_Client_Min_Version", "TLS 1.2")
            .terms()
            .lowest == TlsVersion::tls1_2);
  // The factory value stands for what the knob says.
  auto by_knob = Phone().knob("tls_lowest=1.0").set("TLS_Min_Version", "TLS 1.1");
  CHECK(by_knob.terms().lowest == TlsVersion::tls1_0);
}

TEST_CASE("a lowest version that the family does not have is said and does not count",
          "[R-TLS-10]") {
  auto phone = Phone().set("TLS_Client_Min_Version", "TLS 1.3");
  CHECK(phone.terms().lowest == TlsVersion::tls1_1);
  CHECK(phone.terms().unheeded == "TLS_Client_Min_Version");
  phone.knob("tls_highest=1.3");
  CHECK(phone.terms().lowest == TlsVersion::tls1_3);
  CHECK(phone.terms().unheeded.empty());
  CHECK(Phone().set("TLS_Min_Version", "SSLv3").terms().unheeded == "TLS_Min_Version");
}

TEST_CASE("the suites are TLS_Cipher_List's, or the family's own", "[R-TLS-15]") {
  CHECK(Phone().terms().ciphers.empty());
  CHECK(Phone().set("TLS_Cipher_List", "  RSA:!aNULL ").terms().ciphers == "RSA:!aNULL");
  CHECK(Phone().terms().own_suites == CipherSuites::mpp);
  CHECK(Phone(Generation::spa).terms().own_suites == CipherSuites::spa);
  const auto mpp = cipher_list_of(CipherSuites::mpp);
  // 28 with the one that only says that renegotiation is safe.
  CHECK(std::count(mpp.begin(), mpp.end(), ':') == 26);
  CHECK(cipher_list_of(CipherSuites::spa).find("ECDHE") == std::string_view::npos);
}

TEST_CASE("which names count is said by family, load and HTTPS_Name_Validate",
          "[R-TLS-05][R-TLS-16]") {
  struct Case {
    Generation family;
    std::string_view firmware;
    std::string_view validate;
    NameCheck names;
  };
  const auto& [family, firmware, validate, names] = GENERATE(values<Case>({
      {Generation::mpp12, load, "Yes", NameCheck::alternative_names_first},
      {Generation::mpp11, load, "", NameCheck::alternative_names_first},
      {Generation::mpp12, "sip88xx.12-0-7MPP0001-1", "Yes", NameCheck::alternative_names_first},
      {Generation::mpp12, "sip88xx.11-3-1MPP-678", "Yes", NameCheck::common_name},
      {Generation::mpp11, "sip78xx.11-1-1MPP-22", "", NameCheck::common_name},
      {Generation::mpp12, "my own load", "Yes", NameCheck::alternative_names_first},
      {Generation::mpp11, "my own load", "", NameCheck::common_name},
      {Generation::spa, "6.1.5(a)", "", NameCheck::common_name},
      {Generation::spa, load, "", NameCheck::common_name},
      {Generation::mpp12, load, "No", NameCheck::common_name},
  }));
  INFO(firmware << " " << validate);
  CHECK(Phone(family).set("HTTPS_Name_Validate", validate).terms(firmware).names == names);
}

TEST_CASE("a knob says what HTTPS_Name_Validate No leaves", "[R-TLS-16]") {
  auto phone = Phone().set("HTTPS_Name_Validate", "No").knob("https_name_validate_no=any_name");
  CHECK(phone.terms().names == NameCheck::nothing);
}

TEST_CASE("weak keys go with old versions, or by knob", "[R-TLS-10]") {
  CHECK(Phone().terms().accepts_weak);
  CHECK_FALSE(Phone().set("TLS_Min_Version", "TLS 1.2").terms().accepts_weak);
  CHECK(Phone(Generation::spa).knob("tls_lowest=1.2").terms().accepts_weak);
  CHECK_FALSE(Phone().knob("weak_certificates=refused").terms().accepts_weak);
}

TEST_CASE("the family says whether the host is named", "[R-TLS-08]") {
  CHECK(Phone().terms().sni == Sni::sent);
  CHECK(Phone(Generation::spa).terms().sni == Sni::none);
  CHECK(Phone().knob("sni=none").terms().sni == Sni::none);
}

}  // namespace tls_terms_test
