#pragma once

#include "macro/error.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace provphone::client::input {

// A regular expression of RE2's syntax that is looked for somewhere in a text, octet by octet, in
// time linear in the text's length. Safe to use from several threads; one of its own for each is
// faster.
class Pattern {
 public:
  Pattern(Pattern&& other) noexcept;
  Pattern& operator=(Pattern&& other) noexcept;
  ~Pattern();

  bool is_found_in(std::string_view text) const;

 private:
  friend Result<Pattern> parse_pattern(std::string_view text);
  explicit Pattern(std::string_view literal);
  explicit Pattern(std::unique_ptr<const re2::RE2> expression);

  std::string literal_;                         // where nothing in it is special
  std::unique_ptr<const re2::RE2> expression_;  // where something is
};

// Fails with bad_argument. The detail names what stands in `text` where RE2 differs from other
// dialects (`RE2 has no '(?='`), and is empty where no dialect takes it.
Result<Pattern> parse_pattern(std::string_view text);

}  // namespace provphone::client::input
