#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

// What a fleet's result is of: who was asked by which phones, and from where. Nothing secret is in
// it.
namespace provphone::client::figures {

// One that phones were driven from.
struct Generator {
  std::string host;         // as it calls itself
  unsigned processors = 0;  // that this program could use

  friend bool operator==(const Generator&, const Generator&) = default;
};

// Each entry of a list is there once. All is empty where nobody knows: in results of earlier
// versions.
struct Tested {
  // http://192.0.2.1:8080: where the first rules of the phones led to, a proxy in its place. Where
  // they name nobody it is what the run was allowed to ask.
  std::vector<std::string> targets;
  std::vector<std::string> transports;  // http, https, tftp: of those servers
  std::vector<std::string> models;      // of the groups, in their order
  std::vector<std::string> overrides;   // block.key=value, in the order in which they were typed
  std::vector<std::string> commands;    // as a shell reads them
  std::vector<Generator> generators;
  std::vector<std::string> versions;  // of provphone, with the commit where it is known

  friend bool operator==(const Tested&, const Tested&) = default;
};

// Of another shard, or another run: what is not there yet comes behind what is.
void merge(Tested& all, const Tested& other);

void add_once(std::vector<std::string>& list, std::string entry);

// A word of a command line as results may show it. Hidden are passwords in URLs, keys in rules, and
// all behind the name of a secret parameter, or behind any other name that speaks of a secret:
// rather too much than too little.
std::string shown_word(std::string_view word);

// A command line, in one line, as shown_word() shows each word; what is behind `--key` or another
// option that speaks of a secret is hidden whole. Words that a shell would take apart are in
// quotes.
std::string shown_command(std::span<const std::string> words);

}  // namespace provphone::client::figures
