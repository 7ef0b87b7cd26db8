#include "client/suite/server.hpp"

#include "macro/try.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace provphone::client::suite {
namespace {

constexpr std::string_view host = "127.0.0.1";
constexpr std::size_t most_tail_lines = 20;
// It has nothing to do when it ends but to close its sockets.
constexpr std::chrono::seconds time_to_end{5};

struct Served {
  std::string_view scheme, variable;
  unsigned usual_port;
};
constexpr Served http{"http", "SERVE_HTTP", 80};
constexpr Served https{"https", "SERVE_HTTPS", 443};
constexpr Served tftp{"tftp", "SERVE_TFTP", 69};

std::vector<Served> served_by(const ServerOrders& orders) {
  if (orders.pki.empty()) return {http, tftp};
  return {http, https, tftp};
}

void add_address(Variables& variables, const Served& served, std::string_view port) {
  variables.emplace_back(served.variable, fmt::format("{}:{}", host, port));
  variables.emplace_back(fmt::format("{}_PORT", served.variable), port);
}

// `http://127.0.0.1:41234/` on a line of its own, which has its end: the rest may be on its way.
std::optional<std::string_view> announced_port(std::string_view said, std::string_view scheme) {
  const auto origin = fmt::format("{}://{}:", scheme, host);
  for (std::size_t at = 0; at < said.size();) {
    const auto end = said.find('\n', at);
    if (end == std::string_view::npos) break;
    const auto line = said.substr(at, end - at);
    if (line.starts_with(origin) && line.ends_with('/'))
      return line.substr(origin.size(), line.size() - origin.size() - 1);
    at = end + 1;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Variables> announced_addresses(std::string_view said, const ServerOrders& orders) {
  Variables variables;
  for (const auto& each : served_by(orders)) {
    const auto port = announced_port(said, each.scheme);
    if (!port) return std::nullopt;
    add_address(variables, each, *port);
  }
  return variables;
}

Variables usual_addresses(const ServerOrders& orders) {
  Variables variables;
  for (const auto& each : served_by(orders))
    add_address(variables, each, std::to_string(each.usual_port));
  return variables;
}

std::vector<std::string> serve_arguments(const ServerOrders& orders, const std::string& scenario) {
  // What phones send is taken, and goes nowhere: servers of several scenarios share the folder.
  std::vector<std::string> arguments{"serve", orders.folder, "--count-uploads"};
  const auto add = [&](const char* flag, const std::string& value) {
    if (!value.empty()) arguments.insert(arguments.end(), {flag, value});
  };
  add("--pki", orders.pki);
  add("--client-certificates", orders.client_certificates);
  const auto faults = std::filesystem::path(scenario).replace_extension(".faults");
  std::error_code ignored;
  if (std::filesystem::exists(faults, ignored)) add("--faults", faults.string());
  return arguments;
}

Tail tail_of(std::string_view said) {
  Tail tail;
  for (std::size_t at = 0; at < said.size();) {
    const auto end = std::min(said.find('\n', at), said.size());
    tail.lines.emplace_back(said.substr(at, end - at));
    at = end + 1;
  }
  tail.of = tail.lines.size();
  if (tail.of > most_tail_lines)
    tail.lines.erase(tail.lines.begin(), tail.lines.end() - most_tail_lines);
  return tail;
}

Result<Server> Server::start(const ServerOrders& orders, const std::vector<std::string>& arguments,
                             const std::string& output) {
  TRY(auto child, Child::start(arguments, output));
  return Server(orders, output, std::move(child));
}

Server::State Server::look() {
  if (child_.ended()) return State::ended;
  if (addresses_.empty()) {
    // It listens before it says so.
    if (auto announced = announced_addresses(said(), orders_)) addresses_ = *std::move(announced);
  }
  if (!addresses_.empty()) return State::answers;
  if (std::chrono::steady_clock::now() - began_ > time_to_start) child_.signal(SIGKILL);
  return State::starting;
}

void Server::end() {
  asked_to_end_ = std::chrono::steady_clock::now();
  child_.signal(SIGTERM);
}

bool Server::has_ended() {
  if (child_.ended()) return true;
  if (std::chrono::steady_clock::now() - asked_to_end_ > time_to_end) child_.signal(SIGKILL);
  return false;
}

std::string Server::said() const {
  std::ifstream in(output_, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace provphone::client::suite
