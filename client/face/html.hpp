#pragma once

#include "resync/product_status.hpp"

#include <string>
#include <string_view>
#include <vector>

// The frame of a phone's pages: HTML that needs no script, can be used with the keyboard and fits a
// narrow screen.
namespace provphone::client::face {

// Every text that is not markup goes through it.
std::string escaped(std::string_view text);

struct Link {
  std::string_view title;
  std::string target;
  bool is_here = false;
};

struct Page {
  std::string title;        // of the phone and the page
  std::vector<Link> links;  // to the other pages
  std::string content;      // markup
};

std::string html_of(const Page& page);

// A table of two columns, the second of which is text. Empty values stand as a dash.
using Row = resync::StatusLine;
std::string table_of(std::string_view heading, const std::vector<Row>& rows);

}  // namespace provphone::client::face
