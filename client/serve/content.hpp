#pragma once

#include "client/serve/files.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace provphone::client::serve {

// What an answer consists of: a text, or a file that is read piece by piece while it is sent, and
// closed with this. Moves only.
class Content {
 public:
  Content() = default;
  explicit Content(std::string text) : text_(std::move(text)) {}
  explicit Content(OpenFile file) : file_(std::move(file)) {}

  std::uint64_t size() const { return file_ ? file_->size() : text_.size(); }

  // Whether `size` octets at `offset` could be read: a file may have been cut short meanwhile.
  // Blocks as long as the disk does.
  bool read(std::uint64_t offset, char* to, std::size_t size) const;

 private:
  std::string text_;
  std::optional<OpenFile> file_;
};

}  // namespace provphone::client::serve
