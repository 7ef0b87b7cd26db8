#include "test/e2e/exercises/form.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace provphone::e2e::exercises {
namespace {

// `&amp;` comes last, so that what it makes is not read again.
std::string unescaped(std::string text) {
  constexpr std::array<std::pair<std::string_view, char>, 5> entities{
      {{"&quot;", '"'}, {"&#39;", '\''}, {"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}}};
  for (const auto& [entity, octet] : entities) {
    for (auto at = text.find(entity); at != std::string::npos; at = text.find(entity, at + 1))
      text.replace(at, entity.size(), 1, octet);
  }
  return text;
}

std::string attribute(const std::string& tag, const std::string& name) {
  const auto mark = " " + name + "=\"";
  const auto at = tag.find(mark);
  if (at == std::string::npos) return {};
  const auto begin = at + mark.size();
  return unescaped(tag.substr(begin, tag.find('"', begin) - begin));
}

// What is between the first `begin` and the `end` behind it.
std::string between(const std::string& text, const std::string& begin, const std::string& end) {
  const auto from = text.find(begin);
  if (from == std::string::npos) return {};
  const auto to = text.find(end, from + begin.size());
  return text.substr(from + begin.size(), to - from - begin.size());
}

// A browser that shows a document writes `selected=""`.
std::string chosen(const std::string& select) {
  for (const auto* option : {"<option selected>", "<option selected=\"\">"}) {
    if (select.find(option) != std::string::npos)
      return unescaped(between(select, option, "</option>"));
  }
  return unescaped(between(select, "<option>", "</option>"));
}

}  // namespace

Fields fields_of(const std::string& page) {
  Fields fields;
  for (auto at = page.find('<'); at != std::string::npos; at = page.find('<', at + 1)) {
    const auto rest = std::string_view(page).substr(at);
    if (rest.starts_with("<input ")) {
      const auto tag = page.substr(at, page.find('>', at) - at);
      fields.emplace_back(attribute(tag, "name"), attribute(tag, "value"));
    } else if (rest.starts_with("<select ")) {
      const auto tag = page.substr(at, page.find('>', at) - at);
      const auto select = page.substr(at, page.find("</select>", at) - at);
      fields.emplace_back(attribute(tag, "name"), chosen(select));
    }
  }
  return fields;
}

std::string value_of(const Fields& fields, const std::string& name) {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const auto& field) { return field.first == name; });
  INFO("field: " << name);
  REQUIRE(found != fields.end());
  return found->second;
}

void set_value(Fields& fields, const std::string& name, const std::string& value) {
  value_of(fields, name);
  for (auto& field : fields) {
    if (field.first == name) field.second = value;
  }
}

}  // namespace provphone::e2e::exercises
