#include "test/e2e/phone.hpp"
#include "test/e2e/web_servers.hpp"

#include <catch2/catch.hpp>
#include <stdlib.h>

#include <set>
#include <string>
#include <vector>

// Certificates that are minted once and kept for the next run.
namespace provphone::e2e::minted_test {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t phone_count = 12;

// A device root that openssl(1) has made, and the rest of the PKI.
Pki pki_under(Workspace& workspace, const std::vector<std::string>& kind_of_key) {
  const auto folder = workspace.path("pki-1");
  fs::create_directories(folder);
  std::vector<std::string> argv{"openssl", "req", "-x509", "-newkey"};
  argv.insert(argv.end(), kind_of_key.begin(), kind_of_key.end());
  for (const auto& each : {std::string("-nodes"), std::string("-days"), std::string("3650"),
                           std::string("-subj"), std::string("/CN=a root of somebody's"),
                           std::string("-keyout"), (folder / "device-root.key").string(),
                           std::string("-out"), (folder / "device-root.pem").string()})
    argv.push_back(each);
  workspace.run(argv);
  const Pki pki{folder};
  REQUIRE(provphone(workspace, {"pki", folder.string()}).exit_code == 0);
  return pki;
}

struct Lab {
  explicit Lab(const std::vector<std::string>& kind_of_key = {"rsa:2048"})
      : pki(pki_under(workspace, kind_of_key)),
        nginx(workspace, workspace.path("www"), options(workspace, pki)) {}

  static Nginx::Options options(Workspace& workspace, const Pki& pki) {
    workspace.write("www/all.xml", profile("everybody"));
    Nginx::Options options;
    options.tls = pki.demanding_clients();
    options.locations = "location / { try_files /all.xml =404; }";
    return options;
  }

  std::string scenario() const {
    return workspace
        .write("minted.yaml", "pki: " + pki.folder.string() +
                                  "\nphones:\n  - count: " + std::to_string(phone_count) +
                                  "\n    mac: 000e08300000\n    certificate: minted\n    trust: [" +
                                  pki.server_root().string() + "]\n    set: {Profile_Rule: '" +
                                  nginx.url("/$MA.xml") +
                                  "', Resync_Random_Delay: 0, Resync_Periodic: 0}\n")
        .string();
  }

  CommandResult fleet() {
    return provphone(workspace, {"fleet", scenario(), "--until-converged", "--for", "90s",
                                 "--lag-limit", "1h", "--quiet"});
  }

  // What nginx has seen of `runs` runs: each phone with its own subject, whenever it came.
  void check_subjects(std::size_t runs) {
    std::set<std::string> subjects;
    for (const auto& access : nginx.accesses(runs * phone_count)) {
      const auto mac = access.request.substr(access.request.find('/') + 1, 12);
      CHECK(access.status == 200);
      CHECK(access.subject.find("ST=" + mac) != std::string::npos);
      subjects.insert(access.subject);
    }
    CHECK(subjects.size() == phone_count);
  }

  fs::path cache() const { return workspace.path("cache"); }
  // The only file that certificates grow.
  fs::path signatures() const {
    for (const auto& each : fs::directory_iterator(cache()))
      if (each.path().extension() == ".signatures") return each.path();
    return {};
  }

  Workspace workspace;
  Pki pki;
  Nginx nginx;
};

}  // namespace

TEST_CASE("under a root of any kind each phone shows its own certificate, in the next run too",
          "[R-CERT-01][R-CERT-03]") {
  using Kind = std::vector<std::string>;
  Lab lab(GENERATE(Kind{"rsa:2048"}, Kind{"ec", "-pkeyopt", "ec_paramgen_curve:P-256"},
                   Kind{"ec", "-pkeyopt", "ec_paramgen_curve:P-384"}));
  const auto first = lab.fleet();
  INFO(first.err << first.out);
  REQUIRE(first.exit_code == 0);
  REQUIRE_FALSE(lab.signatures().empty());
  const auto kept = fs::file_size(lab.signatures());
  const auto second = lab.fleet();
  CHECK(second.exit_code == 0);
  CHECK(second.err.empty());
  // Nothing was signed that would have been added.
  CHECK(fs::file_size(lab.signatures()) == kept);
  lab.check_subjects(2);
}

TEST_CASE("run has what a fleet has kept") {
  Lab lab;
  REQUIRE(lab.fleet().exit_code == 0);
  const auto kept = fs::file_size(lab.signatures());
  CHECK(provphone(lab.workspace, {"run", lab.scenario()}).exit_code == 0);
  CHECK(fs::file_size(lab.signatures()) == kept);
  lab.check_subjects(2);
}

TEST_CASE("nothing is kept where that is switched off") {
  Lab lab;
  ::setenv("PROVPHONE_CACHE", "off", 1);
  const auto run = lab.fleet();
  CHECK(run.exit_code == 0);
  CHECK(run.err.empty());
  CHECK_FALSE(fs::exists(lab.cache()));
  lab.check_subjects(1);
}

TEST_CASE("a folder that cannot be had is a remark, said once") {
  Lab lab;
  lab.workspace.write("cache", "no folder");
  const auto run = lab.fleet();
  CHECK(run.exit_code == 0);
  CHECK(run.err == "provphone: " + lab.cache().string() +
                       ": is no folder; certificates are signed anew in every run\n");
  lab.check_subjects(1);
}

}  // namespace provphone::e2e::minted_test
