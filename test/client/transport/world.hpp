#pragma once

#include "client/transport/fetcher.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <optional>
#include <string>
#include <utility>

namespace provphone::client::transport::test {

// A fetcher and the loop that it shares with the test's servers.
struct World {
  boost::asio::io_context loop;
  Targets targets;
  NameOptions names;  // of certificates
  Fetcher fetcher{loop, targets, names};

  // Turns the loop until `done` or a deadline that no healthy test comes near, however busy the
  // machine is.
  template <class Done>
  void run_until(Done done) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(100);
    while (!done() && std::chrono::steady_clock::now() < deadline) {
      loop.restart();
      loop.run_one_until(deadline);
    }
    if (!done()) FAIL("the deadline has passed");
  }

  Result<Response> fetch(Request request) {
    std::optional<Result<Response>> result;
    fetcher.start(
        std::move(request), [this](const std::string& address) { resolved.push_back(address); },
        [&](Result<Response> r) { result.emplace(std::move(r)); });
    run_until([&] { return result.has_value(); });
    return *std::move(result);
  }

  std::vector<std::string> resolved;  // what OnResolved told
};

inline Request request_for(macro::Scheme scheme, std::uint16_t port, std::string path) {
  Request request;
  request.url = {scheme, "127.0.0.1", port, std::move(path)};
  request.user_agent = "Cisco-CP-8841-3PCC/11.0 (000e08012345)";
  return request;
}

inline Request http_request(std::uint16_t port, std::string path = "/cfg.xml") {
  return request_for(macro::Scheme::http, port, std::move(path));
}

// A code for comparisons; count_ stands for success.
// Says why, where a response was wanted.
inline bool answered(const Result<Response>& result) {
  if (!result) UNSCOPED_INFO(format(result.error()));
  return result.has_value();
}

inline Errc code_of(const Result<Response>& result) {
  if (!result) UNSCOPED_INFO(format(result.error()));
  return result ? Errc::count_ : result.error().code;
}

}  // namespace provphone::client::transport::test

// Shows codes by name in failing assertions.
template <>
struct Catch::StringMaker<provphone::Errc> {
  static std::string convert(provphone::Errc code) {
    return code == provphone::Errc::count_ ? "success" : std::string(provphone::name(code));
  }
};
