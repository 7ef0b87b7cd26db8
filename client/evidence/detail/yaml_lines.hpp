#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace provphone::client::evidence::detail {

// A text in double quotes, as YAML has them.
std::string in_quotes(std::string_view text);

// A text as scenarios' templates have it: braces twice.
std::string as_template(std::string_view text);

// A duration, up to ten years less a day: a scenario has no longer ones. None that is negative.
std::string duration(std::chrono::milliseconds ms);
inline constexpr std::chrono::hours longest_duration{24 * 3650};

// YAML with comments, line by line.
class YamlLines {
 public:
  // With a remark behind it, unless that is empty.
  void line(std::string_view text, std::string_view remark = {});
  // In as many lines as it takes, behind so many blanks.
  void comment(std::string_view text, std::size_t indent = 0);

  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace provphone::client::evidence::detail
