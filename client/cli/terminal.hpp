#pragma once

namespace provphone::client::cli {

// The width of the terminal behind standard output; 80 where there is none.
int terminal_columns();

}  // namespace provphone::client::cli
