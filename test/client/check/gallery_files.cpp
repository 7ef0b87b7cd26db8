#include "test/client/check/gallery.hpp"
#include "test/client/check/seen.hpp"

#include <fmt/format.h>

// What is in the file, and where it leads: the careful server over HTTPS gives it to the phone
// alone.
namespace provphone::test::gallery {
namespace {

const std::string load = "/sip88xx.12-0-7mpp0001-123.loads";

// A file with these elements.
Set setting(const std::string& elements) {
  return [elements](Stage& stage) {
    careful_https(stage);
    with_file(stage, elements);
  };
}

// The same, with further files on the careful server and on the one that is open.
Set leading(const std::string& elements, const std::map<std::string, std::string>& files,
            const std::map<std::string, std::string>& plain_files = {}) {
  return [=](Stage& stage) {
    setting(elements)(stage);
    stage.site.files = files;
    stage.plain_files = plain_files;
  };
}

Set giving(const std::string& body) {
  return [body](Stage& stage) {
    careful_https(stage);
    stage.site.file = body;
  };
}

std::vector<Entry> content_entries() {
  return {
      {"a file that is cut off", "CHK-FILE-XML", giving("<flat-profile><GPP_A>a</GPP_A>")},
      {"a web page", "CHK-FILE-HTML", giving("<html>Please log in</html>")},
      {"a name that is spelt otherwise", "CHK-FILE-UNKNOWN",
       setting("<Resync_Periodical>3600</Resync_Periodical>")},
      {"a value that there is not", "CHK-FILE-VALUE",
       setting("<Provision_Enable>often</Provision_Enable>")},
      {"a parameter beside flat-profile", "CHK-FILE-OUTSIDE",
       giving("<device><GPP_A>a</GPP_A><flat-profile><GPP_B>b</GPP_B></flat-profile></device>")},
      {"no rule any more", "CHK-RULES-EMPTY", setting("<Profile_Rule></Profile_Rule>")},
      {"a login where none belongs", "CHK-RULES-UNREADABLE",
       setting("<Profile_Rule_B>[user:word]https://HOST/b</Profile_Rule_B>")},
      // The phone asks for the text as it stands, and there is no such file.
      {"a template that is not filled in", "CHK-RULES-TEXT Profile_Rule_B:CHK-FETCH",
       setting("<Profile_Rule_B>https://HOST/{mac}.xml</Profile_Rule_B>")},
      {"provisioning off", "CHK-PROVISION-OFF", setting("<Provision_Enable>No</Provision_Enable>")},
      {"a trigger that never holds", "CHK-TRIGGER-NEVER",
       setting("<Resync_Trigger_1>1 gt 2</Resync_Trigger_1>")},
      {"every five seconds", "CHK-PERIOD-SHORT", setting("<Resync_Periodic>5</Resync_Periodic>")},
      {"no retries", "CHK-RETRY-OFF",
       setting("<Resync_Error_Retry_Delay>0</Resync_Error_Retry_Delay>")},
  };
}

std::vector<Entry> followed_entries() {
  const auto upgrade = [](const std::string& place) {
    return "<Upgrade_Rule>https://HOST" + place + "</Upgrade_Rule>";
  };
  return {
      {"careful, with files behind the file", "",
       leading("<Profile_Rule_B>https://HOST/more.xml</Profile_Rule_B>" + upgrade(load) +
                   "<Custom_CA_Rule>https://HOST/roots.pem</Custom_CA_Rule>"
                   "<Report_Rule>https://HOST/report</Report_Rule>",
               {{"/more.xml", profile_of("<GPP_B>b</GPP_B>")},
                {load, "load"},
                {"/roots.pem", root_text()}})},
      {"a load that is not there", "Upgrade_Rule:CHK-LOAD-MISSING", leading(upgrade(load), {})},
      {"a load of 7800 phones", "Upgrade_Rule:CHK-LOAD-FAMILY",
       leading(upgrade("/sip78xx.loads"), {{"/sip78xx.loads", "load"}})},
      {"a page in place of roots", "Custom_CA_Rule:CHK-CA-FILE",
       leading("<Custom_CA_Rule>https://HOST/roots.pem</Custom_CA_Rule>",
               {{"/roots.pem", "<html></html>"}})},
      {"roots in the clear", "Custom_CA_Rule:CHK-CA-PLAIN",
       leading("<Custom_CA_Rule>http://PLAIN/roots.pem</Custom_CA_Rule>", {},
               {{"/roots.pem", root_text()}})},
      {"reports in the clear", "Report_Rule:CHK-REPORT-PLAIN",
       leading("<Report_Rule>http://PLAIN/report</Report_Rule>", {})},
      // Port 1: nobody listens there.
      {"reports to nobody", "Report_Rule:CHK-REPORT-UNREACHABLE",
       leading("<Report_Rule>[--key k9Lw-2vXq-Zt7m-Rb4n]http://127.0.0.1:1/r</Report_Rule>", {})},
      {"reports to nobody over HTTPS", "Report_Rule:CHK-REPORT-UNREACHABLE",
       leading("<Report_Rule>https://127.0.0.1:1/r</Report_Rule>", {})},
      {"a load at nobody's", "Upgrade_Rule:CHK-LOAD-MISSING",
       leading("<Upgrade_Rule>https://127.0.0.1:1" + load + "</Upgrade_Rule>", {})},
      {"roots at nobody's", "Custom_CA_Rule:CHK-CA-FILE",
       leading("<Custom_CA_Rule>https://127.0.0.1:1/roots.pem</Custom_CA_Rule>", {})},
      // A file behind the first one is asked for as that one.
      {"a secret in the clear behind rule B",
       "Profile_Rule_B:CHK-OPEN Profile_Rule_B:CHK-ENUM-RATE Profile_Rule_B:CHK-PLAIN-SECRETS "
       "Profile_Rule_B:CHK-PLAIN",
       leading("<Profile_Rule_B>http://PLAIN/$MA.xml</Profile_Rule_B>", {},
               {{"/" + own_name + ".xml", profile_of("<Password_1_>for-me</Password_1_>")}})},
  };
}

}  // namespace

std::vector<Entry> file_entries() {
  auto entries = content_entries();
  for (auto& entry : followed_entries()) entries.push_back(std::move(entry));
  return entries;
}

}  // namespace provphone::test::gallery
