#pragma once

#include "macro/error.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// Format strings of access logs, and the fields of a line that was written by one.
namespace provphone::client::evidence {

// What of a line is of use here.
enum class AccessField : std::uint8_t {
  other,        // something that is read and not looked at
  address,      // of the client
  forwarded,    // for whom a proxy asks; its first address is the client's
  access_time,  // 27/Nov/2026:10:00:01 +0100
  iso_time,
  unix_time,  // seconds since 1970, perhaps with milliseconds
  request,    // GET /x HTTP/1.1
  method,
  path,
  query,  // with its ?, or empty
  status,
  bytes,
  agent,
  took_s,  // with or without a fraction
  took_ms,
  took_us,
  host,
  scheme,
  subject,  // of the client's certificate
  last = subject,
};
inline constexpr std::size_t access_fields = static_cast<std::size_t>(AccessField::last) + 1;

// Whose the format is: nginx writes a line when a request ends, with that time in it, Apache the
// time at which it began.
enum class AccessLanguage : std::uint8_t { nginx, apache };

struct AccessFormat {
  struct Piece {
    std::string before;  // stands in front of the field
    AccessField field;
    std::string name;  // as the format has it, `$status`
  };
  AccessLanguage language = AccessLanguage::nginx;
  std::vector<Piece> pieces;
  std::string behind;  // stands at the end
  std::string shown;   // for people
};

// A format in nginx's language (`$remote_addr - ...`) or Apache's (`%h %l ...`), told by whether a
// `$` or a `%` stands first; or one of the names `common`, `combined`, `main`, `vhost_combined`.
// Fails with bad_argument for a format without a time or without a request, and where two fields
// have nothing between them.
Result<AccessFormat> parse_access_format(std::string_view text);

// Those that a file is tried with where nobody says the format, the commonest first.
const std::vector<AccessFormat>& known_access_formats();

// Fields as they stand in the line, escapes included; empty: the format has none, or the line `-`.
using AccessFields = std::array<std::string_view, access_fields>;

// False where the line does not fit; `misfit` is then the piece whose field does not end, or that
// stands at another place, or the number of pieces for the end.
bool split_access_line(const AccessFormat& format, std::string_view line, AccessFields& fields,
                       std::size_t& misfit);

}  // namespace provphone::client::evidence
