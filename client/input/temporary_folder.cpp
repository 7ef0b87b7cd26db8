#include "client/input/temporary_folder.hpp"

#include <fmt/core.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

namespace provphone::client::input {

namespace fs = std::filesystem;

namespace {

tl::unexpected<Error> no_folder(const std::string& where, const std::string& why) {
  return fail(
      Errc::unreadable_file,
      fmt::format("no temporary folder could be made in {}: {}; TMPDIR may name another place",
                  where, why));
}

}  // namespace

Result<TemporaryFolder> TemporaryFolder::make(const std::string& purpose) {
  std::error_code error;
  const auto where = fs::temp_directory_path(error);
  if (error) {
    const char* const named = std::getenv("TMPDIR");
    return no_folder(named != nullptr ? named : "/tmp", error.message());
  }
  auto path = (where / ("provphone-" + purpose + "-XXXXXX")).string();
  if (mkdtemp(path.data()) == nullptr)
    return no_folder(where.string(), std::generic_category().message(errno));
  return TemporaryFolder(std::move(path));
}

TemporaryFolder::TemporaryFolder(TemporaryFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

}  // namespace provphone::client::input
