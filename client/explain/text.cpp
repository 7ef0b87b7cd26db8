#include "client/explain/text.hpp"

#include "client/explain/sentences.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace provphone::client::explain {
namespace {

using Json = nlohmann::ordered_json;
using resync::Time;

constexpr std::string_view indent = "    ";
constexpr std::size_t least_columns = 40;

// What a phone was sent need not be UTF-8. What is none looks as in a trace, which a driver's
// events have not been through.
std::string as_utf8(const std::string& text) {
  return Json::parse(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace))
      .get<std::string>();
}

// Breaks `words` at blanks. A word that is longer than a line stays whole, so that URLs can be
// copied.
std::string wrapped(const std::string& words, std::size_t columns) {
  const auto valid = as_utf8(words);
  std::string_view text = valid;
  std::string out;
  std::size_t used = 0;
  while (!text.empty()) {
    const auto blank = std::min(text.find(' '), text.size());
    const auto word = text.substr(0, blank);
    text.remove_prefix(std::min(blank + 1, text.size()));
    if (used > 0 && used + 1 + word.size() > columns) {
      out += '\n';
      used = 0;
    }
    out += used == 0 ? indent : std::string_view(" ");
    used += (used == 0 ? indent.size() : 1) + word.size();
    out += word;
  }
  return out + '\n';
}

std::string paragraph(const std::vector<std::string>& sentences, std::size_t columns) {
  std::string text;
  for (const auto& sentence : sentences) text.append(text.empty() ? "" : " ").append(sentence);
  return text.empty() ? text : wrapped(text, columns);
}

// `before`: those of the section before, which need not be read again.
std::string remedies_line(const Section& section, const std::vector<std::string>& before,
                          std::size_t columns) {
  const auto& remedies = section.remedies;
  if (remedies.empty()) return {};
  auto text = fmt::format("{}:", section.purpose);
  if (remedies == before) return wrapped(text + " as above.", columns);
  for (std::size_t i = 0; i < remedies.size(); ++i)
    text.append(i == 0 ? " " : "; ").append(remedies[i]);
  if (text.back() != '?') text += '.';
  return wrapped(text, columns);
}

std::string again_line(const std::vector<Time>& again, std::size_t columns) {
  if (again.empty()) return {};
  auto text = fmt::format("The same happened at {}", time_text(again.front()));
  if (again.size() == 2) text += fmt::format(" and {}", time_text(again.back()));
  if (again.size() > 2)
    text += fmt::format(" and {} more times, the last time at {}", again.size() - 1,
                        time_text(again.back()));
  return wrapped(text + ".", columns);
}

std::string heading(const Section& section) {
  const auto clock = section.clock.empty() ? "" : fmt::format(" ({})", date_text(section.clock));
  return fmt::format("{}{}  {}{}\n", time_text(section.at), clock, section.title,
                     section.outcome.empty() ? "" : ": " + section.outcome);
}

std::string section_text(const Section& section, const std::vector<std::string>& before,
                         std::size_t columns) {
  return heading(section) + paragraph(section.sentences, columns) +
         remedies_line(section, before, columns) + again_line(section.again, columns);
}

double seconds(Time time) {
  return static_cast<double>(time.time_since_epoch().count()) / 1000.0;
}

Json section_json(const Section& section) {
  Json json{{"t", seconds(section.at)}, {"title", section.title}};
  if (!section.clock.empty()) json["clock"] = section.clock;
  if (!section.outcome.empty()) json["outcome"] = section.outcome;
  json["sentences"] = section.sentences;
  json["remedies"] = section.remedies;
  for (const auto again : section.again) json["again"].push_back(seconds(again));
  return json;
}

}  // namespace

std::string format_text(const Explanation& explanation, std::size_t columns) {
  columns = std::max(columns, least_columns);
  const auto& span = explanation.span;
  auto text = fmt::format("phone {}, ", format_lower(explanation.phone));
  text += span.from == span.to
              ? fmt::format("at {}\n", time_text(span.to))
              : fmt::format("from {} to {}\n", time_text(span.from), time_text(span.to));
  if (explanation.sections.empty()) text += "\nNothing happened to it in that time.\n";
  std::vector<std::string> before;
  for (const auto& section : explanation.sections) {
    text += "\n" + section_text(section, before, columns);
    before = section.remedies;
  }
  return text + "\n" + section_text(explanation.situation, before, columns);
}

std::string format_json(const Explanation& explanation) {
  Json json{{"phone", format_lower(explanation.phone)},
            {"from", seconds(explanation.span.from)},
            {"to", seconds(explanation.span.to)},
            {"chapters", Json::array()}};
  for (const auto& section : explanation.sections)
    json["chapters"].push_back(section_json(section));
  json["situation"] = section_json(explanation.situation);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace provphone::client::explain
