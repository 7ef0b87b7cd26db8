#include "resync/apply.hpp"

#include "macro/ascii.hpp"
#include "profile/parameter_id.hpp"
#include "resync/reading.hpp"
#include "resync/restart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace provphone::resync {
namespace {

// What tells one file from another: everything that decoding depends on. A family that does not
// know a coding does not look at it.
std::size_t fingerprint(const Request& request, const FileAnswer& answer, Rfc8188 rfc8188) {
  constexpr std::hash<std::string_view> hash;
  const std::string_view key = request.key ? std::string_view(*request.key) : std::string_view();
  std::size_t print = hash(answer.body);
  const auto coding =
      rfc8188 == Rfc8188::read ? std::string_view(answer.content_encoding) : std::string_view();
  for (const auto part : {key, std::string_view(request.alias_map), coding}) {
    print = mix(print ^ hash(part));
  }
  return print;
}

std::vector<profile::ParameterId> apply_to(Device& device,
                                           const std::vector<profile::Change>& changes) {
  auto changed = profile::apply(device.parameters, changes);
  if (!changed.empty()) device.settings_changed();
  return changed;
}

std::vector<profile::ParameterId> assign_as(profile::Setter by, Device& device,
                                            const std::vector<macro::Assignment>& assignments) {
  std::vector<profile::ParameterId> changed;
  for (const auto& [name, value] : assignments) {
    const auto id = profile::find_parameter(name);
    if (!id) continue;
    const profile::Assignment one{*id, value, std::nullopt, by};
    if (!device.parameters.set_all({&one, 1}).empty()) changed.push_back(*id);
  }
  if (!changed.empty()) device.settings_changed();
  return changed;
}

// R-XML-10: some of the file may count although it is a failure.
ApplyFailure apply_failure(Device& device, profile::DecodeFailure failure) {
  const auto changed = apply_to(device, failure.before_fault.changes);
  if (!changed.empty()) {
    failure.error.detail += fmt::format("; parameters changed before it: {}", changed.size());
  }
  return {std::move(failure.error), needs_restart(changed, device.personality)};
}

}  // namespace

bool says_aes128gcm(std::string_view content_encoding) {
  return ascii::equal_ignoring_case(content_encoding, "aes128gcm");
}

profile::DecodeOptions decode_options(const Device& device, const Request& request,
                                      const FileAnswer& answer) {
  constexpr auto ikm_id = profile::parameter_id("IKM_HTTP_Encrypt_Content");
  auto options = decode_options_of(device.personality);
  options.key = request.key;
  if (const auto ikm = device.parameters.get(ikm_id); !ikm.empty()) options.ikm = ikm;
  // R-LAYER-01: a family that does not know the coding takes the octets as they are.
  options.aes128gcm =
      device.personality.rfc8188 == Rfc8188::read && says_aes128gcm(answer.content_encoding);
  options.alias_map = request.alias_map;
  return options;
}

tl::expected<ApplyResult, ApplyFailure> apply_file(Device& device, std::size_t slot,
                                                   const Request& request, const FileAnswer& answer,
                                                   const FileReading& reading) {
  auto* const cache = reading.cache;
  const auto print = fingerprint(request, answer, device.personality.rfc8188);
  auto& last = device.applied[slot];
  const auto revision = device.parameters.revision();
  if (last && last->fingerprint == print && last->revision == revision) {
    return ApplyResult{true, {}, {}, false, {}, nullptr};
  }
  // A phone whose parameters changed since its class was noted is of no class.
  const bool is_known =
      cache != nullptr && device.phone_class && device.phone_class->revision == revision;
  if (is_known) {
    if (auto result = cache->apply_known(device, slot, print)) return *std::move(result);
  }
  auto options = decode_options(device, request, answer);
  options.ignored = reading.ignored;
  auto decoded = profile::decode_or_explain(answer.body, options);
  if (!decoded) {
    const bool is_unknown =
        says_aes128gcm(answer.content_encoding) && device.personality.rfc8188 == Rfc8188::ignored;
    if (is_unknown)
      decoded.error().error.detail += "; the answer is aes128gcm, which this family does not know";
    return tl::unexpected(apply_failure(device, std::move(decoded.error())));
  }
  ApplyResult result{false, std::move(decoded->layers),  apply_to(device, decoded->changes),
                     false, std::move(decoded->ignored), nullptr};
  if (!decoded->unpacked.empty())
    result.unpacked = std::make_shared<const std::string>(std::move(decoded->unpacked));
  result.needs_restart = needs_restart(result.changed, device.personality);
  // The revision behind the changes: while it stays, the file would change no value once more.
  last = AppliedFile{print, device.parameters.revision()};
  if (is_known) cache->remember(device.phone_class->number, device, slot, print, result);
  return result;
}

std::vector<profile::ParameterId> apply_assignments(
    Device& device, const std::vector<macro::Assignment>& assignments) {
  return assign_as(profile::Setter::profile, device, assignments);
}

std::vector<profile::ParameterId> apply_by_hand(Device& device,
                                                const std::vector<macro::Assignment>& assignments) {
  const bool knows_users = device.personality.user_pref == profile::AttributeReading::read;
  return assign_as(knows_users ? profile::Setter::user : profile::Setter::profile, device,
                   assignments);
}

}  // namespace provphone::resync
