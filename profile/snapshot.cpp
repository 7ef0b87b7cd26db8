#include "profile/snapshot.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>

namespace provphone::profile {
namespace {

// R-XML-29: these are left out altogether; of other secrets the name is shown.
constexpr std::array<std::string_view, 5> never_mentioned{"GPP_SA", "GPP_SB", "GPP_SC", "GPP_SD",
                                                          "IKM_HTTP_Encrypt_Content"};

bool is_white(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

void append_escaped(std::string& out, char c) {
  switch (c) {
    case '&':
      out += "&amp;";
      break;
    case '<':
      out += "&lt;";
      break;
    case '>':
      out += "&gt;";  // so that no ]]> arises
      break;
    case '\r':
      out += "&#13;";
      break;
    case '\n':
      out += "&#10;";  // R-XML-13 would make it a blank
      break;
    default:
      // XML has no way to say a control character.
      out += static_cast<unsigned char>(c) < 0x20 && c != '\t' ? '?' : c;
  }
}

// What R-XML-11 to R-XML-15 and R-XML-26 read back as `value`.
std::string escape(std::string_view value) {
  if (value == "\"\"") return "&quot;&quot;";
  std::string out;
  out.reserve(value.size() + 8);
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool at_end = i == 0 || i + 1 == value.size();
    if (at_end && is_white(value[i])) {
      out += fmt::format("&#{};", static_cast<int>(value[i]));
    } else {
      append_escaped(out, value[i]);
    }
  }
  return out;
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

// `right` is the attribute, or empty.
void append_element(std::string& out, std::string_view element, std::string_view right,
                    std::string_view value, bool self_closed) {
  if (value.empty() && self_closed) {
    out += fmt::format("<{}{}/>\n", element, right);
  } else {
    out += fmt::format("<{0}{1}>{2}</{0}>\n", element, right, escape(value));
  }
}

void append_parameter(std::string& out, const ParameterSet& parameters, ParameterId id,
                      Generation generation) {
  const auto& described = parameter(id);
  const auto& element = described.name;
  if (is_never_mentioned(element)) return;
  const auto access = parameters.access(id);
  const auto right = access ? fmt::format(" ua=\"{}\"", name(*access)) : std::string();
  const auto value = parameters.get(id);
  if (described.secret) {
    out += fmt::format("<!-- <{}{}/> -->\n", element, right);
  } else {
    append_element(out, element, right, value, self_closed_is_empty(generation, access));
  }
}

template <class Wanted>
std::string format_profile(const ParameterSet& parameters, Generation generation,
                           const Wanted& wanted) {
  std::string out = "<flat-profile>\n";
  for (std::size_t i = 0; i < parameter_count(); ++i) {
    if (wanted(ParameterId(i))) append_parameter(out, parameters, ParameterId(i), generation);
  }
  return out + "</flat-profile>\n";
}

}  // namespace

bool belongs_to(ParameterId id, Generation generation) {
  if (!default_value(id, generation).empty()) return true;
  for (const auto other : {Generation::spa, Generation::mpp11, Generation::mpp12}) {
    if (!default_value(id, other).empty()) return false;
  }
  return true;
}

std::string format_snapshot(const ParameterSet& parameters, Generation generation) {
  return format_profile(parameters, generation, [&](ParameterId id) {
    return belongs_to(id, generation) || parameters.get(id) != default_value(id, generation);
  });
}

std::string format_delta(const ParameterSet& parameters, const ParameterSet& before,
                         Generation generation) {
  return format_profile(parameters, generation, [&](ParameterId id) {
    return parameters.get(id) != before.get(id) || parameters.access(id) != before.access(id);
  });
}

std::string format_settings(std::span<const Difference> settings, Generation generation) {
  std::string out = "<flat-profile>\n";
  for (const auto& [id, value] : settings) {
    append_element(out, parameter(id).name, "", value,
                   self_closed_is_empty(generation, std::nullopt));
  }
  return out + "</flat-profile>\n";
}

std::string format_status(std::span<const StatusItem> items) {
  std::string out = "<status>\n";
  for (const auto& [label, value] : items) {
    out += fmt::format("<{0}>{1}</{0}>\n", element_name(label), escape(value));
  }
  return out + "</status>\n";
}

}  // namespace provphone::profile
