#include "test/e2e/phone.hpp"
#include "test/e2e/ports.hpp"
#include "test/e2e/udp_servers.hpp"

#include <catch2/catch.hpp>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>

// A phone and three TFTP servers, with files made by gzip and openssl.
namespace provphone::e2e::tftp_test {
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
                   TftpdHpa, DnsmasqTftp) {
  TftpSite<TestType> site;
  for (const std::string file : {"/basic.cfg", "/md5.cfg"}) {
    INFO(file);
    const auto run = site.run(with_secret, file);
    require_success(run);
    CHECK(run.parameter("GPP_A") == "12345678");
  }
}

TEMPLATE_TEST_CASE("a phone takes plain and gzipped files from a TFTP server", "", Atftpd, TftpdHpa,
                   DnsmasqTftp) {
  TftpSite<TestType> site;
  for (const std::string file : {"/basic.txt", "/basic.txt.gz"}) {
    INFO(file);
    const auto run = site.run("", file);
    require_success(run);
    CHECK(run.parameter("GPP_A") == "12345678");
  }
}

TEMPLATE_TEST_CASE("a phone with a key refuses a file that is not encrypted", "", Atftpd, TftpdHpa,
                   DnsmasqTftp) {
  TftpSite<TestType> site;
  require_failure(site.run(with_secret, "/basic.txt"), "not_encrypted");
}

TEMPLATE_TEST_CASE("a phone with another key than the file's applies nothing", "", Atftpd, TftpdHpa,
                   DnsmasqTftp) {
  TftpSite<TestType> site;
  require_failure(site.run("[--key NotMySecret] ", "/basic.cfg"), "wrong_key");
}

TEMPLATE_TEST_CASE("a phone applies nothing of a gzip file that misses its end", "", Atftpd,
                   TftpdHpa, DnsmasqTftp) {
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
    "[R-RESYNC-15]", Atftpd, TftpdHpa, DnsmasqTftp) {
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

TEMPLATE_TEST_CASE("files of every size come, in blocks of any size", "[R-TFTP-03][R-TFTP-10]",
                   Atftpd, TftpdHpa, DnsmasqTftp) {
  const auto frame = profile("").size();
  Workspace workspace;
  const std::vector<std::size_t> sizes{511, 512, 513, 1024, 1428, 2856, 40'000};
  for (const auto size : sizes)
    workspace.write("tftp/" + std::to_string(size), profile(std::string(size - frame, 'x')));
  const TestType server(workspace, workspace.path("tftp"));
  for (const std::string options : {"none", "blksize_tsize"}) {
    for (const auto size : sizes) {
      INFO(options << " " << size);
      const auto run = run_phone(workspace, {"--rule", server.url("/" + std::to_string(size)),
                                             "--knob", "tftp_options=" + options});
      require_success(run);
      CHECK(run.parameter("GPP_A").size() == size - frame);
    }
  }
}

TEST_CASE("a load of more blocks than numbers comes whole", "[R-TFTP-03]") {
  Workspace workspace;
  const std::size_t size = std::size_t{65'536} * 512 + 100;
  workspace.write("tftp/load.bin", std::string(size, '\1'));
  workspace.write("tftp/a.xml", profile("a"));
  const TftpdHpa server(workspace, workspace.path("tftp"));
  const auto run = run_phone(workspace, {"--rule", server.url("/a.xml"), "--set",
                                         "Upgrade_Rule=" + server.url("/load.bin")});
  require_success(run);
  const auto answers = run.events("response");
  REQUIRE(answers.size() >= 2);
  CHECK(answers[1].at("bytes") == size);
}

// --- a server that does not keep to the standard

// Answers datagrams one for one, on a free port of 127.0.0.1.
class ScriptedTftp {
 public:
  explicit ScriptedTftp(std::vector<std::string> answers) {
    socket_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof here;
    REQUIRE(::bind(socket_, reinterpret_cast<const sockaddr*>(&here), size) == 0);
    REQUIRE(::getsockname(socket_, reinterpret_cast<sockaddr*>(&here), &size) == 0);
    port_ = ntohs(here.sin_port);
    thread_ = std::jthread([this, answers = std::move(answers)](const std::stop_token& stop) {
      serve(stop, answers);
    });
  }
  ~ScriptedTftp() {
    end();
    ::close(socket_);
  }
  ScriptedTftp(const ScriptedTftp&) = delete;

  std::string url() const { return "tftp://127.0.0.1:" + std::to_string(port_) + "/a.xml"; }
  // What the phone sent, once the phone has ended.
  const std::vector<std::string>& heard() {
    end();
    return heard_;
  }

 private:
  void end() {
    if (!thread_.joinable()) return;
    thread_.request_stop();
    thread_.join();
  }

  // Each turn of a script is what follows one datagram: packets, with their lengths in front.
  void serve(const std::stop_token& stop, const std::vector<std::string>& answers) {
    std::array<char, 2048> packet{};
    while (true) {
      pollfd readable{socket_, POLLIN, 0};
      const bool is_ready = ::poll(&readable, 1, 20) == 1;
      if (!is_ready && stop.stop_requested()) return;
      if (!is_ready) continue;
      sockaddr_in client{};
      socklen_t size = sizeof client;
      const auto octets = ::recvfrom(socket_, packet.data(), packet.size(), 0,
                                     reinterpret_cast<sockaddr*>(&client), &size);
      if (octets < 0) continue;
      heard_.emplace_back(packet.data(), static_cast<std::size_t>(octets));
      if (heard_.size() > answers.size()) continue;
      const auto& answer = answers[heard_.size() - 1];
      for (std::size_t at = 0; at < answer.size();) {
        const auto length = static_cast<unsigned char>(answer[at]);
        ::sendto(socket_, answer.data() + at + 1, length, 0,
                 reinterpret_cast<const sockaddr*>(&client), size);
        at += 1U + length;
      }
    }
  }

  int socket_ = -1;
  std::uint16_t port_ = 0;
  std::vector<std::string> heard_;
  std::jthread thread_;
};

using namespace std::string_literals;

std::string sent(const std::string& packet) {
  return std::string(1, static_cast<char>(packet.size())) + packet;
}

const std::string whole_file = "\0\3\0\1"s + profile("12345678");

TEST_CASE("stray packets make no empty file and no write", "[R-TFTP-07]") {
  Workspace workspace;
  const auto stray = GENERATE(as<std::string>{}, "\0\3\0\0stray"s, "\0\4\0\0"s, "\0"s, "\0\3\0"s,
                              "\0\7\0\1garbage"s);
  ScriptedTftp server({sent(stray) + sent(whole_file)});
  const auto run = run_phone(workspace, {"--rule", server.url()});
  require_success(run);
  CHECK(run.parameter("GPP_A") == "12345678");
  CHECK(server.heard() == std::vector{"\0\1/a.xml\0octet\0"s, "\0\4\0\1"s});
}

TEST_CASE("options that nobody asked for are the answer's fault and no error of the server's",
          "[R-TFTP-10]") {
  Workspace workspace;
  ScriptedTftp server({sent("\0\6blksize\0001024\0"s)});
  require_failure(run_phone(workspace, {"--rule", server.url()}), "protocol_error");
  REQUIRE(server.heard().size() == 2);
  CHECK(server.heard()[1].starts_with("\0\5\0\10"s));
}

TEST_CASE("a TFTP server that is off is noticed at once, or not at all",
          "[R-TFTP-11][R-TFTP-06][R-TFTP-09]") {
  Workspace workspace;
  const auto rule = "tftp://127.0.0.1:" + std::to_string(free_udp_port()) + "/a.xml";
  require_failure(run_phone(workspace, {"--rule", rule}), "connection_refused");
  require_failure(run_phone(workspace, {"--rule", rule, "--knob", "tftp_port_unreachable=ignored",
                                        "--knob", "tftp_timeout=50ms"}),
                  "connect_timeout");
}

TEST_CASE("a silent TFTP server is asked as often as the knob says", "[R-TFTP-06]") {
  Workspace workspace;
  ScriptedTftp server({});
  require_failure(run_phone(workspace, {"--rule", server.url(), "--knob", "tftp_timeout=50ms",
                                        "--knob", "tftp_tries=3"}),
                  "connect_timeout");
  CHECK(server.heard() == std::vector<std::string>(3, "\0\1/a.xml\0octet\0"s));
}

}  // namespace
}  // namespace provphone::e2e::tftp_test
