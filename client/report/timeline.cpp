#include "client/report/timeline.hpp"

#include <fmt/format.h>

#include <array>

namespace provphone::client::report {
namespace {

constexpr std::string_view plain = "\x1b[0m";
constexpr std::string_view dim = "\x1b[2m";
constexpr std::string_view green = "\x1b[32m";
constexpr std::string_view red = "\x1b[31m";
constexpr std::string_view yellow = "\x1b[33m";
constexpr std::string_view bold = "\x1b[1m";
// Told apart on light and dark backgrounds; green, yellow and red are kept for outcomes.
constexpr std::array<std::string_view, 4> phone_colours{"\x1b[36m", "\x1b[35m", "\x1b[34m",
                                                        "\x1b[96m"};

std::string_view colour_of(trace::Tone tone) {
  switch (tone) {
    case trace::Tone::minor:
      return dim;
    case trace::Tone::turn:
      return bold;
    case trace::Tone::good:
      return green;
    case trace::Tone::held:
      return yellow;
    case trace::Tone::bad:
      return red;
    case trace::Tone::plain:
      break;
  }
  return plain;
}

}  // namespace

std::string Timeline::head(const trace::TraceEvent& event) {
  const auto seconds = static_cast<double>(event.at.time_since_epoch().count()) / 1000.0;
  const auto label = labels_.find(event.phone);
  const auto who = is_of_server(event.event) ? "server"
                   : label == labels_.end()  ? format_lower(event.phone)
                                             : label->second;
  // By appearance; phones beyond the number of colours share them.
  const auto place = order_.try_emplace(event.phone, order_.size()).first->second;
  if (colour_ == Colour::off) return fmt::format("{:>9.3f} s  {}  ", seconds, who);
  return fmt::format("{}{:>9.3f} s{}  {}{}{}  ", dim, seconds, plain,
                     phone_colours[place % phone_colours.size()], who, plain);
}

// R-MACRO-26: a rule is evaluated again and again, and says the same each time.
void Timeline::add_remarks(const trace::TraceEvent& event) {
  for (const auto& remark : event.facts.rule.remarks) {
    if (!remarks_.emplace(event.rule, remark).second) continue;
    const bool colours = colour_ == Colour::on;
    out_ << head(event) << (colours ? yellow : "") << fmt::format("{}: {}", event.rule, remark)
         << (colours ? plain : "") << '\n';
  }
}

void Timeline::add(const trace::TraceEvent& event) {
  add_remarks(event);
  const auto line = trace::line_of(event);
  if (line.text.empty()) return;
  out_ << head(event);
  if (colour_ == Colour::on) {
    out_ << colour_of(line.tone) << line.text << plain << '\n';
  } else {
    out_ << line.text << '\n';
  }
  // A pass may take minutes, and a line that waits in a buffer tells nobody.
  out_.flush();
}

}  // namespace provphone::client::report
