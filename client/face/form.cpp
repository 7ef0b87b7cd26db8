#include "client/face/form.hpp"

#include "macro/ascii.hpp"

#include <algorithm>

namespace provphone::client::face {

std::string decoded_query(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool may_be_octet = text[i] == '%' && i + 2 < text.size();
    const auto high = may_be_octet ? ascii::hex_value(text[i + 1]) : -1;
    const auto low = may_be_octet ? ascii::hex_value(text[i + 2]) : -1;
    if (high >= 0 && low >= 0) {
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      decoded += text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

std::vector<std::pair<std::string, std::string>> fields_of(std::string_view body) {
  std::vector<std::pair<std::string, std::string>> fields;
  while (!body.empty()) {
    const auto end = std::min(body.find('&'), body.size());
    const auto field = body.substr(0, end);
    body.remove_prefix(std::min(end + 1, body.size()));
    if (field.empty()) continue;
    const auto* const equals = std::find(field.begin(), field.end(), '=');
    const auto name = static_cast<std::size_t>(equals - field.begin());
    fields.emplace_back(decoded_query(field.substr(0, name)),
                        decoded_query(field.substr(std::min(name + 1, field.size()))));
  }
  return fields;
}

}  // namespace provphone::client::face
