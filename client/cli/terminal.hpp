#pragma once

#include "client/report/live_screen.hpp"

// The terminal as it is at the moment: people resize their windows.
namespace provphone::client::cli {

// The width of the terminal behind standard output; 80 where there is none.
int terminal_columns();

// Its size; 80 by 24 where there is none.
report::ScreenSize terminal_size();

}  // namespace provphone::client::cli
