#pragma once

#include "client/identity/mint.hpp"
#include "macro/error.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The test PKI of `provphone pki DIR`.
namespace provphone::client::identity {

struct PkiRequest {
  std::string directory;
  std::vector<std::string> hosts{"localhost", "127.0.0.1"};
  std::vector<DeviceSubject> devices;  // each gets <mac>.pem and <mac>.key
  bool generic = false;                // generic.pem and generic.key, of early units (R-CERT-04)
  bool builtin_roots = false;          // stand-ins for the roots of the firmware, see below
};

// Makes what is missing and keeps what is there: server-root.pem server-root.key server.pem
// server.key device-root.pem device-root.key and the devices' files. Keys are readable by their
// owner alone. Returns the names of the files written.
//
// A certificate is issued anew, over the key that is there, when it is not what is asked for:
// expired, signed by another root, of another key, without one of `hosts`, with another subject. A
// new server certificate also keeps the hosts of the old one. Roots are never replaced. Fails with
// unreadable_file (also for files that cannot be written) or bad_argument.
Result<std::vector<std::string>> make_pki(const PkiRequest& request, WallTime now);

// The authority behind <directory>/device-root.pem and .key. Fails with unreadable_file, or
// bad_argument where the key is not the certificate's.
Result<Authority> load_device_root(const std::string& directory);

// With PkiRequest::builtin_roots: a root of test keys for each name that documents give for those
// compiled into the firmware, <name>.pem and <name>.key, and builtin-mpp.pem and builtin-spa.pem
// with all of a family. No phone has them unless it is given them (R-TLS-01, R-TLS-20).
struct BuiltinRoot {
  std::string_view file;
  std::string_view common_name;
  bool of_mpp, of_spa;
};
std::span<const BuiltinRoot> builtin_roots();

enum class Flaw : std::uint8_t { wrong_name, expired, untrusted };

// A server certificate for the hosts of <directory>/server.pem with one thing wrong: it is for
// another name, it ended a year ago, or a root of the same name signed it that nobody has. Nothing
// is written. Fails as above; the first two need server-root.key.
Result<DeviceCertificate> make_flawed_server_certificate(const std::string& directory, Flaw flaw,
                                                         WallTime now);

}  // namespace provphone::client::identity
