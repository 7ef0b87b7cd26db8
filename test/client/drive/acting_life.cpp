#include "acting_life.hpp"

#include "client/drive/conductor.hpp"
#include "client/face/registration_terms.hpp"
#include "client/face/sip.hpp"
#include "client/face/web.hpp"
#include "client/trace/event.hpp"
#include "resync/load.hpp"
#include "resync/reading.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>

namespace provphone::test {
namespace {

using namespace std::chrono_literals;
using client::drive::Conductor;
using client::drive::Handset;
using client::trace::EventKind;
using resync::Lane;
using resync::Time;

constexpr std::size_t only_phone = 0;

const char* optional_text(const std::optional<std::string>& text) {
  return text ? text->c_str() : "-";
}

std::string line_of(const resync::Naming& naming) {
  return fmt::format("families={} servers={} mode={} keeps={}", static_cast<int>(naming.families),
                     fmt::join(naming.servers, ","), static_cast<int>(naming.mode),
                     naming.keeps_answers);
}

// Through whom a fetch goes.
std::string way_of(const resync::Fetch& fetch) {
  return fetch.proxy ? fmt::format("{}:{}", fetch.proxy->host, fetch.proxy->port) : "-";
}

std::string line_of(const std::optional<resync::TlsTerms>& terms) {
  if (!terms) return "-";
  return fmt::format("{}..{} ciphers={} names={} weak={} dns={} roots={}", name(terms->lowest),
                     name(terms->highest), terms->ciphers, static_cast<int>(terms->names),
                     terms->accepts_weak, static_cast<int>(terms->dns_check),
                     terms->extra_roots ? terms->extra_roots->count : 0);
}

// All that a server or its network can tell one fetch from another by. What a report holds is every
// parameter there is, so that it is told by its beginning alone.
std::string line_of(const resync::Fetch& fetch) {
  const auto& request = fetch.request;
  const auto shown = fetch.lane == Lane::reports ? request.body.substr(0, 8) : request.body;
  return fmt::format(
      "{} {} proxy={} {} ua={} body={} type={} coding={} key={} login={} name={} "
      "patience={}/{}/{} {} {}",
      name(request.method), format(request.url), way_of(fetch), fetch.proxy_authorization,
      fetch.user_agent, shown, request.content_type, request.content_encoding,
      optional_text(request.key), request.authorization, request.certificate_name,
      fetch.patience.connect.count(), fetch.patience.idle.count(), fetch.patience.total.count(),
      line_of(fetch.naming), line_of(fetch.tls));
}

std::string profile_of(const Life& life) {
  std::string text = "<flat-profile><GPP_O>from the server</GPP_O>";
  for (const auto& [name, value] : life.profile) text += fmt::format("<{0}>{1}</{0}>", name, value);
  return text + "</flat-profile>";
}

// One phone and its server.
class Room : public client::drive::World {
 public:
  explicit Room(const Life& life) : life_(life) {
    auto& device = handset_.phone.device;
    device.personality = resync::personality_of(*profile::parse_generation(life.personality));
    for (const auto& knob : life.knobs) REQUIRE(resync::set_knob(device.personality, knob));
    device.parameters = profile::ParameterSet(resync::factory_values_of(device.personality));
    for (const auto& [name, value] : life.parameters) {
      INFO(name);
      const auto id = profile::find_parameter(name);
      REQUIRE(id);
      device.parameters.set(*id, value);
    }
    for (const auto& [name, value] : life.lease) {
      device.lease.push_back(*resync::parse_option_name(name));
      device.lease.back().value = value;
    }
    device.identity.certificate_installed = true;
    device.profile_account = resync::Login{"anna", "entered"};
    device.settings_changed();
  }

  Handset& handset(std::size_t) override { return handset_; }
  resync::Depth depth(std::size_t) const override { return resync::Depth::everything; }
  resync::FileCache* file_cache() override { return nullptr; }

  void fetch(std::size_t index, resync::Fetch fetch) override {
    note(line_of(fetch));
    const auto lane = fetch.lane;
    conductor_.post(index, resync::Input{resync::Resolved{lane, "127.0.0.1"}});
    resync::Answered answer;
    answer.lane = lane;
    const auto& path = fetch.request.url.path;
    if (lane == Lane::work && !resync::is_called_load(path)) {
      answer.status = life_.answer == 0 ? 200 : life_.answer;
      // Of 401 and 407; nobody looks at them where the status is another one.
      answer.challenges = {"Basic realm=\"room\""};
      answer.body = profile_of(life_);
    } else {
      answer.body = resync::is_list_of_parts(path) ? "\1part.sbn" : "\1load";
    }
    answer.body_bytes = answer.body.size();
    conductor_.post(index, resync::Input{std::move(answer)});
  }
  void cancel(std::size_t, Lane) override {}
  void look_up(std::size_t index, const resync::LookUp& wanted) override {
    note("look up " + wanted.name);
    conductor_.post(
        index, resync::Input{resync::NamesFound{fail(Errc::name_not_resolved, "no such name")}});
  }
  void ask_pac(std::size_t index, const resync::AskPac& wanted) override {
    note("ask the PAC file: " + *wanted.script);
    conductor_.post(
        index, resync::Input{resync::PacSaid{wanted.lane, std::string("PROXY 10.0.0.7:8080")}});
  }
  void request_certificate(std::size_t index) override {
    note("ask for a certificate");
    conductor_.post(index, resync::Input{resync::CertificateRequestMade{"PKCS#10"}});
  }
  void install_certificate(std::size_t index, const resync::InstallCertificate&) override {
    note("install a certificate");
    const auto renewed = std::make_shared<const resync::RenewedCertificate>(
        resync::RenewedCertificate{{}, {}, "2A", {}, {}});
    conductor_.post(index, resync::Input{resync::CertificateRead{renewed}});
  }
  void send_log(std::size_t, const resync::Log& log, client::trace::TraceEvent) override {
    note(fmt::format("log {} {}: {}", log.server, log.identifier, log.text));
  }
  bool wants(std::size_t, EventKind kind) const override {
    // What a file changed is told by its names, stored ones too.
    return kind != EventKind::applied;
  }
  void emit(std::size_t, client::trace::TraceEvent&& line) override {
    note(client::trace::format_json(line));
  }
  void stepped(std::size_t, const resync::Effects&) override {}
  void document(std::size_t, std::string_view, const macro::Url&) override {}
  void settled(std::size_t) override {}

  std::vector<std::string> live() {
    for (auto& [at, what] : plan_) {
      until(Time{at});
      conductor_.post(only_phone, std::move(what));
      conductor_.drain(Time{at});
    }
    until(Time{30h});
    visit("GET", "/", "");
    visit("GET", "/admin/resync", "");
    visit("POST", "/CGI/Execute", "<xExecute><ExecuteItem URL=\"Resync:\"/></xExecute>");
    call();
    enlist();
    return std::move(lines_);
  }

 private:
  // Somebody comes to its web server; what is on its pages is no line.
  void visit(const char* method, const char* target, const char* body) {
    const client::face::WebRequest request{method, target, body, "127.0.0.1"};
    const auto& device = handset_.phone.device;
    const auto login = client::face::login_wanted(request, device);
    const auto clock = wall();
    const auto answer = client::face::answer(
        request, {device, handset_.phone.machine, memory_, clock, conductor_.now()}, {});
    note(fmt::format("visit {} open={} login={} status={} follows={}", target,
                     client::face::has_web_server(device),
                     login ? login->login.user + ":" + login->login.password : "-", answer.status,
                     answer.following.has_value()));
  }
  // A PBX asks it for a pass.
  void call() {
    const auto& device = handset_.phone.device;
    const auto line = client::face::line_of("100", device);
    client::face::SipRequest request;
    request.method = "NOTIFY";
    request.event = "resync";
    const auto login = client::face::sip_login_wanted(request, line.value_or(1), device);
    note(fmt::format("call line={} login={} blocks={}", line.value_or(0),
                     login ? login->user + ":" + login->password : "-",
                     client::face::is_barred("10.0.0.99", device)));
  }
  // How its first line registers.
  void enlist() {
    const auto terms = client::face::registration_terms(1, handset_.phone.device);
    if (!terms || !*terms) return note("does not register");
    const auto& how = **terms;
    note(fmt::format("registers {} at {} through {} transport={} name={} ua={} login={}:{}",
                     how.user, how.registrar, how.next_hop, static_cast<int>(how.transport),
                     how.display_name, how.user_agent, how.account, how.password));
    note(fmt::format("registers for {} ({} to {}) timers {} {} {} again {} {} {} {} {} {}",
                     how.expires.count(), how.shortest.count(), how.longest.count(), how.t1.count(),
                     how.t2.count(), how.patience.count(), how.retry.count(), how.retry_cap.count(),
                     how.long_retry.count(), how.retry_spread.count(),
                     how.long_retry_spread.count(), how.retried_statuses));
  }
  void note(std::string text) {
    lines_.push_back(
        fmt::format("{} {}", conductor_.now().time_since_epoch().count(), std::move(text)));
  }

  // Whatever is due before. Bounded: no life has so many deadlines.
  void until(Time end) {
    constexpr int most_steps = 200'000;
    for (int i = 0; i < most_steps; ++i) {
      const auto due = handset_.phone.machine.due;
      if (due >= end) return;
      conductor_.post(only_phone, resync::Event{resync::DeadlineReached{}});
      conductor_.drain(due);
    }
    FAIL("a phone that never comes to rest");
  }

  static resync::WallClock wall() {
    resync::WallClock wall;
    wall.at_start = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + 6h;
    wall.known = resync::ClockIsKnown::from_boot;
    return wall;
  }

  const Life& life_;
  Handset handset_;
  Conductor conductor_{*this, {7, wall(), {}}};
  std::vector<std::string> lines_;
  client::face::Memory memory_;
  std::vector<std::pair<resync::Duration, client::drive::Stimulus>> plan_{
      {0s, resync::Event{resync::PoweredOn{}}},
      {700s, resync::Event{resync::RegistrationLost{0}}},
      {3'500s, resync::Event{resync::CallStarted{}}},
      {3'900s, resync::Event{resync::CallEnded{}}},
      {5'000s, resync::Event{resync::ResyncRequested{resync::Origin::sip_notify}}},
      {5'200s, client::drive::AskWithRule{resync::ResyncRequested{resync::Origin::web,
                                                                  resync::Scope::one_time_rule},
                                          "http://127.0.0.1/by-url.xml"}},
      {5'400s, client::drive::AskWithRule{resync::ResyncRequested{resync::Origin::phone_menu,
                                                                  resync::Scope::one_time_rule},
                                          "http://127.0.0.1/by-menu.xml"}},
      {6'000s, resync::Event{resync::ReportRequested{}}},
      {7'000s, client::drive::SetByHand{{{"GPP_P", "by hand"}}}},
      {9'000s, resync::Event{resync::RestartRequested{}}},
      {10'000s, client::drive::SetByHand{{{"GPP_N", "by web"}}, resync::ByHand::submitted}},
      {12'000s, resync::Event{resync::PoweredOff{}}},
      {12'100s, resync::Event{resync::PoweredOn{}}},
  };
};

}  // namespace

std::vector<std::string> lines_of(const Life& life) {
  return Room(life).live();
}

}  // namespace provphone::test
