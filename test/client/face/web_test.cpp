#include "client/face/web.hpp"

#include "profile/parameter_id.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace provphone::client::face {
namespace {

using profile::parameter_id;

// A phone that is up, and who comes to it.
struct Phone {
  resync::Device device;
  resync::Phone machine;
  Memory memory;
  resync::WallClock wall;

  Phone() {
    device.settings_changed();
    machine.state = resync::State::idle;
    machine.clock_is_known = true;
  }
  Phone& set(std::string_view name, std::string_view value) {
    device.parameters.set(*profile::find_parameter(name), value);
    device.settings_changed();
    return *this;
  }
  Seen seen() const { return {device, machine, memory, wall, resync::Time{}}; }
  WebAnswer get(std::string_view target) const {
    return answer({"GET", target, {}, "10.0.0.5"}, seen(), {});
  }
  WebAnswer post(std::string_view target, std::string_view body) const {
    return answer({"POST", target, body, "10.0.0.5"}, seen(), {});
  }
  std::optional<resync::Login> login(std::string_view target) const {
    const auto wanted = login_wanted({"GET", target, {}, "10.0.0.5"}, device);
    return wanted ? std::optional(wanted->login) : std::nullopt;
  }
};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

const resync::ResyncRequested* resync_in(const WebAnswer& answer) {
  return answer.following ? std::get_if<resync::ResyncRequested>(&answer.following->event)
                          : nullptr;
}

TEST_CASE("a resync by URL is a pass that the web asks for", "[R-FACE-03]") {
  const Phone phone;
  const auto plain = phone.get("/admin/resync");
  CHECK(plain.status == 200);
  REQUIRE(resync_in(plain));
  CHECK(resync_in(plain)->origin == resync::Origin::web);
  CHECK(resync_in(plain)->scope == resync::Scope::configured_rules);
  CHECK_FALSE(plain.following->brought);
  const auto with_rule = phone.get("/admin/resync?/one.xml");
  REQUIRE(resync_in(with_rule));
  CHECK(resync_in(with_rule)->scope == resync::Scope::one_time_rule);
  CHECK(with_rule.following->brought->rule == "tftp://10.0.0.5/one.xml");
  const auto upgrade = phone.get("/admin/upgrade?http://h/sip88xx.12-0-2MPP0001-116.loads");
  REQUIRE(upgrade.following);
  CHECK(std::get<resync::UpgradeRequested>(upgrade.following->event).origin == resync::Origin::web);
  CHECK(upgrade.following->brought->rule == "http://h/sip88xx.12-0-2MPP0001-116.loads");
  CHECK(phone.get("/upgrade?h").following->brought->rule == "tftp://h/spa.bin");
  CHECK(phone.get("/admin/upgrade").status == 400);
  const auto reboot = phone.get("/admin/reboot");
  REQUIRE(reboot.following);
  CHECK(std::holds_alternative<resync::RestartRequested>(reboot.following->event));
}

TEST_CASE("each door of the web server has its switch", "[R-FACE-01][R-FACE-04]") {
  Phone phone;
  CHECK(has_web_server(phone.device));
  CHECK_FALSE(has_web_server(Phone().set("Enable_Web_Server", "No").device));
  phone.set("Enable_Direct_Action_Url", "No");
  CHECK(phone.get("/admin/resync").status == 404);
  // The machine says in its own words why nothing follows.
  CHECK(resync_in(phone.get("/admin/resync")));
  CHECK(phone.get("/admin/reboot").status == 404);
  CHECK_FALSE(phone.get("/admin/reboot").following);
  CHECK(phone.get("/admin/cfg.xml").status == 200);
  CHECK(phone.get("/admin/").status == 200);
  phone.set("Enable_Web_Admin_Access", "No");
  CHECK(phone.get("/admin/").status == 403);
  CHECK(phone.get("/admin/cfg.xml").status == 403);
  CHECK(phone.get("/").status == 200);
  // Nothing is said to be taken that the phone refuses.
  phone.device.parameters.set_access(parameter_id("GPP_A"), profile::Access::read_write);
  CHECK(phone.post("/provisioning", "GPP_A=new").status == 403);
  CHECK_FALSE(phone.post("/provisioning", "GPP_A=new").following);
}

TEST_CASE("the administrator's things want the administrator's password", "[R-FACE-04]") {
  Phone phone;
  CHECK_FALSE(phone.login("/admin/resync"));
  phone.set("Admin_Password", "s3cret");
  for (const auto* target : {"/admin/resync", "/resync", "/admin/", "/admin/cfg.xml"}) {
    INFO(target);
    REQUIRE(phone.login(target));
    CHECK(phone.login(target)->user == "admin");
    CHECK(phone.login(target)->password == "s3cret");
  }
  CHECK_FALSE(phone.login("/"));
  CHECK_FALSE(phone.login("/admin/resync?xuser=admin&xpassword=s3cret"));
  CHECK(phone.login("/admin/resync?xuser=admin&xpassword=other"));
  CHECK(phone.login("/admin/resync?xuser=user&xpassword=s3cret"));
  phone.set("User_Password", "u");
  CHECK(phone.login("/")->user == "user");
  CHECK(Phone().set("Admin_Passwd", "old").login("/admin/")->password == "old");
}

TEST_CASE("cfg.xml and status.xml are what reports have, without secrets", "[R-FACE-03]") {
  Phone phone;
  phone.set("GPP_A", "12345678").set("GPP_SA", "hush").set("Admin_Password", "s3cret");
  const auto configuration = phone.get("/admin/cfg.xml?xuser=admin&xpassword=s3cret");
  CHECK(has(configuration.body, "<GPP_A>12345678</GPP_A>"));
  CHECK_FALSE(has(configuration.body, "hush"));
  CHECK_FALSE(has(configuration.body, "s3cret"));
  const auto status = phone.get("/admin/status.xml").body;
  CHECK(has(status, "<Product_Name>CP-8841-3PCC</Product_Name>"));
  CHECK(has(status, "<Custom_CA_Info>Not Installed</Custom_CA_Info>"));
}

TEST_CASE("pages show what is set, by account and right, and no secret", "[R-FACE-05]") {
  Phone phone;
  phone.set("GPP_A", "<b>&\"'").set("GPP_SA", "hush");
  const auto admin = phone.get("/admin/advanced").body;
  CHECK(has(admin, "name=\"GPP_A\" value=\"&lt;b&gt;&amp;&quot;&#39;\""));
  CHECK(has(admin, "<input type=\"password\" id=\"GPP_SA\""));
  CHECK_FALSE(has(admin, "hush"));
  CHECK(has(admin, "Submit All Changes"));
  CHECK(has(admin, "Undo All Changes"));
  // The user sees what a profile has given to the user.
  CHECK(has(phone.get("/provisioning").body, "Nothing here is for this account."));
  phone.device.parameters.set_access(parameter_id("GPP_A"), profile::Access::read_only);
  phone.device.parameters.set_access(parameter_id("GPP_B"), profile::Access::read_write);
  const auto user = phone.get("/provisioning").body;
  CHECK_FALSE(has(user, "name=\"GPP_A\""));
  CHECK(has(user, "&lt;b&gt;"));
  CHECK(has(user, "name=\"GPP_B\""));
  CHECK_FALSE(has(user, "GPP_C"));
  CHECK(phone.get("/nothing").status == 404);
  CHECK(phone.get("/administration").status == 404);
}

TEST_CASE("what is submitted is what was changed and may be", "[R-FACE-05]") {
  Phone phone;
  phone.set("GPP_A", "old").set("GPP_SA", "hush");
  const auto answer = phone.post(
      "/admin/provisioning",
      "GPP_A=new&GPP_B=&GPP_SA=&Profile_Rule=%2F%24MA.xml&Unknown=1&Syslog_Server=elsewhere");
  REQUIRE(answer.following);
  const auto* changed = std::get_if<resync::ParametersChanged>(&answer.following->event);
  REQUIRE(changed);
  CHECK(changed->how == resync::ByHand::submitted);
  using Set = std::vector<macro::Assignment>;
  CHECK(answer.following->brought->set == Set{{"GPP_A", "new"}, {"Profile_Rule", "/$MA.xml"}});
  // The button restarts the phone, whatever stands in the fields.
  const auto nothing = phone.post("/admin/provisioning", "GPP_A=old");
  REQUIRE(nothing.following);
  CHECK(nothing.following->brought->set.empty());
  // The user may not, unless a profile says so.
  CHECK_FALSE(phone.post("/provisioning", "GPP_A=new").following);
  phone.device.parameters.set_access(parameter_id("GPP_A"), profile::Access::read_write);
  CHECK(phone.post("/provisioning", "GPP_A=new").following);
  CHECK(phone.post("/admin/debug", "GPP_A=new").status == 404);
}

TEST_CASE("XML Execute asks for a resync, and for nothing else that happens", "[R-FACE-07]") {
  Phone phone;
  const auto* path = "/CGI/Execute";
  const std::string body =
      "<CP-8841-3PCCExecute>\n<ExecuteItem URL=Resync:[--key k] "
      "http://h/$MA.xml/>\n<ExecuteItem Priority=\"0\" "
      "URL='Key:Headset'/>\n</CP-8841-3PCCExecute>";
  CHECK(phone.post(path, body).status == 403);
  phone.set("CISCO_XML_EXE_Enable", "Yes");
  CHECK(phone.get(path).status == 405);
  const auto answer = phone.post(path, body);
  CHECK(answer.status == 200);
  REQUIRE(resync_in(answer));
  CHECK(resync_in(answer)->origin == resync::Origin::xml_execute);
  CHECK(answer.following->brought->rule == "[--key k] http://h/$MA.xml");
  CHECK(has(answer.body, "<ResponseItem Status=\"0\" Data=\"Success\" URL=\"Resync:"));
  CHECK(has(answer.body, "<ResponseItem Status=\"-1\" Data=\"Nothing is done\" URL=\"Key:Headset"));
  CHECK_FALSE(phone
                  .post(path,
                        "<CiscoIPPhoneExecute><ExecuteItem URL=\"Init:Services\"/>"
                        "</CiscoIPPhoneExecute>")
                  .following);
  CHECK(resync_in(phone.post(path, "<XExecute><ExecuteItem URL=\"Resync:\"/></XExecute>"))->scope ==
        resync::Scope::configured_rules);
  CHECK(phone.post(path, "<CiscoIPPhoneText/>").status == 400);
}

TEST_CASE("XML Execute wants the login of its mode", "[R-FACE-07]") {
  Phone phone;
  phone.set("User_Password", "u").set("XML_User_Name", "app").set("XML_Password", "p");
  const auto wanted = [&](std::string_view mode) {
    phone.set("CISCO_XML_EXE_Auth_Mode", mode);
    const auto login = login_wanted({"POST", "/CGI/Execute", {}, {}}, phone.device);
    return login ? login->login.user + ":" + login->login.password : std::string("nobody");
  };
  CHECK(wanted("Trusted") == "nobody");
  CHECK(wanted("Local Credential") == "user:u");
  CHECK(wanted("Remote Credential") == "app:p");
  CHECK(login_wanted({"POST", "/CGI/Execute", {}, {}}, phone.device)->scheme ==
        LoginScheme::digest);
  phone.set("XML_Password", "");
  CHECK(wanted("Remote Credential") == "nobody");
}

TEST_CASE("links lead to the phone that they are of", "[R-FACE-02]") {
  const Phone phone;
  const auto page = answer({"GET", "/admin/", {}, "10.0.0.5"}, phone.seen(), "/000e08012345").body;
  CHECK(has(page, "href=\"/000e08012345/admin/provisioning\""));
  const auto form =
      answer({"GET", "/admin/system", {}, "10.0.0.5"}, phone.seen(), "/000e08012345").body;
  CHECK(has(form, "action=\"/000e08012345/admin/system\""));
}

TEST_CASE("a phone remembers how its last passes went and why it came up", "[R-FACE-06]") {
  Phone phone;
  const auto happens = [&](trace::TraceEvent event) { remember(phone.memory, event); };
  const auto pass = [&](int second, std::optional<Errc> error) {
    trace::TraceEvent event{
        resync::Time{std::chrono::seconds(second)},
        {},
        error ? trace::EventKind::pass_failed : trace::EventKind::pass_succeeded};
    event.error = error;
    if (error) event.url = "http://h:80/gone.xml";
    return event;
  };
  trace::TraceEvent request{resync::Time{}, {}, trace::EventKind::request};
  request.rule = "Profile_Rule";
  request.url = "http://h:80/a.xml";
  happens(request);
  request.rule = "Report_Rule";
  request.url = "http://h:80/report";
  happens(request);
  for (int i = 0; i < 4; ++i) happens(pass(i, std::nullopt));
  happens(pass(5, Errc::file_not_found));
  REQUIRE(phone.memory.passes.size() == 3);
  CHECK_FALSE(phone.memory.passes[0].succeeded);
  CHECK(phone.memory.passes[0].what == "http://h:80/gone.xml");
  CHECK(phone.memory.passes[1].succeeded);
  CHECK(phone.memory.passes[1].what == "http://h:80/a.xml");
  trace::TraceEvent rebooted{resync::Time{}, {}, trace::EventKind::rebooted};
  rebooted.reason = resync::Reason::restart_for_upgrade;
  for (int i = 0; i < 7; ++i) happens(rebooted);
  CHECK(phone.memory.reboots.size() == 5);
  trace::TraceEvent log{resync::Time{}, {}, trace::EventKind::syslog};
  log.text = "<said> & done";
  for (int i = 0; i < 300; ++i) happens(log);
  CHECK(phone.memory.log.size() == Memory::most_lines);
  const auto info = phone.get("/").body;
  CHECK(has(info, "Failed on "));
  CHECK(has(info, "Succeeded on "));
  CHECK(has(info, "file_not_found"));
  CHECK(has(info, "Upgrade ["));
  phone.machine.clock_is_known = false;
  CHECK_FALSE(has(phone.get("/").body, "Failed on "));
  CHECK(has(phone.get("/").body, ">Failed<"));
  CHECK(has(phone.get("/debug").body, "&lt;said&gt; &amp; done"));
  happens({resync::Time{}, {}, trace::EventKind::powered_off});
  CHECK(phone.memory.log.empty());
  CHECK(phone.memory.passes.size() == 3);
  rebooted.reason = resync::Reason::factory_reset;
  happens(rebooted);
  CHECK(phone.memory.passes.empty());
  CHECK(phone.memory.reboots.size() == 1);
  CHECK(has(phone.get("/").body, "Factory Reset"));
  rebooted.reason = resync::Reason::ip_changed;
  happens(rebooted);
  CHECK(has(phone.get("/").body, "IP Changed"));
}

}  // namespace
}  // namespace provphone::client::face
