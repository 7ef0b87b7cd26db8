#pragma once

#include "client/transport/detail/transfer.hpp"
#include "macro/error.hpp"

#include <optional>
#include <string>
#include <string_view>

// What an operator is told about TLS, from what OpenSSL's call-backs noted.
namespace provphone::client::transport::detail {

// Why the connection was given up: by the phone, which does not like the certificate, or by the
// server, with an alert (R-TLS-12). Nothing where neither has happened.
std::optional<Error> explain_tls(const Transfer& transfer);

// A handshake that came to nothing without either; `library_text` is curl's.
Error explain_handshake(const Transfer& transfer, std::string_view library_text);

// Which of the request's terms could not be kept (R-TLS-10, R-TLS-15); empty: all were. What
// TLS_Cipher_List says is not shown, since anything may stand in a parameter.
std::string tls_note(const Transfer& transfer);

}  // namespace provphone::client::transport::detail
