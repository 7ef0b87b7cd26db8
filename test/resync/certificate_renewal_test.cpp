#include "resync/certificate_renewal.hpp"

#include "resync/saved_state.hpp"
#include "test/resync/retrieval_bench.hpp"
#include "test/resync/script.hpp"

#include <catch2/catch.hpp>

#include <utility>

namespace certificate_renewal_test {
namespace {

using namespace std::chrono_literals;
using namespace provphone;
using namespace provphone::resync;
using provphone::test::Script;

constexpr auto service = "http://h.example.net/renew";

std::shared_ptr<const RenewedCertificate> renewed(std::string serial_number = "2A") {
  const auto end = std::chrono::sys_days(std::chrono::year(2036) / 3 / 1);
  return std::make_shared<const RenewedCertificate>(
      RenewedCertificate{"PEM", "ST=000e08012345", std::move(serial_number), "f00d", end});
}

// A phone with a certificate of its own, which it shall have renewed.
struct Desk : test::Bench {
  Desk() {
    machine.state = State::idle;
    device.identity.certificate_installed = true;
    set("MIC_Cert_Refresh_Enable", "Yes").set("MIC_Cert_Refresh_Rule", service);
  }
  Desk& renew(RenewCertificate wanted = {}) {
    take(wanted);
    return *this;
  }
  // Up to its request, which is on its way then.
  Desk& asks_for_one(RenewCertificate wanted = {}) {
    renew(wanted);
    REQUIRE(find<AskCertificateRequest>());
    take(CertificateRequestMade{"PKCS#10"});
    REQUIRE(find<Fetch>());
    return *this;
  }
  Desk& gets(std::string serial_number = "2A") {
    answered(200, "PEM", {}, Lane::reports);
    REQUIRE(find<InstallCertificate>());
    take(CertificateRead{renewed(std::move(serial_number))});
    return *this;
  }
  std::optional<Errc> why_not() const {
    const auto* ended = find<CertificateRenewalEnded>();
    return ended != nullptr && ended->error ? std::optional(ended->error->code) : std::nullopt;
  }
};

Script renewing(profile::Generation generation = profile::Generation::mpp12) {
  Script script(generation);
  script.set("MIC_Cert_Refresh_Enable", "Yes")
      .set("MIC_Cert_Refresh_Rule", service)
      .set("Resync_Random_Delay", "0")
      .set("Resync_Periodic", "0");
  return script;
}

}  // namespace

// --- when

TEST_CASE("a phone has its certificate renewed when it has come up, and looks again behind a pass",
          "[R-CERT-06]") {
  auto script = renewing();
  script.powered_on().wanted_a_certificate(RenewCertificate{true});
  script.passes_at(0s, PassKind::boot).wanted_no_certificate();
  script.pass_succeeds().wanted_a_certificate(RenewCertificate{false});
}

TEST_CASE("a renewal is asked for when a person switches it on", "[R-CERT-06]") {
  Script script;
  script.set("Resync_On_Reset", "No").powered_on().wanted_no_certificate();
  script.at(10s).set("MIC_Cert_Refresh_Enable", "Yes").parameters_changed();
  script.wanted_a_certificate(RenewCertificate{false});
}

TEST_CASE("a phone that is switched off renewal, or has no service for it, asks for none",
          "[R-CERT-06]") {
  renewing().set("MIC_Cert_Refresh_Enable", "No").powered_on().wanted_no_certificate();
  renewing().set("MIC_Cert_Refresh_Rule", "").powered_on().wanted_no_certificate();
  renewing().set("MIC_Cert_Refresh_Rule", "# off").powered_on().wanted_no_certificate();
  renewing(profile::Generation::spa).powered_on().wanted_no_certificate();
}

TEST_CASE("a renewed certificate restarts the phone, without a boot pass behind it",
          "[R-CERT-06]") {
  auto script = renewing();
  script.powered_on().passes_at(0s, PassKind::boot).pass_succeeds();
  script.at(10s).certificate_renewed().restarted_because(Reason::restart_for_certificate);
  script.boots_at(70s, Reason::restart_for_certificate);
  script.saw_gate(PassKind::boot, Reason::certificate_off_boot_pass);
  auto other = renewing();
  other.knob("boot_pass_after_update=yes").powered_on().passes_at(0s, PassKind::boot);
  other.pass_succeeds().at(10s).certificate_renewed();
  other.boots_at(70s, Reason::restart_for_certificate).passes_at(70s, PassKind::boot);
}

TEST_CASE("the restart for a renewed certificate waits for calls and passes", "[R-CERT-06]") {
  auto script = renewing();
  script.powered_on().passes_at(0s, PassKind::boot).certificate_renewed().nothing_started();
  script.pass_succeeds().restarted_because(Reason::restart_for_certificate);
  auto calling = renewing();
  calling.powered_on().passes_at(0s, PassKind::boot).pass_succeeds().call_started();
  calling.at(10s).certificate_renewed().nothing_started();
  calling.at(20s).call_ended().restarted_because(Reason::restart_for_certificate);
}

TEST_CASE("a phone that restarts while its certificate comes needs no other restart",
          "[R-CERT-06]") {
  auto script = renewing();
  script.powered_on().passes_at(0s, PassKind::boot).pass_succeeds().at(5s).restart_requested();
  script.at(10s).certificate_renewed().nothing_started();
  script.boots_at(65s, Reason::restart_requested).passes_at(65s, PassKind::boot);
  script.pass_succeeds().nothing_started();
}

// --- how

TEST_CASE("a phone posts a request that its key has signed, beside whatever it does",
          "[R-CERT-07]") {
  Desk phone;
  phone.set("MIC_Cert_Refresh_Rule", "[--uid a --pwd b] http://h.example.net/$MA?s=$SN");
  phone.set("Profile_Rule", "http://h.example.net/a.xml").take(EvaluateRule{0});
  phone.asks_for_one();
  const auto& fetch = *phone.find<Fetch>();
  CHECK(fetch.lane == Lane::reports);
  CHECK(fetch.errand == Errand::certificate);
  CHECK(format(fetch.request.url) == "http://h.example.net:80/000e08012345?s=88012BA01234");
  CHECK(fetch.request.method == Request::Method::post);
  CHECK(fetch.request.content_type == "application/pkcs10");
  CHECK(fetch.request.body == "PKCS#10");
  // As with reports, the macros are about the pass.
  CHECK(phone.device.state.path == "/a.xml");
}

TEST_CASE("a renewed certificate is shown from then on, over the phone's own key", "[R-CERT-08]") {
  Desk phone;
  phone.asks_for_one().gets();
  const auto* ended = phone.find<CertificateRenewalEnded>();
  REQUIRE(ended);
  CHECK_FALSE(ended->error);
  CHECK(ended->serial_number == "2A");
  CHECK(phone.event<CertificateRenewed>());
  CHECK_FALSE(phone.retrievals.is_busy());
  phone.set("Profile_Rule", "https://h.example.net/a.xml").take(EvaluateRule{0});
  REQUIRE(phone.find<Fetch>());
  CHECK(phone.find<Fetch>()->tls->renewed_certificate->serial_number == "2A");
  phone.answered(200, test::file);
}

TEST_CASE("a certificate is renewed once for a rule, whatever happens to the phone",
          "[R-CERT-06]") {
  Desk phone;
  phone.asks_for_one().gets();
  CHECK(phone.renew().outputs.empty());
  CHECK(phone.renew({.has_come_up = true}).outputs.empty());
  CHECK(phone.take(CutOff{}).take(RenewCertificate{true}).outputs.empty());
  phone.set("MIC_Cert_Refresh_Rule", "http://h.example.net/other");
  phone.asks_for_one().gets("2B");
  CHECK(phone.device.renewal.certificate->serial_number == "2B");
}

TEST_CASE("a renewal that failed is tried again after a start and with another rule, not before",
          "[R-CERT-06]") {
  Desk phone;
  phone.asks_for_one().failed(Errc::connection_refused, Lane::reports);
  CHECK(phone.why_not() == Errc::connection_refused);
  CHECK(phone.find<CertificateRenewalEnded>()->url == "http://h.example.net:80/renew");
  CHECK_FALSE(phone.find<Done>());
  CHECK(phone.renew().outputs.empty());
  phone.asks_for_one({.has_come_up = true}).answered(403, "no", {}, Lane::reports);
  CHECK(phone.why_not() == Errc::forbidden);
  CHECK(phone.renew().outputs.empty());
  phone.take(CutOff{});
  phone.asks_for_one().failed(Errc::connection_refused, Lane::reports);
  phone.set("MIC_Cert_Refresh_Rule", "http://h.example.net/other");
  phone.asks_for_one();
}

TEST_CASE("a certificate that is of no use leaves the one before", "[R-CERT-08]") {
  Desk phone;
  phone.asks_for_one().gets();
  phone.set("MIC_Cert_Refresh_Rule", "http://h.example.net/other");
  phone.asks_for_one().answered(200, "PEM", {}, Lane::reports);
  phone.take(CertificateRead{fail(Errc::certificate_unusable, "for another key")});
  CHECK(phone.why_not() == Errc::certificate_unusable);
  CHECK(phone.device.renewal.certificate->serial_number == "2A");
  CHECK_FALSE(phone.find<Done>());
}

TEST_CASE("a phone without a certificate of its own asks for no other", "[R-CERT-10]") {
  Desk phone;
  phone.device.identity.certificate_installed = false;
  phone.renew();
  CHECK(phone.why_not() == Errc::certificate_unavailable);
  CHECK_FALSE(phone.find<AskCertificateRequest>());
  CHECK_FALSE(phone.retrievals.is_busy());
}

TEST_CASE("a phone that cannot sign asks for nothing", "[R-CERT-10]") {
  Desk phone;
  phone.renew().take(CertificateRequestMade{fail(Errc::certificate_unavailable, "in a token")});
  CHECK(phone.why_not() == Errc::certificate_unavailable);
  CHECK(phone.find<CertificateRenewalEnded>()->url.empty());
  CHECK_FALSE(phone.find<Fetch>());
}

TEST_CASE("a renewal is asked for over http or https", "[R-CERT-07]") {
  Desk phone;
  const auto [rule, why] =
      GENERATE(table<std::string, Errc>({{"tftp://h.example.net/a", Errc::unsupported_scheme},
                                         {"gopher://h.example.net/a", Errc::unsupported_scheme},
                                         {"http://h.example.net:0x/a", Errc::url_syntax}}));
  INFO(rule);
  phone.set("MIC_Cert_Refresh_Rule", rule);
  phone.renew();
  CHECK(phone.why_not() == why);
  CHECK_FALSE(phone.retrievals.is_busy());
}

TEST_CASE("a renewal waits for the report that is being sent, and reports wait for it",
          "[R-CERT-07]") {
  Desk phone;
  phone.set("Report_Rule", "http://h.example.net/report");
  phone.take(SendReports{Reason::report_requested});
  CHECK(phone.renew().outputs.empty());
  phone.take(SendReports{Reason::report_requested});
  phone.answered(200, {}, {}, Lane::reports);
  REQUIRE(phone.find<AskCertificateRequest>());
  phone.take(CertificateRequestMade{"PKCS#10"});
  phone.gets();
  CHECK(phone.asks() == "http://h.example.net:80/report");
}

TEST_CASE("over https the roots of Custom_CA_Rule come before the renewal", "[R-CERT-07]") {
  Desk phone;
  phone.set("Custom_CA_Rule", "http://h.example.net/a.pem");
  phone.set("MIC_Cert_Refresh_Rule", "https://h.example.net/renew");
  phone.asks_for_one();
  CHECK(phone.asks() == "http://h.example.net:80/a.pem");
  phone.answered(200, "PEM", {}, Lane::reports);
  phone.take(RootsRead{Lane::reports, std::make_shared<const Roots>(Roots{"pem", "A root", 1})});
  CHECK(phone.asks() == "https://h.example.net:443/renew");
  CHECK(phone.find<Fetch>()->request.body == "PKCS#10");
  phone.gets();
}

TEST_CASE("power that is lost ends a renewal, and its answers are nobody's", "[R-CERT-06]") {
  Desk phone;
  phone.renew().take(CutOff{});
  CHECK(phone.take(CertificateRequestMade{"PKCS#10"}).outputs.empty());
  phone.asks_for_one().answered(200, "PEM", {}, Lane::reports);
  phone.take(CutOff{});
  CHECK(phone.take(CertificateRead{renewed()}).outputs.empty());
  CHECK_FALSE(phone.device.renewal.certificate);
}

// --- what stays

TEST_CASE("a factory reset leaves a renewed certificate in use", "[R-CERT-08]") {
  Desk phone;
  phone.asks_for_one().gets();
  phone.take(Restarting{Reason::factory_reset});
  CHECK(phone.value("MIC_Cert_Refresh_Enable") == "No");
  REQUIRE(phone.device.renewal.certificate);
  phone.set("Profile_Rule", "https://h.example.net/a.xml").take(EvaluateRule{0});
  CHECK(phone.find<Fetch>()->tls->renewed_certificate->serial_number == "2A");
}

TEST_CASE("a phone at rest keeps its renewed certificate", "[R-CERT-08]") {
  Desk phone;
  const auto firmware = phone.device.identity.firmware;
  phone.asks_for_one().gets();
  const auto kept = saved_state_of(phone.device, firmware, {});
  REQUIRE(kept);
  Device woken;
  restore(woken, *kept);
  REQUIRE(woken.renewal.certificate);
  CHECK(woken.renewal.certificate->serial_number == "2A");
  CHECK(woken.renewal.renewed_print != 0);
}

TEST_CASE("the phone says how its last renewal went, by its own clock", "[R-CERT-09]") {
  Desk phone;
  const WallClock wall{std::chrono::sys_days(std::chrono::year(2026) / 3 / 1), {}, {}};
  const auto status = [&] { return certificate_renewal_status(phone.device, phone.machine, wall); };
  CHECK(status().empty());
  phone.asks_for_one().failed(Errc::connection_refused, Lane::reports);
  CHECK(status() == "Last renewal failed");
  phone.asks_for_one({.has_come_up = true}).gets();
  phone.machine.clock_is_known = true;
  CHECK(status() == "Last renewal succeeded on 03/01/2026 00:00:00");
}

}  // namespace certificate_renewal_test
