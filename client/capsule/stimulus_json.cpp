#include "client/capsule/stimulus_json.hpp"

#include "client/capsule/enum_names.hpp"
#include "client/capsule/event_json.hpp"
#include "macro/enum_array.hpp"

#include <fmt/format.h>

#include <memory>
#include <utility>

namespace provphone::client::capsule {
namespace {

using Json = nlohmann::ordered_json;
using std::string_view;

// --- inputs from outside

template <class T, class Write>
void add_result(Json& json, const Result<T>& result, const Rewrite& rewrite, Write write) {
  json.push_back(result ? write(*result) : Json{{"error", json_of(result.error(), rewrite)}});
}

template <class T, class Read>
Result<T> result_of(const Json& json, Read read) {
  if (!json.is_object() || !json.contains("error")) return read(json);
  auto error = error_of(json.at("error"));
  if (!error) throw Unreadable{error.error().detail};
  return tl::unexpected(*std::move(error));
}

struct InputWriter {
  const Rewrite& rewrite;

  Json operator()(const resync::Resolved& it) const {
    return {"resolved", named(lane_names, it.lane), it.address};
  }
  Json operator()(const resync::NamesFound& it) const {
    Json json{"names_found"};
    add_result(json, it.records, rewrite, [](const std::vector<resync::SrvRecord>& records) {
      auto list = Json::array();
      for (const auto& each : records)
        list.push_back(Json::array({each.priority, each.weight, each.port, each.target}));
      return list;
    });
    return json;
  }
  Json operator()(const resync::PacSaid& it) const {
    Json json{"pac_said", named(lane_names, it.lane)};
    add_result(json, it.said, rewrite, [](const std::string& said) { return Json(said); });
    return json;
  }
  // It holds a signature and no key.
  Json operator()(const resync::CertificateRequestMade& it) const {
    Json json{"certificate_request_made"};
    add_result(json, it.pem, rewrite, [](const std::string& pem) { return Json(pem); });
    return json;
  }
  Json operator()(const resync::CertificateRead& it) const {
    Json json{"certificate_read"};
    add_result(json, it.certificate, rewrite, [](const auto& read) {
      return Json::array({read->pem, read->subject, read->serial_number, read->fingerprint,
                          read->not_after.time_since_epoch().count()});
    });
    return json;
  }
  template <class Inner>
  Json operator()(const Inner&) const {
    return {"inner"};
  }
};

std::vector<resync::SrvRecord> records_of(const Json& json) {
  std::vector<resync::SrvRecord> records;
  for (const auto& each : json)
    records.push_back({each.at(0).get<std::uint16_t>(), each.at(1).get<std::uint16_t>(),
                       each.at(2).get<std::uint16_t>(), text_at(each, 3)});
  return records;
}

std::shared_ptr<const resync::RenewedCertificate> certificate_of(const Json& json) {
  return std::make_shared<resync::RenewedCertificate>(resync::RenewedCertificate{
      text_at(json, 0), text_at(json, 1), text_at(json, 2), text_at(json, 3),
      resync::sys_seconds{std::chrono::seconds(json.at(4).get<std::int64_t>())}});
}

std::optional<drive::Stimulus> input_of(string_view kind, const Json& json) {
  using resync::Input;
  const auto text = [](const Json& it) { return trace::octets_of(it.get<std::string>()); };
  if (kind == "resolved")
    return Input{
        resync::Resolved{value_of<resync::Lane>(lane_names, json.at(1)), text_at(json, 2)}};
  if (kind == "names_found")
    return Input{
        resync::NamesFound{result_of<std::vector<resync::SrvRecord>>(json.at(1), records_of)}};
  if (kind == "pac_said")
    return Input{resync::PacSaid{value_of<resync::Lane>(lane_names, json.at(1)),
                                 result_of<std::string>(json.at(2), text)}};
  if (kind == "certificate_request_made")
    return Input{resync::CertificateRequestMade{result_of<std::string>(json.at(1), text)}};
  if (kind == "certificate_read")
    return Input{resync::CertificateRead{
        result_of<std::shared_ptr<const resync::RenewedCertificate>>(json.at(1), certificate_of)}};
  return std::nullopt;
}

// --- what people bring along

struct StimulusWriter {
  const Rewrite& rewrite;

  Json operator()(const resync::Event& event) const { return json_of(event); }
  Json operator()(const resync::Input& input) const {
    return std::visit(InputWriter{rewrite}, input);
  }
  Json operator()(const drive::SetByHand& set) const {
    auto values = Json::array();
    for (const auto& [name, value] : set.assignments) {
      // The name goes along, since it may be what makes the value a secret.
      const auto line = rewrite(fmt::format("{}=\"{}\"", name, value));
      values.push_back(Json::array({name, line.substr(name.size() + 2, value.size())}));
    }
    return {"set_by_hand", named(by_hand_names, set.how), std::move(values)};
  }
  Json operator()(const drive::AskWithRule& ask) const {
    return {"asked_with_rule", json_of(ask.request), rewrite(ask.rule)};
  }
  Json operator()(const drive::Grant& grant) const {
    Json options;
    if (grant.lease.options) {
      options = Json::array();
      for (const auto& each : *grant.lease.options)
        options.push_back(
            Json::array({each.number, named(version_names, each.version), rewrite(each.value)}));
    }
    return {"granted", grant.lease.ip, std::move(options)};
  }
};

drive::SetByHand set_of(const Json& json) {
  drive::SetByHand set{{}, value_of<resync::ByHand>(by_hand_names, json.at(1))};
  for (const auto& each : json.at(2))
    set.assignments.push_back({text_at(each, 0), text_at(each, 1)});
  return set;
}

drive::AskWithRule ask_of(const Json& json) {
  auto request = event_of(json.at(1));
  const auto* resync = std::get_if<resync::ResyncRequested>(&request);
  const bool takes_rule = (resync != nullptr && resync->scope == resync::Scope::one_time_rule) ||
                          std::holds_alternative<resync::UpgradeRequested>(request) ||
                          std::holds_alternative<resync::CustomCaRequested>(request);
  if (!takes_rule) throw Unreadable{"a request that takes a rule"};
  return {request, text_at(json, 2)};
}

drive::Grant grant_of(const Json& json) {
  drive::Grant grant;
  grant.lease.ip = text_at(json, 1);
  if (json.at(2).is_null()) return grant;
  auto& options = grant.lease.options.emplace();
  for (const auto& each : json.at(2))
    options.push_back({each.at(0).get<int>(), text_at(each, 2),
                       value_of<resync::DhcpVersion>(version_names, each.at(1))});
  return grant;
}

drive::Stimulus read_stimulus(const Json& json) {
  const auto kind = json.at(0).get<std::string>();
  if (kind == "set_by_hand") return set_of(json);
  if (kind == "asked_with_rule") return ask_of(json);
  if (kind == "granted") return grant_of(json);
  if (auto input = input_of(kind, json)) return *std::move(input);
  auto event = event_of(json);
  if (const auto* resync = std::get_if<resync::ResyncRequested>(&event);
      resync != nullptr && resync->scope == resync::Scope::one_time_rule)
    throw Unreadable{"the rule of a request that comes with one"};
  return event;
}

}  // namespace

Json json_of(const drive::Stimulus& what, const Rewrite& rewrite) {
  return std::visit(StimulusWriter{rewrite}, what);
}

Result<drive::Stimulus> stimulus_of(const Json& json) {
  try {
    return read_stimulus(json);
  } catch (const Unreadable& unreadable) {
    return fail(Errc::bad_argument, "expected " + unreadable.expected);
  } catch (const Json::exception&) {
    return fail(Errc::bad_argument, "expected what came to a phone, as a list");
  }
}

Json json_of(const Error& error, const Rewrite& rewrite) {
  Json json{name(error.code), rewrite(error.detail)};
  if (error.number) json.push_back(*error.number);
  return json;
}

Result<Error> error_of(const Json& json) {
  try {
    const auto text = json.at(0).get<std::string>();
    for (const auto code : every<Errc>) {
      if (name(code) != text) continue;
      Error error{code, text_at(json, 1)};
      if (json.size() > 2) error.number = json.at(2).get<std::uint16_t>();
      return error;
    }
    return fail(Errc::bad_argument, "expected the code of an error in place of '" + text + "'");
  } catch (const Json::exception&) {
    return fail(Errc::bad_argument, "expected the code of an error and its detail");
  }
}

}  // namespace provphone::client::capsule
