#include "test/e2e/phone.hpp"
#include "test/e2e/ports.hpp"
#include "test/e2e/web_servers.hpp"

#include <catch2/catch.hpp>

// Answers that an honest web server gives and that a phone must not apply: each has a code of its
// own.
namespace provphone::e2e::bad_input_test {
namespace {

TEST_CASE("a phone tells every refusal of a web server by its own code") {
  struct Refusal {
    int status;
    std::string code;
  };
  const std::vector<Refusal> refusals{
      {400, "bad_request"},       {401, "unauthorized"},          {403, "forbidden"},
      {410, "http_client_error"}, {500, "internal_server_error"}, {501, "not_implemented"},
      {502, "bad_gateway"},       {503, "service_unavailable"},   {504, "gateway_timeout"},
      {505, "http_server_error"}, {307, "redirect_not_followed"},
  };
  std::string locations;
  for (const auto& refusal : refusals) {
    const auto status = std::to_string(refusal.status);
    locations += "location = /" + status + ".xml { return " + status +
                 (refusal.status == 307 ? " /good.xml" : "") + "; }\n";
  }
  Workspace workspace;
  workspace.write("www/good.xml", profile("never"));
  Nginx nginx(workspace, workspace.path("www"), {{}, locations});
  for (const auto& refusal : refusals) {
    INFO("status " << refusal.status);
    const auto url = nginx.url("/" + std::to_string(refusal.status) + ".xml");
    require_failure(run_phone(workspace, {"--rule", url}), refusal.code);
  }
  CHECK(nginx.accesses(refusals.size()).size() == refusals.size());
}

TEST_CASE("a file that the web server does not have fails the pass") {
  Workspace workspace;
  workspace.write("www/a.xml", profile("never"));
  Nginx nginx(workspace, workspace.path("www"));
  require_failure(run_phone(workspace, {"--rule", nginx.url("/b.xml")}), "file_not_found");
}

TEST_CASE("a redirect does not lead a phone past Restricted_Access_Domains", "[R-RULE-46]") {
  Workspace workspace;
  workspace.write("www/good.xml", profile("good"));
  Nginx nginx(workspace, workspace.path("www"),
              {{}, "location = /away.xml { return 302 http://localhost/good.xml; }\n"});
  require_failure(run_phone(workspace, {"--rule", nginx.url("/away.xml"), "--set",
                                        "Restricted_Access_Domains=127.0.0.1"}),
                  "server_restricted");
}

TEST_CASE("a phone follows a redirect to the profile, but not for ever") {
  Workspace workspace;
  workspace.write("www/good.xml", profile("moved"));
  Nginx nginx(workspace, workspace.path("www"),
              {{},
               "location = /moved.xml { return 302 /good.xml; }\n"
               "location = /round.xml { return 302 /round.xml; }\n"});
  const auto moved = run_phone(workspace, {"--rule", nginx.url("/moved.xml")});
  require_success(moved);
  CHECK(moved.parameter("GPP_A") == "moved");
  require_failure(run_phone(workspace, {"--rule", nginx.url("/round.xml")}), "redirect_limit");
}

TEST_CASE("a phone tells every kind of broken profile by its own code and applies none of it") {
  struct Broken {
    std::string file;
    std::string options;
    std::string code;
  };
  const std::vector<Broken> files{
      {"empty.xml", "", "empty_body"},
      {"cut.xml.gz", "", "gzip_truncated"},
      {"damaged.xml.gz", "", "gzip_corrupt"},
      {"secret.cfg", "[--key wrong] ", "wrong_key"},
      {"secret.cfg", "", "key_missing"},
      {"plain.xml", "[--key MyOwnSecret] ", "not_encrypted"},
      {"malformed.xml", "", "xml_malformed"},
      {"page.html", "", "not_a_profile"},
  };
  Workspace workspace;
  const auto plain = workspace.write("www/plain.xml", profile("never"));
  workspace.run({"gzip", "--keep", plain.string()});
  workspace.run({"openssl", "enc", "-aes-256-cbc", "-k", "MyOwnSecret", "-in", plain.string(),
                 "-out", workspace.path("www/secret.cfg").string()});
  auto packed = read_file(workspace.path("www/plain.xml.gz"));
  workspace.write("www/cut.xml.gz", packed.substr(0, packed.size() / 2));
  packed[packed.size() - 6] = static_cast<char>(packed[packed.size() - 6] ^ 0x55);  // in the CRC
  workspace.write("www/damaged.xml.gz", packed);
  workspace.write("www/empty.xml", "");
  workspace.write("www/malformed.xml", "<flat-profile><GPP_A>1</GPP_B></flat-profile>");
  workspace.write("www/page.html", "This is no profile at all.\n");
  Nginx nginx(workspace, workspace.path("www"));
  for (const auto& broken : files) {
    INFO(broken.options << broken.file);
    const auto run =
        run_phone(workspace, {"--rule", broken.options + nginx.url("/" + broken.file)});
    require_failure(run, broken.code);
  }
}

TEST_CASE("a phone that is refused a connection says so") {
  Workspace workspace;
  const auto nobody = "http://127.0.0.1:" + std::to_string(free_tcp_port()) + "/a.xml";
  require_failure(run_phone(workspace, {"--rule", nobody}), "connection_refused");
}

TEST_CASE("a name that cannot exist fails before anything is sent") {
  Workspace workspace;
  // DNS has no label of more than 63 characters, so no server is asked.
  const auto url = "http://" + std::string(64, 'a') + ".example.net/a.xml";
  const auto run = run_phone(workspace, {"--rule", url, "--target", "example.net"});
  require_failure(run, "name_not_resolved");
}

TEST_CASE("a scenario whose phones ask nobody who is a target is refused before it begins",
          "[R-HTTP-15]") {
  Workspace workspace;
  const auto yaml = workspace.write(
      "a.yaml", "phones: [{count: 2, set: {Profile_Rule: 'http://192.0.2.1/$MA.xml'}}]\n");
  for (const auto* command : {"run", "fleet"}) {
    const auto refused = provphone(workspace, {command, yaml.string(), "--for", "10s"});
    require_usage_error(refused);
    CHECK(contains(refused.err,
                   "phones ask http://192.0.2.1:80, which is no target; name 192.0.2.1"));
  }
}

TEST_CASE("a phone contacts nobody who was not named as a target") {
  Workspace workspace;
  const auto run = run_phone(workspace, {"--rule", "http://192.0.2.1/a.xml"});
  require_failure(run, "target_refused");
}

TEST_CASE("a rule that cannot be parsed fails the pass") {
  Workspace workspace;
  require_failure(run_phone(workspace, {"--rule", "gopher://127.0.0.1/a.xml"}),
                  "unsupported_scheme");
  require_failure(run_phone(workspace, {"--rule", "[--nonsense x] http://127.0.0.1/a.xml"}),
                  "unknown_option");
}

}  // namespace
}  // namespace provphone::e2e::bad_input_test
