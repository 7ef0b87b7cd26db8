#include "profile/snapshot.hpp"

#include "profile/value_printer.hpp"
#include "profile/xml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace provphone::profile {
namespace {

// R-XML-29: these are left out altogether; of other secrets the name is shown.
constexpr std::array<std::string_view, 5> never_mentioned{"GPP_SA", "GPP_SB", "GPP_SC", "GPP_SD",
                                                          "IKM_HTTP_Encrypt_Content"};

constexpr std::string_view white_space = " \t\r\n";
constexpr std::string_view line_ends = "\r\n";  // R-XML-13 would make blanks of them

// XML has no way to say the others.
std::string without_control_characters(std::string_view value) {
  std::string text(value);
  std::replace_if(
      text.begin(), text.end(),
      [](unsigned char c) { return c < 0x20 && c != '\t' && c != '\r' && c != '\n'; }, '?');
  return text;
}

// What R-XML-11 to R-XML-15 and R-XML-26 read back as `value`: white space at its ends becomes
// references, or it would be trimmed, and so do line ends inside.
void push_value(ValuePrinter& printer, std::string_view value) {
  if (value == "\"\"") return printer.push_text(std::string(value), "\"");
  const auto text = without_control_characters(value);
  printer.push_text(text.substr(0, 1), white_space);
  if (text.size() < 2) return;
  printer.push_text(text.substr(1, text.size() - 2), line_ends);
  printer.push_text(text.substr(text.size() - 1), white_space);
}

bool is_never_mentioned(std::string_view name) {
  for (const auto other : never_mentioned) {
    if (name == other) return true;
  }
  return false;
}

// R-XML-16: whether `<X/>` would make the value empty.
bool self_closed_is_empty(Generation generation, std::optional<Access> access) {
  return generation != Generation::spa && access != Access::read_write;
}

// What stands in an element's start tag.
struct Marks {
  std::optional<Access> access;
  bool changed_by_user = false;
};

void push_element(ValuePrinter& printer, const Difference& setting, const Marks& marks,
                  Generation generation) {
  const auto& access = marks.access;
  const std::string element(parameter(setting.id).name);
  printer.OpenElement(element.c_str());
  if (access) printer.push_attribute("ua", std::string(name(*access)), {});
  // R-XML-35
  if (marks.changed_by_user) printer.push_attribute("um", "y", {});
  if (!setting.value.empty() || !self_closed_is_empty(generation, access))
    push_value(printer, setting.value);
  printer.CloseElement();
}

void push_parameter(ValuePrinter& printer, const ParameterSet& parameters, ParameterId id,
                    Generation generation) {
  const auto& described = parameter(id);
  if (is_never_mentioned(described.name)) return;
  const auto access = parameters.access(id);
  if (described.secret) {
    const auto right = access ? fmt::format(" ua=\"{}\"", name(*access)) : std::string();
    // R-XML-29: a comment, since an element without its value could empty it when read back.
    printer.PushComment(fmt::format(" <{}{}/> ", described.name, right).c_str());
  } else {
    push_element(printer, {id, std::string(parameters.get(id))},
                 {access, parameters.is_changed_by_user(id)}, generation);
  }
}

// One element a line, and the end tag on its own even where there is none.
template <class PushElements>
std::string format_document(const char* element, const PushElements& push_elements) {
  ValuePrinter printer(0);
  printer.OpenElement(element);
  printer.end_start_tag();
  push_elements(printer);
  printer.CloseElement();
  return printer.text();
}

template <class Wanted>
std::string format_profile(const ParameterSet& parameters, Generation generation,
                           const Wanted& wanted) {
  return format_document(profile_element, [&](ValuePrinter& printer) {
    for (std::size_t i = 0; i < parameter_count(); ++i) {
      if (wanted(ParameterId(i))) push_parameter(printer, parameters, ParameterId(i), generation);
    }
  });
}

}  // namespace

bool belongs_to(ParameterId id, Generation generation, std::optional<ProductLine> line) {
  if (parameter(id).elsewhere) return false;
  if (line && presence(id, *line) == Presence::lacks) return false;
  if (!default_value(id, generation).empty()) return true;
  for (const auto other : {Generation::spa, Generation::mpp11, Generation::mpp12}) {
    if (!default_value(id, other).empty()) return false;
  }
  return true;
}

std::string format_snapshot(const ParameterSet& parameters, Generation generation,
                            std::optional<ProductLine> line) {
  return format_profile(parameters, generation, [&](ParameterId id) {
    return belongs_to(id, generation, line) || parameters.get(id) != default_value(id, generation);
  });
}

std::string format_delta(const ParameterSet& parameters, const ParameterSet& before,
                         Generation generation) {
  return format_profile(parameters, generation, [&](ParameterId id) {
    return parameters.get(id) != before.get(id) || parameters.access(id) != before.access(id);
  });
}

std::string format_settings(std::span<const Difference> settings, Generation generation) {
  return format_document(profile_element, [&](ValuePrinter& printer) {
    for (const auto& setting : settings) push_element(printer, setting, {}, generation);
  });
}

std::string format_status(std::span<const StatusItem> items) {
  return format_document("status", [&](ValuePrinter& printer) {
    for (const auto& [label, value] : items) {
      const auto element = element_name(label);
      printer.OpenElement(element.c_str());
      push_value(printer, value);
      printer.CloseElement();
    }
  });
}

}  // namespace provphone::profile
