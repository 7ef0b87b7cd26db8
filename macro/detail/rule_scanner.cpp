#include "macro/detail/rule_scanner.hpp"

#include "macro/ascii.hpp"

namespace provphone::macro::detail {

void RuleScanner::feed_any(char c) {
  if (c != '"') {
    if (!quoted_) feed_unquoted(c);
  } else if (quoted_) {
    quoted_ = false;
  } else {
    // R-RULE-02. Quotes in the open are part of a URL, or of what somebody took for one; inside
    // brackets and parentheses these stay the outermost.
    if (!is_protected()) {
      opened_at_ = position_;
      zone_ = Zone::url;
    }
    quoted_ = true;
  }
  ++position_;
}

void RuleScanner::feed_unquoted(char c) {
  switch (zone_) {
    case Zone::parentheses:
      if (c == '(') ++depth_;
      if (c == ')' && --depth_ == 0) zone_ = zone_behind_parentheses_;
      break;
    case Zone::options:
      if (c == ']') zone_ = Zone::behind_options;
      break;
    case Zone::url_brackets:
      if (c == ']') zone_ = Zone::url;
      break;
    case Zone::head:
    case Zone::behind_options:
    case Zone::url:
      feed_open_text(c);
      break;
  }
}

void RuleScanner::feed_open_text(char c) {
  if (c == '|') {
    zone_ = Zone::head;
  } else if (c == '(') {
    // In the head they are a guard or assignments, behind which the head goes on.
    zone_behind_parentheses_ = zone_ == Zone::head ? Zone::head : Zone::url;
    depth_ = 1;
    open(Zone::parentheses);
  } else if (c == '[') {
    open(zone_ == Zone::head ? Zone::options : Zone::url_brackets);
  } else if (ascii::is_space(c)) {
    // Behind a URL the next rule of a Report_Rule may begin.
    if (zone_ == Zone::url) zone_ = Zone::head;
  } else if (zone_ != Zone::head || (c != '?' && c != '!')) {
    zone_ = Zone::url;
  }
}

void RuleScanner::open(Zone zone) {
  opened_at_ = position_;
  zone_ = zone;
}

}  // namespace provphone::macro::detail
