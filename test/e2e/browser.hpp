#pragma once

#include "test/e2e/process.hpp"
#include "test/e2e/workspace.hpp"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

// Chromium without a screen.
namespace provphone::e2e {

// Whether it is installed.
bool browser_is_there();

// One for all that a test looks at: it takes seconds to start. It is spoken to over its DevTools
// protocol. A test fails where it does not answer.
class Browser {
 public:
  // One at a time in a workspace.
  explicit Browser(Workspace& workspace);
  ~Browser();
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;

  // In pixels of the page, from now on.
  void resize(int width, int height);

  // What the person prefers, `dark` or `light`, from now on.
  void prefer(const std::string& colour_scheme);

  // Opens a page: the document as it stands once everything has been loaded.
  std::string open(const std::string& url);

  // The document behind a form, name and value of each field, once somebody has sent it to that
  // URL.
  std::string submit(const std::string& url,
                     const std::vector<std::pair<std::string, std::string>>& fields);

  // Clicks a link that saves something, by its CSS selector: the file, complete, under the name
  // that the page gives it.
  std::filesystem::path save(const std::string& selector);

  // What is seen of the page at the moment, as PNG.
  void picture(const std::filesystem::path& file);

 private:
  // What a method of the protocol gives back.
  nlohmann::json call(const std::string& method, const nlohmann::json& parameters);
  void send(const nlohmann::json& message);
  nlohmann::json receive();
  std::string loaded();

  int to_ = -1, from_ = -1;
  std::unique_ptr<Process> process_;
  std::string session_;   // of its one tab
  std::string received_;  // and not read
  int calls_ = 0;
  bool is_loaded_ = false;  // since it was last asked for a page
  std::filesystem::path saved_in_;
  std::string saved_as_;   // since it was last asked to save something
  bool is_saved_ = false;  // likewise
};

}  // namespace provphone::e2e
