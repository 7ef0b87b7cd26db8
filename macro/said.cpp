#include "macro/said.hpp"

#include "macro/ascii.hpp"
#include "macro/hide.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace provphone::macro {
namespace {

using std::string_view;

// --- characters

constexpr bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

// One character of a text; nothing where its first octet begins none.
struct Character {
  char32_t code = 0;
  std::size_t octets = 1;
};

std::optional<Character> character_of(string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x80U) return Character{first, 1};
  const std::size_t octets = first >= 0xF0U ? 4 : first >= 0xE0U ? 3 : 2;
  if (first < 0xC2U || first > 0xF4U || text.size() < octets) return std::nullopt;
  char32_t code = first & (0xFFU >> (octets + 1));
  for (std::size_t i = 1; i < octets; ++i) {
    if (!is_continuation(text[i])) return std::nullopt;
    code = (code << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < least[octets] || is_surrogate || code > 0x10FFFF) return std::nullopt;
  return Character{code, octets};
}

struct Range {
  char32_t first, last;
};

// Controls, and what turns the direction of writing or takes no room.
constexpr std::array<Range, 9> unseen{{{0x00, 0x1F},
                                       {0x7F, 0x9F},
                                       {0xAD, 0xAD},
                                       {0x61C, 0x61C},
                                       {0x200B, 0x200F},
                                       {0x2028, 0x202E},
                                       {0x2060, 0x206F},
                                       {0xFEFF, 0xFEFF},
                                       {0xE0000, 0xE007F}}};

bool is_seen(char32_t code) {
  return std::none_of(unseen.begin(), unseen.end(), [code](const Range& range) {
    return code >= range.first && code <= range.last;
  });
}

std::string escaped(string_view octets) {
  constexpr string_view digits = "0123456789abcdef";
  std::string out;
  for (const auto c : octets) {
    const auto octet = static_cast<unsigned char>(c);
    out.append("\\x").append({digits[octet >> 4U], digits[octet & 0xFU]});
  }
  return out;
}

// As far as it is shown. No escape is cut in the middle.
std::string shown(string_view text) {
  constexpr string_view ellipsis = "\xE2\x80\xA6";
  std::string out;
  std::size_t characters = 0;
  std::size_t fits = 0;  // octets of `out` that leave room for the ellipsis
  while (!text.empty()) {
    const auto character = character_of(text);
    const auto piece = text.substr(0, character ? character->octets : 1);
    text.remove_prefix(piece.size());
    const bool is_plain = character && is_seen(character->code);
    out += is_plain ? std::string(piece) : escaped(piece);
    characters += is_plain ? 1 : 4 * piece.size();
    if (characters < most_said) fits = out.size();
    if (characters > most_said) return out.substr(0, fits).append(ellipsis);
  }
  return out;
}

constexpr bool is_blank(char c) {
  return ascii::is_space(c) || c == '\v' || c == '\f';
}

std::string folded(string_view text) {
  std::string out;
  for (const auto c : text) {
    if (!is_blank(c))
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

// --- markup

struct Entity {
  string_view name;
  char character;
};

constexpr std::array<Entity, 5> entities{
    {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}}};

std::string with_entities_decoded(string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto* const known =
        std::find_if(entities.begin(), entities.end(),
                     [&](const Entity& entity) { return text.starts_with(entity.name); });
    const bool is_entity = known != entities.end();
    out += is_entity ? known->character : text.front();
    text.remove_prefix(is_entity ? known->name.size() : 1);
  }
  return out;
}

bool begins_tag(string_view text) {
  if (text.size() < 2 || text.front() != '<') return false;
  return ascii::is_alpha(text[1]) || text[1] == '/' || text[1] == '!' || text[1] == '?';
}

// A page or a document, as against a text that has a `<` in it.
bool is_markup(string_view text) {
  if (begins_tag(ascii::trimmed(text))) return true;
  for (auto at = text.find("</"); at != string_view::npos; at = text.find("</", at + 1)) {
    if (at + 2 < text.size() && ascii::is_alpha(text[at + 2])) return true;
  }
  return false;
}

// Of a tag, in lower case; empty for a comment and the like.
std::string name_of_tag(string_view tag) {
  tag.remove_prefix(tag.starts_with("</") ? 2 : 1);
  return ascii::lowered(tag.substr(0, ascii::run_length(tag, 0, ascii::is_alnum)));
}

// Words go on across these.
bool is_within_words(string_view name) {
  constexpr std::array<string_view, 14> names{"a",    "abbr",   "b",   "code", "em",
                                              "font", "i",      "kbd", "mark", "small",
                                              "span", "strong", "tt",  "u"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Takes markup apart, piece by piece; what is not closed goes to the end.
class TextOfMarkup {
 public:
  explicit TextOfMarkup(string_view markup) : rest_(markup) {}

  std::string read() {
    while (!rest_.empty()) {
      if (rest_.starts_with("<!--"))
        take_through("-->");
      else if (rest_.starts_with("<![CDATA["))
        keep_through("]]>");
      else if (begins_tag(rest_))
        take_tag();
      else
        keep(1);
    }
    end_piece();
    return std::move(text_);
  }

 private:
  void keep(std::size_t size) {
    piece_.append(rest_.substr(0, size));
    rest_.remove_prefix(size);
  }
  string_view take_through(string_view end) {
    const auto at = rest_.find(end);
    const auto taken = rest_.substr(0, at == string_view::npos ? at : at + end.size());
    rest_.remove_prefix(taken.size());
    return taken;
  }
  void keep_through(string_view end) {
    constexpr string_view begin = "<![CDATA[";
    auto taken = take_through(end);
    taken.remove_prefix(begin.size());
    if (taken.ends_with(end)) taken.remove_suffix(end.size());
    piece_ += taken;
  }
  void take_tag() {
    const auto tag = take_through(">");
    const bool closes = tag.starts_with("</");
    const auto name = name_of_tag(tag);
    if (is_within_words(name)) return;
    end_piece();
    if (name == "title" && closes) title_ = last_;
    const bool is_unread = !closes && (name == "script" || name == "style");
    if (is_unread) skip_to_end_of(name);
  }
  void skip_to_end_of(string_view name) {
    while (!rest_.empty()) {
      take_through("</");
      if (ascii::starts_with_ignoring_case(rest_.substr(0, name.size()), name) &&
          rest_.size() >= name.size())
        break;
    }
    take_through(">");
  }
  // A page that says its title again has said it.
  void end_piece() {
    auto piece = folded(with_entities_decoded(piece_));
    piece_.clear();
    if (piece.empty() || (!title_.empty() && piece == title_)) return;
    if (!text_.empty()) text_ += ' ';
    text_ += piece;
    last_ = std::move(piece);
  }

  string_view rest_;
  std::string piece_, text_, last_, title_;
};

// --- all of it

// At most so many octets, and no character cut in the middle.
string_view beginning_of(string_view text, std::size_t octets) {
  if (text.size() <= octets) return text;
  constexpr std::size_t longest_character = 4;
  const auto least = octets - longest_character;
  auto end = octets;
  while (end > least && is_continuation(text[end])) --end;
  // Four in a row continue no character, and may as well be cut.
  return text.substr(0, end == least ? octets : end);
}

string_view without_mark(string_view text) {
  constexpr string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  return text;
}

bool is_no_parameter(string_view /*name*/) {
  return false;
}

}  // namespace

// Names and values lose each other when tags go, and may only become such when entities do: secrets
// are looked for before and after. What no reader will see need not be looked at a second time.
std::string said_in(string_view body) {
  if (body.empty()) return {};
  auto text = hide_named_secrets(without_mark(beginning_of(body, most_heard)));
  text = is_markup(text) ? TextOfMarkup(text).read() : folded(text);
  constexpr std::size_t most_octets = 4 * most_said + 256;
  text.resize(beginning_of(text, most_octets).size());
  return shown(hide_named_secrets(hide_secrets(text, is_no_parameter)));
}

}  // namespace provphone::macro
