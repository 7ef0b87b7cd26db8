#include "client/report/live_screen.hpp"

#include "client/report/detail/live_sections.hpp"

#include <algorithm>
#include <array>

namespace provphone::client::report {
namespace {

using detail::Lines;
using detail::Page;
using detail::Section;
using detail::Tone;

struct Place {
  Section section;
  std::size_t least;  // rows without which it is not worth having
  std::size_t usual;  // rows that it gets before others get more
  bool is_apart;      // a blank line before it, where there is room
};

// In the order of the page.
constexpr std::array places{
    Place{detail::heading, 1, 1, false},     Place{detail::warnings, 1, 2, false},
    Place{detail::progress, 3, 3, false},    Place{detail::key_figures, 5, 5, true},
    Place{detail::pace, 1, 1, false},        Place{detail::machine, 1, 1, false},
    Place{detail::expectations, 3, 5, true}, Place{detail::groups, 2, 5, true},
    Place{detail::failures, 2, 4, true},     Place{detail::history, 2, 4, true},
};

// Who gets its least rows first: places by their number above.
constexpr std::array<std::size_t, places.size()> by_rank{0, 1, 2, 3, 6, 8, 9, 4, 7, 5};

using Heights = std::array<std::size_t, places.size()>;

constexpr std::size_t no_limit = 10'000;

Heights wanted_of(const Page& page) {
  Heights wanted{};
  for (std::size_t i = 0; i < places.size(); ++i)
    wanted[i] = places[i].section(page, no_limit).size();
  return wanted;
}

// Rows for each place, one after the other in turns, so that none starves another.
void grow(Heights& heights, const Heights& wanted, std::size_t& room) {
  for (bool has_grown = true; has_grown && room > 0;) {
    has_grown = false;
    for (const auto i : by_rank) {
      if (room == 0 || heights[i] == 0 || heights[i] >= wanted[i]) continue;
      ++heights[i];
      --room;
      has_grown = true;
    }
  }
}

struct Layout {
  Heights heights{};
  std::size_t blanks = 0;  // of the lines before places, from the top
};

Layout layout_of(const Page& page, std::size_t room) {
  Layout layout;
  const auto wanted = wanted_of(page);
  for (const auto i : by_rank) {
    const auto least = std::min(places[i].least, wanted[i]);
    if (least > room) continue;
    layout.heights[i] = least;
    room -= least;
  }
  auto usual = wanted;
  for (std::size_t i = 0; i < places.size(); ++i) usual[i] = std::min(usual[i], places[i].usual);
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (!places[i].is_apart || layout.heights[i] == 0 || room == 0) continue;
    ++layout.blanks;
    --room;
  }
  grow(layout.heights, usual, room);
  grow(layout.heights, wanted, room);
  return layout;
}

Lines figures_page(const Page& page, std::size_t rows) {
  auto [heights, blanks] = layout_of(page, rows);
  Lines lines;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto section = places[i].section(page, heights[i]);
    if (heights[i] == 0 || section.empty()) continue;
    if (places[i].is_apart && blanks > 0) {
      lines.emplace_back();
      --blanks;
    }
    lines.insert(lines.end(), section.begin(), section.end());
  }
  return lines;
}

Lines keys_page(const Page& page) {
  auto lines = detail::heading(page, 1);
  for (const auto* line :
       {"", "   p or blank  pauses, and goes on as if there had been no pause",
        "   g           goes on gently: a tenth of the pace at first, more each second",
        "   + and -     change the pace by a quarter",
        "   q, Ctrl-C   end the run with its result; a second Ctrl-C ends the program",
        "   ? or h      shows the figures again", "",
        "   now         what happened in the last second",
        "   response    from when a retrieval was due to its last octet",
        "   lag         how late this machine was with it; more than the limit is VOID",
        "   +12         so many groups have no room here",
        "   ~ left      if phones are provisioned as fast as in the last 10 s"})
    lines.emplace_back(line);
  return lines;
}

std::string key_line(const Page& page) {
  if (page.view.running == Running::ended) return {};
  const bool is_paused = page.view.running == Running::paused;
  return page.paint(Tone::quiet, is_paused ? " p go on   g go on gently   + - pace   ? keys   q end"
                                           : " p pause   + - pace   ? keys   q end");
}

}  // namespace

std::string format_screen(const LiveView& view, ScreenSize size, Look look, Shown shown) {
  const Page page{view, size, look};
  // The keys are the last line on every screen, however low.
  const auto above = std::max<std::size_t>(size.rows, 1) - 1;
  auto lines = shown == Shown::keys ? keys_page(page) : figures_page(page, above);
  lines.resize(above);
  lines.push_back(key_line(page));
  // Each line clears what it leaves of the one before it; the last one has no end, so that the
  // page does not scroll.
  std::string text = "\x1b[H";
  for (std::size_t i = 0; i < lines.size(); ++i)
    text += (i == 0 ? "" : "\r\n") + clipped(lines[i], size.columns, look.charset) + "\x1b[K";
  return text + "\x1b[J";
}

}  // namespace provphone::client::report
