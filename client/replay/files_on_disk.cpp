#include "client/replay/files_on_disk.hpp"

#include "macro/try.hpp"

#include <fstream>

namespace provphone::client::replay {

Result<FilesOnDisk> FilesOnDisk::make(const capsule::Capsule& capsule) {
  TRY(auto folder, input::TemporaryFolder::make("capsule"));
  FilesOnDisk files(std::move(folder));
  for (const auto& each : capsule.source.files) {
    const auto path = files.folder_.path() + "/" + std::to_string(files.paths_.size());
    if (!(std::ofstream(path, std::ios::binary) << each.octets << std::flush))
      return fail(Errc::unreadable_file, "cannot write " + path);
    files.paths_.emplace_back(each.name, path);
  }
  return files;
}

std::string FilesOnDisk::path_of(const std::string& name) const {
  for (const auto& [known, path] : paths_)
    if (known == name) return path;
  return folder_.path() + "/missing";
}

void FilesOnDisk::take_place_in(scenario::Scenario& scenario) const {
  for (auto& group : scenario.phones)
    if (!group.config.empty()) group.config = path_of(group.config);
}

}  // namespace provphone::client::replay
