#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What browsers send.
namespace provphone::client::face {

// Percent signs and `+` decoded. A percent sign that no two hexadecimal digits follow stands for
// itself: people type these URLs.
std::string decoded_query(std::string_view text);

// The fields of a body of application/x-www-form-urlencoded, in their order.
std::vector<std::pair<std::string, std::string>> fields_of(std::string_view body);

}  // namespace provphone::client::face
