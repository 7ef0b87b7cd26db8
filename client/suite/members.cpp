#include "client/suite/members.hpp"

#include "client/input/pattern.hpp"
#include "client/input/tree.hpp"
#include "macro/enum_array.hpp"
#include "macro/try.hpp"
#include "resync/random.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

namespace provphone::client::suite {
namespace {

namespace fs = std::filesystem;

// `provphone run` says so of itself.
constexpr std::uint64_t most_phones_of_run = 1'000;

bool is_part(const fs::path& path) {
  const auto name = path.filename().string();
  return name.starts_with('.') || name.starts_with('_');
}

// A link that leads nowhere is one: its run says what is wrong with it.
bool is_scenario(const fs::directory_entry& entry) {
  const auto extension = entry.path().extension();
  if (extension != ".yaml" && extension != ".yml") return false;
  std::error_code ignored;
  return entry.is_regular_file(ignored) || (entry.is_symlink(ignored) && !entry.exists(ignored));
}

}  // namespace

std::string_view name(Driver driver) {
  constexpr EnumArray<Driver, std::string_view> names{{"run", "fleet", "forecast"}};
  return names[driver];
}

std::optional<Driver> driver_named(std::string_view text) {
  for (const auto driver : every<Driver>) {
    if (name(driver) == text) return driver;
  }
  return std::nullopt;
}

Result<std::vector<std::string>> scenarios_below(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (auto it = fs::recursive_directory_iterator(folder, error);
       !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    if (is_part(it->path())) {
      it.disable_recursion_pending();
    } else if (is_scenario(*it)) {
      files.push_back(it->path().string());
    }
  }
  if (error)
    return fail(Errc::unreadable_file, fmt::format("cannot read {}: {}", folder, error.message()));
  std::sort(files.begin(), files.end());
  return files;
}

Result<std::vector<std::string>> chosen(std::vector<std::string> files, std::size_t folder_length,
                                        const std::string& pattern) {
  if (pattern.empty()) return files;
  const auto parsed = input::parse_pattern(pattern);
  if (!parsed)
    return fail(Errc::bad_argument,
                fmt::format("'{}' is no regular expression{}{}", pattern,
                            parsed.error().detail.empty() ? "" : ": ", parsed.error().detail));
  std::erase_if(files, [&](const std::string& file) {
    return !parsed->is_found_in(
        std::string_view(file).substr(std::min(folder_length, file.size())));
  });
  return files;
}

// Fisher and Yates, with draws that are the same on every machine.
std::vector<std::string> shuffled(std::vector<std::string> files, std::uint64_t seed) {
  for (std::size_t left = files.size(); left > 1; --left)
    std::swap(files[left - 1], files[resync::mix(resync::mix(seed) + left) % left]);
  return files;
}

Driver driver_for(std::string_view yaml, std::uint64_t phones) {
  const auto scenario = input::read_tree(yaml, "");
  if (!scenario) return Driver::run;
  if (find(*scenario, "server") != nullptr) return Driver::forecast;
  return phones > most_phones_of_run ? Driver::fleet : Driver::run;
}

}  // namespace provphone::client::suite
