#include "test/e2e/phone.hpp"
#include "test/e2e/udp_servers.hpp"

#include <catch2/catch.hpp>

// A phone and two TFTP servers, with files made by gzip and openssl.
namespace provphone::e2e {
namespace {

const std::string secret = "MyOwnSecret";

// basic.txt, basic.txt.gz, basic.cfg (gzipped, then encrypted as openssl does by default), md5.cfg
// (with the digest that it had before 1.1.0) and cut.gz (a gzip file that misses its end).
std::filesystem::path make_files(Workspace& workspace) {
  const auto text = workspace.write("tftp/basic.txt", profile("12345678"));
  workspace.run({"gzip", "--keep", text.string()});
  const auto packed = workspace.path("tftp/basic.txt.gz");
  const auto encrypt = [&](const std::string& name, const Flags& more) {
    const Flags command{"openssl", "enc", "-aes-256-cbc", "-k", secret, "-in"};
    workspace.run(
        with(with(command, {packed.string(), "-out", workspace.path(name).string()}), more));
  };
  encrypt("tftp/basic.cfg", {});
  encrypt("tftp/md5.cfg", {"-md", "md5"});
  const auto octets = read_file(packed);
  workspace.write("tftp/cut.gz", octets.substr(0, octets.size() - 12));
  return workspace.path("tftp");
}

template <class Server>
struct TftpSite {
  PhoneRun run(const std::string& options, const std::string& file, const Flags& flags = {}) {
    return run_phone(workspace, with({"--rule", options + server.url(file)}, flags));
  }

  Workspace workspace;
  Server server{workspace, make_files(workspace)};
};

const std::string with_secret = "[--key " + secret + "] ";

TEMPLATE_TEST_CASE("a phone fetches, decrypts and unpacks what gzip and openssl made", "", Atftpd,
                   DnsmasqTftp) {
  TftpSite<TestType> site;
  for (const std::string file : {"/basic.cfg", "/md5.cfg"}) {
    INFO(file);
    const auto run = site.run(with_secret, file);
    require_success(run);
    CHECK(run.parameter("GPP_A") == "12345678");
  }
}

TEMPLATE_TEST_CASE("a phone takes plain and gzipped files from a TFTP server", "", Atftpd,
                   DnsmasqTftp) {
  TftpSite<TestType> site;
  for (const std::string file : {"/basic.txt", "/basic.txt.gz"}) {
    INFO(file);
    const auto run = site.run("", file);
    require_success(run);
    CHECK(run.parameter("GPP_A") == "12345678");
  }
}

TEMPLATE_TEST_CASE("a phone with a key refuses a file that is not encrypted", "", Atftpd,
                   DnsmasqTftp) {
  TftpSite<TestType> site;
  require_failure(site.run(with_secret, "/basic.txt"), "not_encrypted");
}

TEMPLATE_TEST_CASE("a phone with another key than the file's applies nothing", "", Atftpd,
                   DnsmasqTftp) {
  TftpSite<TestType> site;
  require_failure(site.run("[--key NotMySecret] ", "/basic.cfg"), "wrong_key");
}

TEMPLATE_TEST_CASE("a phone applies nothing of a gzip file that misses its end", "", Atftpd,
                   DnsmasqTftp) {
  TftpSite<TestType> site;
  require_failure(site.run("", "/cut.gz"), "gzip_truncated");
}

TEMPLATE_TEST_CASE("a file that the TFTP server does not have fails the pass", "", Atftpd,
                   DnsmasqTftp) {
  TftpSite<TestType> site;
  require_failure(site.run("", "/no-such-file.cfg"), "file_not_found");
  CHECK(site.server.log().find("no-such-file.cfg") != std::string::npos);
}

TEMPLATE_TEST_CASE(
    "a missing file fails no pass with Resync_Fails_On_FNF=No, and provisions nobody",
    "[R-RESYNC-15]", Atftpd, DnsmasqTftp) {
  TftpSite<TestType> site;
  const auto run = site.run("", "/no-such-file.cfg", {"--set", "Resync_Fails_On_FNF=No"});
  INFO(run.err);
  CHECK(run.exit_code == 1);
  CHECK(run.err == "FAIL  no phone was provisioned: no pass brought a file\n");
  REQUIRE(run.events("pass_succeeded").size() == 1);
  CHECK(run.events("pass_succeeded")[0].at("file") == false);
  CHECK(run.events("pass_failed").empty());
  CHECK(run.events("applied").empty());
  CHECK(run.parameter("GPP_A").empty());
}

TEST_CASE("a file of many blocks, the last one empty, arrives whole") {
  Workspace workspace;
  // 128 blocks of 512 octets are exactly 64 KiB.
  const auto frame = profile("").size();
  const std::string value(std::size_t{128} * 512 - frame, 'x');
  workspace.write("tftp/big.xml", profile(value));
  Atftpd atftpd(workspace, workspace.path("tftp"));
  const auto run = run_phone(workspace, {"--rule", atftpd.url("/big.xml")});
  require_success(run);
  CHECK(run.parameter("GPP_A") == value);
}

}  // namespace
}  // namespace provphone::e2e
