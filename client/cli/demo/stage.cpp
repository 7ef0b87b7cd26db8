#include "client/cli/demo/stage.hpp"

#include "client/cli/demo/profiles.hpp"
#include "client/identity/pki.hpp"
#include "macro/try.hpp"
#include "profile/aes.hpp"
#include "profile/gzip.hpp"
#include "profile/parameter_id.hpp"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <utility>

namespace provphone::client::demo {
namespace {

namespace fs = std::filesystem;

using profile::parameter_id;

// Made-up addresses (CONTRIBUTING.md).
constexpr std::uint64_t lobby = 0x000e08010001, office = 0x000e08010002, boardroom = 0x000e08010003,
                        warehouse = 0x000e08010004;

Result<void> write_file(const fs::path& path, std::string_view bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) return fail(Errc::unreadable_file, fmt::format("cannot write {}", path.string()));
  return {};
}

identity::DeviceSubject boardroom_subject() {
  return {"CP-8861-3PCC", "FCH22040003", MacAddress{boardroom}};
}

struct Description {
  const char* label;
  const char* model;
  const char* serial;
  std::uint64_t mac;
};

Actor make_actor(const Description& description) {
  Actor actor{description.label, {}};
  auto& identity = actor.setup.device.identity;
  identity.model = description.model;
  identity.serial = description.serial;
  identity.mac = MacAddress{description.mac};
  identity.firmware = "sip88xx.12-0-2MPP0001-116";
  identity.ip = "127.0.0.1";
  return actor;
}

void set(Actor& actor, profile::ParameterId id, std::string_view value) {
  actor.setup.device.parameters.set(id, value);
}

Result<Actor> make_boardroom(const serve::Server& server, const std::string& directory) {
  auto actor = make_actor({"boardroom", "CP-8861-3PCC", "FCH22040003", boardroom});
  const auto base = fmt::format("https://localhost:{}", server.https_port());
  set(actor, parameter_id("Profile_Rule"), base + "/$PSN/$MA-key.xml");
  // The first file brings the key in GPP_SA for the second: rules are read one at a time
  // (R-RULE-49).
  set(actor, parameter_id("Profile_Rule_B"), "[--key \"$SA\"] " + base + "/$PSN/$MA.cfg");
  const auto file = directory + "/pki/" + format_lower(MacAddress{boardroom});
  TRY(auto certificate, identity::load_device_certificate(file + ".pem", file + ".key"));
  TRY(auto trust, identity::load_trust({directory + "/pki/server-root.pem"}));
  auto tls = std::make_shared<identity::TlsIdentity>();
  tls->certificate = std::move(certificate);
  tls->trust = std::move(trust);
  actor.setup.tls = std::move(tls);
  actor.setup.device.identity.certificate_installed = true;
  return actor;
}

}  // namespace

Result<void> write_stage(const std::string& directory) {
  identity::PkiRequest request;
  request.directory = directory + "/pki";
  request.devices = {boardroom_subject()};
  TRY(identity::make_pki(request, std::chrono::system_clock::now()));
  const fs::path root = directory + "/profiles";
  std::error_code error;
  fs::create_directories(root / "8841-3PCC", error);
  fs::create_directories(root / "8861-3PCC", error);
  // A fixed one: the demo's file is the same each time. Real files want a random one
  // (CHK-KEY-SALT).
  constexpr std::array<unsigned char, 8> salt{1, 9, 2, 8, 3, 7, 4, 6};
  // R-LAYER-01, R-LAYER-05: compressed first, then encrypted.
  const auto encrypted = profile::encrypt(profile::gzip(boardroom_xml), boardroom_phrase,
                                          profile::Layer::aes_256_cbc_sha256, salt);
  const auto name = [](std::uint64_t mac) { return format_lower(MacAddress{mac}); };
  for (const auto& [file, bytes] : std::initializer_list<std::pair<fs::path, std::string>>{
           {root / (name(lobby) + ".cfg"), std::string(lobby_xml)},
           {root / "8841-3PCC" / (name(office) + ".xml.gz"), profile::gzip(office_xml)},
           {root / "8861-3PCC" / (name(boardroom) + "-key.xml"), std::string(boardroom_key_xml)},
           {root / "8861-3PCC" / (name(boardroom) + ".cfg"), encrypted},
           {root / "warehouse.xml", std::string(warehouse_xml)}}) {
    if (auto written = write_file(file, bytes); !written) return written;
  }
  return {};
}

Result<std::unique_ptr<serve::Server>> start_server(boost::asio::io_context& loop,
                                                    const std::string& directory) {
  serve::Options options;
  options.directory = directory + "/profiles";
  options.pki_directory = directory + "/pki";
  options.http_port = options.https_port = options.tftp_port = std::uint16_t{0};
  options.client_certificates = serve::ClientCertificates::required;
  // Two answers that fail show a retry list at work (R-RESYNC-13).
  serve::Fault busy_at_first;
  busy_at_first.path = "/warehouse.xml";
  busy_at_first.last = 2;
  busy_at_first.failing = serve::StatusFault{503};
  options.faults.push_back(std::move(busy_at_first));
  return serve::Server::start(loop, options, [](const serve::Served&) {});
}

Result<std::vector<Actor>> make_actors(const serve::Server& server, const std::string& directory) {
  std::vector<Actor> actors;
  actors.push_back(make_actor({"lobby    ", "CP-6851-3PCC", "FCH22040001", lobby}));
  set(actors.back(), parameter_id("Profile_Rule"),
      fmt::format("tftp://127.0.0.1:{}/$MA.cfg", server.tftp_port()));

  actors.push_back(make_actor({"office   ", "CP-8841-3PCC", "FCH22040002", office}));
  set(actors.back(), parameter_id("Profile_Rule"),
      fmt::format("http://127.0.0.1:{}/$PSN/$MA.xml.gz", server.http_port()));

  TRY(auto certified, make_boardroom(server, directory));
  actors.push_back(std::move(certified));

  actors.push_back(make_actor({"warehouse", "CP-7841-3PCC", "FCH22040004", warehouse}));
  set(actors.back(), parameter_id("Profile_Rule"),
      fmt::format("http://127.0.0.1:{}/warehouse.xml", server.http_port()));
  set(actors.back(), parameter_id("Resync_Error_Retry_Delay"), "2,4,8");

  for (auto& actor : actors) {  // up to two seconds instead of forty
    actor.setup.device.personality.resync_random_delay_unit = std::chrono::seconds(1);
  }
  return actors;
}

}  // namespace provphone::client::demo
