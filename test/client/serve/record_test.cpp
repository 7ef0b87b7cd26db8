#include "client/serve/record.hpp"

#include <catch2/catch.hpp>

namespace provphone::client::serve::record_test {

TEST_CASE("the record of a request is one line of JSON, without what the request lacks",
          "[serve]") {
  Served served;
  served.at = std::chrono::milliseconds{1500};
  served.protocol = "https";
  served.method = "GET";
  served.path = "/a.xml?mac=000e08abcdef";
  served.status = 503;
  served.bytes = 24;
  served.client_address = "127.0.0.1";
  CHECK(format_record(served) ==
        R"({"t":1.5,"protocol":"https","method":"GET","path":"/a.xml?mac=000e08abcdef",)"
        R"("phone":"127.0.0.1","status":503,"bytes":24})");
  served.client_subject = "ST=000e08abcdef";
  served.user_agent = "a \"phone\"\xff";
  served.received = 7;
  served.fault = "status=503";
  CHECK(
      format_record(served) ==
      R"({"t":1.5,"protocol":"https","method":"GET","path":"/a.xml?mac=000e08abcdef",)"
      R"("phone":"127.0.0.1","user_agent":"a \"phone\")"
      "\xef\xbf\xbd"
      R"(","subject":"ST=000e08abcdef","status":503,"bytes":24,"received":7,"fault":"status=503"})");
}

TEST_CASE("passwords in a request's target are not shown", "[serve]") {
  const auto [target, shown] = GENERATE(table<std::string, std::string>({
      {"/a.xml", "/a.xml"},
      {"/a.xml?mac=1&model=2", "/a.xml?mac=1&model=2"},
      {"/a.xml?mac=1&password=hunter2&x=3", "/a.xml?mac=1&password=********&x=3"},
      {"/a.xml?pwd=hunter2", "/a.xml?pwd=********"},
      {"/a.xml?User_Password=a;x=1", "/a.xml?User_Password=********;x=1"},
      {"/a.xml?API-KEY=a=b", "/a.xml?API-KEY=********"},
      {"/a.xml?token", "/a.xml?token"},
      {"/a.xml?", "/a.xml?"},
      {"http://joe:hunter2@host/a.xml?b", "host/a.xml?b"},
      {"http://host/a@b", "http://host/a@b"},
  }));
  CHECK(shown_path(target) == shown);
}

}  // namespace provphone::client::serve::record_test
