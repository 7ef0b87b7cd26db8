#pragma once

#include "client/cli/exit.hpp"
#include "macro/error.hpp"

#include <string_view>

// What a person is told when something is wrong. Standard output is for results alone.
namespace provphone::client::cli {

// Prints `provphone: ...` as one line to standard error; control characters become blanks.
void complain(std::string_view text);

// Complains, and returns wrong_usage for errors of stage input, failed for all others.
Exit complain(const Error& error);

// Complains and returns wrong_usage, whatever the stage: the error is in what a person handed over.
Exit refuse_usage(const Error& error);

}  // namespace provphone::client::cli
