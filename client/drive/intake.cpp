#include "client/drive/intake.hpp"

#include "resync/reading.hpp"
#include "resync/restart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <functional>

namespace provphone::client::drive {
namespace {

// What tells one file from another: everything that decoding depends on.
std::size_t fingerprint(const resync::Retrieval& retrieval, const FileAnswer& answer) {
  constexpr std::hash<std::string_view> hash;
  const std::string_view key =
      retrieval.key ? std::string_view(*retrieval.key) : std::string_view();
  std::size_t print = hash(answer.body);
  for (const auto part : {key, std::string_view(retrieval.alias_map), answer.content_encoding}) {
    print = resync::mix(print ^ hash(part));
  }
  return print;
}

profile::DecodeOptions decode_options(const DrivenPhone& phone, const resync::Retrieval& retrieval,
                                      const FileAnswer& answer) {
  static const auto ikm_id = *profile::find_parameter("IKM_HTTP_Encrypt_Content");
  auto options = resync::decode_options_of(phone.setup.personality);
  options.key = retrieval.key;
  if (const auto ikm = phone.setup.parameters.get(ikm_id); !ikm.empty()) options.ikm = ikm;
  options.aes128gcm = says_aes128gcm(answer.content_encoding);
  options.alias_map = retrieval.alias_map;
  return options;
}

std::vector<profile::ParameterId> apply_to(DrivenPhone& phone,
                                           const std::vector<profile::Change>& changes) {
  auto changed = profile::apply(phone.setup.parameters, changes);
  if (!changed.empty()) phone.parameters_changed();
  return changed;
}

// R-XML-10: some of the file may count although it is a failure.
Error take_in_failure(DrivenPhone& phone, profile::DecodeFailure failure) {
  const auto changed = apply_to(phone, failure.before_fault.changes);
  if (!changed.empty()) {
    failure.error.detail += fmt::format("; parameters changed before it: {}", changed.size());
  }
  return std::move(failure.error);
}

}  // namespace

profile::ParameterId rule_id(std::size_t slot) {
  static const auto ids = [] {
    std::array<profile::ParameterId, resync::rule_slots> found{};
    for (std::size_t i = 0; i < found.size(); ++i)
      found[i] = *profile::find_parameter(resync::rule_parameter_name(i));
    return found;
  }();
  return ids[slot];
}

bool says_aes128gcm(std::string_view content_encoding) {
  constexpr std::string_view coding = "aes128gcm";
  return std::equal(
      coding.begin(), coding.end(), content_encoding.begin(), content_encoding.end(),
      [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); });
}

Result<Intake> take_in_file(DrivenPhone& phone, std::size_t slot,
                            const resync::Retrieval& retrieval, const FileAnswer& answer,
                            FileMemory* memory) {
  const auto print = fingerprint(retrieval, answer);
  auto& last = phone.applied[slot];
  const auto revision = phone.setup.parameters.revision();
  if (last && last->fingerprint == print && last->revision == revision) {
    return Intake{true, {}, {}, false, {}, {}};
  }
  const bool is_known = memory != nullptr && phone.kind && phone.kind->revision == revision;
  if (is_known) {
    if (auto intake = memory->recall(phone, slot, print)) return *std::move(intake);
  }
  auto decoded = profile::decode_or_explain(answer.body, decode_options(phone, retrieval, answer));
  if (!decoded) return tl::unexpected(take_in_failure(phone, std::move(decoded.error())));
  Intake intake{false, std::move(decoded->layers),  apply_to(phone, decoded->changes),
                false, std::move(decoded->ignored), std::move(decoded->unpacked)};
  intake.needs_restart = resync::needs_restart(intake.changed, phone.setup.personality);
  last = AppliedFile{print, phone.setup.parameters.revision()};
  if (is_known) memory->remember(phone.kind->kind, phone, slot, print, intake);
  return intake;
}

std::vector<profile::ParameterId> take_in_assignments(
    DrivenPhone& phone, const std::vector<macro::Assignment>& assignments) {
  std::vector<profile::ParameterId> changed;
  for (const auto& [name, value] : assignments) {
    const auto id = profile::find_parameter(name);
    if (id && phone.setup.parameters.set(*id, value)) changed.push_back(*id);
  }
  if (!changed.empty()) phone.parameters_changed();
  return changed;
}

}  // namespace provphone::client::drive
