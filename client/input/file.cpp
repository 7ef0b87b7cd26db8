#include "client/input/file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace provphone::client::input {
namespace {

// Fills `bytes`, and cuts it to what was there.
bool read_into(std::string& bytes, std::istream& stream) {
  stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(stream.gcount()));
  return !stream.bad();
}

}  // namespace

Result<std::string> read_file(const std::string& name, std::size_t limit) {
  const auto cannot_read = [&name](std::string_view why) {
    return fail(Errc::unreadable_file, fmt::format("cannot read {}: {}", name, why));
  };
  std::error_code ignored;
  // A stream opens a folder without complaint and fails only at the first read.
  if (std::filesystem::is_directory(name, ignored)) return cannot_read("it is a directory");
  // One octet more than is allowed: a pipe has no size to ask for, so what comes out of it is
  // measured.
  std::string bytes(limit + 1, '\0');
  errno = 0;
  if (name == "-") {
    if (!read_into(bytes, std::cin)) return cannot_read(std::strerror(errno));
  } else {
    std::ifstream file(name, std::ios::binary);
    if (!file || !read_into(bytes, file)) return cannot_read(std::strerror(errno));
  }
  if (bytes.size() > limit) return cannot_read(fmt::format("larger than {} octets", limit));
  return bytes;
}

}  // namespace provphone::client::input
