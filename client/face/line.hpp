#pragma once

#include "resync/device.hpp"

#include <string_view>

// What a phone's parameters say of one of its lines, which count from 1. Views are of the device's
// parameters.
namespace provphone::client::face {

inline constexpr int most_lines = 16;

// Of `Password_1_`, where `name` is `Password`; empty where the line has no such parameter.
std::string_view line_value(std::string_view name, int line, const resync::Device& device);

// Whom the line logs in as: Auth_ID_n_ where Use_Auth_ID_n_ is Yes, else User_ID_n_ (R-SIP-03).
std::string_view account_of_line(int line, const resync::Device& device);

}  // namespace provphone::client::face
