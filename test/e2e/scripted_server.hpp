#pragma once

#include "test/e2e/socket.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

namespace provphone::e2e {

// One accepted connection of a ScriptedServer, as its script sees it.
class Peer {
 public:
  Peer(int fd, int stop_fd) : fd_(fd), stop_fd_(stop_fd) {}

  std::string
  read_request();  // up to the empty line behind the headers, or what came before the peer was gone
  // The same, and as many octets behind it as its Content-Length promises.
  std::string read_request_with_body();
  bool send(std::string_view text);  // false: the peer is gone or the server is being stopped
  void send_until_gone(std::string_view text);  // again and again
  void wait_until_gone();
  void reset();  // closes with a TCP reset instead of an orderly end

 private:
  enum class Wait : std::uint8_t { ready, stopped };
  Wait wait_for(short events) const;

  int fd_;
  int stop_fd_;
};

// A server that does to its peers what no honest server would: on a thread, one connection after
// the other.
class ScriptedServer {
 public:
  using Script = std::function<void(Peer&)>;

  explicit ScriptedServer(Script script);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::uint16_t port() const { return port_of(listener_); }
  std::string url(const std::string& path) const;

 private:
  void serve();

  Script script_;
  Socket listener_;
  Socket stop_;  // an eventfd; becomes readable when the thread has to end
  std::thread thread_;
};

}  // namespace provphone::e2e
