#pragma once

#include "client/identity/certificate_names.hpp"
#include "client/identity/tls_identity.hpp"
#include "macro/error.hpp"
#include "macro/mac_address.hpp"
#include "macro/rule.hpp"
#include "profile/decode.hpp"
#include "resync/device.hpp"
#include "resync/personality.hpp"
#include "resync/tls_terms.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What an audit saw, as values. Network and servers decide what is in them; all that follows is a
// function of them. Nothing that a server sent has been cleaned: see detail::printable().
namespace provphone::client::check {

// What that is to a phone which a rule leads somewhere. Of a load the name alone is asked for, and
// of a report the place, where it leaves nothing behind.
enum class FileKind : std::uint8_t { profile, load, roots, report, last = report };

std::string_view name(FileKind kind);

// Who asks.
enum class ClientRole : std::uint8_t {
  own,             // the phone itself, with its certificate and login
  nothing,         // somebody without either
  other_device,    // the phone whose address is one higher, with its own certificate
  generic,         // a phone that shares its certificate with all of its age
  expired,         // this phone's subject, out of date
  foreign_root,    // this phone's subject, signed by a root of our own making
  wrong_password,  // the phone with a password that is nobody's
  other_address,   // the phone with all that it has, from another address of this machine
  last = other_address,
};

// What is asked for.
enum class ProbeTarget : std::uint8_t {
  own_file,
  own_file_again,
  neighbour_file,   // another phone's, by its MAC address
  unknown_file,     // of a MAC address that no phone has
  other_case,       // the own file with the MAC address in the other case
  absent_file,      // beside the own file, by a name that no phone has
  outside,          // /etc/services, through `..`
  forwarded,        // the own file, with a header that says that somebody else asks
  agent_of_other,   // the own place, by a phone that says that it is another
  behind_redirect,  // the place that redirects led the phone to, asked for at once
  folder,           // that the own file is in
};

// A redirect that was followed: from where, and what the answer said.
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
  // Headers as they came; empty where they were not sent.
  std::string content_type, content_encoding, content_length, transfer_encoding, cache_control;
  std::vector<Hop> hops;  // that were followed
  macro::Url last_asked;  // behind all of them; may hold secrets
};

struct Exchange {
  ProbeTarget target = ProbeTarget::own_file;
  ClientRole role = ClientRole::own;
  std::string mac;   // whose file it is, in lower case
  std::string path;  // that was asked for; may hold secrets
  Answer answer;
  std::string method = {};  // GET, RRQ, ...
  // X-Forwarded-For, or whose User-Agent that was; empty: nothing was pretended.
  std::string pretended = {};
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
  // Tried, and taken or not, from the oldest on. One that is missing was not tried: the budget was
  // used up, or no connection came about at all.
  std::vector<std::pair<resync::TlsVersion, bool>> versions;
  // Of the newest version that was taken; nothing: no handshake got so far.
  std::optional<ServerCertificate> certificate;
  // Why there is none; of the last version that was refused, even where another was taken.
  std::string failure;
  bool asks_for_certificate = false;
  // Whether a handshake came about with no suites but the phone's own; nothing: it has none of its
  // own, or shares no version with the server.
  std::optional<bool> takes_phone_suites = std::nullopt;
  std::string suites_failure = {};
};

// The phone's file asked for again and again, without a pause (--rate).
struct RateSeen {
  std::size_t asked = 0;
  // The first that brought no file; nothing: all did.
  std::optional<std::size_t> refused_at;
  std::string how;  // that one was answered
  // What ended the audit meanwhile, as for Observations. Empty: nothing did.
  std::string_view ended_by = {};
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
  // How a transfer went on that a stranger interfered with; nothing: the file is too short for it,
  // or nobody answered.
  std::optional<Stranger> stranger;
  std::optional<std::size_t> last_block;  // octets of the block that ended the file
  // Octets that came, to the end of the file or until the server fell silent; nothing: not tried,
  // or too large to be read.
  std::optional<std::size_t> file_size;
};

// Of one file of an audit: the one that it began with, or one that a rule in a file before it leads
// to.
struct Observations {
  FileKind kind = FileKind::profile;
  // The parameters whose rules led here, the first file's first; empty: the audit began here.
  std::vector<std::string_view> led_by;
  bool same_server = false;  // as a file before it, which has told all about the server
  resync::Device phone;      // that asks, as it is before it has the file; may hold secrets
  resync::Personality personality;
  resync::TlsTerms tls_terms;  // of the phone
  macro::Url url;              // of the phone's own file
  // Of the phone that asks, in lower case.
  std::string mac;
  std::chrono::sys_seconds now;
  profile::DecodeOptions decode;  // but for what an answer says
  bool has_trust = false;         // --ca or --pki
  bool has_certificate = false;   // --cert or --pki
  bool has_device_root = false;   // --pki
  bool has_login = false;         // the rule gives one, be it in the query of its URL
  bool has_key = false;           // ... or a key, for what comes or is sent
  bool names_mac = true;          // the rule leads another MAC address to another file
  bool names_phone = true;        // ... or another serial number
  bool may_create = true;         // --may-create: MAC addresses that are made up are asked for
  bool has_others = false;        // --other
  // What ended the audit before all was asked: `--requests`, `--time`, ... Empty: nothing did.
  // Static storage.
  std::string_view ended_by = {};
  std::size_t requests = 0;
  // That a connection came about with; empty: none did.
  std::string server_address;
  std::optional<TlsSeen> tls;
  std::vector<NameLookUp> look_ups;
  std::vector<Exchange> exchanges;
  std::optional<TftpSeen> tftp;
  std::optional<RateSeen> rate;  // nothing: --rate was not given, or there was nothing to ask for

  bool ran_out() const { return !ended_by.empty(); }
  bool is_https() const { return url.scheme == macro::Scheme::https; }
  bool is_tftp() const { return url.scheme == macro::Scheme::tftp; }
};

}  // namespace provphone::client::check
