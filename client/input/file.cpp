#include "client/input/file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace provphone::client::input {
namespace {

constexpr std::size_t usual_room = std::size_t{64} << 10;

// Appends what is there, up to `most` octets in all. Room grows with what came, behind the first:
// most files are small, and a pipe has no size to ask for.
bool read_into(std::string& bytes, std::istream& stream, std::size_t most,
               std::size_t first_room = usual_room) {
  std::size_t used = 0;
  while (stream && used < most) {
    bytes.resize(std::min(most, std::max(first_room, 2 * used)));
    stream.read(bytes.data() + used, static_cast<std::streamsize>(bytes.size() - used));
    used += static_cast<std::size_t>(stream.gcount());
  }
  bytes.resize(used);
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
  std::string bytes;
  errno = 0;
  // One octet more than is allowed, to see that there is more.
  if (name == "-") {
    if (!read_into(bytes, std::cin, limit + 1)) return cannot_read(std::strerror(errno));
  } else {
    // Of what is too large nothing is read, and what is large gets its room at once.
    auto size = std::filesystem::file_size(name, ignored);
    if (ignored) size = 0;
    if (size > limit) return cannot_read(fmt::format("larger than {} octets", limit));
    std::ifstream file(name, std::ios::binary);
    if (!file || !read_into(bytes, file, limit + 1, std::max<std::size_t>(usual_room, size + 1)))
      return cannot_read(std::strerror(errno));
  }
  if (bytes.size() > limit) return cannot_read(fmt::format("larger than {} octets", limit));
  return bytes;
}

}  // namespace provphone::client::input
