#pragma once

#include "macro/error.hpp"

#include <string>

namespace provphone::client::input {

// A folder of the program's own, which only its user may look into, and which goes away with its
// owner and all that is in it. It is made in the system's folder for such things: TMPDIR, else
// /tmp.
class TemporaryFolder {
 public:
  // `purpose`: a word in the folder's name, for who finds it there. Fails with unreadable_file; the
  // detail says where a folder was wanted, why there is none and what to do.
  static Result<TemporaryFolder> make(const std::string& purpose);
  ~TemporaryFolder();
  TemporaryFolder(TemporaryFolder&& other) noexcept;
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;

  const std::string& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::string path) : path_(std::move(path)) {}

  std::string path_;  // empty: moved from
};

}  // namespace provphone::client::input
