#pragma once

#include "macro/error.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// The served directory. A path here starts with `/` and has neither empty nor `.` nor `..`
// segments, so that it cannot lead out by itself; links are looked at where a file is opened.
namespace provphone::client::serve {

// The path of an HTTP request target: absolute form accepted, query cut off, percent signs decoded.
// Nothing where the target is malformed or climbs with `..`.
std::optional<std::string> path_of_target(std::string_view target);

// The path that a TFTP file name means, taken as it is; the leading slash may be missing.
std::optional<std::string> path_of_file_name(std::string_view name);

// An open regular file, closed with the object. It can be read while somebody edits it, so a read
// may come up short.
class OpenFile {
 public:
  OpenFile(int descriptor, std::uint64_t size) : descriptor_(descriptor), size_(size) {}
  OpenFile(OpenFile&& other) noexcept;
  OpenFile& operator=(OpenFile&& other) noexcept;
  ~OpenFile();

  std::uint64_t size() const { return size_; }  // when it was opened

  // Whether `size` octets at `offset` could be read. Safe to call again; no position is kept.
  bool read(std::uint64_t offset, char* to, std::size_t size) const;

 private:
  int descriptor_;
  std::uint64_t size_;
};

enum class Stored : std::uint8_t { created, replaced, refused };

// Writes `path` below `folder`, and makes the folders on the way. Follows no link below `folder`.
// `refused` also where the disk is full, which can leave half a file.
Stored store_below(const std::string& folder, std::string_view path, std::string_view content);

class Directory {
 public:
  // Links in `path` itself are followed, once. Fails with unreadable_file.
  static Result<Directory> open(const std::string& path);

  // Nothing where there is no regular file, or where symbolic links lead out of the directory.
  std::optional<OpenFile> find(const std::string& path) const;

  bool takes_uploads() const;  // there is a folder `uploads`

  // Writes below `uploads`, whether the path names that folder or not, and makes the folders on the
  // way. Follows no link.
  Stored store_upload(const std::string& path, std::string_view content) const;

 private:
  explicit Directory(std::string root) : root_(std::move(root)) {}

  std::string root_;  // canonical
};

}  // namespace provphone::client::serve
