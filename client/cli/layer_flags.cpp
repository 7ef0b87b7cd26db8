#include "client/cli/layer_flags.hpp"

#include "profile/parameter_id.hpp"
#include "resync/apply.hpp"
#include "resync/macros.hpp"

namespace provphone::client::cli {
namespace {

// R-RULE-25: a letter names a register. No map is one letter long.
std::string alias_map_of(const std::string& alias, const resync::Device& phone) {
  const bool names_register = alias.size() == 1 && alias[0] >= 'a' && alias[0] <= 'p';
  return names_register ? std::string(resync::register_value(phone.parameters, alias[0])) : alias;
}

}  // namespace

std::vector<Option> layer_options(LayerFlags& flags) {
  return {
      {"--key", flags.key, "PHRASE", "the phrase of a rule's --key"},
      {"--ikm", flags.ikm, "TEXT", "IKM_HTTP_Encrypt_Content"},
      {"--content-encoding", flags.content_encoding, "TEXT",
       "the header of the answer, such as aes128gcm"},
      {"--alias", flags.alias, "MAP", "the alias map of a rule's --alias"},
  };
}

profile::DecodeOptions with_layers(profile::DecodeOptions options, const LayerFlags& flags,
                                   const resync::Device& phone) {
  if (!flags.key.empty()) options.key = flags.key;
  // R-LAYER-11: it counts only with the header, which is a flag here.
  const auto own_ikm = phone.parameters.get(profile::parameter_id("IKM_HTTP_Encrypt_Content"));
  if (!flags.ikm.empty()) {
    options.ikm = flags.ikm;
  } else if (!own_ikm.empty()) {
    options.ikm = own_ikm;
  }
  if (!flags.content_encoding.empty())
    options.aes128gcm = resync::says_aes128gcm(flags.content_encoding);
  if (!flags.alias.empty()) options.alias_map = alias_map_of(flags.alias, phone);
  return options;
}

}  // namespace provphone::client::cli
