#include "client/evidence/syslog_lines.hpp"

#include "client/evidence/who.hpp"
#include "macro/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provphone::client::evidence {
namespace {

std::string_view first_word(std::string_view text) {
  return text.substr(0, text.find(' '));
}

std::string_view behind_word(std::string_view text) {
  const auto blank = text.find(' ');
  return blank == std::string_view::npos ? std::string_view{}
                                         : text.substr(ascii::skip_space(text, blank));
}

// Takes `<134>` off; `version` then says whether `1 ` follows, as RFC 5424 has it.
std::string_view without_priority(std::string_view line) {
  if (!line.starts_with('<')) return line;
  const auto close = line.find('>');
  const auto digits = ascii::run_length(line, 1, ascii::is_digit);
  return close == digits + 1 && digits > 0 && digits <= 3 ? line.substr(close + 1) : line;
}

std::string_view none_if_dash(std::string_view word) {
  return word == "-" ? std::string_view{} : word;
}

// `HOST APP PROC MSGID SD TEXT` behind the time.
SyslogHead head_of_5424(const Stamp& time, std::string_view text) {
  SyslogHead head{time, {}, {}, {}, text};
  head.host = none_if_dash(first_word(text));
  text = behind_word(text);
  head.program = none_if_dash(first_word(text));
  text = behind_word(behind_word(behind_word(text)));
  if (text.starts_with('[')) {
    // Structured data ends at a bracket that no backslash escapes and a blank follows.
    const auto close = text.find("] ");
    text = close == std::string_view::npos ? std::string_view{} : text.substr(close + 2);
  } else {
    text = behind_word(text);
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  head.rest = text;
  return head;
}

// `dnsmasq-tftp[25066]:`, `in.tftpd:`; nothing of a word that is no such tag.
std::optional<std::string_view> program_of(std::string_view word) {
  if (!word.ends_with(':') || word.size() < 2) return std::nullopt;
  word.remove_suffix(1);
  const auto bracket = word.find('[');
  const auto name = word.substr(0, bracket);
  const bool is_name = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return ascii::is_alnum(c) || c == '-' || c == '_' || c == '.' || c == '/';
  });
  return is_name ? std::optional(name) : std::nullopt;
}

// What phones call themselves by at the beginning of their messages.
bool is_product(std::string_view word) {
  constexpr std::string_view beginnings[] = {"CP-", "DP-", "SPA", "ATA1", "PAP2", "Cisco-"};
  return std::any_of(std::begin(beginnings), std::end(beginnings),
                     [&](std::string_view each) { return word.starts_with(each); });
}

bool is_pair(std::string_view word) {
  return word.size() == 2 && ascii::hex_value(word[0]) >= 0 && ascii::hex_value(word[1]) >= 0;
}

bool begins_with_five_pairs(std::string_view text) {
  constexpr std::size_t length = 14;
  if (text.size() < length) return false;
  for (std::size_t i = 0; i < length; ++i)
    if (i % 3 == 2 ? text[i] != ':' : ascii::hex_value(text[i]) < 0) return false;
  return true;
}

// Programs whose lines hold requests.
bool serves_tftp(std::string_view program) {
  return program.find("tftp") != std::string_view::npos;
}

bool serves_web(std::string_view program) {
  return program == "nginx" || program == "apache2" || program == "apache" || program == "httpd";
}

}  // namespace

std::optional<SyslogHead> read_syslog_head(std::string_view line) {
  auto text = without_priority(line);
  const bool has_priority = text.size() != line.size();
  const bool is_5424 = has_priority && text.starts_with("1 ");
  if (is_5424) text.remove_prefix(2);
  auto time = parse_iso_stamp(text);
  if (!time) time = parse_syslog_stamp(text);
  if (!time || time->length >= text.size() || text[time->length] != ' ') return std::nullopt;
  const auto behind = text.substr(ascii::skip_space(text, time->length));
  if (is_5424) return head_of_5424(*time, behind);
  SyslogHead head{*time, {}, {}, behind, behind};
  // A program that writes its own file has no host in front of its name.
  if (const auto program = program_of(first_word(behind))) {
    head.program = *program;
    head.rest = behind_word(behind);
    return head;
  }
  head.host = first_word(behind);
  head.rest = behind_word(behind);
  if (const auto program = program_of(first_word(head.rest)); program && !is_pair(*program)) {
    head.program = *program;
    head.rest = behind_word(head.rest);
  }
  return head;
}

// A phone's message, from whatever became of its beginning on the way. A phone sends neither host
// nor tag, so that a syslog server takes the first words of its text for them: `CP-8841-3PCC
// 00:0e:...` is filed as host, tag `00:` and ` 0e:...`.
bool SyslogLines::read_message(const SyslogHead& head, Sighting& seen) {
  const bool is_torn = is_product(head.host) &&
                       (is_pair(head.program) ||
                        (head.program.empty() && head.rest.size() > 3 &&
                         is_pair(head.rest.substr(0, 2)) && head.rest.substr(2, 2) == ": "));
  if (is_torn) {
    const auto pair = head.program.empty() ? head.rest.substr(0, 2) : head.program;
    const auto rest = head.program.empty() ? head.rest.substr(4) : head.rest;
    if (!begins_with_five_pairs(rest)) return false;
    text_ = fmt::format("{} {}:{}", head.host, pair, rest);
    seen.text = text_;
  } else if (is_product(head.host) && head.program.empty()) {
    seen.text = head.behind_time;
  } else {
    seen.text = head.rest;
    seen.phone = mac_in(head.host);
    if (!seen.phone) seen.address = head.host;
    if (!seen.phone) seen.phone = mac_in(head.program);
  }
  constexpr std::size_t beginning = 80;
  const auto start = seen.text.substr(0, beginning);
  if (!seen.phone) seen.phone = mac_in(start);
  return seen.phone.has_value() || is_product(first_word(start));
}

// Errors of web servers come under the same name.
LineSays SyslogLines::read_access(std::string_view line, const TakeSighting& take) {
  if (!access_) {
    AccessFields fields;
    std::size_t misfit = 0;
    const auto& known = known_access_formats();
    const auto format = std::find_if(known.begin(), known.end(), [&](const AccessFormat& each) {
      return split_access_line(each, line, fields, misfit);
    });
    if (format == known.end()) return LineSays::nothing;
    access_.emplace(*format, clock_);
  }
  const auto says = access_->read(line, take);
  return says == LineSays::misfit ? LineSays::nothing : says;
}

LineSays SyslogLines::read(std::string_view line, const TakeSighting& take) {
  const auto head = read_syslog_head(line);
  if (!head) return LineSays::misfit;
  const auto at = clock_.instant_of(head->time);
  if (serves_tftp(head->program)) {
    root_.learn(head->rest);
    auto request = read_tftp_message(head->rest);
    if (!request) return LineSays::nothing;
    request->at = at;
    request->path = root_.asked_for(request->path);
    take(*request);
    return LineSays::sighting;
  }
  if (serves_web(head->program)) return read_access(head->rest, take);
  Sighting seen;
  seen.at = at;
  if (!read_message(*head, seen)) return LineSays::nothing;
  take(seen);
  return LineSays::sighting;
}

std::string SyslogLines::expected() const {
  return "a time in front, as syslog writes it: `Nov 27 10:00:01`, `2026-11-27T10:00:01Z` or "
         "`<134>1 2026-11-27T10:00:01Z`";
}

}  // namespace provphone::client::evidence
