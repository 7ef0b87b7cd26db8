#include "client/input/pattern.hpp"

#include <fmt/format.h>
#include <re2/re2.h>

namespace provphone::client::input {
namespace {

// Look-ahead and back-references above all.
std::string what_only_others_have(const re2::RE2& refused) {
  switch (refused.error_code()) {
    case re2::RE2::ErrorBadEscape:
    case re2::RE2::ErrorBadPerlOp:
    case re2::RE2::ErrorRepeatOp:
    case re2::RE2::ErrorRepeatSize:
      return fmt::format("RE2 has no '{}'", refused.error_arg());
    case re2::RE2::ErrorPatternTooLarge:
      return "RE2 finds it too large";
    default:
      return {};
  }
}

}  // namespace

Pattern::Pattern(std::string_view literal) : literal_(literal) {}
Pattern::Pattern(std::unique_ptr<const re2::RE2> expression) : expression_(std::move(expression)) {}
Pattern::Pattern(Pattern&& other) noexcept = default;
Pattern& Pattern::operator=(Pattern&& other) noexcept = default;
Pattern::~Pattern() = default;

bool Pattern::is_found_in(std::string_view text) const {
  if (!expression_) return text.find(literal_) != std::string_view::npos;
  return expression_->Match({text.data(), text.size()}, 0, text.size(), re2::RE2::UNANCHORED,
                            nullptr, 0);
}

// Texts come from servers, so that not all of them are UTF-8: octets are what they have in common.
Result<Pattern> parse_pattern(std::string_view text) {
  // A plain text is searched for as such, which costs less than an automaton.
  if (text.find_first_of("^$\\.*+?()[]{}|") == std::string_view::npos) return Pattern(text);
  re2::RE2::Options options(re2::RE2::Latin1);
  // Errors are the caller's to tell; RE2 would write them to standard error.
  options.set_log_errors(false);
  options.set_never_capture(true);
  auto expression =
      std::make_unique<const re2::RE2>(re2::StringPiece(text.data(), text.size()), options);
  if (expression->ok()) return Pattern(std::move(expression));
  return tl::unexpected(Error{Errc::bad_argument, what_only_others_have(*expression)});
}

}  // namespace provphone::client::input
