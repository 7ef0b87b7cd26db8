#pragma once

#include "client/identity/certificate_names.hpp"
#include "client/identity/tls_identity.hpp"
#include "macro/error.hpp"
#include "macro/mac_address.hpp"
#include "macro/rule.hpp"
#include "profile/decode.hpp"
#include "resync/personality.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// What an audit saw, as values. Network and servers decide what is in them; all behind is a
// function of it.
namespace provphone::client::check {

// Who asks.
enum class ClientRole : std::uint8_t {
  own,           // the phone itself, with its certificate and login
  nothing,       // somebody without either
  other_device,  // the phone whose address is one higher, with its own certificate
  generic,       // a phone that shares its certificate with all of its age
  expired,       // this phone's subject, out of date
  foreign_root,  // this phone's subject, signed by a root of our own making
  last = foreign_root,
};

// What is asked for.
enum class ProbeTarget : std::uint8_t {
  own_file,
  own_file_again,
  neighbour_file,  // another phone's, by its MAC address
  unknown_file,    // of a MAC address that no phone has
  other_case,      // the own file with the MAC address in the other case
  outside,         // /etc/services, through `..`
};

struct Hop {
  macro::Url from;
  int status = 0;
  std::string location;
};

// How asking ended, behind all redirects.
struct Answer {
  std::optional<Error> error;  // there is no answer, or none that a phone takes
  int status = 0;              // 0: there was none
  std::string body;
  std::string content_type, content_encoding, content_length, transfer_encoding;
  std::vector<Hop> hops;  // that were followed
};

struct Exchange {
  ProbeTarget target = ProbeTarget::own_file;
  ClientRole role = ClientRole::own;
  std::string mac;   // whose file it is, in lower case
  std::string path;  // that was asked for
  Answer answer;
};

struct ServerCertificate {
  identity::SubjectNames names;
  std::chrono::sys_seconds not_before, not_after;  // the narrowest of all certificates shown
  std::string signature;                           // sha256WithRSAEncryption
  std::string key_type;                            // RSA
  int key_bits = 0;
  std::optional<std::string> chain_error;  // nothing: it leads to a root of --ca
};

struct TlsSeen {
  std::vector<std::pair<identity::TlsVersion, bool>> versions;  // tried, and taken or not
  std::optional<ServerCertificate> certificate;                 // nothing: no handshake got so far
  std::string failure;                                          // why there is none
  bool asks_for_certificate = false;
};

struct NameLookUp {
  std::string name;
  std::vector<std::string> addresses;  // empty: no answer
};

struct TftpSeen {
  enum class Options : std::uint8_t { acknowledged, passed_over, refused, unanswered };
  enum class Stranger : std::uint8_t { told_off, ignored, obeyed };
  std::optional<Options> options;  // nothing: not tried
  std::string options_text;        // what was said
  std::optional<Stranger> stranger;
  std::optional<std::size_t> last_block;  // octets of the block that ended the file
  std::optional<std::size_t> file_size;   // nothing: too large to be read
};

struct Observations {
  resync::Personality personality;
  macro::Url url;  // of the phone's own file
  std::string mac;
  std::chrono::sys_seconds now;
  profile::DecodeOptions decode;  // but for what an answer says
  bool has_trust = false;         // --ca or --pki
  bool has_certificate = false;   // --cert or --pki
  bool has_device_root = false;   // --pki
  bool has_login = false;         // the rule gives one
  bool names_mac = true;          // the rule leads another MAC address to another file
  bool names_phone = true;        // ... or another serial number
  bool ran_out = false;           // the budget of requests was used up
  std::size_t requests = 0;
  std::string server_address;
  std::optional<TlsSeen> tls;
  std::vector<NameLookUp> look_ups;
  std::vector<Exchange> exchanges;
  std::optional<TftpSeen> tftp;

  bool is_https() const { return url.scheme == macro::Scheme::https; }
  bool is_tftp() const { return url.scheme == macro::Scheme::tftp; }
};

}  // namespace provphone::client::check
