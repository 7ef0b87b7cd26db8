#pragma once

#include "client/evidence/access_format.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace provphone::client::evidence {

enum class LogKind : std::uint8_t {
  access,
  access_json,
  syslog,
  record,   // of `serve --record`
  trace,    // of `--trace`
  capture,  // `tshark -T json`
};

// As a sentence calls a file of it.
std::string_view name(LogKind kind);

struct KnownLog {
  LogKind kind = LogKind::access;
  AccessFormat format{};  // of LogKind::access
};

// What a file is, by its first lines: what most of them fit. Nothing where none fits anything.
std::optional<KnownLog> kind_of_log(const std::vector<std::string>& first_lines);

}  // namespace provphone::client::evidence
