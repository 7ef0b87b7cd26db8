#pragma once

#include "test/e2e/page.hpp"

namespace provphone::e2e {

// Types the commands of `page` in one shell, in a folder of its own, and checks what comes of each:
// its exit status, and what the sheet says besides. Ports of pages are others here, and `fixtures`
// stand in the folder where a command names them.
void type_all_of(const Page& page, const Sheet& sheet);

}  // namespace provphone::e2e
