#include "profile/value_printer.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provphone::profile {

void ValuePrinter::push_text(const std::string& text, std::string_view referenced) {
  referenced_ = referenced;
  PushText(text.c_str());
  referenced_ = {};
}

void ValuePrinter::push_attribute(const char* name, const std::string& value,
                                  std::string_view referenced) {
  referenced_ = referenced;
  PushAttribute(name, value.c_str());
  referenced_ = {};
}

std::string ValuePrinter::text() const {
  // tinyxml2 counts the NUL at the end.
  return {CStr(), static_cast<std::size_t>(CStrSize() - 1)};
}

void ValuePrinter::PrintSpace(int depth) {
  const std::string space(static_cast<std::size_t>(depth) * indentation_, ' ');
  XMLPrinter::Write(space.data(), space.size());
}

// Whatever is written of a value passes here, in pieces, but for the characters that tinyxml2 makes
// entities of.
void ValuePrinter::Write(const char* data, std::size_t size) {
  std::string_view rest(data, size);
  while (true) {
    const auto plain = std::min(rest.find_first_of(referenced_), rest.size());
    XMLPrinter::Write(rest.data(), plain);
    if (plain == rest.size()) return;
    const auto reference =
        rest[plain] == '"' ? "&quot;" : fmt::format("&#{};", static_cast<int>(rest[plain]));
    XMLPrinter::Write(reference.data(), reference.size());
    rest.remove_prefix(plain + 1);
  }
}

}  // namespace provphone::profile
