#include "client/face/execute.hpp"

#include "client/face/form.hpp"
#include "client/face/html.hpp"
#include "macro/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace provphone::client::face {
namespace {

constexpr std::string_view item_tag = "<ExecuteItem";

// Behind declarations, comments and white space.
std::string_view from_root(std::string_view text) {
  while (true) {
    const auto begin = text.find('<');
    if (begin == std::string_view::npos) return {};
    text.remove_prefix(begin);
    const bool is_prologue = text.starts_with("<?") || text.starts_with("<!");
    if (!is_prologue) return text;
    const auto end = text.find(text.starts_with("<!--") ? "-->" : ">");
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
}

bool is_execute(std::string_view root) {
  const auto end = std::min(root.find_first_of(" \t\r\n/>", 1), root.size());
  return root.substr(0, end).ends_with("Execute");
}

std::string with_references(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, char>, 5> known{
      {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};
  std::string decoded;
  while (!text.empty()) {
    const auto* const found = std::find_if(
        known.begin(), known.end(), [&](const auto& each) { return text.starts_with(each.first); });
    decoded += found == known.end() ? text.front() : found->second;
    text.remove_prefix(found == known.end() ? 1 : found->first.size());
  }
  return decoded;
}

// Of an item's tag from its name on: the value of URL, in quotes or, as a guide prints it, without,
// when it ends with the tag.
std::optional<std::string> url_of(std::string_view tag) {
  const auto name = tag.find("URL");
  if (name == std::string_view::npos) return std::nullopt;
  auto rest = ascii::trimmed(tag.substr(name + 3));
  if (!rest.starts_with('=')) return std::nullopt;
  rest = ascii::trimmed(rest.substr(1));
  const bool is_quoted = rest.starts_with('"') || rest.starts_with('\'');
  if (is_quoted) {
    const auto end = rest.find(rest.front(), 1);
    if (end == std::string_view::npos) return std::nullopt;
    return with_references(rest.substr(1, end - 1));
  }
  if (rest.ends_with('/')) rest.remove_suffix(1);
  return with_references(ascii::trimmed(rest));
}

// A `>` within quotes does not end it.
std::size_t end_of_tag(std::string_view tag) {
  char quote = 0;
  for (std::size_t i = 0; i < tag.size(); ++i) {
    const char c = tag[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if ((c == '"' || c == '\'') && i > 0 &&
               ascii::trimmed(tag.substr(0, i)).ends_with('=')) {
      quote = c;
    } else if (c == '>') {
      return i;
    }
  }
  return std::string_view::npos;
}

Error malformed(const char* why) {
  return {Errc::xml_malformed, why};
}

}  // namespace

Result<std::vector<std::string>> execute_items(std::string_view body) {
  std::string field;
  if (body.starts_with("XML=")) {
    field = fields_of(body).front().second;
    body = field;
  }
  auto text = from_root(body);
  if (!is_execute(text)) return tl::unexpected(malformed("no element whose name ends in Execute"));
  std::vector<std::string> urls;
  for (auto at = text.find(item_tag); at != std::string_view::npos; at = text.find(item_tag)) {
    text.remove_prefix(at + item_tag.size());
    const auto end = end_of_tag(text);
    if (end == std::string_view::npos) return tl::unexpected(malformed("a tag without an end"));
    auto url = url_of(text.substr(0, end));
    if (!url) return tl::unexpected(malformed("an ExecuteItem without a URL"));
    if (urls.size() == most_execute_items) return tl::unexpected(malformed("more than 16 items"));
    urls.push_back(*std::move(url));
    text.remove_prefix(end);
  }
  if (urls.empty()) return tl::unexpected(malformed("no ExecuteItem"));
  return urls;
}

std::string execute_response(const std::vector<ExecuteStatus>& items) {
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CiscoIPPhoneResponse>\n";
  for (const auto& item : items) {
    text += fmt::format("<ResponseItem Status=\"{}\" Data=\"{}\" URL=\"{}\"/>\n", item.status,
                        item.status == 0 ? "Success" : "Nothing is done", escaped(item.url));
  }
  return text + "</CiscoIPPhoneResponse>\n";
}

}  // namespace provphone::client::face
