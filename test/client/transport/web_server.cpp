#include "web_server.hpp"

#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace provphone::client::transport::test {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

struct WebServer::State : std::enable_shared_from_this<State> {
  State(asio::io_context& io, Answer a)
      : loop(io), acceptor(io, {asio::ip::address_v4::loopback(), 0}), answer(std::move(a)) {}

  void accept();

  asio::io_context& loop;
  tcp::acceptor acceptor;
  Answer answer;
  std::optional<asio::ssl::context> tls;
  std::vector<Seen> seen;
  std::size_t connections = 0, open = 0;
  std::uint64_t octets_sent = 0;
};

namespace {

using State = WebServer::State;
using TlsStream = asio::ssl::stream<tcp::socket>;

tcp::socket& socket_of(tcp::socket& stream) {
  return stream;
}
tcp::socket& socket_of(TlsStream& stream) {
  return stream.next_layer();
}

std::size_t body_length(const std::string& header) {
  const auto at = header.find("Content-Length: ");
  return at == std::string::npos ? 0 : std::stoul(header.substr(at + 16));
}

std::string subject_of(SSL* ssl) {
  const std::unique_ptr<X509, decltype(&X509_free)> peer(SSL_get1_peer_certificate(ssl), X509_free);
  if (!peer) return {};
  std::array<char, 256> text{};
  X509_NAME_oneline(X509_get_subject_name(peer.get()), text.data(), static_cast<int>(text.size()));
  return text.data();
}

int alpn_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

// Called only for clients that offer application protocols.
int note_alpn(SSL* ssl, const unsigned char** /*out*/, unsigned char* /*size*/,
              const unsigned char* in, unsigned int /*in_size*/, void* /*user*/) {
  SSL_set_ex_data(ssl, alpn_index(), const_cast<unsigned char*>(in));
  return SSL_TLSEXT_ERR_NOACK;
}

void note_tls(Seen& /*seen*/, tcp::socket& /*stream*/) {}
void note_tls(Seen& seen, TlsStream& stream) {
  SSL* const ssl = stream.native_handle();
  seen.subject = subject_of(ssl);
  const char* const name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
  seen.server_name = name != nullptr ? name : "";
  seen.version = SSL_get_version(ssl);
  seen.application_protocol = SSL_get_ex_data(ssl, alpn_index()) != nullptr;
  seen.resumed = SSL_session_reused(ssl) == 1;
}

template <class Stream>
class Session : public std::enable_shared_from_this<Session<Stream>> {
 public:
  Session(std::shared_ptr<State> state, Stream stream)
      : state_(std::move(state)), stream_(std::move(stream)) {
    ++state_->open;
  }
  ~Session() { --state_->open; }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void start(tcp::socket* /*plain*/) { read(); }
  void start(TlsStream* /*secured*/) {
    stream_.async_handshake(asio::ssl::stream_base::server,
                            [self = this->shared_from_this()](error_code failed) {
                              if (!failed) self->read();
                            });
  }
  void start() { start(&stream_); }

 private:
  void read() {
    asio::async_read_until(stream_, asio::dynamic_buffer(request_), "\r\n\r\n",
                           [self = this->shared_from_this()](error_code failed, std::size_t n) {
                             if (!failed) self->read_body(n);
                           });
  }

  void read_body(std::size_t header) {
    const std::size_t whole = header + body_length(request_);
    const std::size_t left = whole - std::min(whole, request_.size());
    asio::async_read(stream_, asio::dynamic_buffer(request_), asio::transfer_exactly(left),
                     [self = this->shared_from_this()](error_code failed, std::size_t) {
                       if (!failed) self->answer();
                     });
  }

  void answer() {
    Seen seen;
    seen.request = request_;
    seen.client_port = socket_of(stream_).remote_endpoint().port();
    seen.client_address = socket_of(stream_).remote_endpoint().address().to_string();
    note_tls(seen, stream_);
    state_->seen.push_back(seen);
    reply_ = state_->answer(request_);
    send(reply_.text);
  }

  void send(const std::string& text) {
    asio::async_write(stream_, asio::buffer(text),
                      [self = this->shared_from_this()](error_code failed, std::size_t n) {
                        self->state_->octets_sent += n;
                        if (!failed) self->after();
                      });
  }

  void after() {
    error_code ignored;
    tcp::socket& socket = socket_of(stream_);
    switch (reply_.after) {
      case After::close:
        socket.shutdown(tcp::socket::shutdown_both, ignored);
        socket.close(ignored);
        return;
      case After::reset:
        socket.set_option(asio::socket_base::linger(true, 0), ignored);
        socket.close(ignored);
        return;
      case After::endless:
        filler_.assign(65536, 'x');
        send(filler_);
        return;
      case After::hang:
        wait_for_close();
        return;
      case After::next:
        request_.clear();
        read();
        return;
    }
  }

  void wait_for_close() {
    stream_.async_read_some(asio::buffer(rest_),
                            [self = this->shared_from_this()](error_code failed, std::size_t) {
                              if (!failed) self->wait_for_close();
                            });
  }

  std::shared_ptr<State> state_;
  Stream stream_;
  std::string request_;
  Reply reply_;
  std::string filler_;
  std::array<char, 512> rest_{};
};

template <class Stream>
void start_session(std::shared_ptr<State> state, Stream stream) {
  std::make_shared<Session<Stream>>(std::move(state), std::move(stream))->start();
}

asio::ssl::context make_context(const TlsOptions& options) {
  asio::ssl::context context(asio::ssl::context::tls_server);
  SSL_CTX* const raw = context.native_handle();
  SSL_CTX_set_security_level(raw, 0);
  SSL_CTX_set_min_proto_version(raw, options.lowest_version);
  if (!options.ciphers.empty()) SSL_CTX_set_cipher_list(raw, options.ciphers.c_str());
  SSL_CTX_set_max_proto_version(raw, options.highest_version);
  SSL_CTX_use_certificate(raw, options.certificate.certificate.get());
  SSL_CTX_use_PrivateKey(raw, options.certificate.key.get());
  for (const auto& issuer : options.certificate.chain) SSL_CTX_add1_chain_cert(raw, issuer.get());
  SSL_CTX_set_alpn_select_cb(raw, note_alpn, nullptr);
  // Tickets and a cache, so that a client which wanted to resume could.
  SSL_CTX_set_session_id_context(raw, reinterpret_cast<const unsigned char*>("t"), 1);
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_SERVER);
  if (options.client_roots) SSL_CTX_set1_cert_store(raw, options.client_roots.get());
  SSL_CTX_set_verify(raw, options.verify_mode, nullptr);
  return context;
}

}  // namespace

void WebServer::State::accept() {
  acceptor.async_accept([self = shared_from_this()](error_code failed, tcp::socket socket) {
    if (failed) return;
    ++self->connections;
    if (self->tls) {
      start_session(self, TlsStream(std::move(socket), *self->tls));
    } else {
      start_session(self, std::move(socket));
    }
    self->accept();
  });
}

WebServer::WebServer(asio::io_context& loop, Answer answer)
    : state_(std::make_shared<State>(loop, std::move(answer))) {
  state_->accept();
}

WebServer::WebServer(asio::io_context& loop, Answer answer, const TlsOptions& tls)
    : state_(std::make_shared<State>(loop, std::move(answer))) {
  state_->tls.emplace(make_context(tls));
  state_->accept();
}

WebServer::~WebServer() {
  state_->acceptor.close();
}

std::uint16_t WebServer::port() const {
  return state_->acceptor.local_endpoint().port();
}
const std::vector<Seen>& WebServer::seen() const {
  return state_->seen;
}
std::size_t WebServer::connections() const {
  return state_->connections;
}
std::size_t WebServer::open() const {
  return state_->open;
}
std::uint64_t WebServer::octets_sent() const {
  return state_->octets_sent;
}

Reply ok(const std::string& body) {
  return {"HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body};
}

WebServer::Answer always(Reply reply) {
  return [reply = std::move(reply)](const std::string&) { return reply; };
}

}  // namespace provphone::client::transport::test
