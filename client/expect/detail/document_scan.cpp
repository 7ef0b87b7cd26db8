#include "client/expect/detail/document_scan.hpp"

#include "client/expect/detail/text_hash.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <utility>

namespace provphone::client::expect {
namespace {

constexpr std::uint8_t no_digit = 16;
constexpr std::size_t digits_of_address = 12;

// Those of whoever is sent the document do not count, each kind of datum once.
constexpr std::size_t enough = max_incidents + 4;

// Of how many kinds of tokens an octet is the end, the narrowest first: `8`, `user-8` and
// `user-8@example.net`.
constexpr std::array<std::uint8_t, 256> make_breaks() {
  std::array<std::uint8_t, 256> breaks{};
  constexpr std::string_view narrow("-_.+~!$*%#"), wide(":@/?\\");
  for (unsigned value = 0; value < breaks.size(); ++value) {
    const char c = static_cast<char>(value);
    const bool is_inside = detail::is_letter(c) || (c >= '0' && c <= '9');
    // What ends a wide token ends the narrower ones within it as well.
    if (is_inside)
      breaks[value] = 0;
    else if (narrow.find(c) != std::string_view::npos)
      breaks[value] = 1;
    else
      breaks[value] = wide.find(c) != std::string_view::npos ? 2 : 3;
  }
  return breaks;
}

// What an octet is to the search for addresses.
struct HexOctet {
  std::uint8_t digit = no_digit;  // its value, of a hexadecimal one
  bool separates = false;         // digits of an address
  bool belongs = false;           // to some spelling of an address
};

constexpr std::array<HexOctet, 256> make_hex() {
  std::array<HexOctet, 256> hex{};
  for (unsigned value = 0; value < hex.size(); ++value) {
    const char c = detail::folded(static_cast<char>(value));
    auto& octet = hex[value];
    if (c >= '0' && c <= '9') octet.digit = static_cast<std::uint8_t>(c - '0');
    if (c >= 'a' && c <= 'f') octet.digit = static_cast<std::uint8_t>(c - 'a' + 10);
    octet.separates = std::string_view(":-._ ").find(c) != std::string_view::npos;
    octet.belongs = octet.digit != no_digit || octet.separates || c == '%';
  }
  return hex;
}

constexpr auto breaks = make_breaks();
constexpr auto hex = make_hex();

std::uint8_t breaks_of(char c) {
  return breaks[static_cast<unsigned char>(c)];
}

const HexOctet& hex_of(char c) {
  return hex[static_cast<unsigned char>(c)];
}

// `%3A` and `%2D`, behind the sign.
bool is_encoded_separator(std::string_view code) {
  return code == "3A" || code == "3a" || code == "2D" || code == "2d";
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
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

constexpr std::size_t nowhere = SIZE_MAX;

// The name of the tag whose `<` is there.
std::string_view element_at(std::string_view document, std::size_t at) {
  if (at == nowhere) return {};
  auto end = at + 1;
  while (end < document.size() && document[end] != '>' && document[end] != '/' &&
         !is_blank(document[end]))
    ++end;
  return document.substr(at + 1, end - at - 1);
}

}  // namespace

std::vector<Mention> DocumentScan::scan() {
  find_addresses();
  find_texts();
  std::vector<Find> all;
  std::merge(addresses_.begin(), addresses_.end(), texts_.begin(), texts_.end(),
             std::back_inserter(all), [](const Find& a, const Find& b) { return a.at < b.at; });
  std::vector<Mention> mentions;
  for (std::size_t i = 0; i < std::min(all.size(), enough); ++i) mentions.push_back(all[i].mention);
  return mentions;
}

// Addresses are found in any spelling, and within longer words: sep000e08012345.cnf, 00%3A0E%3A...
// No spelling is shorter than its digits, so that the last octet of so many shows whether the first
// ones are worth a look.
void DocumentScan::find_addresses() {
  if (identities_.addresses_.empty()) return;
  std::size_t at = 0;  // behind an octet that belongs to no address, or at the beginning
  while (at + digits_of_address <= document_.size()) {
    auto begin = at + digits_of_address;
    if (!hex_of(document_[begin - 1]).belongs) {
      at = begin;
      continue;
    }
    auto end = begin;
    while (begin > at && hex_of(document_[begin - 1]).belongs) --begin;
    while (end < document_.size() && hex_of(document_[end]).belongs) ++end;
    if (end - begin >= digits_of_address) find_address_in(begin, end);
    at = end;
  }
}

void DocumentScan::find_address_in(std::size_t begin, std::size_t end) {
  std::uint64_t address = 0;     // the last twelve digits
  std::size_t digits = 0;        // in a row, with separators between them
  bool after_separator = false;  // the last octet was one
  for (auto at = begin; at < end; ++at) {
    const auto& octet = hex_of(document_[at]);
    if (document_[at] == '%' && is_encoded_separator(document_.substr(at + 1, 2))) {
      at += 2;  // with its two digits, which are none of the address
      continue;
    }
    if (octet.digit == no_digit) {
      // Two separators in a row are no spelling of an address.
      if (!octet.separates || after_separator) digits = 0;
      after_separator = true;
      continue;
    }
    after_separator = false;
    address = ((address << 4U) | octet.digit) & 0xffff'ffff'ffffU;
    // Of a longer run of digits every twelve are looked at: an address may stand within it.
    if (++digits < digits_of_address) continue;
    if (const auto* range = identities_.range_of(address))
      report(addresses_,
             {at,
              {range->phone + static_cast<std::uint32_t>(address - range->first), Datum::address}});
  }
}

void DocumentScan::find_texts() {
  const auto document = document_;  // a copy that no call can change is quicker to read
  // Most tokens are too short or too long to be anybody's.
  const auto shortest = identities_.shortest_, longest = identities_.longest_;
  const auto take = [&](std::size_t begin, std::size_t end) {
    if (end - begin >= shortest && end - begin <= longest)
      look_up(document.substr(begin, end - begin), Scope::anywhere, nowhere, end);
  };
  std::size_t tag = nowhere;                     // where the last one begins
  std::size_t text = nowhere;                    // where the text behind it begins
  std::size_t narrow = 0, middle = 0, wide = 0;  // where the tokens at hand begin
  for (std::size_t at = 0;; ++at) {
    while (at < document.size() && breaks_of(document[at]) == 0) ++at;
    // A document may end in the middle of a token.
    const bool is_end = at == document.size();
    const auto ended = is_end ? 3 : breaks_of(document[at]);
    take(narrow, at);
    const auto inner = std::exchange(narrow, at + 1);
    if (ended == 1) continue;
    // A wider token that is no longer is the same one.
    if (middle != inner) take(middle, at);
    if (ended > 2 && wide != middle) take(wide, at);
    middle = at + 1;
    if (ended == 2) continue;
    wide = at + 1;
    if (is_end) return;
    if (document[at] == '<') {
      if (text < at) take_text(text, at, tag);
      tag = at;
      text = nowhere;
    } else if (document[at] == '>') {
      text = at + 1;
    }
  }
}

void DocumentScan::take_text(std::size_t begin, std::size_t end, std::size_t tag) {
  const auto text = trimmed(document_.substr(begin, end - begin));
  // An entity has six octets at most for one.
  if (text.size() < identities_.shortest_ || text.size() > identities_.longest_ * 6) return;
  if (text.find('&') != std::string_view::npos)
    look_up(without_entities(text), Scope::whole_text, tag, end);
  else
    look_up(text, Scope::whole_text, tag, end);
}

void DocumentScan::look_up(std::string_view text, Scope where, std::size_t tag, std::size_t at) {
  if (!identities_.may_know(text)) return;
  const auto known = identities_.find(detail::folded_hash(text));
  if (!known) return;
  const bool counts =
      known->scope == Scope::own_element
          ? where == Scope::whole_text && is_of_family(element_at(document_, tag), known->family)
          : known->scope == Scope::anywhere || where == Scope::whole_text;
  if (counts) report(texts_, {at, {known->owner, known->datum}});
}

bool DocumentScan::is_of_family(std::string_view element, std::uint8_t family) const {
  const auto& beginning = identities_.families_[family];
  return element.size() >= beginning.size() &&
         std::equal(beginning.begin(), beginning.end(), element.begin(),
                    [](char known, char c) { return known == detail::folded(c); });
}

void DocumentScan::report(std::vector<Find>& finds, Find find) {
  if (finds.size() == enough) return;
  const bool is_new = std::none_of(
      finds.begin(), finds.end(), [&](const Find& known) { return known.mention == find.mention; });
  if (is_new) finds.push_back(find);
}

}  // namespace provphone::client::expect
