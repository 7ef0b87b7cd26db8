#include "client/replay/files_on_disk.hpp"

#include <cstdlib>
#include <fstream>

namespace provphone::client::replay {

FilesOnDisk::FilesOnDisk(const capsule::Capsule& capsule) {
  if (capsule.source.files.empty()) return;
  std::string name = std::filesystem::temp_directory_path() / "provphone-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) return;
  folder_ = name;
  for (const auto& each : capsule.source.files) {
    const auto path = folder_ / std::to_string(paths_.size());
    std::ofstream(path, std::ios::binary) << each.octets;
    paths_.emplace_back(each.name, path);
  }
}

FilesOnDisk::~FilesOnDisk() {
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

std::string FilesOnDisk::path_of(const std::string& name) const {
  for (const auto& [known, path] : paths_)
    if (known == name) return path;
  return folder_ / "missing";
}

void FilesOnDisk::take_place_in(scenario::Scenario& scenario) const {
  for (auto& group : scenario.phones)
    if (!group.config.empty()) group.config = path_of(group.config);
}

}  // namespace provphone::client::replay
