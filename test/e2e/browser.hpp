#pragma once

#include "test/e2e/workspace.hpp"

#include <string>
#include <utility>
#include <vector>

// Chromium without a screen.
namespace provphone::e2e {

// Whether it is installed.
bool browser_is_there();

// What it shows of a page: the document as it stands once everything has been loaded. One at a time
// in a workspace.
std::string browse(Workspace& workspace, const std::string& url);

// What it shows once somebody has filled in a form, name and value of each field, and has sent it
// to that URL.
std::string submit_form(Workspace& workspace, const std::string& url,
                        const std::vector<std::pair<std::string, std::string>>& fields);

}  // namespace provphone::e2e
