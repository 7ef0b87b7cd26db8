#include "client/check/detail/follow.hpp"

#include "macro/try.hpp"
#include "profile/parameter_id.hpp"
#include "resync/custom_ca.hpp"
#include "resync/report_plan.hpp"
#include "resync/settings.hpp"
#include "resync/upgrade.hpp"

#include <cstddef>
#include <utility>

namespace provphone::client::check::detail {
namespace {

std::optional<resync::Request> load_request(std::optional<resync::UpgradeFetch> fetch) {
  if (!fetch) return std::nullopt;
  resync::Request request;
  // Its name alone is asked for: a load has megabytes, and nobody needs them here.
  request.method = fetch->target.url.scheme == macro::Scheme::tftp ? resync::Request::Method::get
                                                                   : resync::Request::Method::head;
  request.url = std::move(fetch->target.url);
  request.login = std::move(fetch->login);
  return request;
}

// The place alone: a report would leave something there.
std::optional<resync::Request> report_request(std::optional<resync::Upload> upload) {
  if (!upload) return std::nullopt;
  resync::Request request;
  request.method = resync::Request::Method::head;
  request.url = std::move(upload->url);
  request.login = std::move(upload->login);
  if (upload->key) request.key = std::move(upload->key->key);
  return request;
}

void add_lead(std::vector<Lead>& leads, Lead lead, const resync::Device& phone) {
  auto request = request_of(lead.kind, lead.rule, phone);
  if (!request || !*request) return;
  lead.request = **std::move(request);
  leads.push_back(std::move(lead));
}

}  // namespace

resync::Device after_file(resync::Device phone, const profile::Decoded& file) {
  profile::apply(phone.parameters, file.changes);
  phone.settings_changed();
  return phone;
}

Result<std::optional<resync::Request>> request_of(FileKind kind, std::string_view rule,
                                                  const resync::Device& phone) {
  switch (kind) {
    case FileKind::profile:
    case FileKind::roots: {
      TRY(auto plan, resync::plan_profile_rule(rule, phone.macros(), phone.lease));
      return std::move(plan.request);
    }
    case FileKind::load: {
      TRY(auto plan, resync::plan_upgrade(rule, phone.macros(), std::nullopt));
      return load_request(std::move(plan.fetch));
    }
    case FileKind::report:
      break;
  }
  for (auto& plan : resync::plan_reports(rule, phone.macros(), std::nullopt)) {
    if (!plan) return tl::unexpected(std::move(plan.error()));
    if (auto request = report_request(std::move(plan->upload))) return request;
  }
  return std::nullopt;
}

std::vector<Lead> leads_of(const resync::Device& before, const resync::Device& after) {
  std::vector<Lead> leads;
  // R-RESYNC-14
  for (std::size_t slot = 0; slot < resync::rule_slots; ++slot) {
    const auto id = resync::rule_id(slot);
    const auto text = after.parameters.get(id);
    if (slot == 0 && text == before.parameters.get(id)) continue;
    add_lead(leads, {resync::rule_parameter_name(slot), FileKind::profile, std::string(text), {}},
             after);
  }
  const auto roots = resync::custom_ca_rule(after.parameters, after.personality);
  add_lead(leads, {roots.parameter, FileKind::roots, std::string(roots.text), {}}, after);
  // R-RESYNC-51
  const auto load = after.parameters.get(profile::parameter_id("Upgrade_Rule"));
  if (after.settings->upgrade_enable)
    add_lead(leads, {"Upgrade_Rule", FileKind::load, std::string(load), {}}, after);
  const auto report = after.parameters.get(profile::parameter_id("Report_Rule"));
  add_lead(leads, {"Report_Rule", FileKind::report, std::string(report), {}}, after);
  return leads;
}

}  // namespace provphone::client::check::detail
