#include "client/serve/uploads.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace provphone::client::serve {

Result<Uploads> Uploads::open(UploadsTo where, const std::string& folder) {
  if (where != UploadsTo::folder) return Uploads(where, {});
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const auto canonical = std::filesystem::canonical(folder, error);
  if (error) return fail(Errc::unreadable_file, fmt::format("{}: {}", folder, error.message()));
  return Uploads(where, canonical.string());
}

bool Uploads::are_put(const Directory& directory) const {
  return are_wanted() || directory.takes_uploads();
}

Stored Uploads::store(const Directory& directory, const std::string& path,
                      std::string_view content) const {
  switch (where_) {
    case UploadsTo::folder:
      return store_below(folder_, path, content);
    case UploadsTo::nowhere:
      return Stored::created;
    case UploadsTo::folder_if_there:
      break;
  }
  return directory.store_upload(path, content);
}

}  // namespace provphone::client::serve
