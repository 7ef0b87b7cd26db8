#include "test/e2e/browser.hpp"

#include "test/e2e/process.hpp"

#include <catch2/catch.hpp>

namespace provphone::e2e {

bool browser_is_there() {
  Workspace probe;
  Process version(probe.path(), "chromium", {"chromium", "--version"});
  return version.wait(patience) == 0;
}

std::string browse(Workspace& workspace, const std::string& url) {
  Process browser(
      workspace.path(), "chromium",
      {"chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
       "--user-data-dir=" + workspace.path("browser").string(), "--window-size=400,900",
       "--dump-dom", url});
  const auto status = browser.wait(patience);
  INFO(browser.err());
  REQUIRE(status == 0);
  return browser.out();
}

}  // namespace provphone::e2e
