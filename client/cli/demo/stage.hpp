#pragma once

#include "client/drive/phone.hpp"
#include "client/serve/server.hpp"
#include "client/transport/loop.hpp"
#include "macro/error.hpp"

#include <memory>
#include <string>
#include <vector>

// What the demo plays on: a directory of profiles, a test PKI, a server, four phones.
namespace provphone::client::demo {

struct Actor {
  std::string label;
  drive::DrivenPhone setup;
};

// Writes profiles and PKI below `directory`, which must exist; gzips and encrypts what is served
// so. Before start_server().
Result<void> write_stage(const std::string& directory);

// On free ports of 127.0.0.1; wants certificates over https. `loop` must outlive it.
Result<std::unique_ptr<serve::Server>> start_server(boost::asio::io_context& loop,
                                                    const std::string& directory);

// Four phones whose rules name the server's ports, each for another way of provisioning.
Result<std::vector<Actor>> make_actors(const serve::Server& server, const std::string& directory);

}  // namespace provphone::client::demo
