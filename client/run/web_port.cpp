#include "client/run/web_port.hpp"

#include "client/face/web.hpp"
#include "client/serve/challenge.hpp"
#include "client/serve/http_session.hpp"
#include "client/transport/listener.hpp"
#include "macro/try.hpp"
#include "macro/whole_number.hpp"
#include "resync/request_target.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace provphone::client::run {
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
  std::map<std::string, std::size_t> by_mac;
  std::map<std::string, std::size_t> by_address;
  std::string address;  // of the place
  std::vector<std::shared_ptr<transport::Listener>> listeners;
  serve::Connections connections;
  serve::Authenticator authenticator;
  bool is_over = false;

  std::optional<Addressed> addressed(std::string_view target, const std::string& at) const;
  serve::Reply reply(const serve::Request& request, const std::string& at);
  Result<std::uint16_t> listen(asio::io_context& loop, const std::string& at, std::uint16_t port);
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

// A phone with an address of its own has its port for itself; the others share the place's, and the
// first element of the path says which is meant.
std::optional<Addressed> WebPort::Impl::addressed(std::string_view target,
                                                  const std::string& at) const {
  if (const auto own = by_address.find(at); own != by_address.end())
    return Addressed{own->second, {}, target};
  if (memories.size() == 1) return Addressed{0, {}, target};
  const auto end = std::min(target.find_first_of("/?&", 1), target.size());
  const auto mac = std::string(target.substr(std::min<std::size_t>(1, end), end - 1));
  const auto found = by_mac.find(mac);
  if (found == by_mac.end()) return std::nullopt;
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

Result<std::uint16_t> WebPort::Impl::listen(asio::io_context& loop, const std::string& at,
                                            std::uint16_t port) {
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
  listeners.push_back(std::move(listener));
  return listeners.back()->port();
}

Result<WebPlace> parse_web_place(const std::string& text, std::string_view flag) {
  WebPlace place;
  const auto colon = text.rfind(':');
  auto number = text;
  if (colon != std::string::npos) {
    place.address = text.substr(0, colon);
    number = text.substr(colon + 1);
    if (place.address.starts_with('[') && place.address.ends_with(']'))
      place.address = place.address.substr(1, place.address.size() - 2);
  }
  const auto port = parse_whole<std::uint16_t>(number);
  boost::system::error_code error;
  asio::ip::make_address(place.address, error);
  if (!port || error)
    return fail(
        Errc::bad_argument,
        fmt::format("{}: '{}' is no [ADDRESS:]PORT such as 8080 or 127.0.0.2:8080", flag, text));
  place.port = *port;
  return place;
}

Result<std::unique_ptr<WebPort>> WebPort::open(asio::io_context& loop, const WebPlace& place,
                                               drive::RealDriver& driver,
                                               const resync::WallClock& wall) {
  auto impl = std::make_shared<Impl>(driver, wall);
  impl->address = place.address;
  for (std::size_t i = 0; i < driver.phone_count(); ++i) {
    const auto phone = driver.phone(i);
    impl->by_mac.emplace(format_lower(phone.device.identity.mac), i);
    if (!phone.source_address.empty()) impl->by_address.emplace(phone.source_address, i);
  }
  TRY(const auto port, impl->listen(loop, place.address, place.port));
  for (const auto& [address, phone] : impl->by_address) {
    if (address == place.address) continue;
    TRY(impl->listen(loop, address, port));
  }
  return std::unique_ptr<WebPort>(new WebPort(std::move(impl)));
}

WebPort::WebPort(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

WebPort::~WebPort() {
  impl_->is_over = true;
  for (const auto& listener : impl_->listeners) listener->close();
  impl_->connections.close();
}

void WebPort::observe(const trace::TraceEvent& event) {
  if (event.number < impl_->memories.size() && !trace::is_of_server(event.event))
    face::remember(impl_->memories[event.number], event);
}

std::vector<std::string> WebPort::urls() const {
  std::vector<std::string> urls;
  for (std::size_t i = 0; i < impl_->memories.size(); ++i) {
    const auto phone = impl_->driver.phone(i);
    const auto& own = phone.source_address;
    const bool shares = own.empty() && impl_->memories.size() > 1;
    urls.push_back(fmt::format(
        "http://{}/{}",
        resync::authority(own.empty() ? impl_->address : own, impl_->listeners.front()->port()),
        shares ? format_lower(phone.device.identity.mac) + "/" : ""));
  }
  return urls;
}

}  // namespace provphone::client::run
