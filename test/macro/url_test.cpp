#include "macro/rule.hpp"

#include <catch2/catch.hpp>

namespace url_test {

using namespace provphone;
using namespace provphone::macro;

namespace {

const std::optional<DefaultServer> no_server;
const std::optional<DefaultServer> dhcp_server = DefaultServer{Scheme::tftp, "10.0.0.1", 0};

std::string describe(const Result<Url>& url) {
  return url ? format(*url) : std::string(name(url.error().code));
}

void check_wrong(std::string_view text, Errc code, std::string_view at) {
  CAPTURE(text);
  const auto url = parse_url(text, no_server);
  REQUIRE_FALSE(url);
  CHECK(name(url.error().code) == name(code));
  CAPTURE(url.error().detail);
  CHECK(url.error().detail.starts_with(at));
  CHECK(url.error().detail.find("expected") != std::string::npos);
}

}  // namespace

TEST_CASE("a missing scheme is tftp, a missing port is the scheme's own", "[R-RULE-07]") {
  struct Row {
    std::string_view text;
    std::string_view url;
  };
  for (const auto& row : std::initializer_list<Row>{
           {"192.168.1.130/profiles/init.cfg", "tftp://192.168.1.130:69/profiles/init.cfg"},
           {"host:6900/a", "tftp://host:6900/a"},
           {"tftp://prov.telco.com:6900/cisco/config.cfg",
            "tftp://prov.telco.com:6900/cisco/config.cfg"},
           {"http://h/a", "http://h:80/a"},
           {"https://h/config?", "https://h:443/config?"},
           {"https://h/", "https://h:443/"},
           {"HTTPS://Host.Example/A", "https://Host.Example:443/A"},
           {"http://h/a?u=http://b:1/c", "http://h:80/a?u=http://b:1/c"},
           {"h/a?u=http://b/c", "tftp://h:69/a?u=http://b/c"},
           {"http://h_1.x-y:65535/$NOPE@:(x)", "http://h_1.x-y:65535/$NOPE@:(x)"},
           {"http://h/\xc3\xa9", "http://h:80/\xc3\xa9"}}) {
    CAPTURE(row.text);
    CHECK(describe(parse_url(row.text, no_server)) == row.url);
  }
}

TEST_CASE("a URL without a server takes the default one", "[R-RULE-08]") {
  CHECK(describe(parse_url("/p.cfg", dhcp_server)) == "tftp://10.0.0.1:69/p.cfg");
  CHECK(describe(parse_url("http:///p.cfg", dhcp_server)) == "http://10.0.0.1:80/p.cfg");
  CHECK(describe(parse_url("/a?u=x://y", dhcp_server)) == "tftp://10.0.0.1:69/a?u=x://y");
  CHECK(describe(parse_url("h/p.cfg", dhcp_server)) == "tftp://h:69/p.cfg");
  const DefaultServer https{Scheme::https, "prov", 8443};
  CHECK(describe(parse_url("/p.cfg", https)) == "https://prov:8443/p.cfg");
  CHECK(describe(parse_url("https:///p.cfg", https)) == "https://prov:8443/p.cfg");
  CHECK(describe(parse_url("http:///p.cfg", https)) == "http://prov:80/p.cfg");
  const DefaultServer ipv6{Scheme::tftp, "fd00::1", 0};
  CHECK(describe(parse_url("/p.cfg", ipv6)) == "tftp://[fd00::1]:69/p.cfg");
  CHECK(describe(parse_url("/p.cfg", no_server)) == "server_missing");
  CHECK(describe(parse_url("/p.cfg", DefaultServer{})) == "server_missing");
  CHECK(describe(parse_url("http://", no_server)) == "server_missing");
  CHECK(describe(parse_url("", no_server)) == "server_missing");
}

TEST_CASE("a URL has a path, and the path starts with a slash", "[R-RULE-09]") {
  check_wrong("http://h", Errc::url_syntax, "offset 8");
  check_wrong("http://h:80", Errc::url_syntax, "offset 11");
  check_wrong("http://h?x", Errc::url_syntax, "offset 8");
  check_wrong("http://h#x", Errc::url_syntax, "offset 8");
  check_wrong("config.cfg", Errc::url_syntax, "offset 10");
  CHECK(describe(parse_url("http://", dhcp_server)) == "url_syntax");
  CHECK(describe(parse_url("?x", dhcp_server)) == "url_syntax");
}

TEST_CASE("an IPv6 address stands in brackets behind a scheme", "[R-RULE-10]") {
  const auto url = parse_url("http://[2001:db8::1]:8080/p", no_server);
  REQUIRE(url);
  CHECK(*url == Url{Scheme::http, "2001:db8::1", 8080, "/p"});
  CHECK(format(*url) == "http://[2001:db8::1]:8080/p");
  CHECK(describe(parse_url("tftp://[::ffff:10.0.0.1]/p", no_server)) ==
        "tftp://[::ffff:10.0.0.1]:69/p");
  check_wrong("[::1]/p", Errc::url_syntax, "offset 0");
  check_wrong("http://::1/p", Errc::url_syntax, "offset 7");
  check_wrong("http://[host]/p", Errc::url_syntax, "offset 7");
  check_wrong("http://[10.0.0.1]/p", Errc::url_syntax, "offset 7");
  check_wrong("http://[fe80::1%25eth0]/p", Errc::url_syntax, "offset 7");
  check_wrong("http://[1:2:3:4:5:6:7:8:9]/p", Errc::url_syntax, "offset 7");
  check_wrong("http://[::1/p", Errc::url_syntax, "offset 7");
  check_wrong("http://[]/p", Errc::url_syntax, "offset 7");
  check_wrong("http://[::1]x/p", Errc::url_syntax, "offset 12");
}

TEST_CASE("a URL holds no user name", "[R-RULE-11]") {
  check_wrong("http://user@h/p", Errc::url_syntax, "offset 7");
  check_wrong("http://user:pass@h/p", Errc::url_syntax, "offset 7");
  check_wrong("user:pass@h/p", Errc::url_syntax, "offset 0");
}

TEST_CASE("a malformed server, port or scheme is refused", "[R-RULE-07]") {
  check_wrong("http://h:/p", Errc::url_syntax, "offset 9");
  check_wrong("http://h:0/p", Errc::url_syntax, "offset 9");
  check_wrong("http://h:65536/p", Errc::url_syntax, "offset 9");
  check_wrong("http://h:99999999999/p", Errc::url_syntax, "offset 9");
  check_wrong("http://h:8a/p", Errc::url_syntax, "offset 9");
  check_wrong("http://h:-1/p", Errc::url_syntax, "offset 9");
  check_wrong("http://h:80:81/p", Errc::url_syntax, "offset 9");
  check_wrong("http://:80/p", Errc::url_syntax, "offset 7");
  check_wrong("http://h$NOPE/p", Errc::url_syntax, "offset 8");
  check_wrong("http://h\xc3\xa9/p", Errc::url_syntax, "offset 8");
  check_wrong("ftp://h/p", Errc::unsupported_scheme, "offset 0");
  check_wrong("httpss://h/p", Errc::unsupported_scheme, "offset 0");
  check_wrong("http:/h/p", Errc::url_syntax, "offset 5");
  check_wrong("http//h/p\n", Errc::url_syntax, "offset 9");
  check_wrong("http://h/a b", Errc::url_syntax, "offset 10");
  check_wrong("http://h/a\r\nX-Evil: 1", Errc::url_syntax, "offset 10");
  check_wrong(std::string_view("http://h/a\0b", 12), Errc::url_syntax, "offset 10");
  check_wrong("http://h/\x7f", Errc::url_syntax, "offset 9");
}

TEST_CASE("onboarding by activation code is a scheme alone", "[R-RULE-19]") {
  const auto url = parse_url("gds://", no_server);
  REQUIRE(url);
  CHECK(*url == Url{Scheme::gds, "", 0, ""});
  CHECK(format(*url) == "gds://");
  check_wrong("gds://h/p", Errc::url_syntax, "offset 6");
  check_wrong("gds:///", Errc::url_syntax, "offset 6");
}

TEST_CASE("every scheme has a name and a port", "[R-RULE-07]") {
  CHECK(name(Scheme::tftp) == "tftp");
  CHECK(name(Scheme::http) == "http");
  CHECK(name(Scheme::https) == "https");
  CHECK(name(Scheme::gds) == "gds");
  CHECK(default_port(Scheme::tftp) == 69);
  CHECK(default_port(Scheme::http) == 80);
  CHECK(default_port(Scheme::https) == 443);
  CHECK(default_port(Scheme::gds) == 0);
}

TEST_CASE("what is printed of a URL parses to the same URL", "[R-RULE-07]") {
  for (const std::string_view text :
       {"/p", "h/p", "https://h:8443/p?q", "http://[::1]/", "gds://", "tftp://h//a//b"}) {
    CAPTURE(text);
    const auto url = parse_url(text, dhcp_server);
    REQUIRE(url);
    CHECK(parse_url(format(*url), no_server) == url);
  }
}

TEST_CASE("a redirect is read against the URL that it answers", "[R-RULE-23]") {
  const Url base{Scheme::https, "h", 8443, "/a/b/c.cfg?x=/y/"};
  struct Row {
    std::string_view location;
    std::string_view url;
  };
  for (const auto& row :
       std::initializer_list<Row>{{"http://other/p", "http://other:80/p"},
                                  {"HTTPS://other:444/p?q", "https://other:444/p?q"},
                                  {"http://other", "http://other:80/"},
                                  {"http://other?q", "http://other:80/?q"},
                                  {"http://[::1]:81/p", "http://[::1]:81/p"},
                                  {"tftp://other/p", "tftp://other:69/p"},
                                  {"//other/p", "https://other:443/p"},
                                  {"//other", "https://other:443/"},
                                  {"/p", "https://h:8443/p"},
                                  {"/cp/conf/$MAU.xml", "https://h:8443/cp/conf/$MAU.xml"},
                                  {"p.cfg", "https://h:8443/a/b/p.cfg"},
                                  {"./p.cfg", "https://h:8443/a/b/p.cfg"},
                                  {"../p.cfg?q=../r", "https://h:8443/a/p.cfg?q=../r"},
                                  {"../../../../p.cfg", "https://h:8443/p.cfg"},
                                  {"..", "https://h:8443/a/"},
                                  {".", "https://h:8443/a/b/"},
                                  {"/a/./b/../c", "https://h:8443/a/c"},
                                  {"?q=1", "https://h:8443/a/b/c.cfg?q=1"},
                                  {"#f", "https://h:8443/a/b/c.cfg?x=/y/"},
                                  {"/p#f", "https://h:8443/p"},
                                  {" /p ", "https://h:8443/p"},
                                  {"/a b\xc3\xa9", "https://h:8443/a%20b%C3%A9"},
                                  {"/a%20b", "https://h:8443/a%20b"},
                                  {"./a:b", "https://h:8443/a/b/a:b"},
                                  {"/r?u=http://x/y", "https://h:8443/r?u=http://x/y"}}) {
    CAPTURE(row.location);
    CHECK(describe(resolve_location(base, row.location)) == row.url);
  }
}

TEST_CASE("a redirect that leads nowhere is refused", "[R-RULE-23]") {
  const Url base{Scheme::http, "h", 80, "/a"};
  CHECK(describe(resolve_location(base, "")) == "url_syntax");
  CHECK(describe(resolve_location(base, "  ")) == "url_syntax");
  CHECK(describe(resolve_location(base, "ftp://other/p")) == "unsupported_scheme");
  CHECK(describe(resolve_location(base, "mailto:a")) == "unsupported_scheme");
  CHECK(describe(resolve_location(base, "gds://")) == "unsupported_scheme");
  CHECK(describe(resolve_location(base, "http://")) == "server_missing");
  CHECK(describe(resolve_location(base, "///p")) == "server_missing");
  CHECK(describe(resolve_location(base, "http://u:p@other/p")) == "url_syntax");
  CHECK(describe(resolve_location(base, "http://other:x/p")) == "url_syntax");
  CHECK(describe(resolve_location(base, "http://o ther/p")) == "url_syntax");
  CHECK(describe(resolve_location(Url{Scheme::gds, "", 0, ""}, "/p")) == "unsupported_scheme");
}

}  // namespace url_test
