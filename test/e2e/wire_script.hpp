#pragma once

#include "test/e2e/scripted_server.hpp"

#include <memory>
#include <string>
#include <vector>

// A server over HTTP that is written down request by request: what has to be asked, and the octets
// that are answered. fixtures/issues/README.md says how.
namespace provphone::e2e {

class WireScript {
 public:
  // Listens at once. `text` may speak of `@WIRE@`, the port. Fails the test where it makes no
  // sense.
  explicit WireScript(std::string text);

  std::uint16_t port() const { return server_->port(); }

  // What was not as it is written, a line each; empty where all was. To be asked when nobody is
  // connected any more.
  std::vector<std::string> objections() const;

 private:
  struct Turn {
    std::vector<std::string> asked;  // lines with their marks
    std::string answer;
    bool closes = false;
  };

  void converse(Peer& peer);
  void compare(const Turn& turn, const std::string& request);

  std::vector<Turn> turns_;
  std::size_t next_ = 0;
  std::vector<std::string> objections_;
  std::unique_ptr<ScriptedServer> server_;  // the last one: its thread uses the others
};

}  // namespace provphone::e2e
