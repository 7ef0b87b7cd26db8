#pragma once

#include "test/e2e/workspace.hpp"

#include <string>

// Chromium without a screen.
namespace provphone::e2e {

// Whether it is installed.
bool browser_is_there();

// What it shows of a page: the document as it stands once everything has been loaded. One at a time
// in a workspace.
std::string browse(Workspace& workspace, const std::string& url);

}  // namespace provphone::e2e
