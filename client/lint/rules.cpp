#include "client/lint/detail/outlook.hpp"
#include "macro/condition.hpp"
#include "macro/hide.hpp"
#include "profile/parameter_id.hpp"
#include "resync/explain_facts.hpp"
#include "resync/report_plan.hpp"
#include "resync/upgrade.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provphone::client::lint::detail {
namespace {

using profile::parameter_id;
using profile::ParameterId;

constexpr auto upgrade_rule = parameter_id("Upgrade_Rule");
constexpr auto upgrade_enable = parameter_id("Upgrade_Enable");
constexpr auto report_rule = parameter_id("Report_Rule");
constexpr auto certificate_rule = parameter_id("MIC_Cert_Refresh_Rule");
constexpr auto licence_rule = parameter_id("Trans_Auth_Rule");

std::string told_of(const macro::Url& url) {
  return macro::hide_query_secrets(format(url));
}

// Rules, one at a time, and what was found of them.
class RuleReader {
 public:
  explicit RuleReader(const Outlook& outlook) : outlook_(outlook) {
    // R-RULE-48: a phone that skips what it cannot read is not told so by anybody, but people are.
    phone_.unreadable_rule = resync::UnreadableRule::fails;
  }

  std::vector<Finding> take() { return std::move(findings_); }

  // Whether the file sets the rule, to something that says anything.
  bool is_set(ParameterId id) const {
    return outlook_.sets(id) &&
           !macro::is_blank(outlook_.text(id), dialect_of(outlook_.after.personality));
  }

  void read_profile_rule(ParameterId id) {
    if (!is_set(id)) return;
    const auto rule = outlook_.text(id);
    const auto plan = resync::plan_profile_rule(rule, source(), outlook_.after.lease);
    if (!plan) {
      refuse(id, plan.error());
    } else {
      if (plan->request) lead(id, plan->request->url);
      if (plan->onboards) add(Kind::next_pass, id, "leads this phone to onboarding");
      if (plan->alternative == 0) pass_over(id);
      judge_assignments(id, plan->assignments);
    }
    read_text(id);
  }

  void read_upgrade_rule() {
    if (!is_set(upgrade_rule)) return;
    if (!outlook_.after.settings->upgrade_enable) {
      const bool both = outlook_.sets(upgrade_enable);
      add(Kind::contradictory, upgrade_rule,
          both ? "is not evaluated, since Upgrade_Enable is set to No"
               : "is not evaluated, since Upgrade_Enable is No");
    } else {
      const auto plan = resync::plan_upgrade(outlook_.text(upgrade_rule), source(), std::nullopt);
      if (!plan) {
        refuse(upgrade_rule, plan.error());
      } else {
        if (plan->fetch) lead(upgrade_rule, plan->fetch->target.url);
        if (!plan->fetch)
          add(Kind::next_pass, upgrade_rule,
              fmt::format("asks for no load: {}", sentence(plan->why_not)));
        judge_assignments(upgrade_rule, plan->assignments);
      }
    }
    read_text(upgrade_rule);
  }

  void read_report_rule() {
    if (!is_set(report_rule)) return;
    for (const auto& plan :
         resync::plan_reports(outlook_.text(report_rule), source(), std::nullopt)) {
      if (!plan) {
        refuse(report_rule, plan.error());
        continue;
      }
      if (plan->upload) lead(report_rule, plan->upload->url);
      if (plan->alternative == 0) pass_over(report_rule);
      judge_assignments(report_rule, plan->assignments);
    }
    read_remarks(report_rule);
  }

 private:
  resync::MacroSource source() const {
    const auto& after = outlook_.after;
    return {after.identity, phone_, after.parameters, after.state};
  }

  void add(Kind kind, ParameterId id, std::string text) {
    findings_.push_back(finding_of(kind, profile::parameter(id).name, std::move(text)));
  }

  void lead(ParameterId id, const macro::Url& url) {
    add(Kind::next_pass, id, fmt::format("leads this phone to {}", told_of(url)));
  }

  void pass_over(ParameterId id) {
    add(Kind::next_pass, id, "no condition in it holds for this phone, so it is passed over");
  }

  void refuse(ParameterId id, const Error& error) {
    // DHCP may name the server, and flags have not said what it says.
    if (error.code == Errc::server_missing && id != upgrade_rule && outlook_.after.lease.empty()) {
      add(Kind::next_pass, id, "names no server, so DHCP has to");
      return;
    }
    add(Kind::rule_unreadable, id, format(error));
  }

  // Names that no parameter has are passed over.
  void judge_assignments(ParameterId id, const std::vector<macro::Assignment>& assignments) {
    for (const auto& assignment : assignments) {
      if (!profile::find_parameter(assignment.name))
        add(Kind::rule_suspicious, id, "assigns to a name that is no parameter's");
    }
  }

  void read_remarks(ParameterId id) {
    for (auto& remark : resync::remarks_on_rule(outlook_.text(id), source()))
      add(Kind::rule_suspicious, id, std::move(remark));
  }

  bool is_refused(ParameterId id) const {
    return std::any_of(findings_.begin(), findings_.end(), [&](const Finding& finding) {
      return finding.kind == Kind::rule_unreadable &&
             finding.parameter == profile::parameter(id).name;
    });
  }

  // A condition behind the alternative that this phone takes is for other phones.
  void read_text(ParameterId id) {
    const auto facts = resync::describe_rule(outlook_.text(id), source());
    const bool is_told = is_refused(id);
    for (std::size_t i = 0; i < facts.guards.size(); ++i) {
      const auto& holds = facts.guards[i].holds;
      if (holds || is_told) continue;
      add(Kind::rule_unreadable, id,
          fmt::format("the condition of alternative {} cannot be read: {}", i + 1,
                      format(holds.error())));
    }
    for (const auto& remark : facts.remarks) add(Kind::rule_suspicious, id, remark);
  }

  const Outlook& outlook_;
  resync::Personality phone_ = outlook_.after.personality;
  std::vector<Finding> findings_;
};

// R-RESYNC-14: rules that say nothing are skipped, and a pass of nothing else asks for nothing.
std::optional<Finding> emptied(const Outlook& outlook) {
  const auto dialect = dialect_of(outlook.after.personality);
  bool had_one = false;
  std::optional<ParameterId> emptied;
  for (std::size_t slot = 0; slot < resync::rule_slots; ++slot) {
    const auto id = resync::rule_id(slot);
    if (!macro::is_blank(outlook.text(id), dialect)) return std::nullopt;
    had_one |= !macro::is_blank(outlook.before.parameters.get(id), dialect);
    if (!emptied && outlook.sets(id)) emptied = id;
  }
  if (!had_one || !emptied) return std::nullopt;
  return finding_of(Kind::rule_emptied, profile::parameter(*emptied).name,
                    "every profile rule is empty then, and the phone never asks again by itself");
}

}  // namespace

std::vector<Finding> rule_findings(const Outlook& outlook) {
  RuleReader reader(outlook);
  for (std::size_t slot = 0; slot < resync::rule_slots; ++slot)
    reader.read_profile_rule(resync::rule_id(slot));
  reader.read_upgrade_rule();
  reader.read_report_rule();
  const auto roots =
      resync::custom_ca_rule(outlook.after.parameters, outlook.after.personality).parameter;
  for (const auto id : {*profile::find_parameter(roots), certificate_rule, licence_rule})
    reader.read_profile_rule(id);
  auto findings = reader.take();
  if (auto finding = emptied(outlook)) findings.insert(findings.begin(), *std::move(finding));
  return findings;
}

}  // namespace provphone::client::lint::detail
