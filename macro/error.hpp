#pragma once

#include <tl/expected.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// The shared vocabulary of failure. One closed list of codes is at once the control flow, the
// metric label, the JUnit type and the row in docs/errors.md. Library codes (CURLcode, OpenSSL,
// zlib) are translated where the library is called and go no further.
namespace provphone {

// Where in a pass something went wrong, in the order a pass meets them. Where a code has no words
// of its own in `$ERR`, its stage has (resync/answer.hpp).
enum class Stage : std::uint8_t {
  input,  // what a person typed: flags, files named on the command line
  rule,
  resolve,
  connect,
  tls,
  transfer,
  decrypt,
  gunzip,
  parse,
  apply,
  schedule,
  last = schedule,
};

// By stage. A new code takes a row in error.cpp, remedy.cpp and docs/errors.md, without which it
// does not compile or a test fails.
enum class Errc : std::uint8_t {
  // input
  bad_argument,
  unknown_parameter,
  unreadable_file,
  unknown_time_zone,
  scenario_invalid,
  // rule
  rule_syntax,
  condition_syntax,
  condition_type,
  version_format,
  unknown_option,
  option_argument,
  assignment_syntax,
  url_syntax,
  unsupported_scheme,
  server_missing,
  target_refused,
  server_restricted,
  // resolve
  name_not_resolved,
  // connect
  connection_refused,
  host_unreachable,
  connect_timeout,
  no_local_port,
  no_socket,
  proxy_refused,
  pac_unusable,
  // tls
  tls_untrusted,
  tls_name_mismatch,
  tls_certificate_dates,
  tls_refused_by_server,
  tls_handshake_failed,
  tls_timeout,
  certificate_unavailable,
  // transfer
  file_not_found,
  bad_request,
  unauthorized,
  proxy_unauthorized,
  forbidden,
  http_client_error,
  internal_server_error,
  not_implemented,
  bad_gateway,
  service_unavailable,
  gateway_timeout,
  http_server_error,
  unexpected_status,
  redirect_not_followed,
  redirect_limit,
  tftp_access_violation,
  tftp_disk_full,
  tftp_illegal_operation,
  tftp_error,
  transfer_interrupted,
  transfer_stalled,
  transfer_timeout,
  body_too_large,
  empty_body,
  protocol_error,
  // decrypt
  key_missing,
  not_encrypted,
  wrong_key,
  ikm_missing,
  rfc8188_corrupt,
  // gunzip
  gzip_corrupt,
  gzip_truncated,
  gzip_too_large,
  // parse
  xml_malformed,
  xml_too_deep,
  xml_too_many_elements,
  xml_doctype,
  not_a_profile,
  not_a_load,
  bad_certificates,
  certificate_unusable,
  // apply
  chained_pass_limit,
  not_licensed,
  activation_refused,
  // schedule
  delay_list_syntax,
  // Not a code: the number of codes.
  count_,  // NOLINT(readability-identifier-naming)
};

// The code as it stands in JSON, metrics and docs/errors.md: its enumerator's name. Static storage.
std::string_view name(Errc code);
std::string_view name(Stage stage);
Stage stage_of(Errc code);

// `detail` is for people: an offset, a limit, a name. It never holds a secret and never a profile's
// body.
struct Error {
  Errc code;
  std::string detail;
  // What the server said: the HTTP status or the number of its TFTP error. `$ERR` shows it where
  // nothing better is known (R-LOG-12).
  std::optional<std::uint16_t> number{};

  friend bool operator==(const Error&, const Error&) = default;
};

// "code: detail", or the code alone where there is no detail.
std::string format(const Error& error);

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Errc code, std::string detail = {}) {
  return tl::unexpected<Error>(Error{code, std::move(detail)});
}

}  // namespace provphone
