#include "client/input/csv.hpp"

#include "macro/ascii.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>

namespace provphone::client::input {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr char quote = '"';

bool continues(std::string_view text, std::size_t at, unsigned char least, unsigned char most) {
  if (at >= text.size()) return false;
  const auto octet = static_cast<unsigned char>(text[at]);
  return octet >= least && octet <= most;
}

// Octets of the UTF-8 character there, which is no ASCII; 0 where it is none (RFC 3629, 4).
std::size_t character_at(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  const std::size_t length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (length == 0 || first > 0xf4) return 0;
  const unsigned char least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
  const unsigned char most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
  if (!continues(text, at + 1, least, most)) return 0;
  for (std::size_t i = 2; i < length; ++i)
    if (!continues(text, at + i, 0x80, 0xbf)) return 0;
  return length;
}

// The first octet that is a NUL or of no UTF-8 character; nothing where all is well.
std::optional<std::size_t> first_broken(std::string_view text) {
  constexpr std::uint64_t high_bits = 0x8080808080808080, low_bits = 0x0101010101010101;
  for (std::size_t at = 0; at < text.size();) {
    // Eight octets of ASCII at once: none has its highest bit, none is 0.
    if (std::uint64_t eight = 0; text.size() - at >= sizeof eight) {
      std::memcpy(&eight, text.data() + at, sizeof eight);
      if (((eight | (eight - low_bits)) & high_bits) == 0) {
        at += sizeof eight;
        continue;
      }
    }
    const auto octet = static_cast<unsigned char>(text[at]);
    const auto length = octet == 0 ? 0 : octet < 0x80 ? 1 : character_at(text, at);
    if (length == 0) return at;
    at += length;
  }
  return std::nullopt;
}

bool is_line_end(char c) {
  return c == '\n' || c == '\r';
}

// Of the header's line, outside of quotes. Where there are as many of each: the comma.
char separator_of(std::string_view text) {
  std::map<char, std::size_t> counts{{',', 0}, {';', 0}, {'\t', 0}};
  bool is_quoted = false;
  for (const char c : text) {
    if (c == quote) is_quoted = !is_quoted;
    if (is_quoted) continue;
    if (is_line_end(c)) break;
    if (const auto count = counts.find(c); count != counts.end()) ++count->second;
  }
  char most = ',';
  for (const auto& [separator, count] : counts)
    if (count > counts[most]) most = separator;
  return most;
}

}  // namespace

CsvReader::CsvReader(std::string_view text, std::string_view name)
    : text_(text), source_(std::make_shared<const std::string>(name)) {}

Place CsvReader::place(std::size_t at) const {
  int line = 1;
  std::size_t begin = text_.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
  for (std::size_t i = begin; i < at; ++i) {
    const bool ends =
        text_[i] == '\n' || (text_[i] == '\r' && (i + 1 == text_.size() || text_[i + 1] != '\n'));
    if (!ends) continue;
    ++line;
    begin = i + 1;
  }
  int column = 1;
  for (std::size_t i = begin; i < at; ++i)
    if ((static_cast<unsigned char>(text_[i]) & 0xc0U) != 0x80U) ++column;
  return {source_, line, column};
}

Result<CsvReader> CsvReader::open(std::string_view text, std::string_view name) {
  CsvReader reader(text, name);
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff"))
    return fail_at(reader.place(0), "this is UTF-16; export it as UTF-8");
  if (const auto broken = first_broken(text)) {
    const auto octet = static_cast<unsigned char>(text[*broken]);
    return fail_at(
        reader.place(*broken),
        octet == 0 ? "a NUL, which no table has"
                   : fmt::format("the octet {:02x} is no UTF-8; export the table as UTF-8", octet));
  }
  if (text.starts_with(byte_order_mark)) reader.at_ = byte_order_mark.size();
  TRY(reader.read_header());
  return reader;
}

Result<void> CsvReader::read_header() {
  // Excel's way to say it.
  const auto rest = text_.substr(at_);
  const bool says_so =
      rest.starts_with("sep=") && rest.size() > 5 && (rest[5] == '\r' || rest[5] == '\n');
  if (says_so) {
    separator_ = rest[4];
    at_ += 5;
  }
  while (at_ < text_.size() && (is_line_end(text_[at_]) || text_[at_] == ' ')) ++at_;
  if (!says_so) separator_ = separator_of(text_.substr(at_));
  TRY(read_record(header_));
  while (!header_.empty() && header_.back().text.empty()) header_.pop_back();
  if (header_.empty()) return fail_at(place(at_), "expected a line with the names of columns");
  std::map<std::string_view, std::size_t> known;
  for (std::size_t i = 0; i < header_.size(); ++i) {
    names_.emplace_back(header_[i].text);
    if (header_[i].text.empty()) continue;
    const auto [earlier, is_new] = known.try_emplace(header_[i].text, i + 1);
    if (!is_new)
      return fail_at(place(header_[i].at),
                     fmt::format("column {} for the second time; the first is number {}",
                                 quoted(names_.back()), earlier->second));
  }
  return {};
}

Result<bool> CsvReader::next(std::vector<CsvField>& row) {
  while (at_ < text_.size()) {
    TRY(read_record(row));
    const bool is_blank =
        std::all_of(row.begin(), row.end(), [](const auto& field) { return field.text.empty(); });
    if (is_blank) continue;
    TRY(check_width(row));
    return true;
  }
  return false;
}

// Spreadsheets export columns that nobody has filled, and leave out none that has a name.
Result<void> CsvReader::check_width(std::vector<CsvField>& row) const {
  const auto header = place(header_.front().at).line;
  if (row.size() < names_.size())
    return fail_at(place(row.back().at), fmt::format("expected {} fields as line {} has, found {}",
                                                     names_.size(), header, row.size()));
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i].text.empty() || (i < names_.size() && !names_[i].empty())) continue;
    return fail_at(place(row[i].at),
                   i < names_.size() ? fmt::format("{} in column {}, which has no name in line {}",
                                                   quoted(row[i].text), i + 1, header)
                                     : fmt::format("expected {} fields as line {} has, found {}",
                                                   names_.size(), header, row.size()));
  }
  row.resize(names_.size());
  return {};
}

bool CsvReader::at_line_end() const {
  return at_ >= text_.size() || is_line_end(text_[at_]);
}

void CsvReader::skip_blanks() {
  while (at_ < text_.size() && separator_ != text_[at_] &&
         (text_[at_] == ' ' || text_[at_] == '\t'))
    ++at_;
}

std::size_t CsvReader::end_of_plain(std::size_t from) const {
  while (from < text_.size() && text_[from] != separator_ && !is_line_end(text_[from])) ++from;
  return from;
}

// One line, or several where quotes go over them.
Result<void> CsvReader::read_record(std::vector<CsvField>& row) {
  row.clear();
  unquoted_.clear();
  for (;;) {
    TRY(read_field(row));
    if (at_line_end()) break;
    ++at_;  // the separator
  }
  if (text_.substr(at_).starts_with("\r\n")) ++at_;
  if (at_ < text_.size()) ++at_;
  return {};
}

Result<void> CsvReader::read_field(std::vector<CsvField>& row) {
  skip_blanks();
  const auto begin = at_;
  if (at_ < text_.size() && text_[at_] == quote) {
    TRY(row.emplace_back(), read_quoted(begin));
    return {};
  }
  // A quote in the middle is a character like others: `5" screen`.
  at_ = end_of_plain(at_);
  row.push_back({ascii::trimmed(text_.substr(begin, at_ - begin)), begin});
  return {};
}

Result<CsvField> CsvReader::read_quoted(std::size_t begin) {
  std::string* doubled = nullptr;
  for (auto from = begin + 1;;) {
    const auto end = text_.find(quote, from);
    if (end == std::string_view::npos)
      return fail_at(place(begin), "the quote that begins here is never closed");
    const bool is_doubled = end + 1 < text_.size() && text_[end + 1] == quote;
    if (is_doubled && doubled == nullptr) doubled = &unquoted_.emplace_back();
    if (doubled != nullptr) doubled->append(text_.substr(from, end - from + (is_doubled ? 1 : 0)));
    from = end + 2;
    if (is_doubled) continue;
    at_ = end + 1;
    skip_blanks();
    if (!at_line_end() && text_[at_] != separator_)
      return fail_at(place(at_), "expected the end of the field behind its closing quote");
    return CsvField{
        doubled != nullptr ? std::string_view(*doubled) : text_.substr(begin + 1, end - begin - 1),
        begin};
  }
}

}  // namespace provphone::client::input
