#pragma once

#include "client/check/audit.hpp"
#include "test/client/transport/tftp_server.hpp"
#include "test/client/transport/web_server.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

// A gallery of servers for the whole audit: a careful one for each protocol, and small deviations
// from it.
namespace provphone::test::gallery {

using client::check::Audit;
using client::check::Trail;
using client::transport::test::After;
using client::transport::test::Reply;
using client::transport::test::TftpScript;
using client::transport::test::TlsOptions;

inline constexpr std::uint64_t own_mac = 0x000e08abcdef;
// What the phone opens sealed files with, 16 octets.
inline constexpr std::string_view content_key = "0123456789abcdef";
inline const std::string own_name = "000e08abcdef";
// A phone that the servers know besides.
inline const std::string other_name = "000e08abcdf0";

// A request, as the careful server understands it.
struct Asked {
  std::string text;        // as it came
  std::string path;        // in small letters
  std::string of;          // the MAC address of a path `/$MA.xml`; empty: another path
  std::string asker;       // by its certificate or its login; empty: nobody in particular
  bool has_login = false;  // a header with one, good or bad
};

// The careful server over HTTP or HTTPS has the phone's file at /000e08abcdef.xml, for the phone
// alone, by its certificate or its login, whatever the case of the path, and further files for it.
// All else that is a MAC address is refused to everybody in one way, and held back from the third
// time on. Over HTTP its file is sealed.
struct Site {
  std::string file;                          // of the phone; no profile is sealed twice alike
  std::map<std::string, std::string> files;  // by path in small letters, for the phone alone
  // What the server answers in place of the careful one; nothing: as that one.
  std::function<std::optional<Reply>(const Asked&)> instead;
  bool asks_login = false;  // 401, and not 403
  bool seals = false;       // each profile under a salt of its own
  std::map<bool, int> guesses;
  unsigned sealed = 0;  // so many were

  Reply answer(const Asked& asked);
  Reply own_file();
  Reply refusal() const;
};

// What an entry may change before its audit begins. HOST in what is served, and in redirects,
// stands for the server, PLAIN for another one over HTTP that gives /own.xml, /roots.pem and the
// like to everybody.
struct Stage {
  Audit audit;
  macro::Scheme scheme = macro::Scheme::https;
  std::string options;            // before the URL of the rule
  std::string path = "/$MA.xml";  // of the rule
  std::string url_host = "localhost";
  Site site;
  TlsOptions tls;
  TftpScript tftp;
  std::map<std::string, std::string> plain_files;
};

using Set = std::function<void(Stage&)>;

struct Entry {
  std::string server;    // what is otherwise than with the careful one
  std::string expected;  // every finding: `CHK-A Profile_Rule_B:CHK-C`
  Set set;
};

std::vector<Entry> file_entries();   // what is in the file and where it leads, over HTTPS
std::vector<Entry> tls_entries();    // who the server is, and who it takes the phone for
std::vector<Entry> https_entries();  // what it answers, over HTTPS
std::vector<Entry> http_entries();
std::vector<Entry> tftp_entries();

// The careful servers. Each gives a stage, and an audit whose keys are shared by all.
void careful_https(Stage& stage);
void careful_http(Stage& stage);
void careful_tftp(Stage& stage);

// Runs the audit against the stage that `entry.set` makes.
Trail audited(const Entry& entry);

// --- for entries

Reply whole(const std::string& status, const std::string& body, const std::string& headers = {});
Reply redirect(const std::string& location, const std::string& status = "302 Found");
std::string with_file(Stage& stage, const std::string& elements);  // sets it
// What a site answers in place of the careful one.
using Instead = std::function<std::optional<Reply>(Site&, const Asked&)>;
Set answering(void (*careful)(Stage&), const Instead& instead);
// In place of the phone's own file, where the careful server would give it.
Set giving(void (*careful)(Stage&), const std::function<Reply(Site&, const Asked&)>& reply);
// Another subject, a second name or other dates for the server's certificate.
void show_certificate(Stage& stage, const std::vector<std::string>& hosts,
                      std::chrono::days made = std::chrono::days{0});
// What the TFTP server gives, encrypted so.
void encrypt_tftp(Stage& stage, profile::Layer layer);
// Signs anew what was changed.
void sign(X509& certificate);
std::string root_text();  // PEM
// A fresh store of the device root.
std::shared_ptr<X509_STORE> device_roots();

}  // namespace provphone::test::gallery
