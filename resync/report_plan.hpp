#pragma once

#include "macro/rule.hpp"
#include "resync/macros.hpp"
#include "resync/plan.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What a report rule asks for (behaviour rules R-REPORT-*). The bodies are made elsewhere
// (profile/snapshot.hpp).
namespace provphone::resync {

enum class ReportKind : std::uint8_t {
  full,    // every parameter
  delta,   // what changed since the last report
  status,  // --status
  last = status,
};

std::string_view name(ReportKind kind);

// What a report's body is encrypted with.
struct ReportKey {
  enum class Method : std::uint8_t { aes, rfc8188 };
  Method method = Method::aes;
  std::string key;  // secret
};

// Where one report goes, and how. The rule's options and the parameters are in it as they were when
// the rule was evaluated.
struct Upload {
  enum class Method : std::uint8_t { post, put };  // either of them is a write request over TFTP
  ReportKind kind = ReportKind::full;
  Method method = Method::post;
  macro::Url url;
  std::optional<ReportKey> key;
  std::optional<Login> login;
};

struct ReportPlan {
  int alternative = 0;  // 0: the rule is skipped, and `skipped` says why
  Reason skipped = Reason::rule_empty;
  std::vector<macro::Assignment> assignments;
  std::optional<Upload> upload;
};

// Expands and evaluates the one or two rules of Report_Rule; one that is in error, with a code of
// stage rule, leaves the other alone.
std::vector<Result<ReportPlan>> plan_reports(
    std::string_view rule, const MacroSource& source,
    const std::optional<macro::DefaultServer>& default_server);

}  // namespace provphone::resync
