#include "client/suite/server.hpp"

#include <catch2/catch.hpp>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace server_test {

using namespace provphone::client::suite;
namespace fs = std::filesystem;

namespace {

const ServerOrders plain{"www", "", ""};
const ServerOrders with_pki{"www", "pki", "required"};

}  // namespace

TEST_CASE("a server's addresses are known once it has said all of them") {
  CHECK_FALSE(announced_addresses("", plain));
  CHECK_FALSE(announced_addresses("http://127.0.0.1:4711/\n", plain));
  // The rest of a line may be on its way: a port that is cut is another port.
  CHECK_FALSE(announced_addresses("http://127.0.0.1:4711/\ntftp://127.0.0.1:69", plain));
  CHECK_FALSE(announced_addresses("http://127.0.0.1:4711/\ntftp://127.0.0.1:6969/", plain));
  const std::string both = "http://127.0.0.1:4711/\ntftp://127.0.0.1:6969/\n";
  CHECK(announced_addresses(both, plain) == Variables{{"SERVE_HTTP", "127.0.0.1:4711"},
                                                      {"SERVE_HTTP_PORT", "4711"},
                                                      {"SERVE_TFTP", "127.0.0.1:6969"},
                                                      {"SERVE_TFTP_PORT", "6969"}});
  CHECK_FALSE(announced_addresses(both, with_pki));
  const auto three = announced_addresses("https://127.0.0.1:4712/\n" + both, with_pki);
  REQUIRE(three);
  CHECK(three->size() == 6);
  CHECK((*three)[2] == std::pair<std::string, std::string>{"SERVE_HTTPS", "127.0.0.1:4712"});
}

TEST_CASE("addresses of no server have the names and the form of those of one") {
  const auto usual = usual_addresses(with_pki);
  const auto announced = announced_addresses(
      "http://127.0.0.1:1/\nhttps://127.0.0.1:2/\ntftp://127.0.0.1:3/\n", with_pki);
  REQUIRE(announced);
  REQUIRE(usual.size() == announced->size());
  for (std::size_t i = 0; i < usual.size(); ++i) CHECK(usual[i].first == (*announced)[i].first);
  CHECK(usual.front().second == "127.0.0.1:80");
  CHECK(usual_addresses(plain).size() == 4);
}

TEST_CASE("a server has the folder, the PKI and the faults that are the scenario's") {
  const auto folder = fs::temp_directory_path() / ("provphone-own-" + std::to_string(getpid()));
  fs::create_directories(folder);
  std::ofstream(folder / "b.faults") << "faults: []\n";
  const std::vector<std::string> least{"serve", "www", "--count-uploads"};
  CHECK(serve_arguments(plain, (folder / "a.yaml").string()) == least);
  const auto faulty = serve_arguments(plain, (folder / "b.yml").string());
  fs::remove_all(folder);
  CHECK(faulty == std::vector<std::string>{"serve", "www", "--count-uploads", "--faults",
                                           (folder / "b.faults").string()});
  CHECK(serve_arguments(with_pki, "none.yaml") ==
        std::vector<std::string>{"serve", "www", "--count-uploads", "--pki", "pki",
                                 "--client-certificates", "required"});
}

TEST_CASE("of what a server said the last lines are kept, and how many there were") {
  CHECK(tail_of("").of == 0);
  CHECK(tail_of("a\nb\n").lines == std::vector<std::string>{"a", "b"});
  CHECK(tail_of("a\n\nb").of == 3);
  std::string many;
  for (int i = 1; i <= 53; ++i) many += std::to_string(i) + "\n";
  const auto tail = tail_of(many);
  CHECK(tail.of == 53);
  REQUIRE(tail.lines.size() == 20);
  CHECK(tail.lines.front() == "34");
  CHECK(tail.lines.back() == "53");
}

}  // namespace server_test
