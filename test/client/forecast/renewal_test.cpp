#include "test/client/forecast/world.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace renewal_test {
namespace {

using namespace provphone;
using namespace provphone::test;
using client::trace::EventKind;

// Phones with certificates of their own, which they shall have renewed.
Played play_with(const std::string& server, const std::string& certificate = "minted") {
  return play(scenario_of(fmt::format(R"(
pki: pki
phones:
  - count: 3
    certificate: {}
    set:
      Profile_Rule: http://10.0.0.1/p.xml
      Resync_Random_Delay: 0
      MIC_Cert_Refresh_Enable: "Yes"
      MIC_Cert_Refresh_Rule: http://10.0.0.1/renew
server: {}
limits: {{duration: 10h}}
)",
                                      certificate, server)));
}

std::size_t count_of(const Played& played, EventKind kind) {
  return static_cast<std::size_t>(
      std::count_if(played.trace.begin(), played.trace.end(),
                    [&](const auto& event) { return event.event == kind; }));
}

std::vector<std::optional<Errc>> ends_of_renewals(const Played& played) {
  std::vector<std::optional<Errc>> ends;
  for (const auto& event : played.trace) {
    if (event.event == EventKind::certificate_renewal) ends.push_back(event.error);
  }
  return ends;
}

}  // namespace

TEST_CASE("a modelled service renews by answering 200, and each phone restarts once",
          "[R-CERT-06]") {
  const auto played = play_with("{bytes: 1KB}");
  CHECK(ends_of_renewals(played) == std::vector<std::optional<Errc>>(3));
  CHECK(count_of(played, EventKind::rebooted) == 3);
}

TEST_CASE("a modelled service that refuses renews nothing, and is asked once a start",
          "[R-CERT-06]") {
  const auto played = play_with("{answers: [{path: /renew, status: 403}]}");
  CHECK(ends_of_renewals(played) == std::vector<std::optional<Errc>>(3, Errc::forbidden));
  CHECK(count_of(played, EventKind::rebooted) == 0);
}

TEST_CASE("phones of a forecast without certificates have none renewed", "[R-CERT-10]") {
  const auto* certificate = GENERATE("none", "generic");
  const auto played = play_with("{bytes: 1KB}", certificate);
  CHECK(ends_of_renewals(played) ==
        std::vector<std::optional<Errc>>(3, Errc::certificate_unavailable));
}

}  // namespace renewal_test
