#include "macro/try.hpp"
#include "profile/aes.hpp"
#include "profile/parameter_id.hpp"
#include "profile/rfc8188.hpp"
#include "profile/snapshot.hpp"
#include "resync/detail/stride.hpp"
#include "resync/product_status.hpp"
#include "resync/random.hpp"
#include "resync/reading.hpp"

#include <algorithm>
#include <utility>

// One or two uploads, one after the other, beside whatever else the phone does (R-REPORT-07).
namespace provphone::resync::detail {
namespace {

constexpr std::string_view report_rule = "Report_Rule";

// R-REPORT-01, R-REPORT-06
std::string plain_body(const Device& device, ReportKind kind) {
  const auto generation = device.personality.generation;
  switch (kind) {
    case ReportKind::status:
      return format_status(product_status(device));
    case ReportKind::delta:
      return profile::format_delta(
          device.parameters,
          device.reported.value_or(profile::ParameterSet(factory_values_of(device.personality))),
          generation);
    case ReportKind::full:
      break;
  }
  return profile::format_snapshot(device.parameters, generation, reader_of(device.personality));
}

// One for each report of a run: no phone sends two of one kind in one instant. That matters: under
// one key RFC 8188 must never see a salt twice, and the run's own `salt` keeps two runs with one
// seed from that.
template <std::size_t size>
std::array<unsigned char, size> salt_of(const Stride& s, ReportKind kind) {
  const auto when = static_cast<std::uint64_t>(s.context.now.time_since_epoch().count());
  const auto what = (std::uint64_t{s.context.machine.index} << 8U) | static_cast<unsigned>(kind);
  std::array<unsigned char, size> salt{};
  for (std::size_t i = 0; i < size; ++i) {
    const auto word = mix(s.context.salt[i / 8 % 2] ^ mix(when ^ mix(what)));
    salt[i] = static_cast<unsigned char>(word >> (i % 8 * 8));
  }
  return salt;
}

// R-REPORT-03
Result<std::string> sealed(const Stride& s, std::string plain, const Upload& upload) {
  if (!upload.key) return plain;
  const auto options = decode_options_of(s.device.personality);
  if (upload.key->method == ReportKey::Method::aes) {
    // R-LAYER-09: with the digest that the phone itself tries first.
    const bool old = options.digests == profile::KeyDigests::md5;
    return profile::encrypt(
        plain, upload.key->key,
        old ? profile::Layer::aes_256_cbc_md5 : profile::Layer::aes_256_cbc_sha256,
        salt_of<8>(s, upload.kind));
  }
  TRY(const auto octets, profile::ikm_octets(upload.key->key, options.ikm_encoding));
  return profile::encrypt_aes128gcm(plain, octets, {salt_of<16>(s, upload.kind)});
}

bool is_sealed_by_rfc8188(const Upload& upload) {
  return upload.key && upload.key->method == ReportKey::Method::rfc8188;
}

Result<Retrieval> retrieval_of(const Stride& s, const ReportPlan& plan) {
  const auto& upload = *plan.upload;
  TRY(auto body, sealed(s, plain_body(s.device, upload.kind), upload));
  Retrieval retrieval;
  retrieval.kind = macro::RuleKind::report;
  retrieval.rule = report_rule;
  retrieval.alternative = plan.alternative;
  auto& request = retrieval.request;
  request.method =
      upload.method == Upload::Method::put ? Request::Method::put : Request::Method::post;
  request.url = upload.url;
  request.login = upload.login;
  request.body = std::move(body);
  request.content_type = upload.key ? "application/octet-stream" : "text/xml";
  request.content_encoding = is_sealed_by_rfc8188(upload) ? "aes128gcm" : "";
  retrieval.report = upload.kind;
  // What changes while the report is on its way is for the next one.
  if (upload.kind != ReportKind::status) retrieval.told = s.device.parameters;
  return retrieval;
}

}  // namespace

void send_next_report(const Stride& s) {
  if (begins_custom_ca_by_url(s) || begins_certificate_renewal(s)) return;
  auto& waiting = s.retrievals.reports;
  while (!waiting.empty()) {
    const auto plan = std::move(waiting.front());
    waiting.pop_front();
    auto retrieval = retrieval_of(s, plan);
    if (retrieval) {
      s.in(Lane::reports) = *std::move(retrieval);
      return send(s, Lane::reports);
    }
    // A body that cannot be made is no reason to keep back the next report.
    s.put(ReportEnded{report_rule, plan.alternative, plan.upload->kind, retrieval.error(), {}, {}});
  }
}

void evaluate_report_rule(const Stride& s) {
  const TimersShown shown(s);
  constexpr auto id = profile::parameter_id(report_rule);
  const auto server = dhcp_server(s.device.lease, s.device.parameters);
  for (const auto& plan : plan_reports(s.device.parameters.get(id), s.device.macros(), server)) {
    if (!plan) {
      s.put(ReportEnded{report_rule, 0, std::nullopt, plan.error(), {}, {}});
      continue;
    }
    // Both rules were evaluated before either assigns: what the first assigns is for the next time.
    assign(s, report_rule, plan->alternative, plan->assignments);
    if (plan->upload) s.retrievals.reports.push_back(*plan);
  }
  if (!s.in(Lane::reports)) send_next_report(s);
}

// R-REPORT-08: one attempt; the next report is a new one.
void report_ended(const Stride& s, const std::optional<Error>& error) {
  auto& lane = s.in(Lane::reports);
  s.put(ReportEnded{report_rule, lane->alternative, lane->report, error,
                    error ? url_asked(lane) : std::string(), lane->status});
  if (!error && lane->told) s.device.reported = std::move(lane->told);
  lane.reset();
  send_next_report(s);
}

}  // namespace provphone::resync::detail
