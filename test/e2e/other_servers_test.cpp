#include "test/e2e/phone.hpp"
#include "test/e2e/web_servers.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <set>

// Servers beside nginx and Apache, since everybody has another one.
namespace provphone::e2e::other_servers_test {
namespace {

void fill(Workspace& workspace) {
  for (const auto* folder : {"www/", "www/basic/", "www/digest/", "www/sha256/"})
    workspace.write(folder + std::string("a.xml"), profile("found"));
  workspace.write("www/empty.xml", "");
  const auto packed = workspace.write("www/packed.xml", profile("packed"));
  workspace.run({"gzip", "-k", "-n", packed.string()});
}

// What any server does alike.
template <class Server>
void check_plain_files(Workspace& workspace, const Server& server) {
  const auto run = run_phone(workspace, {"--rule", server.url("/a.xml")});
  require_success(run);
  CHECK(run.parameter("GPP_A") == "found");
  CHECK(run.events("response").size() == 1);
  const auto packed = run_phone(workspace, {"--rule", server.url("/packed.xml.gz")});
  require_success(packed);
  CHECK(packed.parameter("GPP_A") == "packed");
  require_failure(run_phone(workspace, {"--rule", server.url("/none.xml")}), "file_not_found");
  require_failure(run_phone(workspace, {"--rule", server.url("/empty.xml")}), "empty_body");
}

TEST_CASE("a phone provisions itself from lighttpd") {
  Workspace workspace;
  fill(workspace);
  const Lighttpd server(workspace, workspace.path("www"));
  check_plain_files(workspace, server);
}

TEST_CASE("a phone provisions itself from Python's server, which speaks HTTP/1.0", "[R-HTTP-08]") {
  Workspace workspace;
  fill(workspace);
  const PythonServer server(workspace, workspace.path("www"));
  check_plain_files(workspace, server);
}

TEST_CASE("a phone answers lighttpd's challenges, with the algorithms of its family",
          "[R-HTTP-09][R-HTTP-26]") {
  Workspace workspace;
  fill(workspace);
  const Lighttpd server(workspace, workspace.path("www"));
  const auto ask = [&](const std::string& path, const std::string& password,
                       const Flags& flags = {}) {
    return run_phone(
        workspace,
        with({"--rule", "[--uid phone --pwd " + password + "] " + server.url(path)}, flags));
  };
  const Flags old_phone{"--personality", "spa"};
  for (const auto* path : {"/basic/a.xml", "/digest/a.xml", "/sha256/a.xml"}) {
    INFO(path);
    const auto run = ask(path, "secret");
    require_success(run);
    CHECK(run.events("response").size() == 2);
    CHECK(run.events("response").at(0).at("status") == 401);
  }
  require_success(ask("/digest/a.xml", "secret", old_phone));
  const auto unknown = ask("/sha256/a.xml", "secret", old_phone);
  CHECK(unknown.error_count("unauthorized") == 1);
  CHECK(unknown.events("response").size() == 1);
  for (const auto* path : {"/basic/a.xml", "/digest/a.xml"}) {
    const auto run = ask(path, "wrong");
    require_failure(run, "unauthorized");
    CHECK(run.events("request").size() == 3);
  }
  require_failure(run_phone(workspace, {"--rule", server.url("/basic/a.xml")}), "unauthorized");
}

TEST_CASE("redirects and challenges of a retrieval go over one connection", "[R-HTTP-02]") {
  Workspace workspace;
  fill(workspace);
  workspace.write("www/users", "phone:{PLAIN}secret\n");
  const auto pki = make_pki(workspace, {"--device", "000e08abcdef"});
  const auto locations =
      "location /old/ { return 302 /new/a.xml; }\n"
      "location /new/ { alias " +
      workspace.path("www").string() + "/; auth_basic r; auth_basic_user_file " +
      workspace.path("www/users").string() + "; }";
  for (const bool is_secure : {false, true}) {
    Nginx::Options options{{}, locations};
    if (is_secure) options.tls = pki.demanding_clients();
    const Nginx nginx(workspace, workspace.path("www"), std::move(options));
    const auto connections = [&](const Flags& flags, std::size_t so_far) {
      const auto rule = "[--uid phone --pwd secret] " + nginx.url("/old/a.xml");
      require_success(
          run_phone(workspace, with(with({"--rule", rule}, pki.phone("000e08abcdef")), flags)));
      const auto all = nginx.accesses(so_far + 3);
      REQUIRE(all.size() == so_far + 3);
      std::set<int> numbers;
      for (std::size_t i = so_far; i < all.size(); ++i) numbers.insert(all[i].connection);
      return numbers.size();
    };
    CHECK(connections({}, 0) == 1);
    CHECK(connections({"--knob", "connection_per=request"}, 3) == 3);
  }
}

TEST_CASE("a phone's own login is the one that Profile_Authentication_Type names", "[R-HTTP-25]") {
  Workspace workspace;
  fill(workspace);
  const Lighttpd server(workspace, workspace.path("www"));
  const auto ask = [&](const Flags& flags) {
    return run_phone(workspace, with({"--rule", server.url("/digest/a.xml")}, flags));
  };
  const Flags account{"--set", "PROFILE_ACCOUNT=phone:secret"};
  require_success(ask(account));
  require_failure(ask(with(account, {"--set", "Profile_Authentication_Type=Disabled"})),
                  "unauthorized");
  const Flags xsi{"--set", "Profile_Authentication_Type=XSI Authentication"};
  require_failure(ask(with(account, xsi)), "unauthorized");
  require_success(
      ask(with(xsi, {"--set", "Login_User_ID=phone", "--set", "Login_Password=secret"})));
  require_success(ask(with(xsi, {"--set", "XSI_Authentication_Type=SIP Credentials", "--set",
                                 "User_ID_1_=phone", "--set", "Password_1_=secret"})));
}

}  // namespace
}  // namespace provphone::e2e::other_servers_test
