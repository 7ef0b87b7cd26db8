#pragma once

#include "client/face/following.hpp"
#include "client/face/status.hpp"
#include "resync/plan.hpp"

#include <optional>
#include <string>
#include <string_view>

// What a phone's web server says (behaviour rules R-FACE-*): pages and action URLs. It decides what
// is answered and what follows; who listens, and how a login is asked for, is not for this room.
namespace provphone::client::face {

struct WebRequest {
  std::string_view method;  // GET, POST
  std::string_view target;  // path and query, without what leads to the phone
  std::string_view body;
  std::string_view asker;  // an address
};

struct WebAnswer {
  int status = 200;
  std::string_view type = "text/html; charset=utf-8";
  std::string body;
  std::optional<Following> following;  // what the phone does then
};

// Whether it listens at all: Enable_Web_Server.
bool has_web_server(const resync::Device& device);

enum class LoginScheme : std::uint8_t { basic, digest };

struct WantedLogin {
  resync::Login login;
  LoginScheme scheme = LoginScheme::basic;
};

// Who may ask for that; nothing: anybody. What is below /admin, and every action, is for the
// administrator, as far as Admin_Password (SPA: Admin_Passwd) is set; the rest for the user
// likewise. A request that names both in xuser and xpassword has shown them (R-FACE-04). XML
// Execute goes by CISCO_XML_EXE_Auth_Mode (R-FACE-07).
std::optional<WantedLogin> login_wanted(const WebRequest& request, const resync::Device& device);

// The answer to somebody who may ask. `links` stands in front of every link: the way to the phone
// where several answer at one port, `/000e08012345`; else empty.
WebAnswer answer(const WebRequest& request, const Seen& seen, std::string_view links);

}  // namespace provphone::client::face
