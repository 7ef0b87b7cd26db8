#include "client/drive/detail/real_impl.hpp"
#include "client/identity/renewal.hpp"
#include "macro/try.hpp"

#include <utility>

// What phones show of themselves, and its renewal.
namespace provphone::client::drive {

Result<std::shared_ptr<const identity::TlsIdentity>> RealDriver::Impl::tls_of(std::size_t index) {
  auto& tls = awake(index).handset.phone.tls;
  if (!tls) {
    TRY(tls, run_.phones->tls(index));
  }
  return tls;
}

Result<identity::DeviceCertificate> RealDriver::Impl::own_certificate(std::size_t index) {
  TRY(const auto tls, tls_of(index));
  if (tls && tls->certificate) return *tls->certificate;
  return fail(Errc::certificate_unavailable, "the phone has no certificate of its own");
}

void RealDriver::Impl::request_certificate(std::size_t index) {
  const auto made = own_certificate(index).and_then(identity::make_certificate_request);
  conductor_.post(index, resync::Input{resync::CertificateRequestMade{made}});
}

void RealDriver::Impl::install_certificate(std::size_t index,
                                           const resync::InstallCertificate& wanted) {
  const auto clock = wanted.knows_time ? identity::Clock::set : identity::Clock::unset;
  const auto read = own_certificate(index).and_then([&](const identity::DeviceCertificate& own) {
    return identity::read_renewed(wanted.pem, own, clock, std::chrono::system_clock::now());
  });
  conductor_.post(index, resync::Input{resync::CertificateRead{read}});
}

}  // namespace provphone::client::drive
