#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

// Texts of any octets in JSON, which takes UTF-8 only. Phones keep octets as they come (R-XML-05),
// and whoever compares two results must see that two values differ.
namespace provphone::client::trace {

// `text` as UTF-8 from which its octets can be told again: an octet that belongs to no UTF-8
// character is the private character U+F700 plus the octet. The octets of such a character that was
// there before, U+F780 to U+F7FF, are written so too. Any other text is itself.
std::string utf8_of(std::string_view text);

// The text that utf8_of() has made `text` of; any other text is itself.
std::string octets_of(std::string_view text);

// Whether utf8_of() is the text itself.
bool is_utf8(std::string_view text);

// Puts every text in `json` through utf8_of(), names of members apart.
template <class Json>
void make_utf8(Json& json) {
  if (json.is_string()) {
    auto& text = json.template get_ref<typename Json::string_t&>();
    if (!is_utf8(text)) text = utf8_of(text);
  } else if (json.is_structured()) {
    for (auto& member : json) make_utf8(member);
  }
}

// JSON text on one line, or with an indent for people.
template <class Json>
std::string json_text(Json json, int indent = -1) {
  make_utf8(json);
  // What is left are names of members, which are the program's own or parameters'.
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace provphone::client::trace
