#include "test/client/check/seen.hpp"

#include "resync/reading.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace provphone::test {
namespace {

using namespace std::chrono_literals;
using resync::TlsVersion;

constexpr std::chrono::sys_seconds noon{std::chrono::sys_days{2026y / 3 / 1} + 12h};

auto find_exchange(Observations& seen, ProbeTarget target, ClientRole role) {
  return std::find_if(seen.exchanges.begin(), seen.exchanges.end(), [&](const Exchange& each) {
    return each.target == target && each.role == role;
  });
}

void add(Observations& seen, ProbeTarget target, ClientRole role, Answer answer) {
  const bool unknown = target == ProbeTarget::unknown_file;
  const std::string mac = unknown                                 ? "000e08fffff0"
                          : target == ProbeTarget::neighbour_file ? "000e08000002"
                                                                  : "000e08000001";
  seen.exchanges.push_back({target, role, mac, "/" + mac + ".xml", std::move(answer)});
}

Observations without_answers(macro::Scheme scheme) {
  Observations seen;
  seen.personality = resync::personality_of(profile::Generation::mpp12);
  seen.decode = resync::decode_options_of(seen.personality);
  seen.url = {scheme, "prov.example.net", macro::default_port(scheme), "/000e08000001.xml"};
  seen.mac = "000e08000001";
  seen.now = noon;
  seen.server_address = "192.0.2.1";
  return seen;
}

void add_own_files(Observations& seen, ClientRole stranger, const Answer& refusal) {
  const auto own = file(profile_of("<Password_1_>geheim</Password_1_>"));
  add(seen, ProbeTarget::own_file, ClientRole::own, own);
  add(seen, ProbeTarget::own_file_again, ClientRole::own, own);
  add(seen, ProbeTarget::other_case, ClientRole::own, own);
  add(seen, ProbeTarget::unknown_file, ClientRole::own, status(404));
  add(seen, ProbeTarget::neighbour_file, ClientRole::own, refusal);
  add(seen, ProbeTarget::outside, ClientRole::own, status(400));
  add(seen, ProbeTarget::own_file, ClientRole::nothing, refusal);
  for (int i = 0; i < 5; ++i) add(seen, ProbeTarget::unknown_file, stranger, refusal);
  add(seen, ProbeTarget::unknown_file, stranger, status(429));
}

}  // namespace

std::string profile_of(const std::string& elements) {
  return "<flat-profile>" + elements + "</flat-profile>";
}

Answer file(const std::string& body) {
  Answer answer;
  answer.status = 200;
  answer.body = body;
  answer.content_length = std::to_string(body.size());
  return answer;
}

Answer status(int number) {
  Answer answer;
  answer.status = number;
  if (number == 404) answer.error = Error{Errc::file_not_found, "status 404"};
  if (number == 403) answer.error = Error{Errc::forbidden, "status 403"};
  return answer;
}

Answer failure(Errc code) {
  Answer answer;
  answer.error = Error{code, "it failed"};
  return answer;
}

Observations good_https() {
  auto seen = without_answers(macro::Scheme::https);
  seen.has_trust = seen.has_certificate = seen.has_device_root = true;
  auto& tls = seen.tls.emplace();
  tls.versions = {{TlsVersion::tls1_0, false},
                  {TlsVersion::tls1_1, false},
                  {TlsVersion::tls1_2, true},
                  {TlsVersion::tls1_3, true}};
  tls.asks_for_certificate = true;
  auto& certificate = tls.certificate.emplace();
  certificate.names = {{"prov.example.net"}, {}, "prov.example.net"};
  certificate.not_before = noon - 24h;
  certificate.not_after = noon + 24h * 365;
  certificate.signature = "RSA-SHA256";
  certificate.key_type = "RSA";
  certificate.key_bits = 2048;
  seen.look_ups = {{"prov.example.net", {"192.0.2.1"}}};
  add_own_files(seen, ClientRole::other_device, status(403));
  for (const auto role : {ClientRole::other_device, ClientRole::generic, ClientRole::expired,
                          ClientRole::foreign_root})
    add(seen, ProbeTarget::own_file, role, status(403));
  return seen;
}

Observations good_http() {
  auto seen = without_answers(macro::Scheme::http);
  seen.has_login = true;
  add_own_files(seen, ClientRole::nothing, status(403));
  return seen;
}

Observations good_tftp() {
  auto seen = without_answers(macro::Scheme::tftp);
  add_own_files(seen, ClientRole::own, failure(Errc::tftp_access_violation));
  answer_to(seen, ProbeTarget::unknown_file, ClientRole::own) = failure(Errc::file_not_found);
  forget(seen, ProbeTarget::own_file, ClientRole::nothing);
  auto& tftp = seen.tftp.emplace();
  using client::check::TftpSeen;
  tftp = {TftpSeen::Options::acknowledged, "blksize 1024", TftpSeen::Stranger::told_off, 0U, 1024U};
  return seen;
}

Answer& answer_to(Observations& seen, ProbeTarget target, ClientRole role) {
  const auto found = find_exchange(seen, target, role);
  REQUIRE(found != seen.exchanges.end());
  return found->answer;
}

void forget(Observations& seen, ProbeTarget target, ClientRole role) {
  const auto found = find_exchange(seen, target, role);
  REQUIRE(found != seen.exchanges.end());
  seen.exchanges.erase(found);
}

Judgement judgement_of(const Observations& seen, const std::string& id) {
  for (const auto& judgement : client::check::findings_of(seen)) {
    if (judgement.check->id == id) return judgement;
  }
  FAIL("there is no check " << id);
  return {};
}

Outcome outcome_of(const Observations& seen, const std::string& id) {
  return judgement_of(seen, id).outcome;
}

}  // namespace provphone::test
