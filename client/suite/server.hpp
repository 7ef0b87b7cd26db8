#pragma once

#include "client/suite/child.hpp"
#include "macro/error.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// A server of one scenario's own: `provphone serve` as a child process, for as long as it runs.
namespace provphone::client::suite {

struct ServerOrders {
  std::string folder;               // whose files it has
  std::string pki;                  // of HTTPS; empty: none is served
  std::string client_certificates;  // as the flag of `serve` has it; empty: as without it
};

// Where the scenario finds its server: SERVE_HTTP and SERVE_TFTP, with a PKI SERVE_HTTPS, each
// `127.0.0.1:PORT`, and the ports alone, SERVE_HTTP_PORT and so on. Nothing where a server that has
// said so much has not said all of them yet.
std::optional<Variables> announced_addresses(std::string_view said, const ServerOrders& orders);

// The same of no server, with the ports that are usual: to read a scenario before its server is
// there, and for forecasts, which ask nobody.
Variables usual_addresses(const ServerOrders& orders);

// The command line behind the program's name. A scenario `a.yaml` has its faults in `a.faults`,
// where there is such a file, as `serve --faults` reads it.
std::vector<std::string> serve_arguments(const ServerOrders& orders, const std::string& scenario);

// The last lines of what a server said, for who wants to know why a scenario did not pass.
struct Tail {
  std::vector<std::string> lines;
  std::size_t of = 0;  // so many there were
};
Tail tail_of(std::string_view said);

// More than reading a folder takes. Who has not announced all addresses by then is killed.
inline constexpr std::chrono::seconds time_to_start{30};

class Server {
 public:
  // `output`: the file for what it says.
  static Result<Server> start(const ServerOrders& orders, const std::vector<std::string>& arguments,
                              const std::string& output);

  enum class State : std::uint8_t { starting, answers, ended };
  State look();
  // Once it has answered.
  const Variables& addresses() const { return addresses_; }

  // Asks it to end; who does not in time is killed by has_ended().
  void end();
  bool has_ended();
  std::string said() const;

 private:
  Server(ServerOrders orders, std::string output, Child child)
      : orders_(std::move(orders)), output_(std::move(output)), child_(std::move(child)) {}

  ServerOrders orders_;
  std::string output_;
  Child child_;
  Variables addresses_;  // empty: it has not answered yet
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point asked_to_end_{};
};

}  // namespace provphone::client::suite
