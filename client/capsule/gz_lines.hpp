#pragma once

#include "macro/error.hpp"

#include <memory>
#include <string>
#include <string_view>

struct gzFile_s;

// Files of lines, compressed as gzip(1) does.
namespace provphone::client::capsule {

struct CloseGz {
  void operator()(gzFile_s* file) const;
};
using GzFile = std::unique_ptr<gzFile_s, CloseGz>;

// Null where it cannot be. What is not compressed is read as it is.
GzFile open_to_read(const std::string& name);
GzFile open_to_write(const std::string& name);

bool write_line(gzFile_s* file, std::string_view line);
// What was written has reached the file.
bool close_written(GzFile file);

// False at the end, where the file is cut off or damaged, and where a line is longer than any of a
// capsule.
bool read_line(gzFile_s* file, std::string& line);
bool is_damaged(gzFile_s* file);

}  // namespace provphone::client::capsule
