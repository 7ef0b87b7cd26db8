#include "client/forecast/model_server.hpp"
#include "client/scenario/phones.hpp"
#include "client/transport/exchange.hpp"
#include "profile/aes.hpp"
#include "profile/snapshot.hpp"
#include "resync/answer.hpp"
#include "resync/load.hpp"

#include <fmt/format.h>

#include <algorithm>

// What the modelled server's answers look like to a phone.
namespace provphone::client::forecast {
namespace {

using resync::Failed;

// What cannot be read to its end, and changes nothing before that.
constexpr std::string_view corrupt_file = "<flat-profile>";

const std::string empty_file = "<flat-profile></flat-profile>";

// A server knows the key that it has made the phone ask with.
std::string as_the_rule_has_it(const std::string& file, const resync::Request& request,
                               const resync::Personality& personality) {
  if (!request.key || file.empty()) return file;
  const bool old = personality.aes_digests == profile::KeyDigests::md5;
  const auto layer = old ? profile::Layer::aes_256_cbc_md5 : profile::Layer::aes_256_cbc_sha256;
  // R-LAYER-09: whichever digest the family reads. The salt is always the same, so that one file is
  // the same octets for all who have its key.
  return profile::encrypt(file, *request.key, layer, {});
}

// R-TFTP-08: TFTP has other words for the same.
Errc tftp_failure(int status) {
  if (status == 404) return Errc::file_not_found;
  return status == 401 || status == 403 ? Errc::tftp_access_violation : Errc::tftp_error;
}

resync::Input answer_with(const resync::Fetch& fetch, int status, std::string location,
                          std::string body, std::size_t bytes) {
  resync::Answered answer;
  answer.lane = fetch.lane;
  answer.status = status;
  answer.location = std::move(location);
  answer.body_bytes = bytes;
  answer.body = std::move(body);
  return answer;
}

resync::Input refuse_with(const resync::Fetch& fetch, int status,
                          const scenario::PlannedAnswer* planned) {
  auto input = answer_with(fetch, status, planned != nullptr ? planned->redirect : "", {}, 0);
  // An outage that says 401 names no scheme, so that nobody asks again (R-HTTP-09).
  if (planned != nullptr && planned->needs_login)
    std::get<resync::Answered>(input).challenges = {"Basic realm=\"model\""};
  return input;
}

}  // namespace

bool ModelFiles::is_common(std::optional<std::size_t> profile) const {
  if (!profile) return true;
  const auto& settings = scenario_.server.profiles[*profile].set;
  return std::none_of(settings.begin(), settings.end(),
                      [](const auto& each) { return each.value.differs_within_group(); });
}

std::string ModelFiles::written(std::size_t profile, std::uint32_t phone) const {
  const auto values = scenario::values_of(scenario_, phone);
  const auto group = scenario::group_of(scenario_, phone);
  const auto& described = scenario_.server.profiles[profile].set;
  std::vector<std::string> texts;
  texts.reserve(described.size());
  for (const auto& each : described) texts.push_back(scenario::expand(each.value, values));
  std::vector<profile::Difference> settings;
  for (std::size_t i = 0; i < texts.size(); ++i)
    settings.push_back({described[i].parameter, texts[i]});
  return profile::format_settings(settings, scenario_.phones[group].personality.generation);
}

const std::string& ModelFiles::file(std::optional<std::size_t> profile, std::uint32_t phone) {
  if (!profile) return empty_file;
  if (!is_common(profile)) return latest_ = written(*profile, phone);
  auto& text = common_[{*profile, scenario::group_of(scenario_, phone)}];
  if (text.empty()) text = written(*profile, phone);
  return text;
}

namespace {

// What the modelled server has for Custom_CA_Rule: a certificate without a key, since nobody speaks
// TLS here.
constexpr std::string_view modelled_root =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBhzCCAS2gAwIBAgIUA1LTvHmKqTx3Qp4LPOjVhtUSPVIwCgYIKoZIzj0EAwIw\n"
    "GDEWMBQGA1UEAwwNbW9kZWxsZWQgcm9vdDAgFw0yNjExMjcwNDM5MDdaGA8yMTI2\n"
    "MTEwMzA0MzkwN1owGDEWMBQGA1UEAwwNbW9kZWxsZWQgcm9vdDBZMBMGByqGSM49\n"
    "AgEGCCqGSM49AwEHA0IABPhLx70vabPud85YKxXSkgU0/cSBNlzUIeiXlqpPtyp9\n"
    "VvvS9Nb/dlDY7TrWUwiGt+OeRD+HQ1hiEziG7Oy1ijejUzBRMB0GA1UdDgQWBBRV\n"
    "+/pb7Spw0KAx8LJaZuD5L6BDeDAfBgNVHSMEGDAWgBRV+/pb7Spw0KAx8LJaZuD5\n"
    "L6BDeDAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCICRmutztLoCA\n"
    "x6F8sW5hWzNB8A7k4KlXWX20Y5IMOrKPAiEAk4M28QmwtycETfU0Pr7PcQcWIbCy\n"
    "azrWYzUW0Kv+TbE=\n"
    "-----END CERTIFICATE-----\n";

// ... and for PAC_URL. Nobody runs it, see said_by_pac().
constexpr std::string_view modelled_pac =
    "function FindProxyForURL(url, host) { return 'DIRECT'; }";

// ... and for MIC_Cert_Refresh_Rule, which nobody reads.
constexpr std::string_view modelled_certificate = "a renewed certificate";

// Loads are counted, and what they begin with is no text.
constexpr std::string_view modelled_load("\x02\0load", 6);

// ... and a .loads of the modelled server names so many parts, beside it.
std::string modelled_list(std::string_view path, std::uint32_t parts) {
  const auto name = resync::load_name(path);
  std::string list("\1");
  for (std::uint32_t part = 1; part <= parts; ++part)
    list += fmt::format("{}-part{}.sbn\n", name, part);
  return list;
}

// A server knows what it is asked for by its name alone, and a phone that counts octets wants a
// load.
bool is_for_load(const resync::Fetch& fetch) {
  return fetch.keep == resync::Fetch::Keep::size || resync::is_called_load(fetch.request.url.path);
}

resync::Input load_with(const resync::Fetch& fetch, const scenario::PlannedAnswer& planned,
                        std::size_t bytes) {
  const auto& path = fetch.request.url.path;
  auto list = resync::is_list_of_parts(path) ? modelled_list(path, planned.parts) : std::string();
  const auto size = list.empty() ? bytes : list.size();
  return answer_with(fetch, planned.status, {},
                     list.empty() ? std::string(modelled_load) : std::move(list), size);
}

}  // namespace

Result<std::string> said_by_pac(std::string_view script) {
  if (script == modelled_pac) return std::string("DIRECT");
  return fail(Errc::pac_unusable, "the script cannot be read");
}

resync::Input input_of(const ServerAct& act, const resync::Fetch& fetch,
                       const scenario::ServerModel& model, const std::string& file,
                       const resync::Personality& personality) {
  const auto fails = [&](Errc code) { return resync::Input{Failed{fetch.lane, Error{code, {}}}}; };
  const auto* planned = act.planned != 0 ? &model.answers[act.planned - 1U] : nullptr;
  const bool is_tftp = fetch.request.url.scheme == macro::Scheme::tftp;
  const std::size_t bytes = planned != nullptr && planned->bytes ? *planned->bytes : model.bytes;
  switch (act.kind) {
    case ServerAct::Kind::fails:
      return fails(static_cast<Errc>(act.code));
    case ServerAct::Kind::status:
      // R-TFTP-08: TFTP has no status but error packets.
      if (is_tftp) return fails(tftp_failure(act.code));
      return refuse_with(fetch, act.code, planned);
    case ServerAct::Kind::corrupt:
      return answer_with(fetch, 200, {}, std::string(corrupt_file), corrupt_file.size());
    case ServerAct::Kind::file:
      break;
  }
  if (fetch.errand == resync::Errand::custom_ca)
    return answer_with(fetch, 200, {}, std::string(modelled_root), modelled_root.size());
  if (fetch.errand == resync::Errand::pac)
    return answer_with(fetch, 200, {}, std::string(modelled_pac), modelled_pac.size());
  if (fetch.errand == resync::Errand::certificate)
    return answer_with(fetch, 200, {}, std::string(modelled_certificate),
                       modelled_certificate.size());
  if (bytes > fetch.max_bytes) return fails(Errc::body_too_large);
  constexpr int no_content = 204;
  const int status = planned != nullptr ? planned->status : 200;
  if (bytes == 0 || status == no_content) return answer_with(fetch, status, {}, {}, 0);
  if (is_for_load(fetch)) {
    static const scenario::PlannedAnswer as_it_is;
    return load_with(fetch, planned != nullptr ? *planned : as_it_is, bytes);
  }
  return answer_with(fetch, status, {}, as_the_rule_has_it(file, fetch.request, personality),
                     bytes);
}

Result<std::vector<resync::SrvRecord>> srv_records(const scenario::ServerModel& model,
                                                   const std::string& name) {
  std::vector<resync::SrvRecord> records;
  for (const auto& each : model.srv) {
    if (each.name != name) continue;
    for (const auto& target : each.records)
      records.push_back({target.priority, target.weight, target.port, target.target});
    return records;
  }
  // Whoever plans records for some names means the others to have none.
  if (!model.srv.empty()) return fail(Errc::name_not_resolved, name + " has no SRV records");
  // `_ciscoprov-https._tls.` and `_ciscoprov-http._tcp.` are two labels each (R-RULE-43).
  const auto domain = name.substr(name.find('.', name.find('.') + 1) + 1);
  const bool is_https = name.starts_with("_ciscoprov-https.");
  records.push_back(
      {0, 0, macro::default_port(is_https ? macro::Scheme::https : macro::Scheme::http), domain});
  return records;
}

std::string address_of(const std::string& host) {
  return host == "localhost" ? "127.0.0.1" : transport::address_literal(host);
}

}  // namespace provphone::client::forecast
