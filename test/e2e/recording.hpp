#pragma once

#include "test/e2e/workspace.hpp"

#include <filesystem>
#include <string>

namespace provphone::e2e {

// Compares `text` with what `file` has recorded, octet by octet; a difference is shown as `diff`
// does. With PROVPHONE_UPDATE in the environment the file is written anew, for whoever changes what
// people see: to be read before it is committed.
void check_as_recorded(Workspace& workspace, const std::filesystem::path& file,
                       const std::string& text);

}  // namespace provphone::e2e
