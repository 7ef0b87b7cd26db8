#include "client/serve/onboarding.hpp"

#include <catch2/catch.hpp>

namespace onboarding_test {
namespace {

using namespace provphone;
using namespace provphone::client::serve;
using std::chrono::sys_days;

constexpr auto spring = sys_days(std::chrono::year(2026) / 3 / 1);

OnboardingService service_of(const std::string& codes) {
  auto service = read_onboarding("codes: [" + codes + "]", "codes.yaml");
  REQUIRE(service);
  return *std::move(service);
}

std::string wrong(const std::string& yaml) {
  const auto service = read_onboarding(yaml, "codes.yaml");
  REQUIRE_FALSE(service);
  return service.error().detail;
}

const std::string form = "code=1234567890123456&mac=000e08012345&serial=S&product=P";

}  // namespace

TEST_CASE("a code brings its profile once", "[R-BOOT-03]") {
  auto service = service_of("{code: \"1234567890123456\", profile: a/first.xml}");
  CHECK(service.path == "/activate");
  CHECK(redeem(service, form, spring).file == "/a/first.xml");
  CHECK(redeem(service, form, spring).file.empty());
  CHECK(redeem(service, form, spring).reason == "the code was used");
}

TEST_CASE("a code ends as its day begins", "[R-BOOT-03]") {
  auto service = service_of("{code: \"1234567890123456\", profile: a.xml, expires: 2026-03-02}");
  const auto end = sys_days(std::chrono::year(2026) / 3 / 2);
  CHECK(redeem(service, form, end).reason == "the code has expired");
  CHECK(redeem(service, form, end - std::chrono::seconds(1)).file == "/a.xml");
}

TEST_CASE("a code may be for one phone alone, and others do not use it up", "[R-BOOT-03]") {
  auto service =
      service_of("{code: \"1234567890123456\", profile: a.xml, mac: \"00:0e:08:01:23:45\"}");
  CHECK(redeem(service, "mac=000e08000001&code=1234567890123456", spring).reason ==
        "the code is another phone's");
  CHECK(redeem(service, "code=1234567890123456", spring).file.empty());
  CHECK(redeem(service, form, spring).file == "/a.xml");
}

TEST_CASE("what is no code of the service is refused, whatever the form", "[R-BOOT-03]") {
  auto service = service_of("{code: \"1234567890123456\", profile: a.xml}");
  for (const auto* body : {"", "code", "code=", "=&&=", "code=1&code=1234567890123456",
                           "xcode=1234567890123456", "code=1234567890123456x"}) {
    INFO(body);
    CHECK(redeem(service, body, spring).reason == "there is no such code");
  }
}

TEST_CASE("a file of codes that is none is refused with the place") {
  CHECK(wrong("[]") == "codes.yaml:1:1: expected `codes:` and a list");
  CHECK(wrong("codes: [{code: 123, profile: a.xml}]") ==
        "codes.yaml:1:16: expected 16 digits in quotes");
  CHECK(wrong("codes: [{code: \"1234567890123456\", profile: ../a.xml}]") ==
        "codes.yaml:1:45: expected a file of the directory");
  CHECK(wrong("codes: [{code: \"1234567890123456\", profile: a.xml, mac: 12}]")
            .starts_with("codes.yaml:1:57: "));
  for (const auto* day : {"2026-02-30", "2026-3-1", "26-03-01", "2026-03-01x", "2026/03/01", ""}) {
    INFO(day);
    CHECK(wrong("codes: [{code: \"1234567890123456\", profile: a.xml, expires: \"" +
                std::string(day) + "\"}]")
              .starts_with("codes.yaml:1:61: expected a day such as 2026-12-31"));
  }
  CHECK(wrong("codes: []\nport: 1") == "codes.yaml:2:1: expected `path`, or `codes` with a list");
}

}  // namespace onboarding_test
