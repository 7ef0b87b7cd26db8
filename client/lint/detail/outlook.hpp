#pragma once

#include "client/lint/finding.hpp"
#include "profile/decode.hpp"
#include "resync/device.hpp"

#include <span>
#include <string_view>
#include <vector>

// What the judgements over a file's consequences go by.
namespace provphone::client::lint::detail {

struct Outlook {
  const resync::Device& before;
  resync::Device after;  // with the file applied, and `settings` of it
  std::vector<profile::ParameterId> changed;
  std::vector<profile::ParameterId> set;  // to whatever value; sorted

  bool sets(profile::ParameterId id) const;
  std::string_view text(profile::ParameterId id) const { return after.parameters.get(id); }
};

Outlook outlook_of(std::span<const profile::Change> changes, const resync::Device& before);

// The rules that the file sets: profile, upgrade, report and those of roots and certificates.
std::vector<Finding> rule_findings(const Outlook& outlook);

// Resync_Trigger_1 and Resync_Trigger_2.
std::vector<Finding> trigger_findings(const Outlook& outlook);

}  // namespace provphone::client::lint::detail
