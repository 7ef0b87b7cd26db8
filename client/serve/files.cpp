#include "client/serve/files.hpp"

#include "macro/ascii.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <sys/stat.h>
#include <utility>

namespace provphone::client::serve {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view upload_folder = "/uploads";

std::optional<std::string> decode_percent(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const auto high = ascii::hex_value(text[i + 1]);
    const auto low = ascii::hex_value(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

// A NUL would end the name for the system, where it has not ended for us. Climbing is refused
// rather than resolved: no phone needs it.
std::optional<std::string> normalised(std::string_view path) {
  if (path.find('\0') != std::string_view::npos) return std::nullopt;
  std::string result;
  while (!path.empty()) {
    const auto slash = std::min(path.find('/'), path.size());
    const auto segment = path.substr(0, slash);
    path.remove_prefix(std::min(slash + 1, path.size()));
    if (segment == "..") return std::nullopt;
    if (!segment.empty() && segment != ".") result.append("/").append(segment);
  }
  return result.empty() ? "/" : result;
}

// `http://host/path` as clients say it to proxies; a server has to accept it too.
std::string_view without_authority(std::string_view target) {
  const auto scheme_end = target.find("://");
  if (target.empty() || target.front() == '/' || scheme_end == std::string_view::npos) {
    return target;
  }
  const auto slash = target.find('/', scheme_end + 3);
  return slash == std::string_view::npos ? "/" : target.substr(slash);
}

bool is_below(const std::string& root, const std::string& path) {
  // Behind the root there has to be a slash: /srv/files is not below /srv/file.
  return path.size() > root.size() && path.compare(0, root.size(), root) == 0 &&
         (root == "/" || path[root.size()] == '/');
}

bool is_plain_folder(const std::string& path) {
  std::error_code error;
  return fs::symlink_status(path, error).type() == fs::file_type::directory;
}

// Makes the folders that lead from `folder` to the last segment of `relative`. False where
// something else is in the way.
bool make_folders(std::string folder, std::string_view relative) {
  for (auto slash = relative.find('/', 1); slash != std::string_view::npos;
       slash = relative.find('/', 1)) {
    folder.append(relative.substr(0, slash));
    relative.remove_prefix(slash);
    // A link to a folder is in the way as well: is_plain_folder() does not follow it.
    if (::mkdir(folder.c_str(), 0755) != 0 && !is_plain_folder(folder)) return false;
  }
  return true;
}

bool write_all(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const auto written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

std::optional<std::string> path_of_target(std::string_view target) {
  target = without_authority(target);
  if (target.empty() || target.front() != '/') return std::nullopt;
  // The query is cut off before percent signs are decoded: `%3F` is part of a name.
  const auto decoded = decode_percent(target.substr(0, target.find_first_of("?#")));
  return decoded ? normalised(*decoded) : std::nullopt;
}

std::optional<std::string> path_of_file_name(std::string_view name) {
  return normalised(name);
}

OpenFile::OpenFile(OpenFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_) {}

OpenFile& OpenFile::operator=(OpenFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(size_, other.size_);
  return *this;
}

OpenFile::~OpenFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool OpenFile::read(std::uint64_t offset, char* to, std::size_t size) const {
  while (size > 0) {
    const auto got = ::pread(descriptor_, to, size, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    to += got;
    offset += static_cast<std::uint64_t>(got);
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

Result<Directory> Directory::open(const std::string& path) {
  std::error_code error;
  const auto canonical = fs::canonical(path, error);
  if (!error && !fs::is_directory(canonical, error) && !error) {
    error = std::make_error_code(std::errc::not_a_directory);
  }
  if (error) return fail(Errc::unreadable_file, fmt::format("{}: {}", path, error.message()));
  return Directory(canonical.string());
}

std::optional<OpenFile> Directory::find(const std::string& path) const {
  std::error_code error;
  const auto canonical = fs::canonical(root_ + path, error).string();
  if (error || !is_below(root_, canonical)) return std::nullopt;
  // The kind is looked at before the file is opened, because opening a device can have effects of
  // its own.
  struct stat before {};
  if (::lstat(canonical.c_str(), &before) != 0 || !S_ISREG(before.st_mode)) return std::nullopt;
  // Whoever swaps the file in between for a link or a FIFO gets an error, and no server that hangs.
  const int descriptor = ::open(canonical.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (descriptor < 0) return std::nullopt;
  struct stat status {};
  if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(descriptor);
    return std::nullopt;
  }
  return OpenFile(descriptor, static_cast<std::uint64_t>(status.st_size));
}

bool Directory::takes_uploads() const {
  return is_plain_folder(root_ + std::string(upload_folder));
}

Stored Directory::store_upload(const std::string& path, std::string_view content) const {
  std::string_view relative = path;
  if (is_below(std::string(upload_folder), path)) relative.remove_prefix(upload_folder.size());
  if (relative == upload_folder || !takes_uploads()) return Stored::refused;
  return store_below(root_ + std::string(upload_folder), relative, content);
}

Stored store_below(const std::string& folder, std::string_view path, std::string_view content) {
  if (path == "/" || !make_folders(folder, path)) return Stored::refused;
  const auto target = folder + std::string(path);
  struct stat before {};
  const bool there = ::lstat(target.c_str(), &before) == 0;
  if (there && !S_ISREG(before.st_mode)) return Stored::refused;
  const int descriptor =
      ::open(target.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
  if (descriptor < 0) return Stored::refused;
  const bool written = write_all(descriptor, content);
  ::close(descriptor);
  if (!written) return Stored::refused;
  return there ? Stored::replaced : Stored::created;
}

}  // namespace provphone::client::serve
