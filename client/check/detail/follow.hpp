#pragma once

#include "client/check/observations.hpp"
#include "resync/device.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Where a phone goes that has applied a file. Pure: it evaluates the rules as the phone does.
namespace provphone::client::check::detail {

struct Lead {
  std::string_view parameter;  // `Profile_Rule_C`; static storage
  FileKind kind = FileKind::profile;
  std::string rule;         // its text, one of the two of a Report_Rule; may hold secrets
  resync::Request request;  // as the rule comes out for this phone
};

// The phone behind a file: parameters, and what follows from them.
resync::Device after_file(resync::Device phone, const profile::Decoded& file);

// The rules that lead `after` to a request, in the order in which a phone comes to them: the rules
// of a pass, roots, the load, reports. Profile_Rule is among them only where it is not what it was
// `before`: it is what the audit began with. A rule that leads nowhere, or that cannot be read, is
// left out.
std::vector<Lead> leads_of(const resync::Device& before, const resync::Device& after);

// What that rule asks for where another phone has it. Fails with a code of stage rule; nothing
// where it leads nowhere.
Result<std::optional<resync::Request>> request_of(FileKind kind, std::string_view rule,
                                                  const resync::Device& phone);

}  // namespace provphone::client::check::detail
