#include "client/transport/tftp_packet.hpp"
#include "test/client/serve/tftp_client.hpp"

#include <catch2/catch.hpp>
#include <curl/curl.h>

#include <chrono>

namespace provphone::client::serve::tftp_test {
namespace {

using namespace std::string_literals;

Options over_tftp(const std::vector<std::string>& faults = {}) {
  Options options;
  options.tftp_port = 0;
  options.faults = faults_of(faults);
  return options;
}

}  // namespace

TEST_CASE("a file of any size arrives in blocks of 512 octets, the last one short", "[serve]") {
  World world(over_tftp());
  const auto size = GENERATE(as<std::size_t>{}, 0, 1, 511, 512, 513, 1024, 100 * 1024);
  const auto content = some_content(size);
  world.folder().write("a.cfg", content);
  TftpClient client;
  client.ask(world, request_for("/a.cfg"));
  CHECK((take_blocks(client, 512) == content));
  CHECK(client.hears_nothing());
  const auto served = world.served(1);
  CHECK(served[0].protocol == "tftp");
  CHECK(served[0].method == "RRQ");
  CHECK(served[0].path == "/a.cfg");
  CHECK(served[0].status == 200);
  CHECK(served[0].bytes == size);
  CHECK(served[0].client_address == "127.0.0.1");
}

TEST_CASE("options that are asked for are agreed on before the first block", "[serve]") {
  World world(over_tftp());
  const auto content = some_content(3000);
  world.folder().write("a.cfg", content);
  TftpClient client;
  client.ask(world, request_for("a.cfg", "tsize\0000\0blksize\0001500\0windowsize\0008\0"s));
  CHECK(client.hear() == "\0\6tsize\0003000\0blksize\0001500\0"s);
  client.answer(acknowledgement(0));
  CHECK((take_blocks(client, 1500) == content));
  CHECK(world.served(1)[0].bytes == 3000);
}

TEST_CASE("a client that does not like the options ends the transfer", "[serve]") {
  World world(over_tftp());
  world.folder().write("a.cfg", "a");
  TftpClient client;
  client.ask(world, request_for("a.cfg", "blksize\0001500\0"s));
  CHECK(client.hear() == "\0\6blksize\0001500\0"s);
  client.answer("\0\5\0\10no\0"s);
  const auto served = world.served(1);
  CHECK(served[0].status == 0);
  CHECK(served[0].bytes == 0);
}

TEST_CASE("a packet that is not acknowledged is sent again after a second", "[serve]") {
  World world(over_tftp());
  world.folder().write("a.cfg", some_content(600));
  TftpClient client;
  const auto before = std::chrono::steady_clock::now();
  client.ask(world, request_for("a.cfg"));
  const auto first = client.hear();
  CHECK((client.hear_any() == first));
  CHECK(std::chrono::steady_clock::now() - before >= std::chrono::seconds{1});
  client.answer(acknowledgement(1));
  CHECK(take_blocks(client, 512, 2).size() == 88);
  CHECK(world.served(1)[0].status == 200);
}

TEST_CASE("a repeated acknowledgement brings no second copy of the next block", "[serve]") {
  World world(over_tftp());
  world.folder().write("a.cfg", some_content(1100));
  TftpClient client;
  // So long that no packet is sent again for want of an acknowledgement.
  client.ask(world, request_for("a.cfg", "timeout\000255\0"s));
  CHECK(client.hear() == "\0\6timeout\000255\0"s);
  client.answer(acknowledgement(0));
  CHECK(client.hear().size() == 516);
  for (int i = 0; i < 3; ++i) client.answer(acknowledgement(1));
  CHECK(client.hear().substr(0, 4) == "\0\3\0\2"s);
  CHECK(client.hear_any(std::chrono::milliseconds{100}).empty());
  client.answer(acknowledgement(2));
  CHECK(take_blocks(client, 512, 3).size() == 76);
}

TEST_CASE("a repeated request is answered from the same transfer", "[serve]") {
  World world(over_tftp());
  world.folder().write("a.cfg", "abc");
  TftpClient client;
  client.ask(world, request_for("a.cfg"));
  const auto first = client.hear();
  const auto transfer = client.server();
  client.ask(world, request_for("a.cfg"));
  CHECK(client.hear_any() == first);
  CHECK(client.server() == transfer);
  client.answer(acknowledgement(1));
  CHECK(world.served(1)[0].status == 200);
}

TEST_CASE("a client that asks for something else has given up what it asked before", "[serve]") {
  World world(over_tftp());
  world.folder().write("a.cfg", some_content(2000));
  world.folder().write("b.cfg", "b");
  TftpClient client;
  client.ask(world, request_for("a.cfg"));
  CHECK(client.hear().size() == 516);
  client.answer(acknowledgement(1));
  CHECK(client.hear().size() == 516);
  client.ask(world, request_for("b.cfg"));
  CHECK(take_blocks(client, 512) == "b");
  const auto served = world.served(2);
  CHECK(served[0].path == "a.cfg");
  CHECK(served[0].status == 0);
  CHECK(served[0].bytes == 512);
  CHECK(served[1].path == "b.cfg");
  CHECK(served[1].status == 200);
}

TEST_CASE("a stranger in a transfer is told so, and the transfer goes on", "[serve]") {
  World world(over_tftp());
  world.folder().write("a.cfg", some_content(600));
  TftpClient client;
  TftpClient stranger;
  client.ask(world, request_for("a.cfg"));
  CHECK(client.hear().size() == 516);
  stranger.send(acknowledgement(1), client.server());
  CHECK(stranger.hear().substr(0, 4) == "\0\5\0\5"s);
  stranger.send("\0\5\0\0no\0"s, client.server());
  CHECK(stranger.hears_nothing());
  client.answer(acknowledgement(1));
  CHECK(take_blocks(client, 512, 2).size() == 88);
  CHECK(world.served(1)[0].status == 200);
}

TEST_CASE("block numbers start over behind 65535", "[serve]") {
  World world(over_tftp());
  const auto content = some_content(8 * 65'540 + 3);
  world.folder().write("a.bin", content);
  TftpClient client;
  client.ask(world, request_for("a.bin", "blksize\0008\0"s));
  CHECK(client.hear() == "\0\6blksize\0008\0"s);
  client.answer(acknowledgement(0));
  CHECK((take_blocks(client, 8) == content));
  CHECK(world.served(1)[0].bytes == content.size());
}

TEST_CASE("a silent client is given up after five tries", "[serve]") {
  World world(over_tftp());
  world.folder().write("a.cfg", "a");
  TftpClient client;
  client.ask(world, request_for("a.cfg", "timeout\0001\0"s));
  for (int i = 0; i < 5; ++i) CHECK(client.hear_any() == "\0\6timeout\0001\0"s);
  CHECK(world.served(1)[0].status == 0);
  CHECK(client.hear_any(std::chrono::milliseconds{100}).empty());
}

TEST_CASE("what TFTP does not deliver is an error with its number", "[serve]") {
  const Folder outside;
  outside.write("secret", "secret");
  World world(over_tftp({"/gone=404", "/mine=403", "/busy=503"}));
  for (const char* name : {"a.cfg", "gone", "mine", "busy"}) world.folder().write(name, "a");
  std::filesystem::create_symlink(outside.path("secret"), world.folder().path("link"));
  struct Case {
    std::string packet;
    std::string error;
    int status;
  };
  const auto [packet, error, status] = GENERATE(values<Case>({
      {"\0\1b.cfg\0octet\0"s, "\0\5\0\1file not found\0"s, 404},
      {"\0\1link\0octet\0"s, "\0\5\0\1file not found\0"s, 404},
      {"\0\1../a.cfg\0octet\0"s, "\0\5\0\1file not found\0"s, 404},
      {"\0\1gone\0octet\0"s, "\0\5\0\1file not found\0"s, 404},
      {"\0\1/mine\0octet\0"s, "\0\5\0\2access violation\0"s, 403},
      {"\0\1busy\0octet\0"s, "\0\5\0\0status 503\0"s, 503},
      {"\0\2a.cfg\0octet\0"s, "\0\5\0\2access violation\0"s, 403},
      {"\0\1a.cfg\0mail\0"s, "\0\5\0\4illegal operation\0"s, 400},
  }));
  TftpClient client;
  client.ask(world, packet);
  CHECK(client.hear() == error);
  CHECK(client.server().port() != world.port("tftp"));
  CHECK(world.served(1)[0].status == status);
}

TEST_CASE("packets that are no requests get no file and no record", "[serve]") {
  World world(over_tftp());
  world.folder().write("a.cfg", "a");
  TftpClient client;
  for (const auto& packet : {""s, "\0"s, "\0\3\0\1x"s, "\0\4\0\1"s, "\0\5\0\1no\0"s, "\xff\xff"s}) {
    client.ask(world, packet);
  }
  CHECK(client.hears_nothing());
  client.ask(world, "\0\1a.cfg"s);
  CHECK(client.hear().substr(0, 4) == "\0\5\0\4"s);
  client.ask(world, request_for("a.cfg"));
  CHECK(take_blocks(client, 512) == "a");
  CHECK(world.served(1).size() == 1);
}

TEST_CASE("text mode is answered with the octets as they are", "[serve]") {
  World world(over_tftp());
  world.folder().write("a.cfg", "one\ntwo\n");
  TftpClient client;
  client.ask(world, "\0\1a.cfg\0NETASCII\0"s);
  CHECK(take_blocks(client, 512) == "one\ntwo\n");
}

TEST_CASE("control characters in a file name do not reach the record", "[serve]") {
  World world(over_tftp());
  TftpClient client;
  client.ask(world, request_for("a\nb\x1b"));
  CHECK(client.hear().substr(0, 4) == "\0\5\0\1"s);
  CHECK(world.served(1)[0].path == "a?b?");
}

TEST_CASE("a file that is cut short ends its transfer with an error", "[serve]") {
  World world(over_tftp());
  world.folder().write("a.cfg", some_content(2000));
  TftpClient client;
  client.ask(world, request_for("a.cfg"));
  CHECK(client.hear().size() == 516);
  world.folder().write("a.cfg", "short");
  client.answer(acknowledgement(1));
  CHECK(client.hear().substr(0, 4) == "\0\5\0\0"s);
  CHECK(world.served(1)[0].status == 0);
}

TEST_CASE("a server stops at once in the middle of a transfer", "[serve]") {
  World world(over_tftp());
  world.folder().write("a.cfg", some_content(2000));
  TftpClient client;
  client.ask(world, request_for("a.cfg"));
  CHECK(client.hear().size() == 516);
  world.stop();
  client.answer(acknowledgement(1));
  CHECK(client.hears_nothing());
}

TEST_CASE("libcurl gets a file over TFTP, with its options", "[serve]") {
  World world(over_tftp());
  const auto content = some_content(50'000);
  world.folder().write("deep/a.cfg", content);
  const long block = GENERATE(as<long>{}, 0, 1428, 65464);
  const auto got = fetch(world.url("tftp", "/deep/a.cfg"), {.tftp_block_octets = block});
  CHECK(got.curl_code == CURLE_OK);
  CHECK((got.body == content));
  CHECK(fetch(world.url("tftp", "/missing")).curl_code == CURLE_TFTP_NOTFOUND);
}

}  // namespace provphone::client::serve::tftp_test
