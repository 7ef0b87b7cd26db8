#include "client/identity/cache_folder.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <sys/stat.h>
#include <tuple>
#include <vector>

namespace provphone::client::identity {
namespace {

namespace fs = std::filesystem;

std::string_view environment(const char* name) {
  const char* const value = std::getenv(name);
  return value != nullptr ? value : "";
}

struct KeptFile {
  fs::file_time_type used;
  fs::path path;
  std::uintmax_t octets;
};

std::vector<KeptFile> files_in(const std::string& folder, const std::string& ending) {
  std::vector<KeptFile> files;
  std::error_code error;
  for (fs::directory_iterator each(folder, error), end; !error && each != end;
       each.increment(error)) {
    // Somebody else may take it away meanwhile.
    std::error_code gone;
    const auto used = each->last_write_time(gone);
    const auto octets = each->file_size(gone);
    if (!gone && each->path().native().ends_with(ending))
      files.push_back({used, each->path(), octets});
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) {
    return std::tie(a.used, a.path) < std::tie(b.used, b.path);
  });
  return files;
}

}  // namespace

std::string usual_cache_folder() {
  const auto given = environment("PROVPHONE_CACHE");
  if (!given.empty()) return given == "off" ? std::string() : std::string(given);
  // What is no absolute path does not count, as the specification of these folders has it.
  if (const auto caches = environment("XDG_CACHE_HOME"); caches.starts_with('/'))
    return fmt::format("{}/provphone", caches);
  const auto home = environment("HOME");
  return home.starts_with('/') ? fmt::format("{}/.cache/provphone", home) : std::string();
}

Result<void> make_private_folder(const std::string& folder) {
  std::error_code error;
  const auto above = fs::path(folder).parent_path();
  if (!above.empty()) fs::create_directories(above, error);
  constexpr mode_t owner_alone = 0700, others_write = 0022;
  if (::mkdir(folder.c_str(), owner_alone) != 0 && errno != EEXIST)
    return fail(Errc::unreadable_file,
                fmt::format("{}: cannot be made: {}", folder, std::strerror(errno)));
  struct stat found {};
  if (::stat(folder.c_str(), &found) != 0 || !S_ISDIR(found.st_mode))
    return fail(Errc::unreadable_file, fmt::format("{}: is no folder", folder));
  if (found.st_uid != ::geteuid() || (found.st_mode & others_write) != 0)
    return fail(Errc::unreadable_file,
                fmt::format("{}: others may write there, and keys are not kept", folder));
  return {};
}

void take_oldest_away(const std::string& folder, const std::string& ending, const MostKept& most) {
  const auto files = files_in(folder, ending);
  auto left = files.size();
  std::uintmax_t octets = 0;
  for (const auto& file : files) octets += file.octets;
  for (const auto& file : files) {
    if (left <= most.files && octets <= most.octets) return;
    std::error_code ignored;
    fs::remove(file.path, ignored);
    --left;
    octets -= file.octets;
  }
}

}  // namespace provphone::client::identity
