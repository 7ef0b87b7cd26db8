#pragma once

#include "client/report/live_history.hpp"
#include "client/report/live_screen.hpp"

#include <string>
#include <string_view>
#include <vector>

// What a live screen is put together from. Each section makes lines that may be wider than the
// page, which clips them.
namespace provphone::client::report::detail {

enum class Tone : std::uint8_t { plain, quiet, strong, calm, good, warning, bad, last = bad };

struct Page {
  const LiveView& view;
  ScreenSize size;
  Look look;

  std::string paint(Tone tone, std::string_view text) const;
  // The first line of a section.
  std::string headed(std::string_view title, const std::string& rest) const;
  std::string fit(std::string_view text, std::size_t columns) const {
    return fitted(text, columns, look.charset);
  }
};

// Of the labels at the left, blanks on both sides included.
inline constexpr std::size_t label_columns = 13;

using Lines = std::vector<std::string>;

// A section has at most `rows` lines, and fewer where it has no more to say; 0 rows are none.
using Section = Lines (*)(const Page& page, std::size_t rows);

Lines heading(const Page& page, std::size_t rows);
// What takes the run's word away, first in a line that fits 60 columns; workers that are silent;
// data of other phones. Mostly nothing.
Lines warnings(const Page& page, std::size_t rows);
Lines progress(const Page& page, std::size_t rows);
Lines key_figures(const Page& page, std::size_t rows);
Lines pace(const Page& page, std::size_t rows);
Lines machine(const Page& page, std::size_t rows);
// The headings of these three say how many are left out.
Lines expectations(const Page& page, std::size_t rows);
Lines groups(const Page& page, std::size_t rows);
Lines failures(const Page& page, std::size_t rows);
// Charts, higher ones where there are more rows.
Lines history(const Page& page, std::size_t rows);

// 7s, 2m 03s, 1h 02m 03s.
std::string whole_seconds_text(resync::Duration duration);

// `1 234` or `0.7`, a second.
std::string rate_text(double rate);

}  // namespace provphone::client::report::detail
