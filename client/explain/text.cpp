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

// `before`: those of the chapter before, which need not be read again.
std::string remedies_line(const Chapter& chapter, const std::vector<std::string>& before,
                          std::size_t columns) {
  const auto& remedies = chapter.remedies;
  if (remedies.empty()) return {};
  auto text = fmt::format("{}:", chapter.purpose);
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

std::string heading(const Chapter& chapter) {
  const auto clock = chapter.clock.empty() ? "" : fmt::format(" ({})", date_text(chapter.clock));
  return fmt::format("{}{}  {}{}\n", time_text(chapter.at), clock, chapter.title,
                     chapter.outcome.empty() ? "" : ": " + chapter.outcome);
}

std::string chapter_text(const Chapter& chapter, const std::vector<std::string>& before,
                         std::size_t columns) {
  return heading(chapter) + paragraph(chapter.sentences, columns) +
         remedies_line(chapter, before, columns) + again_line(chapter.again, columns);
}

double seconds(Time time) {
  return static_cast<double>(time.time_since_epoch().count()) / 1000.0;
}

Json chapter_json(const Chapter& chapter) {
  Json json{{"t", seconds(chapter.at)}, {"title", chapter.title}};
  if (!chapter.clock.empty()) json["clock"] = chapter.clock;
  if (!chapter.outcome.empty()) json["outcome"] = chapter.outcome;
  json["sentences"] = chapter.sentences;
  json["remedies"] = chapter.remedies;
  for (const auto again : chapter.again) json["again"].push_back(seconds(again));
  return json;
}

}  // namespace

std::string format_text(const Story& story, std::size_t columns) {
  columns = std::max(columns, least_columns);
  const auto& span = story.span;
  auto text = fmt::format("phone {}, ", format_lower(story.phone));
  text += span.from == span.to
              ? fmt::format("at {}\n", time_text(span.to))
              : fmt::format("from {} to {}\n", time_text(span.from), time_text(span.to));
  if (story.chapters.empty()) text += "\nNothing happened to it in that time.\n";
  std::vector<std::string> before;
  for (const auto& chapter : story.chapters) {
    text += "\n" + chapter_text(chapter, before, columns);
    before = chapter.remedies;
  }
  return text + "\n" + chapter_text(story.situation, before, columns);
}

std::string format_json(const Story& story) {
  Json json{{"phone", format_lower(story.phone)},
            {"from", seconds(story.span.from)},
            {"to", seconds(story.span.to)},
            {"chapters", Json::array()}};
  for (const auto& chapter : story.chapters) json["chapters"].push_back(chapter_json(chapter));
  json["situation"] = chapter_json(story.situation);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace provphone::client::explain
