#pragma once

#include "macro/error.hpp"
#include "macro/rule.hpp"

#include <functional>
#include <memory>
#include <string>

// Proxy auto-config files (R-HTTP-29): scripts of somebody else's, each run in a process of its own
// that has a second of the processor, three of time and little memory.
namespace provphone::client::transport {

// What FindProxyForURL says of that server; pac_unusable where the script does not come to an end,
// has no such function, or that says nothing. Called on a thread of this file's.
using OnPacSaid = std::function<void(Result<std::string>)>;

// Never calls back from within. Scripts see scheme, host and port of the URL and the path `/`, so
// that what was said once holds for every path and every phone: answers are remembered for the
// whole process. Of any thread.
void ask_pac(std::shared_ptr<const std::string> script, const macro::Url& url, OnPacSaid on_said);

// The same for who has nothing else to do meanwhile.
Result<std::string> pac_says(std::shared_ptr<const std::string> script, const macro::Url& url);

}  // namespace provphone::client::transport
