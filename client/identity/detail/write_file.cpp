#include "client/identity/detail/write_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sys/stat.h>

namespace provphone::client::identity::detail {

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

Result<void> write_file(const std::string& path, std::string_view text, mode_t mode) {
  const auto beside = fmt::format("{}.{}.new", path, ::getpid());
  ::unlink(beside.c_str());
  const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  const bool written = file >= 0 && write_all(file, text);
  const bool closed = file >= 0 && ::close(file) == 0;
  if (!written || !closed || ::rename(beside.c_str(), path.c_str()) != 0) {
    // Before unlink(), which sets errno anew.
    auto failure = fail(Errc::unreadable_file,
                        fmt::format("{}: cannot be written: {}", path, std::strerror(errno)));
    ::unlink(beside.c_str());
    return failure;
  }
  return {};
}

}  // namespace provphone::client::identity::detail
