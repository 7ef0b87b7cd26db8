#include "profile/aes.hpp"
#include "profile/rfc8188.hpp"
#include "test/client/check/gallery.hpp"
#include "test/client/check/seen.hpp"

// What a server answers, to phones with certificates.
namespace provphone::test::gallery {
namespace {

// One answer to whoever asks for that path.
Set at(const std::string& path, const Reply& reply) {
  return answering(careful_https, [=](Site&, const Asked& asked) -> std::optional<Reply> {
    if (asked.path != path) return std::nullopt;
    return reply;
  });
}

bool is_in_capitals(const Asked& asked) {
  return asked.text.find("/000E08ABCDEF.xml ") != std::string::npos;
}

std::vector<Entry> status_entries() {
  const auto own = [](const Reply& reply) {
    return giving(careful_https, [reply](Site&, const Asked&) { return reply; });
  };
  return {
      {"broken", "CHK-FETCH", own(whole("500 Broken", ""))},
      {"see other", "CHK-HTTP-STATUS", own(redirect("/a", "303 See other"))},
      {"an empty file", "CHK-HTTP-STATUS", own(whole("200 OK", ""))},
      {"no length", "CHK-HTTP-LENGTH",
       own({"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + profile_of("<GPP_A>a</GPP_A>")})},
      {"a page for what is absent", "CHK-HTTP-NOTFOUND",
       at("/provphone-check-absent.xml", whole("200 OK", "<html>Sorry</html>"))},
      {"a circle", "CHK-REDIRECT-LOOP", own(redirect("/000e08abcdef.xml"))},
      {"a list of files", "CHK-PATH-LISTING", at("/", whole("200 OK", "Index of /"))},
      {"a way out", "CHK-PATH-OUTSIDE",
       answering(careful_https,
                 [](Site&, const Asked& asked) -> std::optional<Reply> {
                   if (asked.path.find("/etc/services") == std::string::npos) return std::nullopt;
                   return whole("200 OK", "http 80/tcp\n");
                 })},
      {"a file that caches may keep", "CHK-CACHE-SECRETS",
       giving(careful_https,
              [](Site& site, const Asked&) {
                return whole("200 OK", site.file, "Cache-Control: public\r\n");
              })},
      {"a token in the address", "CHK-QUERY-SECRETS",
       [](Stage& stage) {
         careful_https(stage);
         stage.path = "/$MA.xml?token=geheim";
       }},
  };
}

std::vector<Entry> path_entries() {
  return {
      {"small letters alone", "CHK-PATH-CASE",
       answering(careful_https,
                 [](Site&, const Asked& asked) -> std::optional<Reply> {
                   if (!is_in_capitals(asked)) return std::nullopt;
                   return whole("404 Not found", "");
                 })},
      {"capitals alone", "CHK-FETCH CHK-PATH-CAPITALS",
       answering(careful_https,
                 [](Site&, const Asked& asked) -> std::optional<Reply> {
                   if (asked.of != own_name || is_in_capitals(asked)) return std::nullopt;
                   return whole("404 Not found", "");
                 })},
      {"a macro in a redirect", "CHK-REDIRECT-MACRO",
       [](Stage& stage) {
         giving(careful_https, [](Site&, const Asked&) { return redirect("/own/$MA.xml"); })(stage);
         stage.site.files = {{"/own/" + own_name + ".xml", stage.site.file}};
       }},
      // What is open by itself over HTTP is that, too.
      {"a redirect to HTTP", "CHK-REDIRECT-DOWNGRADE CHK-REDIRECT-PHONE",
       [](Stage& stage) {
         giving(careful_https,
                [](Site&, const Asked&) { return redirect("http://PLAIN/own.xml"); })(stage);
         stage.plain_files = {{"/own.xml", stage.site.file}};
       }},
      {"a place behind the redirect that is open", "CHK-REDIRECT-PHONE",
       answering(careful_http,
                 [](Site& site, const Asked& asked) -> std::optional<Reply> {
                   if (asked.path == "/open.xml") return site.own_file();
                   if (asked.of != own_name || asked.asker != own_name) return std::nullopt;
                   return redirect("/open.xml");
                 })},
  };
}

// A MAC address that the audit has made up, at the end of the vendor's.
bool is_made_up(const Asked& asked) {
  return asked.of.find("fffff") != std::string::npos;
}

std::vector<Entry> guess_entries() {
  const auto other_file = profile_of("<User_ID_1_>101</User_ID_1_>");
  return {
      {"a neighbour's file for every phone", "CHK-ENUM-NEIGHBOUR",
       answering(careful_https,
                 [=](Site&, const Asked& asked) -> std::optional<Reply> {
                   if (asked.of != other_name || asked.asker != own_name) return std::nullopt;
                   return whole("200 OK", other_file);
                 })},
      {"another answer for what is not there", "CHK-ENUM-TELL",
       answering(careful_https,
                 [](Site& site, const Asked& asked) -> std::optional<Reply> {
                   if (!is_made_up(asked) || asked.asker == own_name) return std::nullopt;
                   return ++site.guesses[false] > 2 ? whole("429 Slow down", "")
                                                    : whole("404 Not found", "");
                 })},
      {"nobody is held back", "CHK-ENUM-RATE",
       answering(careful_https,
                 [](Site& site, const Asked& asked) -> std::optional<Reply> {
                   if (asked.of.empty() || asked.of == own_name) return std::nullopt;
                   return site.refusal();
                 })},
      {"a profile for unknown phones", "CHK-ENUM-DEFAULT",
       answering(careful_https,
                 [](Site&, const Asked& asked) -> std::optional<Reply> {
                   if (!is_made_up(asked) || asked.asker != own_name) return std::nullopt;
                   return whole("200 OK", profile_of("<GPP_A>welcome</GPP_A>"));
                 })},
      // From the first stranger's question on, which tells nothing of who is known.
      {"strangers are held back at once", "",
       answering(careful_https,
                 [](Site&, const Asked& asked) -> std::optional<Reply> {
                   if (asked.of.empty() || asked.of == own_name) return std::nullopt;
                   return whole("429 Slow down", "");
                 })},
      {"the User-Agent says who asks", "CHK-TRUST-AGENT",
       giving(careful_https,
              [=](Site& site, const Asked& asked) {
                return asked.text.find(other_name) == std::string::npos
                           ? site.own_file()
                           : whole("200 OK", other_file);
              })},
  };
}

// Answers the phone's requests until there were too many in all.
std::vector<Entry> rate_entries() {
  const auto banning = [](unsigned after) {
    return [after](Stage& stage) {
      answering(careful_https, [after](Site& site, const Asked&) -> std::optional<Reply> {
        if (++site.sealed <= after) return std::nullopt;
        return whole("429 Slow down", "");
      })(stage);
      with_file(stage,
                "<Profile_Rule_B>https://HOST/b.xml</Profile_Rule_B>"
                "<Upgrade_Rule>https://HOST/sip88xx.loads</Upgrade_Rule>");
      stage.site.files = {{"/b.xml", profile_of("<GPP_B>b</GPP_B>")}, {"/sip88xx.loads", "load"}};
      stage.audit.rate = 40;
    };
  };
  return {{"careful, asked often", "", banning(1000)},
          // So many that all other questions have been answered by then.
          {"who asks often is shut out", "CHK-RATE-BAN", banning(40)}};
}

}  // namespace

std::vector<Entry> https_entries() {
  std::vector<Entry> entries{{"careful", "", careful_https}};
  for (const auto& part : {status_entries(), path_entries(), guess_entries(), rate_entries()})
    entries.insert(entries.end(), part.begin(), part.end());
  return entries;
}

}  // namespace provphone::test::gallery
