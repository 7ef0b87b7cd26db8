#include "test/e2e/browser.hpp"

#include "test/e2e/process.hpp"

#include <catch2/catch.hpp>

namespace provphone::e2e {
namespace {

std::string run_browser(Workspace& workspace, const std::vector<std::string>& what) {
  std::vector<std::string> argv{"chromium",
                                "--headless=new",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-dev-shm-usage",
                                "--user-data-dir=" + workspace.path("browser").string(),
                                "--window-size=400,900",
                                "--dump-dom"};
  argv.insert(argv.end(), what.begin(), what.end());
  Process browser(workspace.path(), "chromium", argv);
  const auto status = browser.wait(patience);
  INFO(browser.err());
  REQUIRE(status == 0);
  return browser.out();
}

std::string quoted(const std::string& text) {
  std::string safe;
  for (const char c : text) safe += c == '"' ? "&quot;" : c == '&' ? "&amp;" : std::string(1, c);
  return '"' + safe + '"';
}

}  // namespace

bool browser_is_there() {
  Workspace probe;
  Process version(probe.path(), "chromium", {"chromium", "--version"});
  return version.wait(patience) == 0;
}

std::string browse(Workspace& workspace, const std::string& url) {
  return run_browser(workspace, {url});
}

std::string submit_form(Workspace& workspace, const std::string& url,
                        const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string page =
      "<!DOCTYPE html><meta charset=\"utf-8\"><form method=\"post\" action=" + quoted(url) + ">";
  for (const auto& [name, value] : fields)
    page += "<input name=" + quoted(name) + " value=" + quoted(value) + ">";
  page += "</form><script>document.forms[0].submit()</script>";
  const auto file = workspace.write("form.html", page);
  // Its time stands still while it waits for an answer, so that this ends when there is nothing
  // more to come.
  return run_browser(workspace, {"--virtual-time-budget=5000", "file://" + file.string()});
}

}  // namespace provphone::e2e
