#pragma once

#include "client/report/live_view.hpp"
#include "client/report/screen_text.hpp"
#include "client/report/timeline.hpp"

#include <string>

// A fleet's run while it lasts, for the person in front of it. Pure: the clock, the terminal and
// the keys are the caller's (cli/watch.cpp).
namespace provphone::client::report {

struct ScreenSize {
  std::size_t columns = 80, rows = 24;
};

struct Look {
  Colour colour = Colour::off;
  Charset charset = Charset::utf8;
};

enum class Shown : std::uint8_t { figures, keys };

// One page that paints over the last one and fills its terminal. 60 by 20 has all that matters;
// more rows and columns have more. A line that is cut off ends with a sign.
std::string format_screen(const LiveView& view, ScreenSize size, Look look,
                          Shown shown = Shown::figures);

}  // namespace provphone::client::report
