#include "profile/plain_text.hpp"

#include "profile/detail/change_list.hpp"
#include "profile/name_standing.hpp"
#include "profile/value.hpp"
#include "profile/xml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace provphone::profile {
namespace {

constexpr std::size_t octets_per_statement = 32;  // about; for a first guess at how many there are

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// What ends a name.
bool is_delimiter(char c) {
  return is_blank(c) || c == '"' || c == '!' || c == '?' || c == ';' || c == '#';
}

// One `Name [?|!] ["value"] ;`.
struct Statement {
  std::string_view label;
  Access access = Access::none;
  std::optional<std::string_view> value;
};

class StatementReader {
 public:
  StatementReader(std::string_view text, const ValueRules& rules)
      : text_(text),
        rules_(rules),
        changes_(std::min(text.size() / octets_per_statement, parameter_count())) {}

  Result<Decoded> read() {
    while (skip_blanks(), at_ < text_.size()) {
      const auto statement = read_statement();
      if (!statement) return tl::make_unexpected(statement.error());
      take(*statement);
    }
    return Decoded{{Layer::plain_text}, changes_.take(), std::move(ignored_)};
  }

  // A whole statement and not just a name: most texts begin with a word.
  bool begins_with_statement() {
    skip_blanks();
    return at_ < text_.size() && read_statement().has_value();
  }

 private:
  Result<Statement> read_statement() {
    Statement statement;
    const auto start = at_;
    while (at_ < text_.size() && !is_delimiter(text_[at_])) ++at_;
    statement.label = text_.substr(start, at_ - start);
    if (statement.label.empty()) return refuse(start, "a parameter's name is due");
    // R-TEXT-06.
    if (statement.label == "import") {
      return refuse(start, "import: files are not followed; put their lines here");
    }
    skip_blanks();
    if (next_is('!') || next_is('?')) {
      statement.access = text_[at_] == '!' ? Access::read_write : Access::read_only;
      ++at_;
      skip_blanks();
    }
    if (next_is('"')) {
      const auto end = text_.find_first_of("\"\n", at_ + 1);
      if (end == std::string_view::npos || text_[end] == '\n') {
        return refuse(at_, "a value whose closing quote is not on its line");
      }
      statement.value = text_.substr(at_ + 1, end - at_ - 1);
      at_ = end + 1;
      skip_blanks();
    }
    if (!next_is(';')) return refuse(at_, "; is due, to end what began", start);
    ++at_;
    return statement;
  }

  bool next_is(char c) const { return at_ < text_.size() && text_[at_] == c; }

  // R-TEXT-04: a comment reaches to the end of its line.
  void skip_blanks() {
    while (at_ < text_.size() && (is_blank(text_[at_]) || text_[at_] == '#')) {
      at_ = text_[at_] == '#' ? std::min(text_.find('\n', at_), text_.size()) : at_ + 1;
    }
  }

  // R-TEXT-01 to R-TEXT-03, R-TEXT-05.
  void take(const Statement& statement) {
    const auto id = find_parameter(element_name(statement.label));
    if (!id) return ignore(statement, remark_on_name(element_name(statement.label)).text);
    std::optional<std::string> value;
    if (statement.value) {
      auto accepted = accept_value(*id, std::string(*statement.value), rules_);
      if (!accepted) return ignore(statement, std::move(accepted.error()));
      value = *std::move(accepted);
    }
    changes_.add({*id, std::move(value), statement.access});
  }

  void ignore(const Statement& statement, std::string why) {
    ignored_.push_back({std::string(statement.label), std::move(why)});
  }

  tl::unexpected<Error> refuse(std::size_t offset, std::string_view cause,
                               std::optional<std::size_t> began = std::nullopt) const {
    const auto [line, column] = position_at(text_, offset);
    auto detail = fmt::format("line {}, column {}: {}", line, column, cause);
    if (began) detail += fmt::format(" on line {}", position_at(text_, *began).line);
    return fail(Errc::not_a_profile, std::move(detail));
  }

  std::string_view text_;
  const ValueRules& rules_;
  std::size_t at_ = 0;
  ChangeList changes_;
  std::vector<Ignored> ignored_;
};

}  // namespace

Result<Decoded> parse_plain_text(std::string_view text, const ValueRules& rules) {
  if (text.size() > max_file_bytes) {
    return fail(Errc::body_too_large, fmt::format("more than {} octets", max_file_bytes));
  }
  return StatementReader(without_byte_order_mark(text), rules).read();
}

bool looks_like_plain_text(std::string_view text) {
  return StatementReader(without_byte_order_mark(text), {}).begins_with_statement();
}

}  // namespace provphone::profile
