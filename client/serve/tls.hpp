#pragma once

#include "client/serve/server.hpp"

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <optional>
#include <string>

namespace provphone::client::serve {

// The server's side of TLS. Every version since 1.0 is spoken, because old phones know no better,
// and no session is ever resumed: each connection shows its own client certificate. With a fault,
// the certificate is a flawed one that is made now. Fails with unreadable_file or bad_argument.
Result<std::shared_ptr<boost::asio::ssl::context>> make_tls_context(
    const std::string& pki_directory, ClientCertificates clients,
    std::optional<CertificateFault> fault);

// The subject of the client's certificate in RFC 2253 form; empty where it sent none or none was
// asked for. Once the handshake is done.
std::string verified_subject(SSL* connection);

}  // namespace provphone::client::serve
