#include "profile/xml.hpp"

#include "macro/ascii.hpp"
#include "profile/alias_map.hpp"
#include "profile/detail/change_list.hpp"
#include "profile/name_standing.hpp"
#include "profile/reference.hpp"
#include "profile/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace provphone::profile {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr std::string_view report_tag_of_dumps = "Report_To_Server";
constexpr std::string_view report_tag_of_guide = "Report_to_Server";

// What a parameter costs at least in a file, for a first guess at how many a file holds.
constexpr std::size_t octets_per_parameter = 48;

// A piece of an element's text as it stands in the file.
struct Piece {
  std::string_view raw;
  bool is_cdata;
};

bool is_white(char c) {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

// Takes the white space off the outer ends of what the pieces make together: a comment in a value
// does not keep the blanks round it (R-XML-11).
void trim(std::vector<Piece>& pieces) {
  for (auto& [raw, is_cdata] : pieces) {
    while (!raw.empty() && is_white(raw.front())) raw.remove_prefix(1);
    if (!raw.empty()) break;
  }
  for (auto piece = pieces.rbegin(); piece != pieces.rend(); ++piece) {
    while (!piece->raw.empty() && is_white(piece->raw.back())) piece->raw.remove_suffix(1);
    if (!piece->raw.empty()) break;
  }
}

// Whether it stands for something else than itself. Longer than memchr() for one character, and
// shorter than that for each.
bool is_to_be_read(std::string_view raw) {
  return std::any_of(raw.begin(), raw.end(),
                     [](char c) { return c == '&' || c == '\n' || c == '\r'; });
}

// R-XML-13: CR LF, LF and CR end a line, and each line end is one blank.
std::string join_lines(std::string_view raw) {
  std::string line;
  line.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const bool cr_of_pair = raw[i] == '\r' && raw.substr(i + 1).starts_with('\n');
    if (!cr_of_pair) line.push_back(raw[i] == '\r' || raw[i] == '\n' ? ' ' : raw[i]);
  }
  return line;
}

void append_piece(std::string& value, const Piece& piece) {
  if (!is_to_be_read(piece.raw)) {
    value.append(piece.raw);
  } else if (piece.is_cdata) {
    value.append(join_lines(piece.raw));
  } else {
    append_resolved(value, join_lines(piece.raw));
  }
}

// R-XML-11 to R-XML-15 and R-XML-26. References come last, so that &#32; outlives the trimming,
// &#10; stays a line end and &quot;&quot; stays two characters.
std::string read_value(std::vector<Piece>& pieces, std::string_view when_empty) {
  trim(pieces);
  std::string value;
  std::size_t raw_size = 0;
  for (const auto& piece : pieces) {
    append_piece(value, piece);
    raw_size += piece.raw.size();
  }
  if (raw_size == 0) return std::string(when_empty);
  if (raw_size == 2 && value == "\"\"") value.clear();
  return value;
}

std::optional<Access> parse_access(std::string_view text) {
  for (const Access access : {Access::none, Access::read_only, Access::read_write}) {
    if (name(access) == text) return access;
  }
  return std::nullopt;
}

// What the attributes of a parameter's element ask for.
struct Attributes {
  std::optional<Access> access;
  bool preserves_value = false;
  Setter by = Setter::profile;
};

// An attribute's value. Hardly any holds a reference, and `resolved` is for those.
std::string_view text_of(std::string_view raw, std::string& resolved) {
  if (raw.find('&') == std::string_view::npos) return raw;
  resolved.clear();
  append_resolved(resolved, raw);
  return resolved;
}

// Phones print these into their own configuration and take no notice of them on the way back.
bool means_nothing(std::string_view attribute) {
  return attribute == "group" || attribute == "um";
}

// An element that is open.
struct Level {
  std::string_view name;
  std::size_t path_size;          // of the path to the element around it
  std::optional<ParameterId> id;  // where the element stands for a parameter
  bool in_profile;                // whether it is a child of flat-profile
  bool in_parameter;              // where nothing counts any more
  bool has_children = false;
};

enum class Closing { end_tag, self };

// Follows the marks of one file. Whether an element holds a value shows when it ends or when an
// element begins inside it, whichever comes first.
class ElementReader {
 public:
  ElementReader(std::string_view text, const DecodeOptions& options, AliasMap aliases)
      : markup_(text),
        options_(options),
        aliases_(std::move(aliases.entries)),
        ignored_(options.ignored == IgnoredTold::not_at_all ? std::vector<Ignored>()
                                                            : std::move(aliases.ignored)),
        changes_(std::min(text.size() / octets_per_parameter, max_xml_elements)) {}

  tl::expected<Decoded, XmlFailure> read() {
    while (true) {
      switch (const auto mark = markup_.next()) {
        case Mark::start_tag:
          open();
          break;
        case Mark::end_tag:
          close(Closing::end_tag);
          break;
        case Mark::empty_tag:
          open();
          close(Closing::self);
          break;
        case Mark::text:
        case Mark::cdata:
          if (in_leaf_) pieces_.push_back({markup_.raw(), mark == Mark::cdata});
          break;
        case Mark::end:
          return taken();
        case Mark::fault:
          return tl::make_unexpected(fail());
      }
    }
  }

 private:
  Decoded taken() { return {{Layer::xml}, changes_.take(), std::move(ignored_)}; }

  // R-XML-10: the element that the fault is in counts in no case, for it has not ended.
  XmlFailure fail() {
    const bool all_or_nothing = options_.malformed == MalformedProfile::nothing;
    return {markup_.fault(), all_or_nothing ? Decoded{} : taken()};
  }

  // R-XML-23.
  bool is_tag_known(std::string_view name) const {
    return options_.report_tag == ReportTag::both ||
           name !=
               (options_.report_tag == ReportTag::dump ? report_tag_of_guide : report_tag_of_dumps);
  }

  // R-XML-36: to a phone another product's parameter is no parameter.
  std::optional<ParameterId> find_own(std::string_view name) const {
    const auto id = find_parameter(name);
    const bool is_lacking =
        id && options_.reader && presence(*id, *options_.reader) == Presence::lacks;
    return is_lacking ? std::nullopt : id;
  }

  std::string why_unknown(std::string_view name) const {
    auto text = remark_on_name(name, options_.reader).text;
    // R-XML-23: a tag that is_tag_known() rules out.
    return text.empty() ? "this phone reads another spelling of it" : text;
  }

  void open() {
    const auto name = markup_.name();
    Level level{name, path_.size(), std::nullopt, false, false};
    if (!levels_.empty()) {
      auto& around = levels_.back();
      // The element around turns out to be no leaf; what it held so far was no value.
      if (!around.has_children) find_children_in(around);
      level.in_profile = around.name == profile_element;
      level.in_parameter = around.in_parameter || around.id;
    }
    if (level.in_profile && !level.in_parameter && is_tag_known(name)) {
      level.id = find_own(name);
    }
    // Only aliases look at paths.
    if (!aliases_.empty()) path_.append("/").append(name);
    levels_.push_back(level);
    pieces_.clear();
    in_leaf_ = true;
  }

  void find_children_in(Level& level) {
    level.has_children = true;
    if (level.in_parameter) return;
    const auto refuse = [&](ParameterId) {
      ignore(level.name, [] { return "it holds elements where a value is due"; });
    };
    const bool mapped = each_alias(refuse);
    if (level.id) {
      refuse(*level.id);
    } else if (!mapped && level.in_profile && level.name != profile_element) {
      ignore(level.name, [&] { return why_unknown(level.name); });
    }
  }

  void close(Closing closing) {
    const auto& level = levels_.back();
    if (!level.has_children && !level.in_parameter) close_leaf(level, closing);
    path_.resize(level.path_size);
    levels_.pop_back();
    in_leaf_ = false;
  }

  // Elements around a flat-profile are no mistake; a parameter left outside may be one.
  void close_leaf(const Level& level, Closing closing) {
    const bool mapped = each_alias([&](ParameterId id) { take(id, level, closing); });
    if (level.id) {
      take(*level.id, level, closing);
    } else if (!mapped && level.name != profile_element) {
      ignore(level.name, [&] {
        return level.in_profile ? why_unknown(level.name) : std::string("outside flat-profile");
      });
    }
  }

  // R-XML-21: what the alias map makes of the element at hand. Says whether it knows it.
  template <class Use>
  bool each_alias(const Use& use) {
    bool mapped = false;
    for (const auto& [suffix, target] : aliases_) {
      if (!std::string_view(path_).ends_with(suffix)) continue;
      use(target);
      mapped = true;
    }
    return mapped;
  }

  void take(ParameterId id, const Level& level, Closing closing) {
    auto [access, preserves_value, by] = take_attributes(level);
    std::optional<std::string> value;
    if (!preserves_value) value = stated_value(id, closing, access);
    if (value) {
      // R-XML-18: the whole element counts for nothing, its access right too.
      if (const auto refusal = refusal_of(id, *value, options_.values))
        return ignore(level.name, [&] { return *refusal; });
    }
    if (!access && options_.access_when_absent == AccessWhenAbsent::factory) {
      access = Access::factory;
    }
    if (value || access) changes_.add({id, std::move(value), access, by});
  }

  // Those of the last start tag, which is this element's as long as it is a leaf.
  Attributes take_attributes(const Level& level) {
    Attributes taken;
    std::string resolved;
    for (const auto& [name, raw] : markup_.attributes()) {
      if (name == "ua") {
        take_access(level, text_of(raw, resolved), taken);
      } else if (name == "preserve-value" && knows(options_.preserve_value)) {
        taken.preserves_value = is_yes(level, name, text_of(raw, resolved));
      } else if (name == "user-pref" && knows(options_.user_pref)) {
        if (is_yes(level, name, text_of(raw, resolved))) taken.by = Setter::preference;
      } else if (!means_nothing(name)) {
        ignore_attribute(level, name, "no attribute this phone knows");
      }
    }
    return taken;
  }

  static bool knows(AttributeReading reading) { return reading == AttributeReading::read; }

  // R-XML-34: the guides have preserve-value in either place.
  void take_access(const Level& level, std::string_view text, Attributes& taken) {
    taken.access = parse_access(text);
    if (taken.access) return;
    if (text == "preserve-value" && knows(options_.preserve_value)) {
      taken.preserves_value = true;
    } else {
      ignore_attribute(level, "ua", "none of na, ro and rw");
    }
  }

  bool is_yes(const Level& level, std::string_view attribute, std::string_view text) {
    if (text != "y" && text != "n") ignore_attribute(level, attribute, "neither y nor n");
    return text == "y";
  }

  // R-XML-16: `<X/>` may leave the value alone; `<X></X>` never does.
  std::optional<std::string> stated_value(ParameterId id, Closing closing,
                                          std::optional<Access> access) {
    const bool kept =
        options_.self_closed == SelfClosed::keeps_value || access == Access::read_write;
    if (closing == Closing::self && kept) return std::nullopt;
    return read_value(pieces_, stated_by_nothing(id));
  }

  // R-XML-25.
  std::string_view stated_by_nothing(ParameterId id) const {
    const auto& factory = options_.restored_by_empty;
    return factory ? (*factory)[id] : std::string_view();
  }

  // R-XML-22: the reports on a file full of attributes would take ten times its room.
  template <class Why>
  void ignore(std::string_view name, const Why& why) {
    if (options_.ignored == IgnoredTold::not_at_all || ignored_.size() >= max_ignored) return;
    ignored_.push_back({std::string(name), {}});
    if (options_.ignored == IgnoredTold::in_words) ignored_.back().why = why();
  }

  void ignore_attribute(const Level& level, std::string_view attribute, std::string_view why) {
    if (options_.ignored == IgnoredTold::not_at_all) return;
    ignore(fmt::format("{}@{}", level.name, attribute), [&] { return std::string(why); });
  }

  MarkupReader markup_;
  const DecodeOptions& options_;
  std::vector<AliasMap::Entry> aliases_;
  std::vector<Ignored> ignored_;
  ChangeList changes_;
  std::string path_;  // of the element at hand; kept only where aliases need it
  std::vector<Level> levels_;
  std::vector<Piece> pieces_;  // of the value at hand
  bool in_leaf_ = false;       // whether text is part of a value so far
};

}  // namespace

std::string_view without_byte_order_mark(std::string_view text) {
  return text.starts_with(byte_order_mark) ? text.substr(byte_order_mark.size()) : text;
}

bool looks_like_markup(std::string_view bytes) {
  const auto text = without_byte_order_mark(bytes);
  const auto first = text.find_first_not_of(ascii::white_space);
  return first != std::string_view::npos && text[first] == '<';
}

tl::expected<Decoded, XmlFailure> locate_xml(std::string_view text, const DecodeOptions& options) {
  return ElementReader(without_byte_order_mark(text), options, parse_alias_map(options.alias_map))
      .read();
}

Result<Decoded> parse_xml(std::string_view text, const DecodeOptions& options) {
  auto decoded = locate_xml(text, options);
  if (!decoded) return tl::make_unexpected(std::move(decoded.error().fault.error));
  return *std::move(decoded);
}

}  // namespace provphone::profile
