#include "macro/remedy.hpp"

#include "macro/enum_array.hpp"

namespace provphone {
namespace {

struct RemedyRow {
  Errc code;
  std::string_view remedy;
};

// Word for word the last column of docs/errors.md, with its backquotes: change both.
constexpr EnumArray<Errc, RemedyRow> remedies{{
    {Errc::bad_argument, "the message says what is accepted"},
    {Errc::unknown_parameter, "take the name that the message suggests"},
    {Errc::unreadable_file, "check its name and rights"},
    {Errc::unknown_time_zone, "write it as `Europe/Paris`; install the zone data (`tzdata`)"},
    {Errc::scenario_invalid, "the message has file, line, column and what is accepted"},
    {Errc::rule_syntax,
     "look at the offset in the rule as it is written; a macro's value may hold the odd "
     "character"},
    {Errc::condition_syntax, "there is no `or`: use alternatives of a rule, or the other trigger"},
    {Errc::condition_type, "quote macros that are strings, and only those"},
    {Errc::version_format, "write `sip88xx.11-3-2MPP0001-609` for MPP, `2.0.6(b)` for SPA"},
    {Errc::unknown_option, "see the rule reference"},
    {Errc::option_argument, "quote arguments with blanks"},
    {Errc::assignment_syntax, "mind the quotes and the semicolon"},
    {Errc::url_syntax, "give an absolute path"},
    {Errc::unsupported_scheme, "use one of the three"},
    {Errc::server_missing, "name one in the rule, or let DHCP do it, `--dhcp 66=...`"},
    {Errc::target_refused, "`--target ADDRESS`, if that server is yours"},
    {Errc::server_restricted, "add the server or its domain to the list"},
    {Errc::name_not_resolved, "check the name and the resolver"},
    {Errc::connection_refused, "start the server, check the port"},
    {Errc::host_unreachable, "check routes and addresses"},
    {Errc::connect_timeout, "look for a filter or an overloaded server"},
    {Errc::no_local_port,
     "give the phones source addresses, or widen net.ipv4.ip_local_port_range"},
    {Errc::no_socket, "allow more open files: ulimit -n 65536"},
    {Errc::proxy_refused, "see the proxy's log; it may allow CONNECT to some ports only"},
    {Errc::pac_unusable, "look at the PAC file, PAC_URL and DHCP option 252"},
    {Errc::tls_untrusted, "`--ca FILE`; send the intermediates"},
    {Errc::tls_name_mismatch, "make one with the name in the rule"},
    {Errc::tls_certificate_dates, "renew it, check the clock"},
    {Errc::tls_refused_by_server,
     "`--cert` and `--key-file` of a device that its root signed, where it wants one; else "
     "versions and suites"},
    {Errc::tls_handshake_failed, "knobs tls_lowest and tls_highest; is it an HTTPS port?"},
    {Errc::tls_timeout, "look for an overloaded server, or one that speaks no TLS"},
    {Errc::certificate_unavailable,
     "give the phone a certificate of its own, with its key in a file: `certificate: minted`"},
    {Errc::file_not_found,
     "put the file where the rule looks for it, or set Resync_Fails_On_FNF to No, with which this "
     "is no failure"},
    {Errc::bad_request, "nginx says so, too, when a client certificate is missing"},
    {Errc::unauthorized, "`[--uid ... --pwd ...]` in the rule"},
    {Errc::proxy_unauthorized, "Proxy_Username and Proxy_Password"},
    {Errc::forbidden, "see the server's log"},
    {Errc::http_client_error, "see the server's log"},
    {Errc::internal_server_error, "see the server's log"},
    {Errc::not_implemented, "see the server's log"},
    {Errc::bad_gateway, "see the proxy's log"},
    {Errc::service_unavailable, "relieve the server; the phone comes back by itself"},
    {Errc::gateway_timeout, "see the proxy's log"},
    {Errc::http_server_error, "see the server's log"},
    {Errc::unexpected_status, "answer 200 with the whole file; knob other_2xx"},
    {Errc::redirect_not_followed, "answer 301 or 302 with an http or https URL"},
    {Errc::redirect_limit, "look for a loop"},
    {Errc::tftp_access_violation, "check the file's rights"},
    {Errc::tftp_disk_full, "see the server"},
    {Errc::tftp_illegal_operation, "see the server"},
    {Errc::tftp_error, "the message has the server's words"},
    {Errc::transfer_interrupted, "look for resets and a wrong Content-Length"},
    {Errc::transfer_stalled, "look at the server's load"},
    {Errc::transfer_timeout, "an endless answer?"},
    {Errc::body_too_large, "no profile is that large"},
    {Errc::empty_body, "is the file written while it is served?"},
    {Errc::protocol_error, "is it the right port?"},
    {Errc::key_missing, "add `[--key ...]`"},
    {Errc::not_encrypted, "`openssl enc -aes-256-cbc -k PHRASE`, after gzip, not before"},
    {Errc::wrong_key, "same phrase? same cipher? no `-pbkdf2`? cut short?"},
    {Errc::ikm_missing, "provision the IKM first"},
    {Errc::rfc8188_corrupt, "compare the IKM; check the record size; knob ikm_encoding"},
    {Errc::gzip_corrupt, "make the file again"},
    {Errc::gzip_truncated, "was it copied completely?"},
    {Errc::gzip_too_large, "no profile is that large"},
    {Errc::xml_malformed, "escape `&` and `<`, close every tag"},
    {Errc::xml_too_deep, "flat-profile needs no depth"},
    {Errc::xml_too_many_elements, "no phone has so many parameters"},
    {Errc::xml_doctype, "remove it"},
    {Errc::not_a_profile, "decode the file with `provphone decode`"},
    {Errc::not_a_load,
     "ask for it with curl: is it a page, or without its parts? knob load_content"},
    {Errc::bad_certificates, "`openssl storeutl -certs FILE` lists what is in it"},
    {Errc::certificate_unusable,
     "answer with a PEM certificate for the key and the subject of the request, valid now"},
    {Errc::chained_pass_limit, "look for profiles that name each other"},
    {Errc::not_licensed, "have Trans_Auth_Rule lead to the licence, or name an MPP load"},
    {Errc::activation_refused, "have another code made; one counts once, and for a time"},
    {Errc::delay_list_syntax, "`600`, `2400+30`, `60,120,240`"},
}};

static_assert(stand_in_order(remedies, &RemedyRow::code));

}  // namespace

std::string_view remedy(Errc code) {
  return remedies[code].remedy;
}

}  // namespace provphone
