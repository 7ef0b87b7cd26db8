#include "client/expect/detail/document_scan.hpp"

#include <algorithm>
#include <string>

namespace provphone::client::expect {
namespace {

constexpr std::uint8_t no_digit = 16;

// What an octet is to the scan.
struct Octet {
  std::uint8_t digit = no_digit;  // its value, of a hexadecimal one
  std::uint8_t breaks = 0;        // so many kinds of tokens, the narrowest first
  bool separates = false;         // digits of an address
};

constexpr std::array<Octet, 256> make_octets() {
  std::array<Octet, 256> octets{};
  for (unsigned value = 0; value < octets.size(); ++value) {
    const char c = static_cast<char>(value);
    auto& octet = octets[value];
    const bool decimal = c >= '0' && c <= '9';
    if (decimal) octet.digit = static_cast<std::uint8_t>(c - '0');
    if (detail::folded(c) >= 'a' && detail::folded(c) <= 'f')
      octet.digit = static_cast<std::uint8_t>(detail::folded(c) - 'a' + 10);
    // What ends a wide token ends the narrower ones within it as well.
    const std::string_view narrow("-_.+~!$*%#"), wide(":@/?\\"), separators(":-._ ");
    octet.separates = separators.find(c) != std::string_view::npos;
    if (detail::is_letter(c) || decimal)
      octet.breaks = 0;
    else if (narrow.find(c) != std::string_view::npos)
      octet.breaks = 1;
    else
      octet.breaks = wide.find(c) != std::string_view::npos ? 2 : 3;
  }
  return octets;
}

constexpr auto octets = make_octets();

const Octet& octet_of(char c) {
  return octets[static_cast<unsigned char>(c)];
}

// `%3A` and `%2D`, behind the sign.
bool is_encoded_separator(std::string_view code) {
  return code == "3A" || code == "3a" || code == "2D" || code == "2d";
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

// The text that markup stands for, as far as the five entities go that every profile may use.
std::string without_entities(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, char>, 5> entities{
      {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};
  std::string plain;
  while (!text.empty()) {
    const auto known = std::find_if(entities.begin(), entities.end(), [&](const auto& entity) {
      return text.starts_with(entity.first);
    });
    plain += known == entities.end() ? text.front() : known->second;
    text.remove_prefix(known == entities.end() ? 1 : known->first.size());
  }
  return plain;
}

}  // namespace

std::vector<Mention> DocumentScan::scan(std::string_view document) {
  std::string_view element;     // the last tag's name
  std::size_t text = SIZE_MAX;  // where the text behind it begins
  for (std::size_t at = 0; at < document.size(); ++at) {
    const char c = document[at];
    take_hex(document, at);
    take_tokens(c);
    if (c == '<') {
      if (text < at) end_text(document.substr(text, at - text), element);
      const auto rest = document.substr(at + 1);
      element = rest.substr(0, rest.find_first_of("> \t\r\n/"));
      text = SIZE_MAX;
    } else if (c == '>') {
      text = at + 1;
    }
  }
  // A document may end in the middle of a token.
  for (auto& token : tokens_) end_token(token);
  return std::move(found_);
}

// Addresses are found in any spelling, and within longer words: sep000e08012345.cnf, 00%3A0E%3A...
void DocumentScan::take_hex(std::string_view document, std::size_t at) {
  const auto& octet = octet_of(document[at]);
  // The sign and its two digits, which are none of the address.
  if (document[at] == '%' && is_encoded_separator(document.substr(at + 1, 2))) skipped_ = 3;
  if (skipped_ > 0) return void(--skipped_);
  if (octet.digit == no_digit) {
    // Two separators in a row are no spelling of an address.
    if (!octet.separates || after_separator_) digits_ = 0;
    after_separator_ = true;
    return;
  }
  after_separator_ = false;
  address_ = ((address_ << 4U) | octet.digit) & 0xffff'ffff'ffffU;
  // Of a longer run of digits every twelve are looked at: an address may stand within it.
  if (++digits_ < 12) return;
  if (const auto* range = identities_.range_of(address_))
    report(range->phone + static_cast<std::uint32_t>(address_ - range->first), Datum::address);
}

void DocumentScan::take_tokens(char c) {
  const auto breaks = octet_of(c).breaks;
  for (std::size_t kind = 0; kind < tokens_.size(); ++kind) {
    if (kind < breaks) {
      end_token(tokens_[kind]);
    } else {
      tokens_[kind].add(c);
    }
  }
}

void DocumentScan::end_token(detail::RunningHash& token) {
  if (token.size() == 0) return;
  // Most tokens are too short or too long to be anybody's, and cost no look-up.
  if (token.size() >= identities_.shortest_ && token.size() <= identities_.longest_)
    look_up(token.value(), Scope::anywhere, {});
  token.restart();
}

void DocumentScan::end_text(std::string_view text, std::string_view element) {
  text = trimmed(text);
  // An entity has six octets at most for one.
  if (text.find('&') != std::string_view::npos && text.size() <= identities_.longest_ * 6) {
    look_up(detail::hash_of(without_entities(text)), Scope::whole_text, element);
  } else if (text.size() >= identities_.shortest_ && text.size() <= identities_.longest_) {
    look_up(detail::hash_of(text), Scope::whole_text, element);
  }
}

void DocumentScan::look_up(std::uint64_t hash, Scope where, std::string_view element) {
  const auto* entry = identities_.find(hash);
  if (entry == nullptr) return;
  const bool counts = entry->scope == Scope::own_element
                          ? where == Scope::whole_text && is_of_family(element, entry->family)
                          : entry->scope == Scope::anywhere || where == Scope::whole_text;
  if (counts) report(entry->owner, entry->datum);
}

bool DocumentScan::is_of_family(std::string_view element, std::uint8_t family) const {
  const auto& beginning = identities_.families_[family];
  return element.size() >= beginning.size() &&
         std::equal(beginning.begin(), beginning.end(), element.begin(),
                    [](char known, char c) { return known == detail::folded(c); });
}

void DocumentScan::report(std::uint32_t owner, Datum datum) {
  // Those of whoever is sent the document do not count, each kind of datum once.
  constexpr std::size_t enough = max_incidents + 4;
  const Mention mention{owner, datum};
  if (found_.size() == enough) return;
  if (std::find(found_.begin(), found_.end(), mention) == found_.end()) found_.push_back(mention);
}

}  // namespace provphone::client::expect
