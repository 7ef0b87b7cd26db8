#pragma once

#include "client/evidence/seen.hpp"
#include "macro/error.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace provphone::client::evidence {

// The lines of a file of any size, packed by gzip or not, one after the other; in the memory for
// one block.
class LineSource {
 public:
  // `-` is standard input. Fails with unreadable_file for what cannot be opened, and with
  // bad_argument, naming the file, for what is no text: a capture, another packer's archive, octets
  // of 0.
  static Result<LineSource> open(const std::string& name);

  // Without its line end; nothing behind the last one. Valid until the next call. A line that is
  // longer than `longest_line` comes in parts of that length.
  std::optional<std::string_view> next();
  static constexpr std::size_t longest_line = std::size_t{1} << 16U;

  std::size_t number() const { return number_; }  // of the line that next() gave last, from 1
  // Once there is no next line: whether the last one had an end.
  bool last_was_whole() const { return last_was_whole_; }
  // And whether the file could be read to its end: unreadable_file of a broken archive or disk.
  Result<void> result() const { return result_; }
  // When the file was written last; now where nobody knows.
  Instant written() const { return written_; }

 private:
  struct Handle;
  LineSource() = default;
  bool refill();

  std::shared_ptr<Handle> handle_;
  std::string name_;
  std::string buffer_;
  std::size_t begin_ = 0, end_ = 0;  // of what is there and was not given out
  std::size_t number_ = 0;
  bool is_at_end_ = false, last_was_whole_ = true;
  Instant written_{};
  Result<void> result_{};
};

}  // namespace provphone::client::evidence
