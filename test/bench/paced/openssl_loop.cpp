#include "test/bench/paced/plan.hpp"

#include <fmt/format.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

namespace provphone::bench::paced {
namespace {

template <class Read>
auto from_file(const std::string& name, Read read) {
  FILE* const file = std::fopen(name.c_str(), "r");
  require(file != nullptr);
  const auto object = read(file, nullptr, nullptr, nullptr);
  require(object != nullptr);
  std::fclose(file);
  return object;
}

struct Certificate {
  X509* leaf;
  EVP_PKEY* key;
};

// A connection: connect, handshake, one request, all of the answer.
struct Peer {
  int fd = -1;
  SSL* ssl = nullptr;
  std::string request;
  bool has_asked = false;
};

class OpensslLoop {
 public:
  explicit OpensslLoop(const Plan& plan)
      : plan_(plan), epoll_(epoll_create1(EPOLL_CLOEXEC)), context_(SSL_CTX_new(TLS_method())) {
    require(SSL_CTX_load_verify_locations(context_, plan.trust.c_str(), nullptr) == 1);
    SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_max_proto_version(context_, TLS1_2_VERSION);
    SSL_CTX_set_session_cache_mode(context_, SSL_SESS_CACHE_OFF);
    for (std::uint32_t number = 0; number < plan.count; ++number) {
      const auto stem = plan.certificates + '/' + mac_of(number);
      certificates_.push_back(
          {from_file(stem + ".pem", PEM_read_X509), from_file(stem + ".key", PEM_read_PrivateKey)});
    }
  }

  void start(std::uint32_t number) {
    auto* peer = new Peer;
    peer->fd = open_socket(plan_, number, SOCK_STREAM);
    peer->ssl = SSL_new(context_);
    const auto& [leaf, key] = certificates_[number];
    require(SSL_use_certificate(peer->ssl, leaf) == 1 && SSL_use_PrivateKey(peer->ssl, key) == 1);
    SSL_set_fd(peer->ssl, peer->fd);
    SSL_set_tlsext_host_name(peer->ssl, plan_.host.c_str());
    SSL_set1_host(peer->ssl, plan_.host.c_str());
    SSL_set_connect_state(peer->ssl);
    peer->request = fmt::format("GET {} HTTP/1.1\r\nHost: {}:{}\r\nConnection: close\r\n\r\n",
                                path_of(plan_, number), plan_.host, plan_.port);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(plan_.port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int status = ::connect(peer->fd, reinterpret_cast<const sockaddr*>(&to), sizeof to);
    require(status == 0 || errno == EINPROGRESS);
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLET;
    event.data.ptr = peer;
    require(epoll_ctl(epoll_, EPOLL_CTL_ADD, peer->fd, &event) == 0);
  }

  std::uint32_t wait(int milliseconds) {
    std::array<epoll_event, 64> events{};
    const int seen = epoll_wait(epoll_, events.data(), events.size(), milliseconds);
    std::uint32_t ended = 0;
    for (int i = 0; i < seen; ++i) {
      auto* const peer = static_cast<Peer*>(events[static_cast<std::size_t>(i)].data.ptr);
      if (!goes_on(*peer)) continue;
      SSL_free(peer->ssl);
      ::close(peer->fd);
      delete peer;
      ++ended;
    }
    return ended;
  }

 private:
  // Whether it is through.
  bool goes_on(Peer& peer) const {
    if (!peer.has_asked) {
      const int status = SSL_do_handshake(peer.ssl);
      if (status != 1) return must_wait(peer, status);
      const int size = static_cast<int>(peer.request.size());
      require(SSL_write(peer.ssl, peer.request.data(), size) == size);
      peer.has_asked = true;
    }
    std::array<char, 16'384> octets{};
    for (;;) {
      const int status = SSL_read(peer.ssl, octets.data(), octets.size());
      if (status > 0) continue;
      if (SSL_get_error(peer.ssl, status) == SSL_ERROR_ZERO_RETURN) return true;
      return must_wait(peer, status);
    }
  }

  static bool must_wait(const Peer& peer, int status) {
    const int why = SSL_get_error(peer.ssl, status);
    require(why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE);
    return false;
  }

  const Plan& plan_;
  int epoll_;
  SSL_CTX* context_;
  std::vector<Certificate> certificates_;
};

}  // namespace

void run_openssl(const Plan& plan) {
  OpensslLoop loop(plan);
  begin_measured();
  keep_pace(
      plan, [&](std::uint32_t number) { loop.start(number); },
      [&](int milliseconds) { return loop.wait(milliseconds); });
}

}  // namespace provphone::bench::paced
