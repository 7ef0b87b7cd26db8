#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

// Pages for people, as far as they have commands to type, and what a test has to know of these
// beside the page. fixtures/pages/README.md says how both are written.
namespace provphone::e2e {

struct TypedCommand {
  std::size_t line = 0;  // of the page, from 1 on
  std::string text;      // without prompts; continued lines are one, a here-document is several
};

struct Page {
  std::string name;
  std::vector<TypedCommand> commands;
  std::vector<std::string> yaml;        // its blocks of YAML
  std::vector<std::string> complaints;  // `page:line: what is wrong`, of commands nobody would find
};

Page read_page(const std::string& name, const std::string& text);

// What stands in the page, and what is typed instead.
struct Replacement {
  std::string from, to;
};

// What is known of the first command that holds `part` and that no line above it is about.
struct Directions {
  std::size_t line = 0;  // of the sheet
  std::string part;
  int status = 0;
  bool stays = false;   // until Ctrl-C, while what stands below it is typed elsewhere
  std::string not_run;  // why
  std::vector<std::string> says;
  std::vector<std::string> then;  // typed behind it
  std::vector<Replacement> instead;

  bool is_of(const TypedCommand& command) const {
    return command.text.find(part) != std::string::npos;
  }
};

struct Sheet {
  std::vector<std::string> first;              // typed before all else
  std::map<std::size_t, std::string> written;  // files, by the number of the block of YAML, from 1
  std::vector<Replacement> instead;            // in every command, in this order
  std::vector<Directions> directions;
};

// By the names of pages.
std::map<std::string, Sheet> read_sheets(const std::filesystem::path& file);

}  // namespace provphone::e2e
