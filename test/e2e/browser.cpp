#include "test/e2e/browser.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <openssl/evp.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <fstream>

namespace provphone::e2e {
namespace {

using Json = nlohmann::json;

struct Pipe {
  int read = -1, write = -1;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
  return {ends[0], ends[1]};
}

std::vector<unsigned char> of_base64(const std::string& text) {
  std::vector<unsigned char> octets(text.size() / 4 * 3);
  const auto length =
      EVP_DecodeBlock(octets.data(), reinterpret_cast<const unsigned char*>(text.data()),
                      static_cast<int>(text.size()));
  REQUIRE(length > 0);
  return octets;
}

}  // namespace

bool browser_is_there() {
  Workspace probe;
  Process version(probe.path(), "chromium", {"chromium", "--version"});
  return version.wait(patience) == 0;
}

Browser::Browser(Workspace& workspace) {
  const auto commands = make_pipe();
  const auto answers = make_pipe();
  to_ = commands.write;
  from_ = answers.read;
  process_ = std::make_unique<Process>(
      workspace.path(), "chromium",
      std::vector<std::string>{"chromium", "--headless=new", "--no-sandbox", "--disable-gpu",
                               "--disable-dev-shm-usage", "--hide-scrollbars",
                               "--user-data-dir=" + workspace.path("browser").string(),
                               "--remote-debugging-pipe"},
      std::vector<int>{commands.read, answers.write});
  ::close(commands.read);
  ::close(answers.write);
  saved_in_ = workspace.path("saved");
  // For the whole browser, before there is a tab that calls are for.
  call("Browser.setDownloadBehavior",
       {{"behavior", "allow"}, {"downloadPath", saved_in_.string()}, {"eventsEnabled", true}});
  const auto tab = call("Target.createTarget", {{"url", "about:blank"}});
  session_ = call("Target.attachToTarget", {{"targetId", tab["targetId"]}, {"flatten", true}})
                 .at("sessionId")
                 .get<std::string>();
  call("Page.enable", Json::object());
  resize(400, 900);
}

Browser::~Browser() {
  process_->stop();
  ::close(to_);
  ::close(from_);
}

void Browser::resize(int width, int height) {
  call("Emulation.setDeviceMetricsOverride",
       {{"width", width}, {"height", height}, {"deviceScaleFactor", 1}, {"mobile", false}});
}

void Browser::prefer(const std::string& colour_scheme) {
  call("Emulation.setEmulatedMedia",
       {{"features", {{{"name", "prefers-color-scheme"}, {"value", colour_scheme}}}}});
}

std::string Browser::open(const std::string& url) {
  is_loaded_ = false;
  call("Page.navigate", {{"url", url}});
  return loaded();
}

std::string Browser::submit(const std::string& url,
                            const std::vector<std::pair<std::string, std::string>>& fields) {
  open("about:blank");
  is_loaded_ = false;
  const std::string send_form = R"((url, fields) => {
    const form = Object.assign(document.createElement('form'), {method: 'post', action: url, acceptCharset: 'utf-8'});
    for (const [name, value] of fields) form.append(Object.assign(document.createElement('input'), {name, value}));
    document.body.append(form);
    // A field may be named submit, too.
    HTMLFormElement.prototype.submit.call(form);
  })";
  call("Runtime.evaluate", {{"expression", '(' + send_form + ")(" + Json(url).dump() + ',' +
                                               Json(fields).dump() + ')'}});
  return loaded();
}

void Browser::picture(const std::filesystem::path& file) {
  const auto octets =
      of_base64(call("Page.captureScreenshot", {{"format", "png"}}).at("data").get<std::string>());
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(octets.data()),
             static_cast<std::streamsize>(octets.size()));
}

std::filesystem::path Browser::save(const std::string& selector) {
  is_saved_ = false;
  const auto clicked =
      call("Runtime.evaluate",
           {{"expression", "document.querySelector(" + Json(selector).dump() + ").click()"},
            {"userGesture", true}});
  INFO(clicked.dump());
  REQUIRE_FALSE(clicked.contains("exceptionDetails"));
  while (!is_saved_) receive();
  return saved_in_ / saved_as_;
}

std::string Browser::loaded() {
  while (!is_loaded_) receive();
  return call("Runtime.evaluate", {{"expression", "document.documentElement.outerHTML"}})
      .at("result")
      .at("value")
      .get<std::string>();
}

Json Browser::call(const std::string& method, const Json& parameters) {
  const auto number = ++calls_;
  Json message{{"id", number}, {"method", method}, {"params", parameters}};
  if (!session_.empty()) message["sessionId"] = session_;
  send(message);
  for (;;) {
    auto answer = receive();
    if (answer.value("id", 0) != number) continue;
    INFO(method << ": " << answer.dump());
    REQUIRE(answer.contains("result"));
    return answer["result"];
  }
}

// Messages end with a NUL.
void Browser::send(const Json& message) {
  const auto text = message.dump() + '\0';
  for (std::size_t sent = 0; sent < text.size();) {
    const auto count = ::write(to_, text.data() + sent, text.size() - sent);
    REQUIRE(count > 0);
    sent += static_cast<std::size_t>(count);
  }
}

Json Browser::receive() {
  std::size_t end = 0;
  while ((end = received_.find('\0')) == std::string::npos) {
    pollfd readable{from_, POLLIN, 0};
    INFO("what chromium says: " << process_->err());
    REQUIRE(::poll(&readable, 1, static_cast<int>(patience.count())) == 1);
    std::array<char, 65'536> octets{};
    const auto count = ::read(from_, octets.data(), octets.size());
    REQUIRE(count > 0);
    received_.append(octets.data(), static_cast<std::size_t>(count));
  }
  auto message = Json::parse(received_.substr(0, end));
  received_.erase(0, end + 1);
  const auto method = message.value("method", "");
  if (method == "Page.loadEventFired") is_loaded_ = true;
  if (method == "Browser.downloadWillBegin")
    saved_as_ = message["params"]["suggestedFilename"].get<std::string>();
  if (method == "Browser.downloadProgress" && message["params"]["state"] == "completed")
    is_saved_ = true;
  return message;
}

}  // namespace provphone::e2e
