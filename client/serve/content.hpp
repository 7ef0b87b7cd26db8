#pragma once

#include "client/serve/files.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

namespace provphone::client::serve {

// Octets that are nowhere: each is 1, which no text has.
struct FilledFile {
  std::uint64_t size = 0;
};

// What an answer consists of: a text, octets that are made while they are sent, or a file that is
// read piece by piece then, and closed with this. Moves only.
class Content {
 public:
  Content() = default;
  explicit Content(std::string text) : source_(std::move(text)) {}
  explicit Content(OpenFile file) : source_(std::move(file)) {}
  explicit Content(FilledFile file) : source_(file) {}

  std::uint64_t size() const;

  // Whether `size` octets at `offset` could be read: a file may have been cut short meanwhile.
  // Blocks as long as the disk does.
  bool read(std::uint64_t offset, char* to, std::size_t size) const;

 private:
  std::variant<std::string, FilledFile, OpenFile> source_;
};

}  // namespace provphone::client::serve
