#include "client/listen/sip_stream.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>

#include <memory>
#include <string>
#include <vector>

namespace provphone::client::listen::sip_stream_test {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using Tcp = asio::ip::tcp;

const auto loopback = asio::ip::address_v4::loopback();

std::string message(const std::string& name) {
  return name + "\r\nContent-Length: 0\r\n\r\n";
}

// A stream and what came of it. Whoever is at the other end blocks only where an answer is sure.
struct Talk {
  asio::io_context loop;
  Tcp::acceptor acceptor{loop, {loopback, 0}};
  Tcp::socket other{loop};
  std::vector<std::string> taken;
  int acts = 0;
  std::vector<Errc> over;

  SipStream::Ways ways() {
    return {[this](std::string_view octets, const face::SipSender& sender) {
              CHECK(sender.address == "127.0.0.1");
              taken.emplace_back(octets.substr(0, octets.find('\r')));
              // What begins so is answered, and obeyed.
              if (taken.back() != "ASK") return std::optional<SipTaken>();
              return std::optional(SipTaken{message("YES"), {{0, {resync::PoweredOn{}, nullptr}}}});
            },
            [this](const SipTaken&) { ++acts; },
            [this](const Error& why) { over.push_back(why.code); }};
  }
  std::shared_ptr<SipStream> accepted() {
    other.connect(acceptor.local_endpoint());
    return std::make_shared<SipStream>(acceptor.accept(), ways());
  }
  std::shared_ptr<SipStream> calling() {
    auto stream = std::make_shared<SipStream>(Tcp::socket(loop), ways());
    stream->connect(loopback, acceptor.local_endpoint());
    return stream;
  }
  template <class Condition>
  void run_until(Condition holds) {
    while (!holds()) {
      if (loop.stopped()) loop.restart();
      loop.run_one();
    }
  }
  // As many octets as `wanted` has.
  void hear(const std::string& wanted) {
    std::string heard(wanted.size(), '\0');
    asio::read(other, asio::buffer(heard));
    CHECK(heard == wanted);
  }
};

TEST_CASE("messages in a stream are taken one by one, and obeyed once answered", "[R-SIP-01]") {
  Talk talk;
  talk.accepted()->begin();
  asio::write(talk.other, asio::buffer("\r\n" + message("ASK") + message("TELL") + message("ASK")));
  talk.run_until([&] { return talk.acts == 2; });
  CHECK(talk.taken == std::vector<std::string>{"ASK", "TELL", "ASK"});
  talk.hear(message("YES") + message("YES"));
  talk.other.close();
  talk.run_until([&] { return !talk.over.empty(); });
  CHECK(talk.over == std::vector{Errc::transfer_interrupted});
}

TEST_CASE("a connection that somebody has opened may not be silent for ever", "[R-SIP-01]") {
  Talk talk;
  talk.accepted()->begin(20ms);
  talk.run_until([&] { return !talk.over.empty(); });
  char none = 0;
  boost::system::error_code error;
  asio::read(talk.other, asio::buffer(&none, 1), error);
  CHECK(error == asio::error::eof);
}

TEST_CASE("what no message begins with ends a connection", "[R-SIP-01]") {
  Talk talk;
  talk.accepted()->begin();
  asio::write(talk.other, asio::buffer(std::string(face::most_sip_octets, 'a')));
  talk.run_until([&] { return !talk.over.empty(); });
  CHECK(talk.taken.empty());
}

TEST_CASE("a phone's own connection carries what was sent before it was there", "[R-SIP-08]") {
  Talk talk;
  const auto stream = talk.calling();
  stream->send(message("REGISTER"));
  stream->send(message("AGAIN"));
  talk.other = talk.acceptor.accept();
  asio::write(talk.other, asio::buffer(message("TELL") + message("ASK")));
  talk.run_until([&] { return talk.acts == 1; });
  talk.hear(message("REGISTER") + message("AGAIN") + message("YES"));
  stream->send(message("BYE"));
  stream->finish();
  talk.loop.restart();
  talk.loop.run();
  talk.hear(message("BYE"));
  CHECK(talk.over.empty());
}

TEST_CASE("a phone hears that its connection is refused, or gone", "[R-SIP-12]") {
  Talk refused;
  const auto closed = refused.acceptor.local_endpoint();
  refused.acceptor.close();
  const auto stream = std::make_shared<SipStream>(Tcp::socket(refused.loop), refused.ways());
  stream->connect(loopback, closed);
  CHECK(refused.over.empty());
  refused.run_until([&] { return !refused.over.empty(); });
  CHECK(refused.over == std::vector{Errc::connection_refused});
  Talk gone;
  const auto other = gone.calling();
  gone.acceptor.accept().close();
  gone.run_until([&] { return !gone.over.empty(); });
  CHECK(gone.over == std::vector{Errc::transfer_interrupted});
}

}  // namespace
}  // namespace provphone::client::listen::sip_stream_test
