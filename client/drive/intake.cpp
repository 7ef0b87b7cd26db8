#include "client/drive/intake.hpp"

#include "resync/restart.hpp"

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
  profile::DecodeOptions options;
  options.key = retrieval.key;
  if (const auto ikm = phone.setup.parameters.get(ikm_id); !ikm.empty()) options.ikm = ikm;
  options.aes128gcm = says_aes128gcm(answer.content_encoding);
  options.digests = resync::key_digests_of(phone.setup.personality);
  options.self_closed = resync::self_closed_of(phone.setup.personality);
  options.alias_map = retrieval.alias_map;
  return options;
}

}  // namespace

bool says_aes128gcm(std::string_view content_encoding) {
  constexpr std::string_view coding = "aes128gcm";
  return std::equal(
      coding.begin(), coding.end(), content_encoding.begin(), content_encoding.end(),
      [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); });
}

Result<Intake> take_in_file(DrivenPhone& phone, std::size_t slot,
                            const resync::Retrieval& retrieval, const FileAnswer& answer) {
  const auto print = fingerprint(retrieval, answer);
  auto& last = phone.applied[slot];
  if (last && last->fingerprint == print && last->revision == phone.setup.parameters.revision()) {
    return Intake{true, {}, {}, false, {}};
  }
  auto decoded = profile::decode(answer.body, decode_options(phone, retrieval, answer));
  if (!decoded) return tl::unexpected(decoded.error());
  Intake intake{false, std::move(decoded->layers),
                profile::apply(phone.setup.parameters, decoded->changes), false,
                std::move(decoded->ignored)};
  intake.needs_restart = resync::needs_restart(intake.changed, phone.setup.personality);
  if (!intake.changed.empty()) phone.parameters_changed();
  last = AppliedFile{print, phone.setup.parameters.revision()};
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
