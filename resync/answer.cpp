#include "resync/answer.hpp"

#include <fmt/format.h>

namespace provphone::resync {
namespace {

Refuse refuse(Errc code, int status, std::string detail) {
  return Refuse{Error{code, std::move(detail), static_cast<std::uint16_t>(status)}};
}

Errc error_of(int status) {
  switch (status) {
    case 400:
      return Errc::bad_request;
    case 401:
      return Errc::unauthorized;
    case 407:
      return Errc::proxy_unauthorized;
    case 403:
      return Errc::forbidden;
    case 404:
      return Errc::file_not_found;
    case 500:
      return Errc::internal_server_error;
    case 501:
      return Errc::not_implemented;
    case 502:
      return Errc::bad_gateway;
    case 503:
      return Errc::service_unavailable;
    case 504:
      return Errc::gateway_timeout;
    default:
      return status >= 500 ? Errc::http_server_error : Errc::http_client_error;
  }
}

Verdict judge_redirect(const Answer& answer, const Personality& personality,
                       const macro::Lookup& lookup) {
  if (answer.location.empty()) {
    return refuse(Errc::redirect_not_followed, answer.status,
                  fmt::format("status {} without a Location", answer.status));
  }
  if (answer.hops >= personality.redirect_limit) {
    return refuse(Errc::redirect_limit, answer.status,
                  fmt::format("more than {} redirects", personality.redirect_limit));
  }
  const bool expands = personality.redirect_macros == RedirectMacros::yes;
  const auto location = expands
                            ? macro::expand(answer.location, lookup, macro::SecretScope::nowhere,
                                            personality.macro_name_extent)
                            : std::string(answer.location);
  auto url = macro::resolve_location(answer.url, location);
  if (!url)
    return refuse(Errc::redirect_not_followed, answer.status, "Location: " + format(url.error()));
  // R-HTTP-23. A Location may name tftp, which resolve_location() takes.
  if (url->scheme != macro::Scheme::http && url->scheme != macro::Scheme::https) {
    return refuse(Errc::redirect_not_followed, answer.status, "Location is neither http nor https");
  }
  return Follow{*std::move(url)};
}

// R-UPGRADE-05: 303 is one more redirect where a load is fetched. 307 and 308 are none (R-HTTP-22).
bool is_redirect(const Answer& answer) {
  return answer.status == 301 || answer.status == 302 ||
         (answer.status == 303 && answer.rule == macro::RuleKind::upgrade);
}

// R-HTTP-21: part of a file (206), say, is not what was asked for; nothing at all (204) is an empty
// one. A server that took a report may say so as it likes (knob report_taken_by).
Verdict judge_success(const Answer& answer, const Personality& personality) {
  constexpr int ok = 200, no_content = 204;
  if (answer.rule == macro::RuleKind::report) {
    if (answer.status == ok || personality.report_taken_by == ReportTakenBy::any_2xx)
      return Accept{};
    return refuse(Errc::unexpected_status, answer.status,
                  fmt::format("status {} for a report (knob report_taken_by)", answer.status));
  }
  if (answer.status == ok || answer.status == no_content ||
      personality.other_2xx == OtherSuccess::accepted)
    return Accept{};
  return refuse(Errc::unexpected_status, answer.status,
                fmt::format("status {} where 200 is the file", answer.status));
}

// R-LOG-12: a failure with words of its own; empty where its stage has them, or its number.
std::string_view own_words(Errc error) {
  switch (error) {
    case Errc::file_not_found:
      return "File not found";
    case Errc::unauthorized:
    case Errc::proxy_unauthorized:
    case Errc::forbidden:
    case Errc::tftp_access_violation:
    case Errc::server_restricted:
    case Errc::not_licensed:
    case Errc::activation_refused:
      return "Access violation";
    case Errc::tftp_disk_full:
      return "Disk full";
    case Errc::tftp_illegal_operation:
      return "Bad operation";
    case Errc::unsupported_scheme:
      return "Bad scheme";
    case Errc::internal_server_error:
      return "internal server error";
    case Errc::not_implemented:
      return "Not Implemented";
    case Errc::bad_gateway:
      return "Bad Gateway";
    case Errc::service_unavailable:
      return "Service Unavailable";
    case Errc::empty_body:
      return "Zero file size";
    case Errc::body_too_large:
    case Errc::gzip_too_large:
      return "file size exceed";
    case Errc::xml_too_deep:
    case Errc::xml_too_many_elements:
      return "resource exhausted";
    case Errc::transfer_interrupted:
    case Errc::transfer_stalled:
    case Errc::transfer_timeout:
      return "Connection error";
    default:
      return {};
  }
}

std::string_view stage_words(Stage stage) {
  switch (stage) {
    case Stage::resolve:
      return "Dns query failed";
    case Stage::connect:
    case Stage::tls:
      return "Connection error";
    case Stage::decrypt:
    case Stage::gunzip:
    case Stage::parse:
      return "corrupt file";
    case Stage::rule:
      return "rule parsing failed";
    case Stage::transfer:
      return "http_get failed";
    default:
      return "internal error";
  }
}

}  // namespace

Verdict judge(const Answer& answer, const Personality& personality, const macro::Lookup& lookup) {
  const int status = answer.status;
  if (status >= 200 && status < 300) return judge_success(answer, personality);
  if (is_redirect(answer)) return judge_redirect(answer, personality, lookup);
  if (status >= 300 && status < 400) {
    return refuse(Errc::redirect_not_followed, status,
                  fmt::format("status {} is not processed", status));
  }
  // An interim answer is never the last one, so this is no HTTP (R-HTTP-14).
  if (status < 200) return refuse(Errc::protocol_error, status, fmt::format("status {}", status));
  return refuse(error_of(status), status, fmt::format("status {}", status));
}

std::string err_text(const Error& error) {
  if (const auto words = own_words(error.code); !words.empty()) return std::string(words);
  // TFTP's 0 is `not defined`, so a server that gives no number has said that.
  const auto number =
      error.code == Errc::tftp_error ? std::optional(error.number.value_or(0)) : error.number;
  constexpr std::uint16_t bad_option = 8;  // RFC 2347
  if (error.code == Errc::tftp_error && number == bad_option) return "Bad option";
  if (number) return fmt::format("Unknown, error code({})", *number);
  return std::string(stage_words(stage_of(error.code)));
}

}  // namespace provphone::resync
