#pragma once

#include "client/evidence/access_format.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace provphone::client::evidence::detail {

// A field of a format: how long its text is, and what stands around it of the format's own.
struct FieldText {
  std::size_t length = 0;
  AccessField field = AccessField::other;
  std::string_view before, behind;
};

// The field that a format begins with; nothing where its mark stands alone or a brace is missing.
// `$name` or `${name}`:
std::optional<FieldText> nginx_field(std::string_view text);
// `%h`, `%>s`, `%400,501{User-Agent}i`, `%{%s}t`:
std::optional<FieldText> apache_field(std::string_view text);

}  // namespace provphone::client::evidence::detail
