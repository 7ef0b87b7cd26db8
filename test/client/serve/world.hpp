#pragma once

#include "client/identity/mint.hpp"
#include "client/serve/server.hpp"

#include <boost/asio/io_context.hpp>

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

// A server on a thread of its own, the folder it serves, and clients that block.
namespace provphone::client::serve {

class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string path(const std::string& name = {}) const;
  void write(const std::string& name, std::string_view content) const;
  std::string read(const std::string& name) const;

 private:
  std::filesystem::path path_;
};

class World {
 public:
  // The protocols that `options` names ports for; its directory is the served folder's.
  explicit World(Options options, std::function<void(const Folder&)> fill = {});
  // Stops the server and waits until nothing is left to do on its loop.
  ~World();

  const Folder& folder() const { return folder_; }
  std::string url(const std::string& scheme, const std::string& path) const;
  std::uint16_t port(const std::string& scheme) const;

  // The first `count` requests served, in order. Fails the test when they do not come.
  std::vector<Served> served(std::size_t count);
  void stop();  // destroys the server, on its own thread

 private:
  Folder folder_;
  boost::asio::io_context loop_;
  std::unique_ptr<Server> server_;
  std::uint16_t http_port_ = 0;
  std::uint16_t https_port_ = 0;
  std::uint16_t tftp_port_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Served> served_;
  std::thread thread_;
};

// Faults as `--fault` has them.
std::vector<Fault> faults_of(const std::vector<std::string>& texts);

// What libcurl is to ask for, and as whom.
struct Ask {
  std::string method = "GET";
  std::string body{};
  std::string user_agent{};
  std::string ca_file{};
  std::string certificate_file{};
  std::string key_file{};
  std::string login{};          // user:password, answered to whatever challenge comes
  std::string authorization{};  // the whole header
  long highest_tls = 0;         // CURL_SSLVERSION_MAX_*
  long tftp_block_octets = 0;
};

struct Got {
  int curl_code = 0;  // CURLE_OK
  long status = 0;
  std::string head;
  std::string body;
};

Got fetch(const std::string& url, const Ask& ask = {});

// Sends octets over TCP and reads until the server closes or, where `until` is given, has said it.
std::string talk(std::uint16_t port, std::string_view octets, std::string_view until = {});

// `size` octets that are not all alike.
std::string some_content(std::size_t size);

}  // namespace provphone::client::serve
