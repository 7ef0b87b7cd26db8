#include "test/e2e/server_process.hpp"

#include <catch2/catch.hpp>
#include <stdlib.h>

namespace provphone::e2e {
namespace {

// Debian keeps its servers where only root's own PATH leads.
void look_where_servers_are() {
  static const bool done = [] {
    const char* path = ::getenv("PATH");
    const std::string before = path == nullptr ? "/usr/bin:/bin" : path;
    return ::setenv("PATH", (before + ":/usr/sbin:/sbin").c_str(), 1) == 0;
  }();
  REQUIRE(done);
}

}  // namespace

std::unique_ptr<Process> start_server(const std::filesystem::path& folder, const std::string& name,
                                      const std::function<Launch()>& prepare) {
  look_where_servers_are();
  constexpr int tries = 5;
  std::string last_words;
  for (int i = 0; i < tries; ++i) {
    const auto launch = prepare();
    require_installed(launch.argv.front());
    auto process = std::make_unique<Process>(folder, name, launch.argv);
    const auto ready = [&] { return !process->running() || launch.ready(); };
    if (eventually(patience, ready) && process->running()) return process;
    process->stop();
    last_words = process->err() + process->out();
  }
  FAIL(name << " did not start, it said: " << last_words);
  return nullptr;
}

}  // namespace provphone::e2e
