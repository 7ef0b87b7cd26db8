#pragma once

#include "client/serve/files.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace provphone::client::serve {

enum class UploadsTo : std::uint8_t {
  folder_if_there,  // `uploads` in the served directory, where there is one, for PUT alone
  folder,
  nowhere,  // taken and forgotten: records count them
};

// What phones send: reports. `path` is as files.hpp has it.
class Uploads {
 public:
  // `folder` is made where it is missing. Fails with unreadable_file.
  static Result<Uploads> open(UploadsTo where, const std::string& folder);

  bool are_put(const Directory& directory) const;  // whether PUT is taken
  // Whether somebody asked for uploads, so that POST to no file, and TFTP, bring some, too.
  bool are_wanted() const { return where_ != UploadsTo::folder_if_there; }

  // `nowhere` always says `created`.
  Stored store(const Directory& directory, const std::string& path, std::string_view content) const;

 private:
  Uploads(UploadsTo where, std::string folder) : where_(where), folder_(std::move(folder)) {}

  UploadsTo where_;
  std::string folder_;
};

}  // namespace provphone::client::serve
