#include "client/face/web.hpp"

#include "profile/parameter_id.hpp"
#include "profile/snapshot.hpp"
#include "resync/reading.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace provphone::client::face::web_test {
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

TEST_CASE("certificates that a URL names are asked for", "[R-TLS-22][R-FACE-03]") {
  const Phone phone;
  const auto answer = phone.get("/admin/updateca?/root.pem");
  CHECK(answer.status == 200);
  REQUIRE(answer.following);
  CHECK(std::get<resync::CustomCaRequested>(answer.following->event).origin == resync::Origin::web);
  CHECK(answer.following->brought->rule == "tftp://10.0.0.5/root.pem");
  CHECK(phone.get("/admin/updateca").status == 400);
}

TEST_CASE("a profile that is sent to the phone is set whole or not at all", "[R-FACE-08]") {
  Phone phone;
  const auto answer = phone.post("/admin/config.xml&xuser=admin&xpassword=x",
                                 "<flat-profile><GPP_A>1</GPP_A><Nobody/><GPP_B ua=\"rw\"/>"
                                 "<GPP_C>3</GPP_C></flat-profile>");
  CHECK(answer.status == 200);
  CHECK(answer.body.find("2 parameters are set, 1 elements passed over.") != std::string::npos);
  REQUIRE(answer.following);
  CHECK(std::get<resync::ParametersChanged>(answer.following->event).how == resync::ByHand::pushed);
  REQUIRE(answer.following->brought->set.size() == 2);
  CHECK(answer.following->brought->set[1].name == "GPP_C");
  CHECK(answer.following->brought->set[1].value == "3");
  const auto broken = phone.post("/admin/config.xml", "<flat-profile><GPP_A>secret</GPP");
  CHECK(broken.status == 400);
  CHECK(broken.body.find("xml_malformed") != std::string::npos);
  CHECK(broken.body.find("secret") == std::string::npos);
  CHECK_FALSE(broken.following);
  CHECK(phone.get("/admin/config.xml").status == 405);
  phone.set("Enable_Direct_Action_Url", "No");
  CHECK(phone.post("/admin/config.xml", "<flat-profile/>").status == 404);
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

TEST_CASE("a page offers a choice where there is one, and no range as if it were a value",
          "[R-FACE-05]") {
  const Phone phone;
  const auto system = phone.get("/admin/system").body;
  CHECK(has(system, "<input type=\"text\" id=\"VLAN_ID\" name=\"VLAN_ID\" value=\"1\">"));
  CHECK(has(system, "<select id=\"Syslog_Identifier\" name=\"Syslog_Identifier\">"));
  CHECK(has(system, "<option>$MAU</option>"));
  // Empty is among these.
  CHECK(has(system, "<select id=\"DNS_Query_Mode\" name=\"DNS_Query_Mode\"><option></option>"));
}

TEST_CASE("each tab has its fields in the sections of the phone's page, each field once",
          "[R-FACE-05]") {
  const Phone phone;
  const auto under = [](const std::string& page, std::string_view heading, std::string_view name) {
    const auto begin = page.find("<h3>" + std::string(heading) + "</h3>");
    const auto field = page.find(" name=\"" + std::string(name) + "\"");
    return begin < field && field < page.find("<h3>", begin + 1);
  };
  const auto provisioning = phone.get("/admin/provisioning").body;
  CHECK(under(provisioning, "Configuration Profile", "Profile_Rule"));
  CHECK(under(provisioning, "Configuration Profile", "Log_Success_Msg"));
  CHECK(under(provisioning, "Firmware Upgrade", "Trans_Auth_Rule"));
  CHECK(under(provisioning, "MIC Cert Settings", "MIC_Cert_Refresh_Rule"));
  CHECK(under(provisioning, "General Purpose Parameters", "GPP_A"));
  const auto system = phone.get("/admin/system").body;
  CHECK(under(system, "Optional Network Configuration", "Syslog_Server"));
  CHECK(under(system, "HTTP Proxy Settings", "Proxy_Host"));
  for (std::size_t i = 0; i < profile::parameter_count(); ++i) {
    const auto id = static_cast<profile::ParameterId>(i);
    const auto& parameter = profile::parameter(id);
    if (parameter.tab != "Provisioning" && parameter.tab != "System") continue;
    const auto& personality = phone.device.personality;
    if (!profile::belongs_to(id, personality.generation, resync::reader_of(personality))) continue;
    INFO(parameter.name);
    const auto& page = parameter.tab == "System" ? system : provisioning;
    const auto field = " name=\"" + std::string(parameter.name) + "\"";
    REQUIRE(has(page, field));
    CHECK_FALSE(has(page.substr(page.find(field) + 1), field));
  }
  // A user whose profile gives one field has one section.
  CHECK_FALSE(has(phone.get("/system").body, "<h3>"));
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

TEST_CASE("who submits what nothing hangs on is told so", "[R-FACE-05][R-PARAM-01]") {
  const Phone phone;
  const auto mixed = phone.post("/admin/provisioning", "Profile_Name=lab&GPP_A=1&Profile_Region=x");
  CHECK(has(mixed.body, "resyncs. Stored, not acted on: Profile_Name, Profile_Region.</p>"));
  CHECK(has(phone.post("/admin/provisioning", "GPP_A=1").body, "restarts and resyncs.</p>"));
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
  for (int i = 0; i < 300; ++i) {
    log.at += std::chrono::seconds(1);
    happens(log);
  }
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

TEST_CASE("Download Status has what was fetched, and nothing else", "[R-FACE-06][R-CERT-06]") {
  Phone phone;
  const auto page = [&] { return phone.get("/download").body; };
  for (const auto* row : {"Provisioning Status 1", "Firmware Upgrade Status 1",
                          "Custom CA Provisioning Status", "MIC Cert Serial Number"}) {
    INFO(row);
    CHECK(has(page(), row));
    CHECK(has(phone.get("/").body, row));
  }
  CHECK_FALSE(has(page(), "Reboot Reason 1"));
  CHECK_FALSE(has(page(), "Product Name"));
  CHECK(has(phone.get("/admin/download").body, "Provisioning Status 1"));
  phone.device.personality = resync::personality_of(profile::Generation::spa);
  CHECK_FALSE(has(page(), "MIC Cert"));
  CHECK(has(page(), "Custom CA Info"));
}

TEST_CASE("the phone's log has a message once, and says why it has none", "[R-FACE-06]") {
  Phone phone;
  CHECK(has(phone.get("/debug").body, "neither Syslog_Server nor Debug_Server is set"));
  phone.set("Debug_Server", "127.0.0.9");
  CHECK(has(phone.get("/debug").body, "(nothing yet)"));
  // To both servers it is sent twice, at one time.
  trace::TraceEvent log{resync::Time{}, {}, trace::EventKind::syslog};
  log.text = "Successful resync";
  for (int i = 0; i < 2; ++i) remember(phone.memory, log);
  CHECK(phone.memory.log.size() == 1);
  log.at += std::chrono::seconds(1);
  remember(phone.memory, log);
  CHECK(phone.memory.log.size() == 2);
}

}  // namespace
}  // namespace provphone::client::face::web_test
