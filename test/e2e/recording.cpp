#include "test/e2e/recording.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>

namespace provphone::e2e {
namespace {

std::string difference(Workspace& workspace, const std::filesystem::path& recorded,
                       const std::filesystem::path& now) {
  Process diff(workspace.path(), "difference",
               {"diff", "--text", "--unified=1", recorded.string(), now.string()});
  diff.wait(Milliseconds{30'000});
  constexpr std::size_t enough = 4000;
  return diff.out().substr(0, enough) + diff.err();
}

}  // namespace

void check_as_recorded(Workspace& workspace, const std::filesystem::path& file,
                       const std::string& text) {
  if (std::getenv("PROVPHONE_UPDATE") != nullptr) std::ofstream(file, std::ios::binary) << text;
  if (text == read_file(file)) return;
  FAIL_CHECK(file.string() << " has recorded something else; PROVPHONE_UPDATE=1 writes it anew\n"
                           << difference(workspace, file, workspace.write("now.txt", text)));
}

}  // namespace provphone::e2e
