#include "client/listen/web_port.hpp"

#include "client/face/web.hpp"
#include "client/serve/challenge.hpp"
#include "client/serve/http_session.hpp"
#include "client/transport/listener.hpp"
#include "macro/try.hpp"
#include "resync/request_target.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace provphone::client::listen {
namespace {

namespace asio = boost::asio;

// A phone among others, and what of the target is its own.
struct Addressed {
  std::size_t phone;
  std::string links;        // in front of its links
  std::string_view target;  // the rest
};

serve::Answer http_answer(face::WebAnswer answer) {
  serve::Answer made;
  made.status = answer.status;
  made.set("Content-Type", std::string(answer.type));
  made.set("Cache-Control", "no-store");
  made.set("Content-Length", std::to_string(answer.body.size()));
  made.body.content = serve::Content(std::move(answer.body));
  return made;
}

serve::Answer plain(int status, const std::string& text) {
  face::WebAnswer answer;
  answer.status = status;
  answer.type = "text/plain; charset=utf-8";
  answer.body = text;
  return http_answer(std::move(answer));
}

}  // namespace

struct WebPort::Impl : std::enable_shared_from_this<WebPort::Impl> {
  Impl(drive::RealDriver& its_driver, const resync::WallClock& its_wall)
      : driver(its_driver), wall(its_wall), memories(driver.phone_count()) {}

  drive::RealDriver& driver;
  const resync::WallClock& wall;
  std::vector<face::Memory> memories;
  std::vector<MacAddress> macs;                         // by phone
  std::unordered_map<std::string, std::size_t> by_mac;  // as the path has it
  PhonesByAddress phones;
  std::uint16_t port = 0;
  std::vector<std::shared_ptr<transport::Listener>> listeners;
  serve::Connections connections;
  serve::Authenticator authenticator;
  bool is_over = false;

  std::optional<Addressed> addressed(std::string_view target, const std::string& at) const;
  serve::Reply reply(const serve::Request& request, const std::string& at);
  Result<void> listen(asio::io_context& loop, const std::string& at);
};

namespace {

// One client of the phones' web servers.
class Visitor final : public serve::Respondent {
 public:
  Visitor(std::shared_ptr<WebPort::Impl> port, std::string at)
      : port_(std::move(port)), at_(std::move(at)) {}

  serve::Reply answer(const serve::Request& request) override { return port_->reply(request, at_); }
  std::optional<serve::Answer> refusal(int status) override {
    return plain(status, std::string(serve::reason_of(status)) + "\n");
  }

 private:
  std::shared_ptr<WebPort::Impl> port_;
  std::string at_;  // the address that was called
};

}  // namespace

// R-FACE-02: a phone that is alone at its address has the port for itself; where several share one,
// the first element of the path says which is meant.
std::optional<Addressed> WebPort::Impl::addressed(std::string_view target,
                                                  const std::string& at) const {
  const auto& here = phones.at(at);
  if (here.size() == 1) return Addressed{here.front(), {}, target};
  const auto end = std::min(target.find_first_of("/?&", 1), target.size());
  const auto mac = std::string(target.substr(std::min<std::size_t>(1, end), end - 1));
  const auto found = by_mac.find(mac);
  if (found == by_mac.end() || !std::binary_search(here.begin(), here.end(), found->second))
    return std::nullopt;
  const auto rest = target.substr(end);
  return Addressed{found->second, "/" + mac, rest.starts_with('/') ? rest : "/"};
}

serve::Reply WebPort::Impl::reply(const serve::Request& request, const std::string& at) {
  if (is_over) return {std::nullopt, serve::Ending::closed};
  if (request.method != "GET" && request.method != "POST" && request.method != "HEAD")
    return {plain(405, "GET and POST\n"), serve::Ending::honest};
  if (request.target.empty() || request.target.front() != '/')
    return {plain(400, "Bad Request\n"), serve::Ending::honest};
  const auto whom = addressed(request.target, at);
  if (!whom)
    return {plain(404, "No phone here has that MAC address: /000e08012345/\n"),
            serve::Ending::honest};
  const auto phone = driver.phone(whom->phone);
  // R-FACE-01: nobody is at home.
  if (!resync::is_reachable(phone.machine) || !face::has_web_server(phone.device))
    return {std::nullopt, serve::Ending::closed};
  const face::WebRequest asked{request.method, whom->target, request.body, request.client_address};
  if (const auto login = face::login_wanted(asked, phone.device)) {
    const auto scheme =
        login->scheme == face::LoginScheme::digest ? serve::Scheme::digest : serve::Scheme::basic;
    const serve::LoginFault wanted{scheme, login->login.user, login->login.password};
    if (const auto challenge = authenticator.challenge(
            wanted, {request.authorization, request.method, request.target})) {
      auto refused = plain(401, "Unauthorized\n");
      refused.set("WWW-Authenticate", *challenge);
      return {std::move(refused), serve::Ending::honest};
    }
  }
  auto answer = face::answer(
      asked, {phone.device, phone.machine, memories[whom->phone], wall, driver.now()}, whom->links);
  const auto following = std::move(answer.following);
  serve::Reply made{http_answer(std::move(answer)), serve::Ending::honest};
  if (request.method == "HEAD") {
    // Who asks for the head alone only looks.
    made.answer->body = {};
    return made;
  }
  if (following) driver.happens(whom->phone, following->event, following->brought);
  return made;
}

Result<void> WebPort::Impl::listen(asio::io_context& loop, const std::string& at) {
  boost::system::error_code error;
  const auto ip = asio::ip::make_address(at, error);
  if (error) return fail(Errc::bad_argument, fmt::format("--web: '{}' is no address", at));
  TRY(auto listener,
      transport::Listener::open(
          loop, {ip, port}, [weak = weak_from_this(), at](asio::ip::tcp::socket socket) {
            const auto self = weak.lock();
            if (!self || self->is_over) return;
            std::shared_ptr<serve::Connections> among(self, &self->connections);
            serve::start_session({std::move(socket), nullptr}, {}, std::move(among),
                                 std::make_unique<Visitor>(self, at));
          }));
  port = listener->port();
  listeners.push_back(std::move(listener));
  return {};
}

Result<std::unique_ptr<WebPort>> WebPort::open(asio::io_context& loop, const Place& place,
                                               const PhonesByAddress& phones,
                                               drive::RealDriver& driver,
                                               const resync::WallClock& wall) {
  auto impl = std::make_shared<Impl>(driver, wall);
  impl->phones = phones;
  impl->port = place.port;
  for (std::size_t i = 0; i < driver.phone_count(); ++i) {
    impl->macs.push_back(driver.phone(i).device.identity.mac);
    impl->by_mac.emplace(format_lower(impl->macs.back()), i);
  }
  // Closes what it has opened, where it fails.
  std::unique_ptr<WebPort> port(new WebPort(impl));
  for (const auto& [address, at_it] : phones) {
    TRY(impl->listen(loop, address));
  }
  return port;
}

WebPort::WebPort(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

WebPort::~WebPort() {
  impl_->is_over = true;
  for (const auto& listener : impl_->listeners) listener->close();
  impl_->connections.close();
}

void WebPort::observe(std::size_t phone, const trace::TraceEvent& event) {
  if (!trace::is_of_server(event.event)) face::remember(impl_->memories.at(phone), event);
}

std::uint16_t WebPort::port() const {
  return impl_->port;
}

std::vector<std::string> WebPort::urls() const {
  std::vector<std::string> urls(impl_->memories.size());
  for (const auto& [address, phones] : impl_->phones) {
    for (const auto phone : phones) {
      const auto path = phones.size() > 1 ? format_lower(impl_->macs[phone]) + "/" : "";
      urls[phone] = fmt::format("http://{}/{}", resync::authority(address, impl_->port), path);
    }
  }
  return urls;
}

}  // namespace provphone::client::listen
