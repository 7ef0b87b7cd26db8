#include "resync/certificate_renewal.hpp"

#include "profile/parameter_id.hpp"
#include "resync/detail/stride.hpp"

#include <utility>

// The renewal of a phone's certificate (R-CERT-06 to R-CERT-10): what is sent is asked for, sent in
// the lane of reports as the body of a POST, and what comes back is installed. Keys and
// certificates are not for this room.
namespace provphone::resync::detail {
namespace {

// R-CERT-07
constexpr std::string_view request_type = "application/pkcs10";

std::uint32_t wanted_print(const Stride& s) {
  return s.device.settings->certificate_renewal_print;
}

bool is_renewing(const Stride& s) {
  const auto& under_way = s.in(Lane::reports);
  return under_way && under_way->errand == Errand::certificate;
}

void renewal_failed(const Stride& s, const Error& error, std::string url) {
  s.device.renewal.last = LastAttempt{s.context.now, false};
  CertificateRenewalEnded told;
  told.error = error;
  told.url = std::move(url);
  s.put(std::move(told));
}

// A URL and perhaps a login, as in Custom_CA_Rule; nothing where the rule leads nowhere.
Result<std::optional<Request>> request_by_rule(const Stride& s) {
  constexpr auto id = profile::parameter_id(certificate_renewal_rule_name);
  auto plan = plan_profile_rule(s.device.parameters.get(id), s.device.macros(), s.device.lease);
  if (!plan) return tl::unexpected(plan.error());
  if (!plan->request) return std::nullopt;
  if (plan->request->url.scheme == macro::Scheme::tftp)
    return fail(Errc::unsupported_scheme, "a certificate is renewed over http or https");
  Request request;
  request.method = Request::Method::post;
  request.url = std::move(plan->request->url);
  request.login = std::move(plan->request->login);
  request.content_type = request_type;
  return request;
}

// R-CERT-10: the generic certificate is none of the phone's own.
Result<std::optional<Request>> renewal_request(const Stride& s) {
  if (!s.device.identity.certificate_installed)
    return fail(Errc::certificate_unavailable, "the phone has no certificate of its own");
  return request_by_rule(s);
}

}  // namespace

void renew_certificate(const Stride& s, const RenewCertificate& wanted) {
  auto& renewal = s.device.renewal;
  if (is_renewing(s) || wanted_print(s) == 0) return;
  if (renewal.renewed_print == wanted_print(s)) return;
  if (renewal.tried_print == wanted_print(s) && !wanted.has_come_up) return;
  renewal.waits = true;
  if (!s.in(Lane::reports)) begins_certificate_renewal(s);
}

bool begins_certificate_renewal(const Stride& s) {
  auto& renewal = s.device.renewal;
  if (!std::exchange(renewal.waits, false)) return false;
  // A phone that restarts meanwhile looks at it again when it has come up.
  const bool is_down = s.context.machine.state == State::restarting;
  const auto print = wanted_print(s);
  if (is_down || print == 0 || print == renewal.renewed_print) return false;
  renewal.tried_print = print;
  auto request = renewal_request(s);
  if (!request) {
    renewal_failed(s, request.error(), {});
    return false;
  }
  if (!*request) return false;
  auto& retrieval = s.in(Lane::reports).emplace();
  retrieval.errand = Errand::certificate;
  retrieval.rule = certificate_renewal_rule_name;
  retrieval.alternative = 1;
  retrieval.request = *std::move(*request);
  s.put(AskCertificateRequest{});
  return true;
}

void certificate_request_made(const Stride& s, const CertificateRequestMade& made) {
  // Power may have been lost since it was asked for, or the phone reset.
  if (!is_renewing(s)) return;
  if (!made.pem) return certificate_failed(s, made.pem.error());
  s.in(Lane::reports)->request.body = *made.pem;
  send(s, Lane::reports);
}

void certificate_arrived(const Stride& s, const Answered& answer) {
  s.put(InstallCertificate{s.context.machine.clock_is_known, answer.body});
}

void certificate_failed(const Stride& s, const Error& error) {
  auto& lane = s.in(Lane::reports);
  renewal_failed(s, error, lane->announced ? url_asked(lane) : std::string());
  lane.reset();
  send_next_report(s);
}

void certificate_read(const Stride& s, const CertificateRead& read) {
  if (!is_renewing(s)) return;
  if (!read.certificate) return certificate_failed(s, read.certificate.error());
  auto& renewal = s.device.renewal;
  renewal.certificate = *read.certificate;
  renewal.renewed_print = renewal.tried_print;
  renewal.last = LastAttempt{s.context.now, true};
  CertificateRenewalEnded told;
  told.serial_number = renewal.certificate->serial_number;
  told.not_after = renewal.certificate->not_after;
  s.put(std::move(told));
  s.in(Lane::reports).reset();
  s.put(Done{CertificateRenewed{}});
  send_next_report(s);
}

}  // namespace provphone::resync::detail
