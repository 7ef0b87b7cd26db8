#include "client/check/detail/file_audit.hpp"

#include "client/check/detail/asking.hpp"
#include "client/check/detail/facts.hpp"
#include "client/check/detail/follow.hpp"
#include "client/check/tftp_probe.hpp"
#include "client/check/tls_probe.hpp"
#include "macro/ascii.hpp"
#include "macro/hide.hpp"
#include "resync/apply.hpp"
#include "resync/messages.hpp"
#include "resync/server_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace provphone::client::check::detail {
namespace {

using resync::TlsVersion;
using std::chrono::milliseconds;

// A MAC address that no phone has keeps the vendor's octets: a server may look at those first.
constexpr std::uint64_t vendor_bits = 0xffff'ff00'0000U;
constexpr std::uint64_t made_up_device = 0xff'fff0U;  // the highest numbers are used last
constexpr std::size_t most_look_ups = 4;
constexpr std::size_t guesses = 4;
// Up from any folder, to a file that every Unix has and that holds no secret.
constexpr std::string_view outside_path = "/../../../../../../../../etc/services";

MacAddress beside(MacAddress mac, std::int64_t steps) {
  return {(mac.bits + static_cast<std::uint64_t>(steps)) & 0xffff'ffff'ffffU};
}

MacAddress made_up(MacAddress mac, std::size_t number) {
  const MacAddress candidate{(mac.bits & vendor_bits) | (made_up_device + number)};
  return candidate == mac ? beside(candidate, -0x100) : candidate;
}

resync::Identity with_mac(resync::Identity identity, MacAddress mac) {
  identity.mac = mac;
  return identity;
}

std::string server_of(const macro::Url& url) {
  return fmt::format("{} {} {}", name(url.scheme), url.host, url.port);
}

// One file being asked for.
class FileAudit {
 public:
  FileAudit(Ground& ground, FileTask task)
      : ground_(ground), task_(std::move(task)), own_(task_.own) {}

  // Goes on with a file that observe() has asked about.
  FileAudit(Ground& ground, FileTask task, Observations seen) : FileAudit(ground, std::move(task)) {
    seen_ = std::move(seen);
    const auto& known = ground_.servers.at(server_of(own_.url));
    trust_ = known.trust;
    certificate_name_ = known.certificate_name;
  }

  Observations observe() {
    const auto asked_before = ground_.prober.asked();
    describe_phone();
    const auto [server, is_new] = ground_.servers.try_emplace(server_of(own_.url));
    seen_.same_server = !is_new;
    // First: what the server shows decides which names and roots the other questions accept, so
    // that one bad certificate does not end the audit.
    if (seen_.is_https()) look_at_server(server->second);
    if (!seen_.is_https() || seen_.tls->certificate) ask_for_files();
    if (seen_.is_tftp() && seen_.kind == FileKind::profile && !seen_.same_server)
      look_at_transfers();
    seen_.ended_by = ground_.prober.ended_by();
    seen_.requests = ground_.prober.asked() - asked_before;
    if (seen_.server_address.empty()) seen_.server_address = ground_.prober.server_address();
    return std::move(seen_);
  }

  Observations flood() {
    const auto asked_before = ground_.prober.asked();
    ask_at_full_rate();
    seen_.requests += ground_.prober.asked() - asked_before;
    return std::move(seen_);
  }

 private:
  MacAddress mac() const { return task_.phone.identity.mac; }

  // For a handshake or a TFTP packet.
  milliseconds probe_patience() const {
    return std::chrono::duration_cast<milliseconds>(ground_.audit.patience.connect);
  }

  // What another phone asks for: by its own file before this one, where it got any.
  std::optional<resync::Request> request_for(const resync::Identity& identity) const {
    const auto known = task_.others.find(identity.mac.bits);
    auto phone = known == task_.others.end() ? task_.phone : known->second.phone;
    phone.identity = identity;
    const auto request = request_of(
        task_.kind, known == task_.others.end() ? task_.rule : known->second.rule, phone);
    return request ? *request : std::nullopt;
  }

  bool is_led_elsewhere(const resync::Identity& phone) const {
    const auto request = request_for(phone);
    return request && request->url != own_.url;
  }

  bool names_other_macs() const {
    const auto& identity = task_.phone.identity;
    return is_led_elsewhere(with_mac(identity, beside(identity.mac, 1))) ||
           std::any_of(task_.others.begin(), task_.others.end(), [&](const auto& other) {
             return is_led_elsewhere(with_mac(identity, MacAddress{other.first}));
           });
  }

  void describe_phone() {
    const auto& device = task_.phone;
    seen_.kind = task_.kind;
    seen_.led_by = task_.led_by;
    seen_.phone = device;
    seen_.personality = device.personality;
    seen_.tls_terms =
        resync::tls_terms_of(device.parameters, device.personality, device.identity.firmware);
    seen_.url = own_.url;
    seen_.mac = format_lower(mac());
    seen_.now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    seen_.decode = resync::decode_options(device, own_, {});
    seen_.has_trust = ground_.audit.trust != nullptr;
    seen_.has_certificate = of(ground_.certificates, ClientRole::own).has_value();
    seen_.has_device_root = ground_.audit.device_root.has_value();
    seen_.has_login =
        own_.login.has_value() || macro::hide_query_secrets(own_.url.path) != own_.url.path;
    seen_.has_key = own_.key.has_value();
    seen_.may_create = ground_.audit.may_create;
    seen_.has_others = !ground_.audit.others.empty();
    seen_.names_mac = names_other_macs();
    // The serial number on top of the address: a rule with `$SN` alone is a phone's own, too.
    auto neighbour = with_mac(device.identity, beside(mac(), 1));
    neighbour.serial += "0";
    seen_.names_phone = seen_.names_mac || is_led_elsewhere(neighbour);
  }

  void look_at_server(KnownServer& known) {
    if (!seen_.same_server) {
      shake_hands_with_server();
      known = {*seen_.tls, seen_.look_ups, trust_, certificate_name_, seen_.server_address};
      return;
    }
    seen_.tls = known.tls;
    seen_.look_ups = known.look_ups;
    trust_ = known.trust;
    certificate_name_ = known.certificate_name;
    seen_.server_address = known.address;
  }

  // Each version by itself; the newest that works shows the certificate.
  void shake_hands_with_server() {
    auto& tls = seen_.tls.emplace();
    std::vector<std::shared_ptr<X509>> shown;
    for (const auto version :
         {TlsVersion::tls1_0, TlsVersion::tls1_1, TlsVersion::tls1_2, TlsVersion::tls1_3}) {
      if (!ground_.prober.may_ask()) break;
      auto handshake = shake_hands(own_.url, version, {}, ground_.address_book, probe_patience());
      tls.versions.emplace_back(version, !handshake.shown.empty());
      if (handshake.shown.empty()) {
        tls.failure = handshake.failure;
        if (handshake.server_address.empty()) break;  // no connection: no version will do
        continue;
      }
      tls.asks_for_certificate |= handshake.asks_for_certificate;
      seen_.server_address = handshake.server_address;
      shown = std::move(handshake.shown);
    }
    if (shown.empty()) return;
    offer_phone_suites(tls);
    tls.certificate = describe(shown, ground_.audit.trust.get());
    trust_ = trust_in(shown);
    choose_name();
    look_names_up();
  }

  // The newest version that both have, with the suites of the phone alone (R-TLS-15). TLS 1.3 has
  // suites of its own.
  void offer_phone_suites(TlsSeen& tls) {
    const auto& terms = seen_.tls_terms;
    const auto suites = terms.ciphers.empty() || terms.ciphers == "DEFAULT"
                            ? resync::cipher_list_of(terms.own_suites)
                            : std::string_view(terms.ciphers);
    std::optional<TlsVersion> shared;
    for (const auto& [version, yes] : tls.versions) {
      if (yes && version >= terms.lowest && version <= terms.highest) shared = version;
    }
    if (!shared || *shared == TlsVersion::tls1_3 || suites.empty() || !ground_.prober.may_ask())
      return;
    auto handshake = shake_hands(own_.url, *shared, suites, ground_.address_book, probe_patience());
    tls.takes_phone_suites = !handshake.shown.empty();
    tls.suites_failure = std::move(handshake.failure);
  }

  // A name that the certificate has, so that a wrong one does not end the audit.
  void choose_name() {
    auto names = seen_.tls->certificate->names;
    const auto check = seen_.tls_terms.names;
    if (resync::certificate_names_host({names.dns, names.addresses, names.common_name},
                                       own_.url.host, check))
      return;
    if (check == resync::NameCheck::common_name) names = {{}, {}, std::move(names.common_name)};
    auto name = names.dns.empty() ? names.common_name.substr(0, names.common_name.find('/'))
                                  : names.dns.front();
    if (name.starts_with('*')) name.front() = 'x';
    certificate_name_ = name.empty() && !names.addresses.empty() ? names.addresses.front() : name;
  }

  void look_names_up() {
    const auto& names = seen_.tls->certificate->names;
    std::vector<std::string> wanted{names.common_name.substr(0, names.common_name.find('/'))};
    wanted.insert(wanted.end(), names.dns.begin(), names.dns.end());
    for (const auto& name : wanted) {
      const bool is_host = !name.empty() && name.find_first_of("* :") == std::string::npos;
      const bool is_known =
          std::any_of(seen_.look_ups.begin(), seen_.look_ups.end(),
                      [&](const NameLookUp& known) { return known.name == name; });
      if (!is_host || is_known || seen_.look_ups.size() >= most_look_ups) continue;
      seen_.look_ups.push_back(ground_.address_book.look_up(name));
    }
  }

  bool shares_version() const {
    return std::any_of(seen_.tls->versions.begin(), seen_.tls->versions.end(),
                       [&](const auto& row) {
                         return row.second && row.first >= seen_.tls_terms.lowest &&
                                row.first <= seen_.tls_terms.highest;
                       });
  }

  // A server that shares no version or no suite with the phone is a finding by then, and would be
  // the only one if nothing more could be asked for.
  bool speaks_any_tls() const {
    return seen_.is_https() && (!shares_version() || seen_.tls->takes_phone_suites == false);
  }

  std::shared_ptr<const identity::TlsIdentity> tls_of(ClientRole role) const {
    if (!seen_.is_https()) return ground_.audit.tls;
    auto tls = std::make_shared<identity::TlsIdentity>(*ground_.audit.tls);
    tls->certificate = of(ground_.certificates, is_phone_itself(role) ? ClientRole::own : role);
    tls->trust = trust_;
    tls->clock = identity::Clock::unset;  // dates have been judged
    return tls;
  }

  // The phone's login is its own, and the name is one that the certificate has.
  resync::Request request_as(ClientRole role, resync::Request request) const {
    if (!is_phone_itself(role)) {
      request.login.reset();
      request.url.path = with_query_secrets(request.url.path, "");
    }
    if (role == ClientRole::wrong_password) {
      if (request.login) request.login->password = wrong_password;
      request.url.path = with_query_secrets(request.url.path, wrong_password);
    }
    request.certificate_name = certificate_name_;
    return request;
  }

  Guise guise_of(ClientRole role, MacAddress whose) const {
    const bool may_log_in = role == ClientRole::own || role == ClientRole::other_address;
    auto account = may_log_in
                       ? resync::phone_login(task_.phone.macros(), task_.phone.profile_account)
                       : std::nullopt;
    Guise guise{task_.phone, whose, std::move(account), tls_of(role), speaks_any_tls()};
    if (role == ClientRole::other_address) guise.source_address = ground_.audit.other_source;
    return guise;
  }

  // Valid until the next question: exchanges move where there is no room for more.
  const Answer* ask(ProbeTarget target, ClientRole role, const resync::Request& request,
                    const Guise& guise, std::string pretended = {}) {
    auto answer = ground_.prober.ask(request_as(role, request), guise);
    if (!answer) return nullptr;
    seen_.exchanges.push_back({target, role, format_lower(guise.mac),
                               request_as(role, request).url.path, *std::move(answer),
                               method_of(request), std::move(pretended)});
    return &seen_.exchanges.back().answer;
  }
  const Answer* ask(ProbeTarget target, ClientRole role, const resync::Request& request,
                    MacAddress whose) {
    return ask(target, role, request, guise_of(role, whose));
  }

  void ask_for(ProbeTarget target, ClientRole role, MacAddress whose) {
    const auto request = request_for(with_mac(task_.phone.identity, whose));
    if (request) ask(target, role, *request, whose);
  }

  void ask_for_files() {
    const auto* answer = ask(ProbeTarget::own_file, ClientRole::own, own_, mac());
    if (answer == nullptr || seen_.kind != FileKind::profile) return;
    // A copy: exchanges move.
    const auto own = *answer;
    // Every further question would be led there as well.
    if (own.error && own.error->code == Errc::target_refused) return;
    // Without a file there is nothing to compare what others get with.
    const bool is_there = !own.error && !own.body.empty();
    if (is_there && !seen_.same_server)
      ask(ProbeTarget::own_file_again, ClientRole::own, own_, mac());
    if (!seen_.same_server && was_answered(own)) ask_in_other_case();
    if (is_there && !seen_.names_mac) look_behind_redirect(own);
    if (!seen_.same_server && was_answered(own)) ask_beside(ProbeTarget::absent_file, absent_name);
    if (may_make_up()) ask_for(ProbeTarget::unknown_file, ClientRole::own, made_up(mac(), 0));
    if (is_there) ask_as_strangers();
    pretend(own);
    if (is_there && !own.hops.empty() && seen_.names_phone) ask_behind_redirect(own.last_asked);
    if (is_there && seen_.names_mac) ask_for_neighbours();
    if (is_there && !seen_.is_tftp()) ask_beside(ProbeTarget::folder, "");
    // What follows is about the server.
    if (seen_.same_server) return;
    if (may_make_up()) guess();
    auto outside = own_;
    outside.url.path = outside_path;
    outside.method = resync::Request::Method::get;
    ask(ProbeTarget::outside, ClientRole::own, outside, mac());
  }

  void ask_at_full_rate() {
    const auto most = ground_.audit.rate;
    auto& rate = seen_.rate.emplace();
    while (rate.asked < most && !rate.refused_at) {
      const auto answer = ground_.prober.ask(request_as(ClientRole::own, own_),
                                             guise_of(ClientRole::own, mac()), Pause::skipped);
      if (!answer) {
        rate.ended_by = ground_.prober.ended_by();
        return;
      }
      ++rate.asked;
      if (is_success(*answer)) continue;
      rate.refused_at = rate.asked;
      rate.how = in_words(*answer);
    }
  }

  void pretend(const Answer& own) {
    if (seen_.is_tftp() || !was_answered(own)) return;
    const auto* nobody = find(seen_, ProbeTarget::own_file, ClientRole::nothing);
    const auto* elsewhere = find(seen_, ProbeTarget::own_file, ClientRole::other_address);
    if (keeps_out(own)) {
      pretend_addresses(ClientRole::own, trusted_addresses());
    } else if (elsewhere != nullptr && keeps_out(*elsewhere)) {
      pretend_addresses(ClientRole::other_address, trusted_addresses());
    } else if (nobody != nullptr && keeps_out(*nobody)) {
      pretend_addresses(ClientRole::nothing, trusted_addresses());
    } else if (is_success(own) && !seen_.same_server) {
      pretend_addresses(ClientRole::own, trusted_addresses().first(1));
    }
    if (is_success(own)) pretend_other_agent();
  }

  // Until one opens the door.
  void pretend_addresses(ClientRole role, std::span<const std::string_view> addresses) {
    for (const auto address : addresses) {
      auto guise = guise_of(role, mac());
      guise.forwarded_for = address;
      const auto* answer = ask(ProbeTarget::forwarded, role, own_, guise,
                               fmt::format("X-Forwarded-For: {}", address));
      if (answer == nullptr || is_success(*answer)) return;
    }
  }

  // Another phone that may be named to the server.
  std::optional<MacAddress> another_phone() const {
    const auto& others = ground_.audit.others;
    if (!others.empty()) return others.front();
    if (ground_.audit.may_create) return beside(mac(), 1);
    return std::nullopt;
  }

  void pretend_other_agent() {
    const auto other = another_phone();
    if (!other) return;
    auto phone = task_.phone;
    const auto own_agent = resync::user_agent(phone.macros());
    phone.identity.mac = *other;
    if (resync::user_agent(phone.macros()) == own_agent) return;
    ask(ProbeTarget::agent_of_other, ClientRole::own, own_, guise_of(ClientRole::own, *other),
        "User-Agent of " + format_lower(*other));
  }

  void ask_behind_redirect(const macro::Url& place) {
    auto request = own_;
    request.at_foreign_host = place.host != own_.url.host;
    request.url = place;
    ask(ProbeTarget::behind_redirect, ClientRole::nothing, request, mac());
  }

  bool may_make_up() const { return seen_.names_mac && ground_.audit.may_create; }

  // One place that sends each phone to its own is as good as a rule that names it: by what comes,
  // where the addresses of others may be used at all.
  void look_behind_redirect(const Answer& own) {
    const auto led_to = own.hops.empty() ? std::string{} : format(own.last_asked);
    if (led_to.empty()) return;
    const auto lower = ascii::lowered(led_to);
    bool is_own = lower.find(seen_.mac) != std::string::npos;
    for (const auto other : ground_.audit.others) {
      if (is_own) break;
      ask_for(ProbeTarget::neighbour_file, ClientRole::own, other);
      is_own =
          !seen_.exchanges.empty() && format(seen_.exchanges.back().answer.last_asked) != led_to;
    }
    seen_.names_mac = seen_.names_phone = is_own;
  }

  void ask_beside(ProbeTarget target, std::string_view name) {
    auto request = own_;
    request.url.path = folder_of(own_.url.path).append(name);
    request.method = resync::Request::Method::get;
    ask(target, ClientRole::own, request, mac());
  }

  void ask_in_other_case() {
    auto other = own_;
    other.url.path = in_other_case(own_.url.path, seen_.mac);
    if (!other.url.path.empty()) ask(ProbeTarget::other_case, ClientRole::own, other, mac());
  }

  // Somebody without certificate and login is the phone itself where it has neither.
  void ask_as_strangers() {
    if (seen_.has_login || (seen_.is_https() && seen_.has_certificate))
      ask(ProbeTarget::own_file, ClientRole::nothing, own_, mac());
    if (seen_.has_login) ask(ProbeTarget::own_file, ClientRole::wrong_password, own_, mac());
    if (!ground_.audit.other_source.empty())
      ask(ProbeTarget::own_file, ClientRole::other_address, own_, mac());
    if (!seen_.is_https() || !seen_.tls->asks_for_certificate) return;
    for (const auto role : {ClientRole::other_device, ClientRole::generic, ClientRole::expired,
                            ClientRole::foreign_root}) {
      if (of(ground_.certificates, role)) ask(ProbeTarget::own_file, role, own_, mac());
    }
  }

  void ask_for_neighbours() {
    auto neighbours = ground_.audit.others;
    if (ground_.audit.may_create) {
      for (const auto steps : {1, -1}) neighbours.push_back(beside(mac(), steps));
    }
    for (const auto neighbour : neighbours) {
      const auto name = format_lower(neighbour);
      const bool was_asked =
          std::any_of(seen_.exchanges.begin(), seen_.exchanges.end(), [&](const auto& exchange) {
            return exchange.target == ProbeTarget::neighbour_file && exchange.mac == name;
          });
      if (neighbour == mac() || was_asked) continue;
      ask_with_own_login(neighbour);
      ask_for(ProbeTarget::neighbour_file, ClientRole::own, neighbour);
    }
  }

  // Where the rule makes a login of the MAC address: the neighbour's name with this phone's
  // password tells nothing about what this phone may read.
  void ask_with_own_login(MacAddress neighbour) {
    auto request = request_for(with_mac(task_.phone.identity, neighbour));
    if (!request || !request->login || !own_.login || request->login->user == own_.login->user)
      return;
    request->login = own_.login;
    ask(ProbeTarget::neighbour_file, ClientRole::own, *request, neighbour);
  }

  // As somebody who is not the phone, where it can be told from the phone at all.
  void guess() {
    auto stranger = ClientRole::own;
    if (seen_.has_login || (seen_.is_https() && seen_.has_certificate))
      stranger = ClientRole::nothing;
    const bool asks = seen_.is_https() && seen_.tls->asks_for_certificate;
    if (asks && of(ground_.certificates, ClientRole::other_device))
      stranger = ClientRole::other_device;
    for (std::size_t i = 1; i <= guesses; ++i)
      ask_for(ProbeTarget::unknown_file, stranger, made_up(mac(), i));
  }

  // A file that comes and has no end is none to the phone, and that is one of the questions.
  static bool was_begun(const Answer& answer) {
    return !answer.error || answer.error->code == Errc::transfer_stalled ||
           answer.error->code == Errc::transfer_timeout;
  }

  void look_at_transfers() {
    const auto is_own = [](const Exchange& exchange) {
      return exchange.target == ProbeTarget::own_file;
    };
    const auto own = std::find_if(seen_.exchanges.begin(), seen_.exchanges.end(), is_own);
    if (own == seen_.exchanges.end() || !was_begun(own->answer)) return;
    auto& tftp = seen_.tftp.emplace();
    const TftpProbe probe{own_.url, ground_.address_book, probe_patience()};
    for (const auto look : {probe_options, probe_stranger, probe_end}) {
      if (ground_.prober.may_ask()) look(probe, tftp);
    }
  }

  Ground& ground_;
  FileTask task_;
  resync::Request own_;
  std::shared_ptr<X509_STORE> trust_;
  std::string certificate_name_;
  Observations seen_;
};

}  // namespace

Observations observe_file(Ground& ground, FileTask task) {
  return FileAudit(ground, std::move(task)).observe();
}

Observations flood_file(Ground& ground, FileTask task, Observations seen) {
  return FileAudit(ground, std::move(task), std::move(seen)).flood();
}

}  // namespace provphone::client::check::detail
