#include "client/serve/renewal.hpp"

#include "client/identity/renewal.hpp"

namespace provphone::client::serve {
namespace {

// A request over a key of 8192 bits has some 3 kB.
constexpr std::size_t longest_request = std::size_t{16} << 10;

constexpr int bad_request = 400, forbidden = 403, too_large = 413, failed = 500;

}  // namespace

Signed renew(const CertificateService& service, std::string_view body, identity::WallTime now) {
  if (body.size() > longest_request) return {too_large, "that is no PKCS#10 request\n"};
  const auto request = identity::read_certificate_request(body);
  if (!request) return {bad_request, request.error().detail + '\n'};
  if (!identity::is_of_a_phone(request->subject.get()))
    return {forbidden, "the subject is none that phones have: OU, L and S with a MAC address\n"};
  auto pem = identity::renew_certificate(service.root, *request, now);
  if (!pem) return {failed, pem.error().detail + '\n'};
  return {200, *std::move(pem)};
}

}  // namespace provphone::client::serve
