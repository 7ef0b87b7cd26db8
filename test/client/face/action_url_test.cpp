#include "client/face/action_url.hpp"

#include "client/face/form.hpp"

#include <catch2/catch.hpp>

namespace provphone::client::face::action_url_test {
namespace {

TEST_CASE("an action URL says what, with what and as whom", "[R-FACE-03][R-FACE-04]") {
  struct Case {
    const char* target;
    Action action;
    const char* argument;
    const char* user;
    const char* password;
  };
  for (const auto& [target, action, argument, user, password] : {
           Case{"/admin/resync", Action::resync, "", "", ""},
           {"/resync?http://h/a.xml", Action::resync, "http://h/a.xml", "", ""},
           {"/admin/resync?%5B--uid+admin+--pwd+555%5Dhttp://h/app/?mac=$MA", Action::resync,
            "[--uid admin --pwd 555]http://h/app/?mac=$MA", "", ""},
           {"/admin/resync?http://h/a?b=1&c=2&xuser=admin&xpassword=p%26w", Action::resync,
            "http://h/a?b=1&c=2", "admin", "p&w"},
           {"/admin/resync?xuser=admin&xpassword=p&http://h/a", Action::resync, "http://h/a",
            "admin", "p"},
           {"/admin/resync?xuser=admin", Action::resync, "", "admin", ""},
           {"/admin/resync?http://h/maxuser=1", Action::resync, "http://h/maxuser=1", "", ""},
           {"/admin/upgrade?tftp://h/a.bin", Action::upgrade, "tftp://h/a.bin", "", ""},
           {"/admin/updateca?http://h/a.pem", Action::update_ca, "http://h/a.pem", "", ""},
           {"/admin/reboot", Action::reboot, "", "", ""},
           {"/admin/cfg.xml", Action::configuration, "", "", ""},
           {"/admin/spacfg.xml?xuser=a&xpassword=b", Action::configuration, "", "a", "b"},
           {"/admin/config.xml&xuser=a&xpassword=b", Action::push, "", "a", "b"},
           {"/admin/status.xml", Action::status, "", "", ""},
       }) {
    INFO(target);
    const auto url = parse_action_url(target);
    REQUIRE(url);
    CHECK(url->action == action);
    CHECK(url->argument == argument);
    CHECK(url->user == user);
    CHECK(url->password == password);
  }
  for (const auto* other : {"/", "", "/admin", "/admin/resync2", "/admin/resync/", "admin/resync",
                            "/Admin/resync", "/provisioning", "?/admin/resync"}) {
    INFO(other);
    CHECK_FALSE(parse_action_url(other));
  }
}

TEST_CASE("what an argument leaves out, the phone knows", "[R-FACE-03]") {
  const auto rule = [](const char* argument, const char* asker = "10.0.0.5") {
    return rule_of(argument, asker, "/$PSN.xml");
  };
  CHECK(rule("http://h:81/a.xml") == "http://h:81/a.xml");
  CHECK(rule("h/a.xml") == "tftp://h/a.xml");
  CHECK(rule("/a.xml") == "tftp://10.0.0.5/a.xml");
  CHECK(rule("/a.xml", "fd00::5") == "tftp://[fd00::5]/a.xml");
  CHECK(rule("http:///a.xml") == "http://10.0.0.5/a.xml");
  CHECK(rule("http://h") == "http://h/$PSN.xml");
  CHECK(rule("h:6969") == "tftp://h:6969/$PSN.xml");
  CHECK(rule("[--key k] /a.xml") == "[--key k] tftp://10.0.0.5/a.xml");
  CHECK(rule("[--key k]http://h/a.xml") == "[--key k]http://h/a.xml");
  CHECK(rule("[--key k") == "tftp://[--key k/$PSN.xml");
  CHECK(rule("$A/$MA.xml") == "tftp://$A/$MA.xml");
}

TEST_CASE("what browsers encode is decoded, and what nobody encoded stands", "[R-FACE-03]") {
  CHECK(decoded_query("a+b%20c%2Fd") == "a b c/d");
  CHECK(decoded_query("50%") == "50%");
  CHECK(decoded_query("%zz%4") == "%zz%4");
  CHECK(decoded_query("%41") == "A");
  using Fields = std::vector<std::pair<std::string, std::string>>;
  CHECK(fields_of("a=1&b=x+y&&c=&d&=e") ==
        Fields{{"a", "1"}, {"b", "x y"}, {"c", ""}, {"d", ""}, {"", "e"}});
  CHECK(fields_of("").empty());
}

}  // namespace
}  // namespace provphone::client::face::action_url_test
