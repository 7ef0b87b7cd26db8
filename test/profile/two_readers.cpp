#include "test/profile/two_readers.hpp"

#include "profile/reference.hpp"
#include "profile/xml.hpp"
#include "test/profile/samples.hpp"

#include <tinyxml2.h>

#include <algorithm>

namespace provphone::profile::samples {
namespace {

constexpr std::string_view white_space = " \t\r\n";

// XML 1.0, 2.11.
std::string with_plain_line_ends(std::string_view raw, unsigned quirks) {
  std::string text;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const auto rest = raw.substr(i);
    text.push_back(raw[i] == '\r' ? '\n' : raw[i]);
    if (rest.starts_with("\r\n") || ((quirks & joins_lf_cr) && rest.starts_with("\n\r"))) ++i;
  }
  return text;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(white_space) == std::string_view::npos;
}

std::string resolved(std::string_view raw) {
  std::string text;
  append_resolved(text, raw);
  return text;
}

// Puts the marks of a scan together to elements.
class Builder {
 public:
  explicit Builder(unsigned quirks) : quirks_(quirks) {}

  void open(const MarkupReader& reader) {
    if (!levels_.empty()) levels_.back().is_leaf = false;
    Element element{levels_.size(), std::string(reader.name()), {}, {}};
    for (const auto& [name, raw] : reader.attributes())
      element.attributes.emplace_back(name, resolved(with_plain_line_ends(raw, quirks_)));
    levels_.push_back({elements_.size(), {}, {}});
    elements_.push_back(std::move(element));
  }

  void take(std::string_view raw, Mark mark) {
    if (levels_.empty()) return;
    const auto plain = with_plain_line_ends(raw, quirks_);
    const auto text = mark == Mark::cdata ? plain : resolved(plain);
    levels_.back().text += text;
    if (mark == Mark::cdata || !is_blank(plain)) levels_.back().text_without_blanks += text;
  }

  void close() {
    const auto& level = levels_.back();
    const bool keeps_blanks = level.is_leaf && (quirks_ & drops_blanks) == 0;
    elements_[level.element].text = keeps_blanks ? level.text : level.text_without_blanks;
    levels_.pop_back();
  }

  std::vector<Element> elements() && { return std::move(elements_); }

 private:
  struct Level {
    std::size_t element;
    std::string text, text_without_blanks;
    bool is_leaf = true;
  };

  unsigned quirks_;
  std::vector<Level> levels_;  // that are open
  std::vector<Element> elements_;
};

void collect(const tinyxml2::XMLElement& from, std::size_t depth, std::vector<Element>& elements) {
  const auto at = elements.size();
  elements.push_back({depth, from.Name(), {}, {}});
  for (const auto* a = from.FirstAttribute(); a != nullptr; a = a->Next())
    elements[at].attributes.emplace_back(a->Name(), a->Value());
  for (const auto* node = from.FirstChild(); node != nullptr; node = node->NextSibling()) {
    if (const auto* text = node->ToText()) elements[at].text += text->Value();
    if (const auto* element = node->ToElement()) collect(*element, depth + 1, elements);
  }
}

// --- settings

std::string in_one_line(std::string text) {
  for (char& c : text) c = c == '\n' ? ' ' : c;
  return text;
}

// CDATA is told apart by references in place of its ampersands.
std::string raw_value(const tinyxml2::XMLElement& element) {
  std::string raw;
  for (const auto* node = element.FirstChild(); node != nullptr; node = node->NextSibling()) {
    const auto* text = node->ToText();
    if (text == nullptr) continue;
    for (const char c : in_one_line(text->Value()))
      text->CData()&& c == '&' ? raw += "&amp;" : raw += c;
  }
  const auto begin = std::min(raw.find_first_not_of(white_space), raw.size());
  return raw.substr(begin, raw.find_last_not_of(white_space) + 1 - begin);
}

std::string right_of(const tinyxml2::XMLElement& element) {
  const auto* raw = element.Attribute("ua");
  const auto right = raw == nullptr ? std::string() : resolved(raw);
  return right == "na" || right == "ro" || right == "rw" ? right : "";
}

void set(const tinyxml2::XMLElement& element, ParameterId id, Settings& settings) {
  if (element.FirstChildElement() != nullptr) return;
  const auto right = right_of(element);
  const bool is_self_closed = element.ClosingType() == tinyxml2::XMLElement::CLOSED;
  std::optional<std::string> value;
  if (!is_self_closed || right != "rw") {
    const auto raw = raw_value(element);
    const auto accepted = accept_value(id, raw == "\"\"" ? "" : resolved(raw));
    if (!accepted) return;
    value = *accepted;
  }
  if (!value && right.empty()) return;
  auto& setting = settings[std::string(parameter(id).name)];
  if (value) setting.value = value;
  if (!right.empty()) setting.right = right;
}

void collect(const tinyxml2::XMLElement& from, Settings& settings) {
  const bool is_profile = std::string_view(from.Name()) == "flat-profile";
  for (const auto* element = from.FirstChildElement(); element != nullptr;
       element = element->NextSiblingElement()) {
    const auto id = is_profile ? find_parameter(element->Name()) : std::nullopt;
    if (id) {
      set(*element, *id, settings);
    } else {
      collect(*element, settings);
    }
  }
}

}  // namespace

Opinion read_by_phone(std::string_view file, unsigned quirks) {
  MarkupReader reader(without_byte_order_mark(file));
  Builder builder(quirks);
  while (true) {
    switch (const auto mark = reader.next()) {
      case Mark::start_tag:
        builder.open(reader);
        break;
      case Mark::empty_tag:
        builder.open(reader);
        builder.close();
        break;
      case Mark::end_tag:
        builder.close();
        break;
      case Mark::text:
      case Mark::cdata:
        builder.take(reader.raw(), mark);
        break;
      case Mark::end:
        return {std::move(builder).elements(), {}};
      case Mark::fault:
        return {{}, format(reader.fault().error)};
    }
  }
}

Opinion read_by_tinyxml2(std::string_view file) {
  tinyxml2::XMLDocument document;
  Opinion opinion;
  if (document.Parse(file.data(), file.size()) != tinyxml2::XML_SUCCESS) {
    opinion.refusal = document.ErrorName();
  } else if (document.RootElement() == nullptr) {
    opinion.refusal = "no element";
  } else {
    collect(*document.RootElement(), 0, opinion.elements);
  }
  return opinion;
}

Settings settings_by_phone(std::string_view file) {
  Settings settings;
  const auto decoded = parse_xml(file, reading(SelfClosed::clears_value_unless_rw));
  for (const auto& [id, value, access, by] : decoded.value().changes)
    settings[std::string(parameter(id).name)] = {value, access ? std::string(name(*access)) : ""};
  return settings;
}

Settings settings_by_tinyxml2(std::string_view file) {
  Settings settings;
  // References are resolved behind the trimming (R-XML-12), so tinyxml2 is to leave them.
  tinyxml2::XMLDocument document(false);
  if (document.Parse(file.data(), file.size()) == tinyxml2::XML_SUCCESS)
    collect(*document.RootElement(), settings);
  return settings;
}

}  // namespace provphone::profile::samples
