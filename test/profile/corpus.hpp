#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>

// Files from the field, which are not part of the project.
namespace provphone::profile::samples {

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

// PROVPHONE_CORPUS, else the folder beside the project; nothing where there is none.
inline std::optional<std::filesystem::path> corpus_folder() {
  const char* named = std::getenv("PROVPHONE_CORPUS");
  const std::filesystem::path folder = named ? named : PROVPHONE_SOURCE_DIR "/../shared/corpus";
  return std::filesystem::is_directory(folder) ? std::optional(folder) : std::nullopt;
}

inline bool is_profile(const std::filesystem::path& file) {
  return file.extension() == ".xml" || file.extension() == ".cfg";
}

}  // namespace provphone::profile::samples
