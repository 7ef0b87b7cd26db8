#include "client/transport/detail/tftp_client.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <deque>
#include <functional>
#include <string>
#include <vector>

namespace provphone::client::transport::test::tftp_client_test {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using detail::TftpClient;
using Peer = TftpClient::Peer;
using resync::TftpOptions;
using Lines = std::vector<std::string>;

constexpr std::uint16_t tid = 40'000;
constexpr TftpClient::Time start{1'000s};

Request reading() {
  Request request;
  request.url = {macro::Scheme::tftp, "192.0.2.1", 69, "/a.xml"};
  return request;
}

Request writing(std::string body) {
  auto request = reading();
  request.method = Method::put;
  request.body = std::move(body);
  return request;
}

Request with_options(Request request) {
  request.tftp.options = TftpOptions::blksize_tsize;
  return request;
}

std::string patterned(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + i / 512 % 26);
  return text;
}

// A packet in words: `ACK 3`, `DATA 1 512`, `ERROR 5`.
std::string words(std::string_view packet) {
  if (const auto block = tftp::acknowledged_block(packet)) return fmt::format("ACK {}", *block);
  if (const auto data = tftp::data_of(packet))
    return fmt::format("DATA {} {}", data->block, data->content.size());
  if (const auto error = tftp::error_of(packet)) return fmt::format("ERROR {}", error->number);
  if (const auto request = tftp::parse_request(packet))
    return request->opcode == tftp::Opcode::read_request ? "RRQ" : "WRQ";
  return "?";
}

// One transfer whose other side is the test, at a time that the test sets.
struct Line {
  explicit Line(Request asked, std::chrono::milliseconds total = 180s)
      : request(std::move(asked)), client(request, *detail::tftp_request(request), start + total) {
    note(client.begin(now));
  }
  Line(const Line&) = delete;

  void note(const TftpClient::Step& step) {
    if (step.to == Peer::stranger) said.push_back("stranger: " + words(step.packet));
    if (step.to == Peer::server) {
      said.push_back(words(step.packet));
      last = step.packet;
    }
    is_over = is_over || step.is_over;
  }
  void hear(std::string_view packet, std::uint16_t port = tid, Peer from = Peer::server) {
    note(client.hear(packet, from, port, now));
  }
  void hear_block(std::uint16_t block, std::string_view content) {
    hear(tftp::format_data(block, content));
  }
  void hear_acknowledgement(std::uint16_t block) { hear(tftp::format_acknowledgement(block)); }
  // Lets time pass until something is said or the end.
  void sleep() {
    const auto before = said.size();
    while (!is_over && said.size() == before) {
      now = client.due();
      note(client.wake(now));
    }
  }
  std::chrono::milliseconds elapsed() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(now - start);
  }
  std::string error() const {
    if (!is_over) return "going on";
    return client.outcome() ? "none" : std::string(format(client.outcome().error()));
  }
  Errc code() const {
    return is_over && !client.outcome() ? client.outcome().error().code : Errc{};
  }

  Request request;
  TftpClient client;
  TftpClient::Time now = start;
  Lines said;
  std::string last;
  bool is_over = false;
};

// Sends `content` in blocks, each when the one before is acknowledged.
void send_all(Line& line, std::string_view content, std::size_t block_octets = 512) {
  for (std::uint64_t block = 1; !line.is_over; ++block) {
    const auto wire = static_cast<std::uint16_t>(block);
    line.hear_block(wire, content.substr((block - 1) * block_octets, block_octets));
    REQUIRE(line.last == tftp::format_acknowledgement(wire));
    REQUIRE((block - 1) * block_octets <= content.size());
  }
}

TEST_CASE("a read ends with the first block that is not full, and acknowledges it", "[R-TFTP-03]") {
  const auto [size, blocks] = GENERATE(table<std::size_t, std::size_t>(
      {{0, 1}, {1, 1}, {511, 1}, {512, 2}, {513, 2}, {1024, 3}, {40'000, 79}}));
  Line line(reading());
  send_all(line, patterned(size));
  CHECK(line.error() == "none");
  CHECK(line.said.size() == 1 + blocks);
  CHECK(line.client.take_body() == patterned(size));
  CHECK(line.client.body_octets() == size);
  CHECK((line.client.first_content_at() == TftpClient::Time{}) == (size == 0));
}

TEST_CASE("a write ends when the last block is acknowledged, which may be empty",
          "[R-TFTP-04][R-TFTP-03]") {
  const auto size = GENERATE(values<std::size_t>({0, 1, 511, 512, 513, 1024, 40'000}));
  Line line(writing(patterned(size)));
  std::string written;
  line.hear_acknowledgement(0);
  for (std::uint16_t block = 1; !line.is_over; ++block) {
    const auto data = tftp::data_of(line.last);
    REQUIRE(data);
    REQUIRE(data->block == block);
    written += data->content;
    line.hear_acknowledgement(block);
  }
  CHECK(line.error() == "none");
  CHECK(written == patterned(size));
  CHECK(line.said.size() == 1 + size / 512 + 1);
}

TEST_CASE("block numbers go on with 0 behind 65535, and a load is counted, not kept",
          "[R-TFTP-03]") {
  const std::size_t size = 40'000'000;
  auto request = reading();
  request.keep = Keep::size;
  request.max_body_bytes = size;
  Line line(request);
  const std::string block(512, 'x');
  for (std::size_t left = size;; left -= 512) {
    const auto number = static_cast<std::uint16_t>((size - left) / 512 + 1);
    line.hear_block(number, std::string_view(block).substr(0, std::min(left, block.size())));
    if (left < 512) break;
  }
  CHECK(line.error() == "none");
  CHECK(line.client.body_octets() == size);
  CHECK(line.client.take_body().size() == 4096);  // what a load begins with
}

TEST_CASE("the acknowledgement of block 0 moves a long write on behind 65535", "[R-TFTP-04]") {
  const std::size_t blocks = 65'600;
  Line line(writing(std::string(blocks * 512, 'x')));
  for (std::size_t block = 0; block <= blocks; ++block)
    line.hear_acknowledgement(static_cast<std::uint16_t>(block));
  CHECK_FALSE(line.is_over);
  CHECK(words(line.last) == "DATA 65 0");
  line.hear_acknowledgement(65);
  CHECK(line.error() == "none");
}

TEST_CASE("a repeated block behind the wrap is acknowledged again", "[R-TFTP-03]") {
  auto request = reading();
  request.keep = Keep::size;
  request.max_body_bytes = 1 << 30;
  Line line(request);
  const std::string full(512, 'x');
  for (std::size_t block = 1; block <= 65'536; ++block)
    line.hear_block(static_cast<std::uint16_t>(block), full);
  line.said.clear();
  line.hear_block(0, full);
  CHECK(line.said == Lines{"ACK 0"});
  CHECK(line.client.body_octets() == 65'536 * 512);
}

TEST_CASE("a file larger than the limit is refused with error 3", "[R-HTTP-12]") {
  auto request = reading();
  request.max_body_bytes = 1000;
  Line line(request);
  line.hear_block(1, patterned(512));
  line.hear_block(2, patterned(489));
  CHECK(line.code() == Errc::body_too_large);
  CHECK(line.said == Lines{"RRQ", "ACK 1", "ERROR 3"});
  Line fits(request);
  fits.hear_block(1, patterned(512));
  fits.hear_block(2, patterned(488));
  CHECK(fits.error() == "none");
}

TEST_CASE("a packet without an answer is sent five times, five seconds apart", "[R-TFTP-06]") {
  const bool writes = GENERATE(false, true);
  Line line(writes ? writing("report") : reading());
  std::vector<std::int64_t> at{line.elapsed().count()};
  while (!line.is_over) {
    line.sleep();
    at.push_back(line.elapsed().count());
  }
  CHECK(at == std::vector<std::int64_t>{0, 5'000, 10'000, 15'000, 20'000, 25'000});
  CHECK(line.said == Lines(5, writes ? "WRQ" : "RRQ"));
  CHECK(line.code() == Errc::connect_timeout);
}

TEST_CASE("every new block has five tries of its own", "[R-TFTP-06][R-TFTP-09]") {
  Line line(reading());
  for (int i = 0; i < 4; ++i) line.sleep();
  line.hear_block(1, patterned(512));
  for (int i = 0; i < 4; ++i) line.sleep();
  CHECK(line.elapsed() == 40s);
  line.hear_block(2, patterned(512));
  line.said.clear();
  while (!line.is_over) line.sleep();
  CHECK(line.elapsed() == 65s);
  CHECK(line.said == Lines(4, "ACK 2"));
  CHECK(line.error() == "transfer_stalled: 192.0.2.1:69: nothing arrived for 25000 ms");
}

TEST_CASE("what is not new does not buy a silent server time", "[R-TFTP-06]") {
  Line line(reading());
  line.hear_block(1, patterned(512));
  line.now += 4s;
  line.hear_block(1, patterned(512));
  CHECK(line.client.due() == start + 5s);
}

TEST_CASE("patience is what the knobs say, and ends with the time for all", "[R-TFTP-06]") {
  auto request = reading();
  request.tftp.timeout = 200ms;
  request.tftp.tries = 3;
  Line line(request);
  while (!line.is_over) line.sleep();
  CHECK(line.elapsed() == 600ms);
  CHECK(line.said.size() == 3);
  Line brief(reading(), 7s);
  while (!brief.is_over) brief.sleep();
  CHECK(brief.elapsed() == 7s);
  CHECK(brief.code() == Errc::connect_timeout);
  Line long_one(reading(), 7s);
  long_one.hear_block(1, patterned(512));
  while (!long_one.is_over) long_one.sleep();
  CHECK(long_one.code() == Errc::transfer_timeout);
}

TEST_CASE("knobs of 0 are one try, and a moment", "[R-TFTP-06]") {
  auto request = reading();
  request.tftp.timeout = 0ms;
  request.tftp.tries = 0;
  Line line(request);
  line.sleep();
  CHECK(line.said.size() == 1);
  CHECK(line.elapsed() == 1ms);
  CHECK(line.code() == Errc::connect_timeout);
}

TEST_CASE("an idle limit below the patience counts once a server has answered",
          "[R-TFTP-09][R-HTTP-11]") {
  auto request = reading();
  request.timeouts.idle = 2s;
  Line line(request);
  line.sleep();
  CHECK(line.elapsed() == 5s);
  CHECK_FALSE(line.is_over);
  line.hear_block(1, patterned(512));
  line.sleep();
  CHECK(line.elapsed() == 7s);
  CHECK(line.error() == "transfer_stalled: 192.0.2.1:69: nothing arrived for 2000 ms");
}

TEST_CASE("who is called too early does nothing", "[R-TFTP-06]") {
  Line line(reading());
  line.note(line.client.wake(start + 4'999ms));
  CHECK(line.said == Lines{"RRQ"});
}

TEST_CASE("each error packet has its code, and its words are shown", "[R-TFTP-08]") {
  const auto [number, code] = GENERATE(table<std::uint16_t, Errc>({
      {0, Errc::tftp_error},
      {1, Errc::file_not_found},
      {2, Errc::tftp_access_violation},
      {3, Errc::tftp_disk_full},
      {4, Errc::tftp_illegal_operation},
      {5, Errc::tftp_error},
      {6, Errc::tftp_error},
      {7, Errc::tftp_error},
      {8, Errc::tftp_error},
      {65'535, Errc::tftp_error},
  }));
  const auto packet = tftp::format_error(static_cast<tftp::ErrorCode>(number), "sor\ry");
  for (const bool writes : {false, true}) {
    Line line(writes ? writing("report") : reading());
    line.hear(packet);
    CHECK(line.code() == code);
    CHECK(line.client.outcome().error().detail ==
          fmt::format("192.0.2.1:69: TFTP error {}: sor?y", number));
    CHECK(line.said.size() == 1);
  }
}

TEST_CASE("an answer fixes the server's port, and others are told so once each", "[R-TFTP-07]") {
  Line line(reading());
  line.hear(tftp::format_data(1, patterned(512)), tid, Peer::stranger);
  CHECK(line.client.server_port() == 0);
  line.hear_block(1, patterned(512));
  CHECK(line.client.server_port() == tid);
  line.hear(tftp::format_data(2, "forged"), tid + 1);
  line.hear(tftp::format_data(2, "forged"), tid, Peer::stranger);
  line.hear(tftp::format_error(tftp::ErrorCode::not_defined, "forged"), tid + 1);
  line.hear_block(2, "end");
  CHECK(line.said == Lines{"RRQ", "stranger: ERROR 5", "ACK 1", "stranger: ERROR 5",
                           "stranger: ERROR 5", "ACK 2"});
  CHECK(line.error() == "none");
  CHECK(line.client.take_body() == patterned(512) + "end");
}

TEST_CASE("what cannot be meant for a read is passed over and fixes no port", "[R-TFTP-07]") {
  const auto stray =
      GENERATE(as<std::string>{}, ""s, "\0"s, "\0\3"s, "\0\3\0"s, "\0\3\0\0"s + "x",
               "\0\3\0\2"s + "x", "\0\4\0\0"s, "\0\4\0\1"s, "\0\1/b\0octet\0"s, "\0\5"s, "\0\5\0"s,
               "\0\7\0\1"s, "\1\3\0\1x"s, tftp::format_data(1, std::string(513, 'x')), "garbage"s);
  Line line(reading());
  line.hear(stray, 99);
  CHECK(line.said == Lines{"RRQ"});
  CHECK(line.client.server_port() == 0);
  line.hear_block(1, patterned(512));
  line.hear(stray);
  // Block 2 with one octet is the next one by then, as far as anybody can tell.
  if (words(stray) == "DATA 2 1") return;
  line.hear_block(2, "end");
  CHECK(line.error() == "none");
  CHECK(line.client.take_body() == patterned(512) + "end");
}

TEST_CASE("what cannot be meant for a write is passed over", "[R-TFTP-04][R-TFTP-07]") {
  const auto stray = GENERATE(as<std::string>{}, ""s, "\0\4\0"s, "\0\4\0\2"s, "\0\3\0\1x"s,
                              "\0\3\0\0"s, "\0\2/b\0octet\0"s, "garbage"s);
  Line line(writing("report"));
  line.hear(stray);
  line.hear_acknowledgement(0);
  line.hear(stray);
  line.hear_acknowledgement(1);
  CHECK(line.said == Lines{"WRQ", "DATA 1 6"});
  CHECK(line.error() == "none");
}

TEST_CASE("a repeated acknowledgement sends nothing twice", "[R-TFTP-04]") {
  Line line(writing(patterned(1200)));
  for (const std::uint16_t block : std::initializer_list<std::uint16_t>{0, 0, 1, 0, 1, 1, 2, 1, 2})
    line.hear_acknowledgement(block);
  CHECK(line.said == Lines{"WRQ", "DATA 1 512", "DATA 2 512", "DATA 3 176"});
}

TEST_CASE("a repeated block is acknowledged once more each time, an older one not at all",
          "[R-TFTP-03]") {
  Line line(reading());
  const auto full = patterned(512);
  line.hear_block(1, full);
  line.hear_block(1, full);
  line.hear_block(2, full);
  line.hear_block(1, full);
  line.hear_block(2, full);
  line.hear_block(3, "");
  CHECK(line.said == Lines{"RRQ", "ACK 1", "ACK 1", "ACK 2", "ACK 2", "ACK 3"});
  CHECK(line.client.body_octets() == 1024);
}

TEST_CASE("options that nobody asked for are refused with error 8, and no error of the server's",
          "[R-TFTP-10]") {
  const bool writes = GENERATE(false, true);
  Line line(writes ? writing("report") : reading());
  line.hear(tftp::format_options({{"blksize", "1024"}}));
  CHECK(line.said.back() == "ERROR 8");
  CHECK(line.error() ==
        "protocol_error: 192.0.2.1:69: the server acknowledged options that nobody "
        "asked for");
}

TEST_CASE("options are asked for where a knob says so", "[R-TFTP-10]") {
  CHECK(*detail::tftp_request(with_options(reading())) ==
        "\0\1/a.xml\0octet\0blksize\0001428\0tsize\0000\0"s);
  CHECK(*detail::tftp_request(with_options(writing("report"))) ==
        "\0\2/a.xml\0octet\0blksize\0001428\0tsize\0006\0"s);
}

TEST_CASE("a read goes on with the options that the server acknowledges", "[R-TFTP-10]") {
  struct Case {
    tftp::Options options;
    std::size_t block_octets;
  };
  const auto row = GENERATE(values<Case>({
      {{{"blksize", "1428"}, {"tsize", "3000"}}, 1428},
      {{{"blksize", "1000"}}, 1000},
      {{{"tsize", "3000"}}, 512},
      {{{"blksize", "8"}}, 8},
      {{}, 512},
  }));
  Line line(with_options(reading()));
  const auto acknowledged = tftp::format_options(row.options);
  line.hear(acknowledged);
  line.hear(acknowledged);  // its acknowledgement got lost
  CHECK(line.said == Lines{"RRQ", "ACK 0", "ACK 0"});
  send_all(line, patterned(3000), row.block_octets);
  CHECK(line.client.take_body() == patterned(3000));
  CHECK(line.error() == "none");
}

TEST_CASE("a write goes on with the options that the server acknowledges", "[R-TFTP-10]") {
  Line line(with_options(writing(patterned(1500))));
  const auto acknowledged = tftp::format_options({{"blksize", "1000"}});
  line.hear(acknowledged);
  line.hear(acknowledged);
  line.hear_acknowledgement(1);
  line.hear_acknowledgement(2);
  CHECK(line.said == Lines{"WRQ", "DATA 1 1000", "DATA 2 500"});
  CHECK(line.error() == "none");
}

TEST_CASE("a server that passes options over is accepted", "[R-TFTP-10]") {
  Line reads(with_options(reading()));
  send_all(reads, patterned(1024));
  CHECK(reads.error() == "none");
  CHECK(reads.client.take_body() == patterned(1024));
  Line writes(with_options(writing(patterned(600))));
  writes.hear_acknowledgement(0);
  CHECK(words(writes.last) == "DATA 1 512");
  writes.hear(tftp::format_options({{"blksize", "1000"}}));  // too late
  CHECK(words(writes.last) == "DATA 1 512");
}

TEST_CASE("other options than were asked for are refused with error 8", "[R-TFTP-10]") {
  const auto options = GENERATE(values<tftp::Options>({
      {{"blksize", "1429"}},
      {{"blksize", "7"}},
      {{"blksize", "x"}},
      {{"tsize", ""}},
      {{"timeout", "1"}},
      {{"windowsize", "4"}},
  }));
  Line line(with_options(reading()));
  line.hear(tftp::format_options(options));
  CHECK(line.said == Lines{"RRQ", "ERROR 8"});
  CHECK(line.code() == Errc::protocol_error);
  Line cut(with_options(reading()));
  cut.hear("\0\6blksize\000100"s);
  CHECK(cut.code() == Errc::protocol_error);
}

TEST_CASE("a file that is announced larger than the limit is not begun", "[R-HTTP-12][R-TFTP-10]") {
  auto request = with_options(reading());
  request.max_body_bytes = 1000;
  Line line(request);
  line.hear(tftp::format_options({{"tsize", "1001"}}));
  CHECK(line.said == Lines{"RRQ", "ERROR 3"});
  CHECK(line.code() == Errc::body_too_large);
}

TEST_CASE("a closed port is a refused connection, and later an interruption", "[R-TFTP-11]") {
  Line line(reading());
  line.note(line.client.port_is_closed());
  CHECK(line.error() == "connection_refused: 192.0.2.1:69: connection refused");
  Line later(reading());
  later.hear_block(1, patterned(512));
  later.note(later.client.port_is_closed());
  CHECK(later.code() == Errc::transfer_interrupted);
}

TEST_CASE("a name that a request has no room for is an error of the rule", "[R-TFTP-02]") {
  auto request = reading();
  request.url.path = "/" + std::string(502, 'a');
  CHECK(detail::tftp_request(request)->size() == 512);
  request.url.path += 'a';
  CHECK(detail::tftp_request(request).error().code == Errc::url_syntax);
  request.url.path = "/a\0b"s;
  CHECK(detail::tftp_request(request).error().code == Errc::url_syntax);
  request.url.path = "a";
  CHECK(*detail::tftp_request(request) == "\0\1/a\0octet\0"s);
}

// --- a network between the client and a server that keeps to the standard, in a time of its own

enum class Fault : std::uint8_t { lost, twice, late };

struct Network {
  Network(Request asked, std::string content, Fault what, int which)
      : line(std::move(asked)), file(std::move(content)), fault(what), faulty(which) {
    to_server(line.last);
  }

  void carry(std::deque<std::string>& way, std::string packet) {
    const bool is_faulty = carried++ == faulty;
    if (is_faulty && fault == Fault::lost) return;
    if (is_faulty && fault == Fault::late) {
      held = [this, &way, packet] { way.push_back(packet); };
      return;
    }
    way.push_back(packet);
    if (is_faulty && fault == Fault::twice) way.push_back(packet);
    if (held) std::exchange(held, nullptr)();
  }
  void to_server(std::string packet) { carry(in, std::move(packet)); }
  void to_client(std::string packet) { carry(out, server_said = std::move(packet)); }

  void serve(const std::string& packet) {
    if (const auto request = tftp::parse_request(packet)) {
      if (!server_said.empty()) return;  // a second one is of no use here
      if (request->opcode == tftp::Opcode::write_request)
        return to_client(tftp::format_acknowledgement(0));
      return send_block();
    }
    if (const auto block = tftp::acknowledged_block(packet)) {
      if (*block != sent || (sent - 1) * 512U + 512U > file.size()) return;
      return send_block();
    }
    const auto data = tftp::data_of(packet);
    if (!data) return;
    if (data->block == taken + 1) {
      ++taken;
      written += data->content;
    }
    to_client(tftp::format_acknowledgement(data->block));
  }
  void send_block() {
    ++sent;
    to_client(tftp::format_data(sent, std::string_view(file).substr((sent - 1) * 512U, 512)));
  }

  // Until nothing is under way: then time passes, and both say again what is not answered.
  void run() {
    for (int turn = 0; turn < 1000 && !line.is_over; ++turn) {
      if (!in.empty()) {
        const auto packet = in.front();
        in.pop_front();
        serve(packet);
      } else if (!out.empty()) {
        const auto packet = out.front();
        out.pop_front();
        const auto before = line.said.size();
        line.hear(packet);
        if (line.said.size() > before) to_server(line.last);
      } else {
        if (held) std::exchange(held, nullptr)();
        line.sleep();
        if (!line.is_over) to_server(line.last);
        if (!server_said.empty() && !line.is_over) to_client(server_said);
      }
    }
    while (!in.empty()) {
      const auto packet = in.front();
      in.pop_front();
      serve(packet);
    }
  }

  Line line;
  std::string file;
  Fault fault;
  int faulty;
  int carried = 0;
  std::function<void()> held;
  std::deque<std::string> in;
  std::deque<std::string> out;
  std::string server_said;
  std::uint16_t sent = 0;
  std::uint16_t taken = 0;
  std::string written;
};

TEST_CASE("whichever packet is lost, doubled or late, a transfer comes to its end", "[R-TFTP-06]") {
  const auto size = GENERATE(values<std::size_t>({0, 100, 512, 1500, 2048}));
  const auto fault = GENERATE(Fault::lost, Fault::twice, Fault::late);
  const bool writes = GENERATE(false, true);
  const auto packets = static_cast<int>(2 * (size / 512 + 1) + (writes ? 2 : 1));
  for (int which = 0; which < packets; ++which) {
    INFO("size " << size << ", fault " << static_cast<int>(fault) << " of packet " << which
                 << (writes ? " of a write" : " of a read"));
    Network network(writes ? writing(patterned(size)) : reading(), patterned(size), fault, which);
    network.run();
    REQUIRE(network.line.error() == "none");
    CHECK((writes ? network.written : network.line.client.take_body()) == patterned(size));
    // No packet has set off another one for every block that follows.
    CHECK(network.carried <= packets + 4);
  }
}

}  // namespace
}  // namespace provphone::client::transport::test::tftp_client_test
