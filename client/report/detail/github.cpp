#include "client/report/detail/github.hpp"

#include "client/report/detail/markup.hpp"

#include <fmt/format.h>

namespace provphone::client::report {
namespace {

std::string github_message(std::string_view text) {
  // A workflow command ends with its line, and has percent codes of its own.
  constexpr Escape escapes[]{{'%', "%25"}, {'\r', "%0D"}, {'\n', "%0A"}};
  return escaped(text, escapes);
}

std::string github_property(std::string_view text) {
  constexpr Escape escapes[]{
      {'%', "%25"}, {'\r', "%0D"}, {'\n', "%0A"}, {':', "%3A"}, {',', "%2C"}};
  return escaped(text, escapes);
}

}  // namespace

std::string format(const Annotation& annotation) {
  std::string properties;
  if (!annotation.file.empty()) {
    properties = fmt::format("file={},", github_property(annotation.file));
    if (annotation.line > 0) properties += fmt::format("line={},", annotation.line);
    if (annotation.column > 0) properties += fmt::format("col={},", annotation.column);
  }
  return fmt::format("::{} {}title={}::{}\n", annotation.level, properties,
                     github_property(annotation.title), github_message(annotation.message));
}

}  // namespace provphone::client::report
