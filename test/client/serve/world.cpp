#include "test/client/serve/world.hpp"

#include "client/serve/fault_text.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <curl/curl.h>
#include <poll.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace provphone::client::serve {

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

// No machine is so busy that what is sure to come takes longer.
constexpr std::chrono::seconds deadline{100};

std::size_t append(char* data, std::size_t size, std::size_t count, void* to) {
  static_cast<std::string*>(to)->append(data, size * count);
  return size * count;
}

void set_identity(CURL* curl, const Ask& ask) {
  if (!ask.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, ask.ca_file.c_str());
  if (!ask.certificate_file.empty()) {
    curl_easy_setopt(curl, CURLOPT_SSLCERT, ask.certificate_file.c_str());
    curl_easy_setopt(curl, CURLOPT_SSLKEY, ask.key_file.c_str());
  }
  if (ask.highest_tls != 0) {
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_0 | ask.highest_tls);
    curl_easy_setopt(curl, CURLOPT_SSL_CIPHER_LIST, "DEFAULT:@SECLEVEL=0");
  }
}

void set_request(CURL* curl, const Ask& ask) {
  curl_easy_setopt(curl, CURLOPT_USERAGENT, ask.user_agent.c_str());
  if (ask.method == "HEAD") {
    curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  } else if (ask.method != "GET") {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(ask.body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, ask.body.c_str());
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, ask.method.c_str());
  }
  if (ask.tftp_block_octets != 0) {
    curl_easy_setopt(curl, CURLOPT_TFTP_BLKSIZE, ask.tftp_block_octets);
  }
}

}  // namespace

Folder::Folder() {
  std::string name = (fs::temp_directory_path() / "provphone-serve-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
  path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string Folder::path(const std::string& name) const {
  return (path_ / name).string();
}

void Folder::write(const std::string& name, std::string_view content) const {
  fs::create_directories((path_ / name).parent_path());
  std::ofstream(path_ / name, std::ios::binary) << content;
}

std::string Folder::read(const std::string& name) const {
  std::ifstream in(path_ / name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

World::World(Options options, std::function<void(const Folder&)> fill) {
  if (fill) fill(folder_);
  options.directory = folder_.path();
  auto started = Server::start(loop_, std::move(options), [this](const Served& served) {
    const std::lock_guard lock(mutex_);
    served_.push_back(served);
    changed_.notify_all();
  });
  if (!started) throw std::runtime_error(started.error().detail);
  server_ = std::move(*started);
  http_port_ = server_->http_port();
  https_port_ = server_->https_port();
  tftp_port_ = server_->tftp_port();
  thread_ = std::thread([this] { loop_.run(); });
}

World::~World() {
  stop();
}

void World::stop() {
  if (!thread_.joinable()) return;
  asio::post(loop_, [this] { server_.reset(); });
  thread_.join();
}

std::uint16_t World::port(const std::string& scheme) const {
  return scheme == "http" ? http_port_ : scheme == "https" ? https_port_ : tftp_port_;
}

std::string World::url(const std::string& scheme, const std::string& path) const {
  return scheme + "://127.0.0.1:" + std::to_string(port(scheme)) + path;
}

std::vector<Served> World::served(std::size_t count) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, deadline, [&] { return served_.size() >= count; })) {
    throw std::runtime_error("only " + std::to_string(served_.size()) + " requests were served");
  }
  return served_;
}

Got fetch(const std::string& url, const Ask& ask) {
  Got got;
  const std::shared_ptr<CURL> curl(curl_easy_init(), curl_easy_cleanup);
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_PROXY, "");
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, 1000L * deadline.count());
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, append);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &got.body);
  if (url.compare(0, 4, "http") == 0) {
    curl_easy_setopt(curl.get(), CURLOPT_HEADERFUNCTION, append);
    curl_easy_setopt(curl.get(), CURLOPT_HEADERDATA, &got.head);
  }
  set_request(curl.get(), ask);
  if (!ask.login.empty()) {
    curl_easy_setopt(curl.get(), CURLOPT_HTTPAUTH, CURLAUTH_ANY);
    curl_easy_setopt(curl.get(), CURLOPT_USERPWD, ask.login.c_str());
  }
  const std::shared_ptr<curl_slist> headers(
      ask.authorization.empty()
          ? nullptr
          : curl_slist_append(nullptr, ("Authorization: " + ask.authorization).c_str()),
      curl_slist_free_all);
  if (headers) curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  set_identity(curl.get(), ask);
  got.curl_code = curl_easy_perform(curl.get());
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &got.status);
  return got;
}

std::string talk(std::uint16_t port, std::string_view octets, std::string_view until) {
  asio::io_context loop;
  asio::ip::tcp::socket socket(loop);
  socket.connect({asio::ip::make_address("127.0.0.1"), port});
  asio::write(socket, asio::buffer(octets.data(), octets.size()));
  std::string said;
  char buffer[4096];
  while (until.empty() || said.find(until) == std::string::npos) {
    pollfd ready{socket.native_handle(), POLLIN, 0};
    constexpr auto patience = std::chrono::milliseconds(deadline).count();
    if (::poll(&ready, 1, static_cast<int>(patience)) != 1) {
      throw std::runtime_error("the server says nothing");
    }
    boost::system::error_code error;
    said.append(buffer, socket.read_some(asio::buffer(buffer), error));
    if (error == asio::error::eof) break;
    if (error) throw std::runtime_error(error.message());
  }
  return said;
}

std::vector<Fault> faults_of(const std::vector<std::string>& texts) {
  std::vector<Fault> faults;
  for (const auto& text : texts) {
    auto fault = parse_fault(text);
    if (!fault) throw std::runtime_error(fault.error().detail);
    faults.push_back(*std::move(fault));
  }
  return faults;
}

std::string some_content(std::size_t size) {
  std::string content(size, '\0');
  std::uint32_t state = 1;
  for (auto& octet : content) {
    state = state * 1'664'525U + 1'013'904'223U;
    octet = static_cast<char>(static_cast<unsigned char>(state >> 24U));
  }
  return content;
}

}  // namespace provphone::client::serve
