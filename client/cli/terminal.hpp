#pragma once

#include "client/cli/options.hpp"
#include "client/report/live_screen.hpp"
#include "macro/error.hpp"

#include <string>
#include <string_view>

// The terminal as it is at the moment: people resize their windows.
namespace provphone::client::cli {

// The width of the terminal behind standard output, or behind a descriptor; 80 where there is none.
int terminal_columns();
int terminal_columns(int descriptor);

// Lines as they are to be written there: on a terminal broken at blanks, and what goes on stands
// further right.
std::string broken_for(int descriptor, std::string_view text);

// What the locale says that the terminal has characters for: LC_ALL, LC_CTYPE or LANG, the first of
// them that is set.
report::Charset terminal_charset();

// Its size; 80 by 24 where there is none.
report::ScreenSize terminal_size();

// Whether there is a terminal behind that descriptor on which a line can be written over: TERM is
// not `dumb`.
bool can_draw(int descriptor);

// `--color`, which must outlive the command.
Option colour_option(std::string& when);

// Whether standard output gets colours: what --color says; else it does where it can be drawn on
// and NO_COLOR is not set. Fails with bad_argument.
Result<report::Colour> colour_of(std::string_view when);

}  // namespace provphone::client::cli
