#include "client/check/audit.hpp"

#include "client/check/detail/addresses.hpp"
#include "client/check/detail/client_roles.hpp"
#include "client/check/detail/prober.hpp"
#include "client/check/tftp_probe.hpp"
#include "client/check/tls_probe.hpp"
#include "macro/try.hpp"
#include "resync/apply.hpp"
#include "resync/server_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace provphone::client::check {
namespace {

using resync::TlsVersion;
using std::chrono::milliseconds;

// For a look-up, a handshake or a TFTP packet. Shorter than a phone's own (R-HTTP-11), because an
// audit may have to wait for each of its questions.
constexpr milliseconds probe_patience{5'000};
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

// What the rule is for another phone.
Result<resync::Request> request_for(const Audit& audit, const resync::Identity& identity) {
  const resync::MacroSource source{identity, audit.device.personality, audit.device.parameters,
                                   audit.device.state};
  TRY(auto plan, resync::plan_profile_rule(audit.rule, source, audit.device.lease));
  if (!plan.request)
    return fail(Errc::bad_argument,
                "TARGET asks for no file; expected a URL such as "
                "https://localhost:8443/$PSN/$MA.xml");
  if (!plan.request->srv_domain.empty())
    return fail(Errc::bad_argument, "TARGET: --srv is not looked up here; name the server itself");
  return *std::move(plan.request);
}

// One audit being made.
class Auditor {
 public:
  Auditor(const Audit& audit, detail::AddressBook& address_book, detail::Certificates certificates,
          resync::Request own)
      : audit_(audit),
        address_book_(address_book),
        certificates_(std::move(certificates)),
        own_(std::move(own)),
        prober_(audit) {}

  Result<Observations> observe() {
    describe_phone();
    // First: what the server shows decides which names and roots the other questions accept, so
    // that one bad certificate does not end the audit.
    if (seen_.is_https()) look_at_server();
    if (!seen_.is_https() || seen_.tls->certificate) ask_for_files();
    if (leads_elsewhere_)
      return fail(Errc::target_refused,
                  "a redirect leads to a server that --target does not name: " + *leads_elsewhere_);
    if (seen_.is_tftp()) look_at_transfers();
    seen_.ran_out = prober_.ran_out();
    seen_.requests = prober_.asked();
    if (seen_.server_address.empty()) seen_.server_address = prober_.server_address();
    return std::move(seen_);
  }

 private:
  MacAddress mac() const { return audit_.device.identity.mac; }

  bool is_led_elsewhere(const resync::Identity& phone) const {
    const auto request = request_for(audit_, phone);
    return request && request->url != own_.url;
  }

  void describe_phone() {
    const auto& device = audit_.device;
    seen_.personality = device.personality;
    seen_.tls_terms =
        resync::tls_terms_of(device.parameters, device.personality, device.identity.firmware);
    seen_.url = own_.url;
    seen_.mac = format_lower(mac());
    seen_.now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    seen_.decode = resync::decode_options(audit_.device, own_, {});
    seen_.has_trust = audit_.trust != nullptr;
    seen_.has_certificate = detail::of(certificates_, ClientRole::own).has_value();
    seen_.has_device_root = audit_.device_root.has_value();
    seen_.has_login = own_.login.has_value();
    auto neighbour = with_mac(audit_.device.identity, beside(mac(), 1));
    seen_.names_mac = is_led_elsewhere(neighbour);
    // The serial number on top of the address: a rule with `$SN` alone is a phone's own, too.
    neighbour.serial += "0";
    seen_.names_phone = is_led_elsewhere(neighbour);
  }

  // Each version by itself; the newest that works shows the certificate.
  void look_at_server() {
    auto& tls = seen_.tls.emplace();
    std::vector<std::shared_ptr<X509>> shown;
    for (const auto version :
         {TlsVersion::tls1_0, TlsVersion::tls1_1, TlsVersion::tls1_2, TlsVersion::tls1_3}) {
      if (!prober_.may_ask()) break;
      auto handshake = shake_hands(own_.url, version, address_book_, probe_patience);
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
    tls.certificate = describe(shown, audit_.trust.get());
    trust_ = trust_in(shown);
    choose_name();
    look_names_up();
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
      seen_.look_ups.push_back(address_book_.look_up(name));
    }
  }

  bool shares_version() const {
    return std::any_of(seen_.tls->versions.begin(), seen_.tls->versions.end(),
                       [&](const auto& row) {
                         return row.second && row.first >= seen_.tls_terms.lowest &&
                                row.first <= seen_.tls_terms.highest;
                       });
  }

  // A server that shares no version with the phone is a finding by then, and would be the only one
  // if nothing more could be asked for.
  bool speaks_any_tls() const { return seen_.is_https() && !shares_version(); }

  std::shared_ptr<const identity::TlsIdentity> tls_of(ClientRole role) const {
    if (!seen_.is_https()) return audit_.tls;
    auto tls = std::make_shared<identity::TlsIdentity>(*audit_.tls);
    tls->certificate = detail::of(certificates_, role);
    tls->trust = trust_;
    tls->clock = identity::Clock::unset;  // dates have been judged
    return tls;
  }

  // The phone's login is its own, and the name is one that the certificate has.
  resync::Request request_as(ClientRole role, resync::Request request) const {
    if (role != ClientRole::own) request.login.reset();
    request.certificate_name = certificate_name_;
    return request;
  }

  // Valid until the next question: exchanges move where there is no room for more.
  const Answer* ask(ProbeTarget target, ClientRole role, const resync::Request& request,
                    MacAddress whose) {
    const auto account =
        role == ClientRole::own
            ? resync::phone_login(audit_.device.macros(), audit_.device.profile_account)
            : std::nullopt;
    auto answer =
        prober_.ask(request_as(role, request), {whose, account, tls_of(role), speaks_any_tls()});
    if (!answer) return nullptr;
    seen_.exchanges.push_back(
        {target, role, format_lower(whose), request.url.path, *std::move(answer)});
    return &seen_.exchanges.back().answer;
  }

  void ask_for(ProbeTarget target, ClientRole role, MacAddress whose) {
    const auto request = request_for(audit_, with_mac(audit_.device.identity, whose));
    if (request) ask(target, role, *request, whose);
  }

  void ask_for_files() {
    const auto* own = ask(ProbeTarget::own_file, ClientRole::own, own_, mac());
    // Every further question would be redirected there as well.
    if (own != nullptr && own->error && own->error->code == Errc::target_refused) {
      leads_elsewhere_ = own->error->detail;
      return;
    }
    // Without a file there is nothing to compare what others get with.
    const bool is_there = own != nullptr && !own->error && !own->body.empty();
    if (is_there) {
      ask(ProbeTarget::own_file_again, ClientRole::own, own_, mac());
      ask_in_other_case();
    }
    if (seen_.names_mac) ask_for(ProbeTarget::unknown_file, ClientRole::own, made_up(mac(), 0));
    if (is_there) ask_as_strangers();
    if (is_there && seen_.names_mac) ask_for_neighbours();
    if (seen_.names_mac) guess();
    auto outside = own_;
    outside.url.path = outside_path;
    outside.method = resync::Request::Method::get;
    ask(ProbeTarget::outside, ClientRole::own, outside, mac());
  }

  void ask_in_other_case() {
    const auto lower = format_lower(mac());
    const auto upper = format_upper(mac());
    auto other = own_;
    auto& path = other.url.path;
    const auto has_lower = path.find(lower);
    const auto at = has_lower == std::string::npos ? path.find(upper) : has_lower;
    if (lower == upper || at == std::string::npos) return;
    path.replace(at, lower.size(), has_lower == std::string::npos ? lower : upper);
    ask(ProbeTarget::other_case, ClientRole::own, other, mac());
  }

  // Somebody without certificate and login is the phone itself where it has neither.
  void ask_as_strangers() {
    if (seen_.has_login || (seen_.is_https() && seen_.has_certificate))
      ask(ProbeTarget::own_file, ClientRole::nothing, own_, mac());
    if (!seen_.is_https() || !seen_.tls->asks_for_certificate) return;
    for (const auto role : {ClientRole::other_device, ClientRole::generic, ClientRole::expired,
                            ClientRole::foreign_root}) {
      if (detail::of(certificates_, role)) ask(ProbeTarget::own_file, role, own_, mac());
    }
  }

  void ask_for_neighbours() {
    if (audit_.other) ask_for(ProbeTarget::neighbour_file, ClientRole::own, *audit_.other);
    for (const auto steps : {1, -1})
      ask_for(ProbeTarget::neighbour_file, ClientRole::own, beside(mac(), steps));
  }

  // As somebody who is not the phone, where it can be told from the phone at all.
  void guess() {
    auto stranger = ClientRole::own;
    if (seen_.has_login || (seen_.is_https() && seen_.has_certificate))
      stranger = ClientRole::nothing;
    const bool asks = seen_.is_https() && seen_.tls->asks_for_certificate;
    if (asks && detail::of(certificates_, ClientRole::other_device))
      stranger = ClientRole::other_device;
    for (std::size_t i = 1; i <= guesses; ++i)
      ask_for(ProbeTarget::unknown_file, stranger, made_up(mac(), i));
  }

  void look_at_transfers() {
    const auto is_own = [](const Exchange& exchange) {
      return exchange.target == ProbeTarget::own_file;
    };
    const auto own = std::find_if(seen_.exchanges.begin(), seen_.exchanges.end(), is_own);
    if (own == seen_.exchanges.end() || own->answer.error) return;
    auto& tftp = seen_.tftp.emplace();
    const TftpProbe probe{own_.url, address_book_, probe_patience};
    for (const auto look : {probe_options, probe_stranger, probe_end}) {
      if (prober_.may_ask()) look(probe, tftp);
    }
  }

  const Audit& audit_;
  detail::AddressBook& address_book_;
  detail::Certificates certificates_;
  resync::Request own_;
  detail::Prober prober_;
  std::shared_ptr<X509_STORE> trust_;
  std::string certificate_name_;
  std::optional<std::string> leads_elsewhere_;  // where the audit may not follow
  Observations seen_;
};

}  // namespace

Result<Observations> observe(const Audit& audit) {
  TRY(auto own, request_for(audit, audit.device.identity));
  detail::AddressBook address_book(audit.targets, probe_patience, resync::naming_of(audit.device),
                                   audit.names);
  const auto addresses = address_book.addresses_of(own.url);
  // A name without an address is an observation, a place that is no target the user's mistake.
  if (!addresses && addresses.error().code == Errc::target_refused)
    return tl::unexpected(addresses.error());
  detail::Certificates certificates;
  if (own.url.scheme == macro::Scheme::https) {
    TRY(certificates, detail::make_certificates(audit, std::chrono::system_clock::now()));
  }
  return Auditor(audit, address_book, std::move(certificates), std::move(own)).observe();
}

Result<FetchedFile> fetch_file(const Audit& audit) {
  TRY(auto own, request_for(audit, audit.device.identity));
  detail::Prober prober(audit);
  const auto account = resync::phone_login(audit.device.macros(), audit.device.profile_account);
  auto answer = prober.ask(own, {audit.device.identity.mac, account, audit.tls});
  if (!answer) return fail(Errc::bad_argument, "cut short before the file was asked for");
  if (answer->error) return tl::unexpected(*answer->error);
  return FetchedFile{std::move(own), *std::move(answer)};
}

}  // namespace provphone::client::check
