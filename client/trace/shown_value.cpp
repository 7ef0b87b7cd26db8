#include "client/trace/shown_value.hpp"

#include "macro/hide.hpp"
#include "resync/explain_facts.hpp"

namespace provphone::client::trace {

std::string shown_value(profile::ParameterId parameter, std::string_view value) {
  if (profile::parameter(parameter).secret && !value.empty())
    return std::string(macro::hidden_value);
  // A value that is no secret may still hold some: `--key` and logins in a rule.
  return resync::without_secrets(value);
}

}  // namespace provphone::client::trace
