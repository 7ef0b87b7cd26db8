#include "client/drive/detail/real_impl.hpp"
#include "profile/aes.hpp"
#include "profile/rfc8188.hpp"
#include "profile/snapshot.hpp"
#include "resync/reading.hpp"

#include <openssl/rand.h>

// Report_Rule in real time: one or two uploads, one after the other, beside whatever else the phone
// does.
namespace provphone::client::drive {

using detail::EventKind;
using resync::ReportKind;

namespace {

constexpr std::string_view report_rule = "Report_Rule";

std::string status_of(const DrivenPhone& phone) {
  const auto& identity = phone.setup.identity;
  const auto mac = format_upper(identity.mac);
  const auto version = resync::software_version(identity, phone.setup.personality);
  const std::string_view certificate =
      identity.certificate_installed ? "Installed" : "Not Installed";
  const std::array<profile::StatusItem, 7> items{{{"Product Name", identity.model},
                                                  {"Serial Number", identity.serial},
                                                  {"Software Version", version},
                                                  {"Hardware Version", identity.hardware},
                                                  {"MAC Address", mac},
                                                  {"Client Certificate", certificate},
                                                  {"Current IP", identity.ip}}};
  return profile::format_status(items);
}

// R-REPORT-01, R-REPORT-06
std::string plain_body(const detail::Slot& slot, ReportKind kind) {
  const auto& setup = slot.phone.setup;
  const auto generation = setup.personality.generation;
  switch (kind) {
    case ReportKind::status:
      return status_of(slot.phone);
    case ReportKind::delta:
      return profile::format_delta(setup.parameters,
                                   slot.phone.reported.value_or(profile::ParameterSet(
                                       resync::factory_values_of(setup.personality))),
                                   generation);
    case ReportKind::full:
      break;
  }
  return profile::format_snapshot(setup.parameters, generation);
}

template <std::size_t size>
std::array<unsigned char, size> random_salt() {
  std::array<unsigned char, size> salt{};
  RAND_bytes(salt.data(), static_cast<int>(size));
  return salt;
}

// R-REPORT-03
Result<std::string> sealed(std::string plain, const std::optional<resync::ReportKey>& key,
                           const resync::Personality& personality) {
  if (!key) return plain;
  const auto options = resync::decode_options_of(personality);
  if (key->method == resync::ReportKey::Method::aes) {
    const bool old = options.digests == profile::KeyDigests::md5;
    return profile::encrypt(
        plain, key->key, old ? profile::Layer::aes_256_cbc_md5 : profile::Layer::aes_256_cbc_sha256,
        random_salt<8>());
  }
  const auto octets = profile::ikm_octets(key->key, options.ikm_encoding);
  if (!octets) return tl::unexpected(octets.error());
  return profile::encrypt_aes128gcm(plain, *octets, {random_salt<16>()});
}

bool is_sealed_by_rfc8188(const resync::Upload& upload) {
  return upload.key && upload.key->method == resync::ReportKey::Method::rfc8188;
}

Result<detail::Errand> errand_of(const detail::Slot& slot, const resync::ReportPlan& plan) {
  const auto& upload = *plan.upload;
  auto body = sealed(plain_body(slot, upload.kind), upload.key, slot.phone.setup.personality);
  if (!body) return tl::unexpected(body.error());
  detail::Errand errand;
  errand.kind = macro::RuleKind::report;
  errand.rule = report_rule;
  errand.alternative = plan.alternative;
  errand.method = upload.method == resync::Upload::Method::put ? transport::Method::put
                                                               : transport::Method::post;
  errand.what.url = upload.url;
  errand.what.login = upload.login;
  errand.what.body = *std::move(body);
  errand.what.content_type = upload.key ? "application/octet-stream" : "text/xml";
  errand.content_encoding = is_sealed_by_rfc8188(upload) ? "aes128gcm" : "";
  errand.report = upload.kind;
  // What changes while the report is on its way is for the next one.
  if (upload.kind != ReportKind::status) errand.told = slot.phone.setup.parameters;
  return errand;
}

}  // namespace

void RealDriver::Impl::send_reports(std::size_t index) {
  static const auto id = *profile::find_parameter(report_rule);
  auto& it = awake(index);
  const auto& setup = it.phone.setup;
  const auto server = resync::dhcp_server(setup.lease, setup.parameters);
  for (const auto& plan :
       resync::plan_reports(setup.parameters.get(id), it.phone.macros(), server)) {
    if (!plan) {
      trace_report(index, plan.error());
      continue;
    }
    assign(index, report_rule, plan->alternative, plan->assignments);
    if (plan->upload) it.reports.push_back(*plan);
  }
  if (!it.errand(Lane::reports)) send_next_report(index);
}

void RealDriver::Impl::send_next_report(std::size_t index) {
  auto& it = awake(index);
  while (!it.reports.empty()) {
    auto errand = errand_of(it, it.reports.front());
    it.reports.pop_front();
    if (errand) {
      it.errand(Lane::reports) = *std::move(errand);
      return start(index, Lane::reports);
    }
    trace_report(index, errand.error());
  }
}

void RealDriver::Impl::trace_report(std::size_t index, const std::optional<Error>& error) {
  auto& it = awake(index);
  auto line = rule_event(index, EventKind::reported, report_rule);
  if (const auto& errand = it.errand(Lane::reports)) {
    line.alternative = errand->alternative;
    line.text = name(errand->report);
  }
  if (error) {
    line.error = error->code;
    line.detail = error->detail;
  }
  tell(index, std::move(line));
}

// R-REPORT-08: one attempt; the next report is a new one.
void RealDriver::Impl::report_done(std::size_t index, const std::optional<Error>& error) {
  auto& it = awake(index);
  trace_report(index, error);
  auto& told = it.errand(Lane::reports)->told;
  if (!error && told) it.phone.reported = std::move(told);
  it.errand(Lane::reports).reset();
  send_next_report(index);
  tell_if_free(index);
}

}  // namespace provphone::client::drive
