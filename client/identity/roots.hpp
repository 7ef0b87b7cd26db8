#pragma once

#include "client/identity/tls_identity.hpp"
#include "resync/tls_terms.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

// Roots that phones fetch for themselves (R-TLS-19). A run has few such files and many phones that
// have them, so that every text is parsed once. Not for more than one thread at a time.
namespace provphone::client::identity {

// What is in a file of certificates: PEM, with whatever text between the blocks. Fails with
// bad_certificates where there is none, or where one is damaged: then nothing of the file counts.
Result<resync::Roots> read_roots(std::string pem);

class RootReader {
 public:
  // The same object for the same text, as long as not very many others have been read since.
  Result<std::shared_ptr<const resync::Roots>> read(const std::string& pem);

 private:
  std::unordered_map<std::string, std::shared_ptr<const resync::Roots>> known_;
};

class TrustWithRoots {
 public:
  // The identity with the roots besides those that it trusts. `roots` must have come from
  // read_roots().
  std::shared_ptr<const TlsIdentity> with(const std::shared_ptr<const TlsIdentity>& identity,
                                          const std::shared_ptr<const resync::Roots>& roots);

 private:
  struct Known {
    // Held, so that no other can take their addresses.
    std::shared_ptr<X509_STORE> given;
    std::shared_ptr<const resync::Roots> roots;
    std::shared_ptr<X509_STORE> both;
  };
  std::map<std::pair<const X509_STORE*, const resync::Roots*>, Known> known_;
};

}  // namespace provphone::client::identity
