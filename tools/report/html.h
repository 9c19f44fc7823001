// Pieces of a self-contained web page.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_REPORT_HTML_H_
#define FPLAB_TOOLS_REPORT_HTML_H_

#include <string>
#include <string_view>
#include <vector>

namespace fplab::tools {

// `text` as HTML shows it, in an element or in a quoted attribute. Bytes that are not UTF-8, and control characters,
// become U+FFFD.
std::string Escape(std::string_view text);

// A table of text; the first row is its head. Escapes the cells. Columns of numbers are set flush right.
std::string HtmlTable(const std::vector<std::vector<std::string>>& rows);

// An SVG file as an element of a page. Its ids get `prefix`, so that pictures on one page do not share names; namespace
// declarations, which a page does not need, are dropped.
std::string InlineSvg(std::string_view svg, std::string_view prefix);

// The whole page around `body`, with the style sheet: for phones, for dark and light. `title` is escaped.
std::string HtmlPage(std::string_view title, std::string_view body);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_REPORT_HTML_H_
