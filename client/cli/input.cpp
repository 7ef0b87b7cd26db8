#include "client/cli/input.hpp"

#include "profile/decode.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace provphone::client::cli {

Result<std::string> read_file(const std::string& name) {
  const auto cannot_read = [&name](const char* why) {
    return fail(Errc::unreadable_file, fmt::format("cannot read {}: {}", name, why));
  };
  std::error_code ignored;
  if (std::filesystem::is_directory(name, ignored)) return cannot_read("it is a directory");
  std::ifstream file;
  if (name != "-") {
    errno = 0;
    file.open(name, std::ios::binary);
    if (!file) return cannot_read(std::strerror(errno));
  }
  auto& stream = name == "-" ? std::cin : static_cast<std::istream&>(file);
  std::string bytes(profile::max_unpacked_bytes + 1, '\0');
  stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (stream.bad()) return cannot_read(std::strerror(errno));
  bytes.resize(static_cast<std::size_t>(stream.gcount()));
  if (bytes.size() > profile::max_unpacked_bytes)
    return cannot_read("it is larger than any profile may be");
  return bytes;
}

}  // namespace provphone::client::cli
