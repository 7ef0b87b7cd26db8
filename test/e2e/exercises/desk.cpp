#include "test/e2e/exercises/desk.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace provphone::e2e::exercises {
namespace {

bool has_browser() {
  static const bool is_there = browser_is_there();
  return is_there;
}

}  // namespace

std::string basic_profile() {
  return "<flat-profile>\n<GPP_A> 12345678 </GPP_A>\n</flat-profile>\n";
}

Desk::Desk(Workspace& workspace, const Flags& flags)
    : workspace_(workspace),
      folder_(workspace.make_folder("desk")),
      phone_(std::make_unique<RunningPhone>(
          workspace, with({"--boot", "--model", "CP-7841-3PCC", "--mac", mac, "--web", "0",
                           "--knob", "restart_duration=1s"},
                          flags))) {
  url_ = announced();
}

std::string Desk::announced() const {
  const std::string mark = "the phone answers at ";
  const auto is_said = [&] {
    const auto said = phone_->err();
    return contains(said, mark) && said.find('\n', said.find(mark)) != std::string::npos;
  };
  REQUIRE(eventually(patience, is_said));
  const auto said = phone_->err();
  const auto begin = said.find(mark) + mark.size();
  return said.substr(begin, said.find('\n', begin) - begin - 1);
}

std::string Desk::get(const std::string& page) {
  Process curl(folder_, "curl", {"curl", "-s", "-g", url_ + page});
  REQUIRE(curl.wait(patience).has_value());
  return curl.out();
}

void Desk::wait_until_up() {
  // By a page that makes the phone do nothing.
  REQUIRE(eventually(patience, [&] { return !get("/").empty(); }));
}

Browser& Desk::browser() {
  if (!browser_) browser_ = std::make_unique<Browser>(workspace_);
  return *browser_;
}

std::string Desk::look(const std::string& page) {
  wait_until_up();
  return has_browser() ? browser().open(url_ + page) : get(page);
}

std::string Desk::field(const std::string& tab, const std::string& name) {
  return value_of(fields_of(look(tab)), name);
}

bool Desk::shows(const std::string& tab, const std::string& name, const std::string& value) {
  const auto has_it = [&] {
    const auto page = get(tab);
    return !page.empty() && value_of(fields_of(page), name) == value;
  };
  return eventually(patience, has_it) && field(tab, name) == value;
}

bool Desk::says(const std::string& page, const std::string& text) {
  return eventually(patience, [&] { return contains(get(page), text); });
}

std::string Desk::send(const std::string& tab, const Fields& fields) {
  if (has_browser()) return browser().submit(url_ + tab, fields);
  std::vector<std::string> curl{"curl", "-s"};
  for (const auto& [name, value] : fields) {
    curl.emplace_back("--data-urlencode");
    curl.push_back(name + "=" + value);
  }
  curl.push_back(url_ + tab);
  return workspace_.run(curl);
}

void Desk::submit(const std::string& tab, const Values& values) {
  wait_until_up();
  auto fields = fields_of(get(tab));
  for (const auto& [name, value] : values) set_value(fields, name, value);
  const auto before = reboots();
  CHECK(contains(send(tab, fields), "The phone takes the changes, restarts and resyncs."));
  const auto is_up_again = [&] {
    const auto now = reboots();
    return !now.empty() && now != before;
  };
  REQUIRE(eventually(patience, is_up_again));
}

std::string Desk::reboots() {
  const auto info = get("/");
  const auto begin = info.find("Reboot History");
  return begin == std::string::npos ? std::string() : info.substr(begin);
}

void Desk::resync_to(const std::string& rule) {
  CHECK(contains(look("/admin/resync?" + rule), "Resync"));
}

PhoneRun Desk::unplug() {
  phone_->interrupt();
  return phone_->finish();
}

std::size_t times_logged(const Rsyslog& server, const std::string& text) {
  const auto messages = server.messages(0);
  return static_cast<std::size_t>(
      std::count_if(messages.begin(), messages.end(),
                    [&](const std::string& message) { return message.ends_with(text); }));
}

bool logged(const Rsyslog& server, const std::string& text) {
  return eventually(patience, [&] { return times_logged(server, text) > 0; });
}

}  // namespace provphone::e2e::exercises
