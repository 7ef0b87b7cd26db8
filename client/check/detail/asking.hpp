#pragma once

#include "client/check/observations.hpp"
#include "resync/plan.hpp"

#include <span>
#include <string>
#include <string_view>

// What an audit asks for besides what rules say. Pure.
namespace provphone::client::check::detail {

// Nobody's, and no guess: it is to be refused.
inline constexpr std::string_view wrong_password = "no-password-of-anybody";
// Beside the phone's file; no phone has it.
inline constexpr std::string_view absent_name = "provphone-check-absent.xml";

// The path with `value` in place of each secret of its query.
std::string with_query_secrets(std::string_view path, std::string_view value);

// `/folder/` of `/folder/name.xml?query`.
std::string folder_of(std::string_view path);

// The path with the MAC address, 12 lower-case digits, in the other case; empty
// where it is not in it, or has no letters.
std::string in_other_case(std::string_view path, std::string_view mac);

// What is the phone's own but for the one thing that the role says.
bool is_phone_itself(ClientRole role);

// GET, RRQ, ...
std::string method_of(const resync::Request& request);

// Addresses that servers are told to trust: of the machine itself and of
// networks within a house.
std::span<const std::string_view> trusted_addresses();

// Whether the server says that it is somebody's address or login that keeps him
// out.
bool keeps_out(const Answer& answer);

}  // namespace provphone::client::check::detail
