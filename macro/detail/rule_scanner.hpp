#pragma once

#include "macro/ascii.hpp"

#include <cstddef>
#include <cstdint>

namespace provphone::macro::detail {

// What a character of a rule belongs to.
enum class Zone : std::uint8_t {
  head,            // where a guard, assignments, options or a URL may begin
  parentheses,     // a guard or assignments
  options,         // [--key ...]
  behind_options,  // only a URL may follow
  url,
  url_brackets,  // an IPv6 address, or text that merely looks like options
};

// Follows a rule one character at a time and knows where it stands. Quotes, brackets and
// parentheses protect what they enclose: no alternative and no rule ends inside (R-RULE-02). It
// takes any text and never fails: whoever feeds it looks at is_protected() behind the end.
class RuleScanner {
 public:
  void feed(char c) {
    // Most of a rule is made of these, and behind its first character they change nothing.
    const bool plain = ascii::is_alnum(c) || c == '/' || c == '.' || c == '-' || c == ':';
    if (plain && zone_ != Zone::head && zone_ != Zone::behind_options) {
      ++position_;
    } else {
      feed_any(c);
    }
  }

  Zone zone() const { return zone_; }
  std::size_t position() const { return position_; }
  bool is_protected() const {
    return quoted_ || zone_ == Zone::parentheses || zone_ == Zone::options ||
           zone_ == Zone::url_brackets;
  }
  // Offset of the outermost quote, bracket or parenthesis that is open; meaningful while
  // is_protected().
  std::size_t opened_at() const { return opened_at_; }

 private:
  void feed_any(char c);
  void feed_unquoted(char c);
  void feed_open_text(char c);
  void open(Zone zone);

  std::size_t position_ = 0;
  std::size_t opened_at_ = 0;
  std::size_t depth_ = 0;
  Zone zone_ = Zone::head;
  Zone zone_behind_parentheses_ = Zone::head;
  bool quoted_ = false;
};

}  // namespace provphone::macro::detail
