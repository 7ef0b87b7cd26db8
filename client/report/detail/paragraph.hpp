#pragma once

#include <string>
#include <string_view>

// Text in lines of a hundred columns: not the terminal's, since the same text goes to files and to
// logs.
namespace provphone::client::report {

// `label` and the text behind it, whose further lines begin below its first. Words are kept whole.
std::string paragraph(std::string_view label, std::string_view text);

}  // namespace provphone::client::report
