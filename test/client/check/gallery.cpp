#include "test/client/check/gallery.hpp"

#include "profile/aes.hpp"
#include "profile/catalogue.hpp"
#include "profile/rfc8188.hpp"
#include "test/client/check/gallery_pki.hpp"
#include "test/client/check/seen.hpp"
#include "test/client/check/turning.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <cctype>
#include <set>

namespace provphone::test::gallery {
namespace {

using namespace std::chrono_literals;
using client::transport::test::Seen;
using client::transport::test::TftpServer;
using client::transport::test::WebServer;

// Of the phone with the password for-me-only.
const std::string own_login = "Authorization: Basic MDAwZTA4YWJjZGVmOmZvci1tZS1vbmx5\r\n";

std::string lowered(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

// The MAC address in a subject such as /OU=CP-8851-3PCC/L=1/ST=000e08abcdef.
std::string phone_in(const std::string& subject) {
  const auto at = subject.find("/ST=");
  if (at == std::string::npos) return {};
  return subject.substr(at + 4, subject.find('/', at + 4) - at - 4);
}

Asked asked_in(const Seen& seen) {
  Asked asked;
  asked.text = seen.request;
  const auto begin = asked.text.find(' ') + 1;
  asked.path = lowered(asked.text.substr(begin, asked.text.find(' ', begin) - begin));
  asked.path = asked.path.substr(0, asked.path.find('?'));
  constexpr std::size_t length = sizeof "/000e08abcdef.xml" - 1;
  if (asked.path.size() == length && asked.path.ends_with(".xml"))
    asked.of = asked.path.substr(1, own_name.size());
  asked.has_login = asked.text.find("\r\nAuthorization: ") != std::string::npos;
  asked.asker = phone_in(seen.subject);
  if (asked.text.find(own_login) != std::string::npos) asked.asker = own_name;
  return asked;
}

// The servers of an entry, on a loop of their own.
struct Servers {
  boost::asio::io_context loop;
  std::optional<WebServer> web, plain;
  std::optional<TftpServer> tftp;
};

void start(Servers& servers, Stage& stage) {
  const auto host_of = [](const WebServer& server) {
    return "localhost:" + std::to_string(server.port());
  };
  const auto named = [&servers, host_of](Reply reply) {
    const auto header = reply.text.find("\r\n\r\n");
    auto text = replaced(reply.text.substr(0, header), "HOST", host_of(*servers.web));
    reply.text.replace(0, header, replaced(std::move(text), "PLAIN", host_of(*servers.plain)));
    return reply;
  };
  servers.plain.emplace(servers.loop, [&stage, &servers](const std::string&) {
    const auto asked = asked_in(servers.plain->seen().back());
    const auto file = stage.plain_files.find(asked.path);
    return file == stage.plain_files.end() ? whole("404 Not found", "")
                                           : whole("200 OK", file->second);
  });
  const auto answer = [&stage, &servers, named](const std::string&) {
    return named(stage.site.answer(asked_in(servers.web->seen().back())));
  };
  if (stage.scheme == macro::Scheme::tftp) {
    servers.tftp.emplace(servers.loop, stage.tftp);
    return;
  }
  if (stage.scheme == macro::Scheme::https) {
    servers.web.emplace(servers.loop, answer, stage.tls);
  } else {
    servers.web.emplace(servers.loop, answer);
  }
  for (auto* place : {&stage.site.file, &stage.path}) {
    *place = replaced(*place, "HOST", host_of(*servers.web));
    *place = replaced(*place, "PLAIN", host_of(*servers.plain));
  }
}

void begin_audit(Stage& stage) {
  auto& audit = stage.audit;
  audit.pause = 0ms;
  audit.requests = 200;
  audit.may_create = true;
  audit.strangers_key = shared_key();
  audit.device.identity.model = "CP-8851-3PCC";
  audit.device.identity.serial = "FCH2200ABCD";
  audit.device.identity.mac = MacAddress{own_mac};
  audit.tls = std::make_shared<client::identity::TlsIdentity>();
  const auto hosts = std::make_shared<client::transport::Hosts>();
  // Nobody else is asked about names.
  for (const auto* name : {"localhost", "prov.example.net", "phones.example.net"})
    (*hosts)[name] = {boost::asio::ip::make_address("127.0.0.1")};
  (*hosts)["elsewhere.example.net"] = {boost::asio::ip::make_address("127.0.0.9")};
  audit.names.hosts = hosts;
}

}  // namespace

Reply whole(const std::string& status, const std::string& body, const std::string& headers) {
  return {"HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
          headers + "Connection: close\r\n\r\n" + body};
}

Reply redirect(const std::string& location, const std::string& status) {
  return whole(status, "", "Location: " + location + "\r\n");
}

Reply Site::own_file() {
  if (!seals) return whole("200 OK", file, "Content-Type: text/xml\r\nCache-Control: no-store\r\n");
  profile::SealingHeader header{};
  header.salt[0] = static_cast<unsigned char>(++sealed);
  return whole("200 OK", profile::encrypt_aes128gcm(file, content_key, header),
               "Content-Encoding: aes128gcm\r\n");
}

Reply Site::refusal() const {
  return asks_login ? whole("401 Who", "", "WWW-Authenticate: Basic realm=\"phones\"\r\n")
                    : whole("403 No", "");
}

Reply Site::answer(const Asked& asked) {
  if (instead) {
    if (auto other = instead(asked)) return *std::move(other);
  }
  if (asked.of == own_name) return asked.asker == own_name ? own_file() : refusal();
  if (!asked.of.empty()) {
    constexpr int patience = 2;
    return ++guesses[asked.has_login || asked.asker == own_name] > patience
               ? whole("429 Slow down", "")
               : refusal();
  }
  const auto found = files.find(asked.path);
  if (found == files.end()) return whole("404 Not found", "");
  return asked.asker == own_name ? whole("200 OK", found->second) : refusal();
}

std::string with_file(Stage& stage, const std::string& elements) {
  return stage.site.file = profile_of(elements);
}

void careful_https(Stage& stage) {
  begin_audit(stage);
  auto& audit = stage.audit;
  audit.trust = server_roots();
  audit.device_root = device_root();
  auto own = std::make_shared<client::identity::TlsIdentity>();
  own->certificate = phone_certificate(audit.device.identity);
  audit.tls = std::move(own);
  show_certificate(stage, {"localhost"});
  stage.tls.client_roots = device_roots();
  stage.tls.verify_mode = SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
  stage.tls.lowest_version = TLS1_2_VERSION;
  stage.tls.highest_version = TLS1_2_VERSION;
  with_file(stage, "<User_ID_1_>100</User_ID_1_><Password_1_>for-me-only</Password_1_>");
}

void careful_http(Stage& stage) {
  begin_audit(stage);
  stage.scheme = macro::Scheme::http;
  auto& device = stage.audit.device;
  device.parameters.set(*profile::find_parameter("GPP_A"), "for-me-only");
  device.parameters.set(*profile::find_parameter("IKM_HTTP_Encrypt_Content"), content_key);
  device.settings_changed();
  stage.options = "[--uid $MA --pwd $A] ";
  stage.site.asks_login = true;
  stage.site.seals = true;
  with_file(stage, "<User_ID_1_>100</User_ID_1_><Password_1_>for-me-only</Password_1_>");
}

void encrypt_tftp(Stage& stage, profile::Layer layer) {
  // Two whole blocks, with the sixteen octets before them and the padding behind.
  const std::string text = profile_of("<GPP_A>" + std::string(1000 - 44, 'a') + "</GPP_A>");
  stage.tftp.content = profile::encrypt(text, "k9Lw-2vXq-Zt7m-Rb4n", layer, {1, 2, 3});
  REQUIRE(stage.tftp.content.size() == 1024);
}

void careful_tftp(Stage& stage) {
  begin_audit(stage);
  stage.scheme = macro::Scheme::tftp;
  stage.options = "[--key k9Lw-2vXq-Zt7m-Rb4n] ";
  stage.tftp.only_name = "/" + own_name + ".xml";
  encrypt_tftp(stage, profile::Layer::aes_256_cbc_sha256);
}

Set answering(void (*careful)(Stage&), const Instead& instead) {
  return [=](Stage& stage) {
    careful(stage);
    stage.site.instead = [instead, &site = stage.site](const Asked& asked) {
      return instead(site, asked);
    };
  };
}

Set giving(void (*careful)(Stage&), const std::function<Reply(Site&, const Asked&)>& reply) {
  return answering(careful, [reply](Site& site, const Asked& asked) -> std::optional<Reply> {
    if (asked.of != own_name || asked.asker != own_name) return std::nullopt;
    return reply(site, asked);
  });
}

Trail audited(const Entry& entry) {
  Stage stage;
  entry.set(stage);
  Servers servers;
  start(servers, stage);
  const auto port = servers.tftp ? servers.tftp->port() : servers.web->port();
  stage.audit.rule = stage.options + std::string(name(stage.scheme)) + "://" + stage.url_host +
                     ":" + std::to_string(port) + stage.path;
  const Turning turning(servers.loop);
  auto trail = client::check::observe(stage.audit);
  if (!trail) FAIL(entry.server << ": " << format(trail.error()));
  return *std::move(trail);
}

}  // namespace provphone::test::gallery
