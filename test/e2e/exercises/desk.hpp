#pragma once

#include "test/e2e/browser.hpp"
#include "test/e2e/exercises/form.hpp"
#include "test/e2e/phone.hpp"
#include "test/e2e/udp_servers.hpp"

#include <map>
#include <memory>
#include <string>

// What the exercises of the provisioning guide have in common: a phone on a desk, and a person
// before it.
namespace provphone::e2e::exercises {

using Values = std::map<std::string, std::string>;

// Tabs of the phone's pages, for the administrator.
inline const std::string provisioning_tab = "/admin/provisioning";
inline const std::string system_tab = "/admin/system";

inline const std::string mac = "000e08abcdef";
inline const std::string who = "CP-7841-3PCC 00:0e:08:ab:cd:ef -- ";  // in its log messages

// The profile basic.txt of the exercises.
std::string basic_profile();

// A CP-7841 that runs in a network whose DHCP names no server, so that it has factory settings and
// finds no profile. Restarts take a second. Fields are looked at and forms sent in Chromium, or
// without it as curl does: pages have no scripts, and a browser takes seconds to start.
class Desk {
 public:
  // `flags` are those of `provphone run`.
  explicit Desk(Workspace& workspace, const Flags& flags = {});

  // A page as the browser shows it.
  std::string look(const std::string& page);
  // What stands in a field of a tab; the test fails where there is no such field.
  std::string field(const std::string& tab, const std::string& name);
  // Reloads a tab until the field has that value, and looks at it then.
  bool shows(const std::string& tab, const std::string& name, const std::string& value);
  // Reloads a page until that text is in it.
  bool says(const std::string& page, const std::string& text);

  // Types `values` into fields of a tab and presses Submit All Changes: every field of the form is
  // sent, as a browser does it. The phone has restarted then. The test fails where there is no such
  // field, or the phone does not take them.
  void submit(const std::string& tab, const Values& values);
  // Opens the URL that makes the phone resync to that rule.
  void resync_to(const std::string& rule);

  // The phone's address, `http://127.0.0.1:PORT`.
  const std::string& url() const { return url_; }

  // Takes the power from it.
  PhoneRun unplug();

 private:
  // As curl gets it; empty while the phone restarts.
  std::string get(const std::string& page);
  void wait_until_up();
  std::string announced() const;
  // What the page Info says of restarts, with their times; empty during one.
  std::string reboots();
  std::string send(const std::string& tab, const Fields& fields);
  // Started when it is first looked into.
  Browser& browser();

  Workspace& workspace_;
  std::filesystem::path folder_;
  std::unique_ptr<RunningPhone> phone_;
  std::string url_;
  std::unique_ptr<Browser> browser_;
};

// Whether the log server has been sent a message that ends with that text, now or in a moment.
bool logged(const Rsyslog& server, const std::string& text);
// How many such messages it has been sent so far.
std::size_t times_logged(const Rsyslog& server, const std::string& text);

}  // namespace provphone::e2e::exercises
