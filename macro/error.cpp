#include "macro/error.hpp"

#include "macro/enum_array.hpp"

namespace provphone {
namespace {

struct CodeRow {
  Errc code;
  Stage stage;
  std::string_view name;
};

// A code's name goes out into JSON and metrics, so it is not changed for beauty's sake. Its stage
// decides on `$ERR` and class where the code itself does not (resync/answer.cpp).
constexpr EnumArray<Errc, CodeRow> code_rows{{
    {Errc::bad_argument, Stage::input, "bad_argument"},
    {Errc::unknown_parameter, Stage::input, "unknown_parameter"},
    {Errc::unreadable_file, Stage::input, "unreadable_file"},
    {Errc::unknown_time_zone, Stage::input, "unknown_time_zone"},
    {Errc::scenario_invalid, Stage::input, "scenario_invalid"},
    {Errc::rule_syntax, Stage::rule, "rule_syntax"},
    {Errc::condition_syntax, Stage::rule, "condition_syntax"},
    {Errc::condition_type, Stage::rule, "condition_type"},
    {Errc::version_format, Stage::rule, "version_format"},
    {Errc::unknown_option, Stage::rule, "unknown_option"},
    {Errc::option_argument, Stage::rule, "option_argument"},
    {Errc::assignment_syntax, Stage::rule, "assignment_syntax"},
    {Errc::url_syntax, Stage::rule, "url_syntax"},
    {Errc::unsupported_scheme, Stage::rule, "unsupported_scheme"},
    {Errc::server_missing, Stage::rule, "server_missing"},
    {Errc::target_refused, Stage::rule, "target_refused"},
    {Errc::server_restricted, Stage::rule, "server_restricted"},
    {Errc::name_not_resolved, Stage::resolve, "name_not_resolved"},
    {Errc::connection_refused, Stage::connect, "connection_refused"},
    {Errc::host_unreachable, Stage::connect, "host_unreachable"},
    {Errc::connect_timeout, Stage::connect, "connect_timeout"},
    {Errc::no_local_port, Stage::connect, "no_local_port"},
    {Errc::no_socket, Stage::connect, "no_socket"},
    {Errc::proxy_refused, Stage::connect, "proxy_refused"},
    {Errc::pac_unusable, Stage::connect, "pac_unusable"},
    {Errc::tls_untrusted, Stage::tls, "tls_untrusted"},
    {Errc::tls_name_mismatch, Stage::tls, "tls_name_mismatch"},
    {Errc::tls_certificate_dates, Stage::tls, "tls_certificate_dates"},
    {Errc::tls_refused_by_server, Stage::tls, "tls_refused_by_server"},
    {Errc::tls_handshake_failed, Stage::tls, "tls_handshake_failed"},
    {Errc::tls_timeout, Stage::tls, "tls_timeout"},
    {Errc::certificate_unavailable, Stage::tls, "certificate_unavailable"},
    {Errc::file_not_found, Stage::transfer, "file_not_found"},
    {Errc::bad_request, Stage::transfer, "bad_request"},
    {Errc::unauthorized, Stage::transfer, "unauthorized"},
    {Errc::proxy_unauthorized, Stage::transfer, "proxy_unauthorized"},
    {Errc::forbidden, Stage::transfer, "forbidden"},
    {Errc::http_client_error, Stage::transfer, "http_client_error"},
    {Errc::internal_server_error, Stage::transfer, "internal_server_error"},
    {Errc::not_implemented, Stage::transfer, "not_implemented"},
    {Errc::bad_gateway, Stage::transfer, "bad_gateway"},
    {Errc::service_unavailable, Stage::transfer, "service_unavailable"},
    {Errc::gateway_timeout, Stage::transfer, "gateway_timeout"},
    {Errc::http_server_error, Stage::transfer, "http_server_error"},
    {Errc::unexpected_status, Stage::transfer, "unexpected_status"},
    {Errc::redirect_not_followed, Stage::transfer, "redirect_not_followed"},
    {Errc::redirect_limit, Stage::transfer, "redirect_limit"},
    {Errc::tftp_access_violation, Stage::transfer, "tftp_access_violation"},
    {Errc::tftp_disk_full, Stage::transfer, "tftp_disk_full"},
    {Errc::tftp_illegal_operation, Stage::transfer, "tftp_illegal_operation"},
    {Errc::tftp_error, Stage::transfer, "tftp_error"},
    {Errc::transfer_interrupted, Stage::transfer, "transfer_interrupted"},
    {Errc::transfer_stalled, Stage::transfer, "transfer_stalled"},
    {Errc::transfer_timeout, Stage::transfer, "transfer_timeout"},
    {Errc::body_too_large, Stage::transfer, "body_too_large"},
    {Errc::empty_body, Stage::transfer, "empty_body"},
    {Errc::protocol_error, Stage::transfer, "protocol_error"},
    {Errc::key_missing, Stage::decrypt, "key_missing"},
    {Errc::not_encrypted, Stage::decrypt, "not_encrypted"},
    {Errc::wrong_key, Stage::decrypt, "wrong_key"},
    {Errc::ikm_missing, Stage::decrypt, "ikm_missing"},
    {Errc::rfc8188_corrupt, Stage::decrypt, "rfc8188_corrupt"},
    {Errc::gzip_corrupt, Stage::gunzip, "gzip_corrupt"},
    {Errc::gzip_truncated, Stage::gunzip, "gzip_truncated"},
    {Errc::gzip_too_large, Stage::gunzip, "gzip_too_large"},
    {Errc::xml_malformed, Stage::parse, "xml_malformed"},
    {Errc::xml_too_deep, Stage::parse, "xml_too_deep"},
    {Errc::xml_too_many_elements, Stage::parse, "xml_too_many_elements"},
    {Errc::xml_doctype, Stage::parse, "xml_doctype"},
    {Errc::not_a_profile, Stage::parse, "not_a_profile"},
    {Errc::not_a_load, Stage::parse, "not_a_load"},
    {Errc::bad_certificates, Stage::parse, "bad_certificates"},
    {Errc::certificate_unusable, Stage::parse, "certificate_unusable"},
    {Errc::chained_pass_limit, Stage::apply, "chained_pass_limit"},
    {Errc::not_licensed, Stage::apply, "not_licensed"},
    {Errc::activation_refused, Stage::apply, "activation_refused"},
    {Errc::delay_list_syntax, Stage::schedule, "delay_list_syntax"},
}};

// Rows name their code only for this: a row out of place would give another failure's name.
static_assert(stand_in_order(code_rows, &CodeRow::code));

constexpr EnumArray<Stage, std::string_view> stage_names{{"input", "rule", "resolve", "connect",
                                                          "tls", "transfer", "decrypt", "gunzip",
                                                          "parse", "apply", "schedule"}};

}  // namespace

std::string_view name(Errc code) {
  return code_rows[code].name;
}

std::string_view name(Stage stage) {
  return stage_names[stage];
}

Stage stage_of(Errc code) {
  return code_rows[code].stage;
}

std::string format(const Error& error) {
  std::string text(name(error.code));
  if (!error.detail.empty()) text.append(": ").append(error.detail);
  return text;
}

}  // namespace provphone
