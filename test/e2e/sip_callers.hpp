#pragma once

#include "test/e2e/socket.hpp"
#include "test/e2e/workspace.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

// Those who send phones SIP requests.
namespace provphone::e2e {

inline const std::string sip_secret = "tIny5ecret";

// What SIPp is to ask.
struct Asking {
  std::string method = "NOTIFY";
  std::string headers;  // lines, each with its end
  int status = 200;     // of the last answer
  bool logs_in = false;
  std::string body{};
  enum class Over : std::uint8_t { udp, tcp } over = Over::udp;
};

struct Callee {
  std::string user, address;
};

// What SIPp asked went as `asking` says, with each of them.
bool asks(Workspace& workspace, const std::string& port, const std::vector<Callee>& callees,
          const Asking& asking, const std::string& password = sip_secret);

// A PBX of one socket, which can say the same thing twice.
class Caller {
 public:
  explicit Caller(std::string address = "127.0.0.1");

  // Sends `NOTIFY sip:USER@127.0.0.1:PORT` with `Event: resync`; `more` are header lines. One
  // number, one request.
  void send(const std::string& user, const std::string& port, int number,
            const std::string& more) const;
  // The next answer, final or not; nothing where none comes in that time.
  std::optional<std::string> answer(std::chrono::milliseconds limit) const;
  // The answer to a NOTIFY to user 100, which has to come.
  std::string notify(const std::string& port, int number, const std::string& more) const;

 private:
  std::string address_;
  Socket socket_;
};

}  // namespace provphone::e2e
