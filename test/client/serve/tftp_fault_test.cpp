#include "client/transport/tftp_packet.hpp"
#include "test/client/serve/tftp_client.hpp"

#include <catch2/catch.hpp>

// What each fault looks like to a client over TFTP, and what the server makes of what clients send.
namespace provphone::client::serve::tftp_fault_test {
namespace {

using namespace std::string_literals;

Options with_faults(const std::vector<std::string>& faults) {
  Options options;
  options.tftp_port = 0;
  options.faults = faults_of(faults);
  return options;
}

Options taking_uploads(const Folder& folder, const std::vector<std::string>& faults = {}) {
  auto options = with_faults(faults);
  options.uploads = UploadsTo::folder;
  options.upload_folder = folder.path();
  return options;
}

std::string write_request(const std::string& file, const std::string& options = {}) {
  return "\0\2"s + file + "\0octet\0"s + options;
}

}  // namespace

TEST_CASE("a TFTP error packet has the number that was asked for", "[serve]") {
  World world(with_faults({"error=3 path=/a", "error=1 path=/b", "error=2 path=/c"}));
  for (const auto& [name, error, status] : std::vector<std::tuple<std::string, std::string, int>>{
           {"a", "\0\5\0\3"s, 500}, {"b", "\0\5\0\1"s, 404}, {"c", "\0\5\0\2"s, 403}}) {
    world.folder().write(name, "x");
    TftpClient client;
    client.ask(world, request_for(name));
    CHECK(client.hear().substr(0, 4) == error);
  }
  CHECK(world.served(3)[0].status == 500);
  CHECK(world.served(3)[0].fault == "error=3");
  CHECK(world.served(3)[1].status == 404);
  CHECK(world.served(3)[2].status == 403);
}

TEST_CASE("packets that are all lost never arrive, and the server gives up", "[serve]") {
  World world(with_faults({"loss=100%"}));
  world.folder().write("a", "x");
  TftpClient client;
  client.ask(world, request_for("a"));
  CHECK(client.hears_nothing());
}

TEST_CASE("a lost packet is one of the share, and the transfer comes through", "[serve]") {
  auto options = with_faults({"loss=30%"});
  options.seed = 1;
  World world(options);
  const auto content = some_content(6 * 512 + 5);
  world.folder().write("a", content);
  TftpClient client;
  client.ask(world, request_for("a"));
  CHECK((take_blocks(client, 512) == content));
}

TEST_CASE("duplicated packets come twice", "[serve]") {
  World world(with_faults({"duplicate=100%"}));
  world.folder().write("a", "x");
  TftpClient client;
  client.ask(world, request_for("a"));
  const auto first = client.hear();
  CHECK(first == "\0\3\0\1x"s);
  CHECK(client.hear_any() == first);
}

TEST_CASE("a reordered packet comes once more behind the next one", "[serve]") {
  World world(with_faults({"reorder=100%"}));
  world.folder().write("a", some_content(600));
  TftpClient client;
  client.ask(world, request_for("a"));
  const auto first = client.hear();
  CHECK(first.size() == 516);
  client.answer(acknowledgement(1));
  CHECK(client.hear().size() == 92);
  CHECK((client.hear_any() == first));
}

TEST_CASE("a stale transfer interferes from another port, behind the right packet", "[serve]") {
  World world(with_faults({"stale_tid=100%"}));
  const auto content = some_content(600);
  world.folder().write("a", content);
  TftpClient client;
  client.ask(world, request_for("a"));
  CHECK(client.hear().size() == 516);
  const auto right = client.server();
  CHECK(client.hear() == "\0\3\0\2from another transfer"s);
  CHECK(client.server() != right);
  client.send(acknowledgement(1), right);
  CHECK(client.hear() == format_data(2, content.substr(512)));
  CHECK(client.server() == right);
}

TEST_CASE("a TFTP server that stalls says nothing, or half of the file", "[serve]") {
  {
    World world(with_faults({"stall=head"}));
    world.folder().write("a", "x");
    TftpClient client;
    client.ask(world, request_for("a"));
    CHECK(world.served(1)[0].status == 0);
    client.ask(world, request_for("a"));
    CHECK(client.hears_nothing());
  }
  World world(with_faults({"stall=body"}));
  world.folder().write("a", some_content(4 * 512 + 1));
  TftpClient client;
  client.ask(world, request_for("a"));
  for (const std::uint64_t block : {1U, 2U}) {
    CHECK(client.hear().size() == 516);
    client.answer(acknowledgement(block));
  }
  CHECK(client.hears_nothing());
  CHECK(world.served(1)[0].status == 0);
  CHECK(world.served(1)[0].bytes == 1024);
}

TEST_CASE("a delayed TFTP answer comes once, however often it is asked for", "[serve]") {
  World world(with_faults({"delay=300ms"}));
  world.folder().write("a", "x");
  TftpClient client;
  const auto asked = std::chrono::steady_clock::now();
  client.ask(world, request_for("a"));
  client.ask(world, request_for("a"));
  CHECK(client.hear() == "\0\3\0\1x"s);
  CHECK(std::chrono::steady_clock::now() - asked >= std::chrono::milliseconds{300});
  client.answer(acknowledgement(1));
  CHECK(world.served(1)[0].status == 200);
}

TEST_CASE("a spoilt file is spoilt over TFTP, too", "[serve]") {
  World world(with_faults({"truncated=file path=/a", "file=/a path=/b"}));
  world.folder().write("a", "abcdefgh");
  world.folder().write("b", "other");
  const auto fetched = [&](const std::string& name) {
    TftpClient client;
    client.ask(world, request_for(name));
    return take_blocks(client, 512);
  };
  CHECK(fetched("a") == "abcd");
  CHECK(fetched("b") == "abcdefgh");
}

TEST_CASE("a file of any size can be written, block by block", "[serve]") {
  const Folder uploads;
  World world(taking_uploads(uploads));
  const auto size = GENERATE(as<std::size_t>{}, 0, 1, 511, 512, 513, 5000);
  const auto content = some_content(size);
  TftpClient client;
  client.ask(world, write_request("/reports/1.xml"));
  CHECK(client.hear() == acknowledgement(0));
  for (std::size_t at = 0, block = 1; at <= size; at += 512, ++block) {
    const auto packet = format_data(static_cast<std::uint16_t>(block), content.substr(at, 512));
    client.answer(packet);
    CHECK(client.hear() == acknowledgement(block));
    client.answer(packet);  // the client has not seen the acknowledgement
    CHECK(client.hear_any() == acknowledgement(block));
  }
  CHECK((uploads.read("reports/1.xml") == content));
  const auto served = world.served(1);
  CHECK(served[0].method == "WRQ");
  CHECK(served[0].status == 201);
  CHECK(served[0].received == size);
  CHECK(served[0].bytes == 0);
}

TEST_CASE("options of a write request are agreed on before the first block", "[serve]") {
  const Folder uploads;
  World world(taking_uploads(uploads));
  TftpClient client;
  client.ask(world, write_request("1.xml", "tsize\0003\0blksize\00064\0"s));
  CHECK(client.hear() == "\0\6tsize\0003\0blksize\00064\0"s);
  client.answer(format_data(1, "abc"));
  CHECK(client.hear() == acknowledgement(1));
  CHECK(uploads.read("1.xml") == "abc");
}

TEST_CASE("a block that is not the next one is not taken", "[serve]") {
  const Folder uploads;
  World world(taking_uploads(uploads));
  TftpClient client;
  client.ask(world, write_request("1.xml"));
  CHECK(client.hear() == acknowledgement(0));
  client.answer(format_data(2, "early"));
  CHECK(client.hears_nothing());
  client.answer(format_data(1, "right"));
  CHECK(client.hear() == acknowledgement(1));
  CHECK(uploads.read("1.xml") == "right");
}

TEST_CASE("a written file that cannot stand there, or is too large, is refused", "[serve]") {
  const Folder uploads;
  uploads.write("there/x", "x");
  World world(taking_uploads(uploads));
  TftpClient client;
  client.ask(world, write_request("there"));
  CHECK(client.hear() == acknowledgement(0));
  client.answer(format_data(1, "abc"));
  CHECK(client.hear().substr(0, 4) == "\0\5\0\2"s);
  CHECK(world.served(1)[0].status == 403);

  TftpClient greedy;
  greedy.ask(world, write_request("big", "blksize\00065464\0"s));
  CHECK(greedy.hear() == "\0\6blksize\00065464\0"s);
  const std::string block(65464, 'x');
  std::string said;
  for (std::uint16_t number = 1; number <= 129; ++number) {
    greedy.answer(format_data(number, block));
    said = greedy.hear();
    if (said.substr(0, 2) == "\0\5"s) break;
  }
  CHECK(said.substr(0, 4) == "\0\5\0\3"s);
  CHECK(world.served(2)[1].status == 413);
  CHECK_FALSE(std::filesystem::exists(uploads.path("big")));
}

TEST_CASE("faults meet what is written, too", "[serve]") {
  const Folder uploads;
  World world(taking_uploads(uploads, {"error=3 requests=1", "stall=body"}));
  TftpClient first;
  first.ask(world, write_request("1.xml"));
  CHECK(first.hear().substr(0, 4) == "\0\5\0\3"s);
  TftpClient second;
  second.ask(world, write_request("1.xml"));
  CHECK(second.hear() == acknowledgement(0));
  second.answer(format_data(1, "abc"));
  CHECK(second.hears_nothing());
  CHECK(std::filesystem::is_empty(uploads.path()));
}

}  // namespace provphone::client::serve::tftp_fault_test
