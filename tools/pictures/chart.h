// Charts of curves, drawn by gnuplot: the pictures of every command and of reports.
//
// gnuplot is an optional program, looked for at run time.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_PICTURES_CHART_H_
#define FPLAB_TOOLS_PICTURES_CHART_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fplab::tools {

enum class CurveStyle { kLine, kLineAndPoints, kPoints, kDashed };

struct Curve {
  std::string name = {};                               // in the key; empty: not there
  std::vector<std::pair<double, double>> points = {};  // (x, y); a NaN breaks the line
  CurveStyle style = CurveStyle::kLineAndPoints;
  double width = 1.5;  // of the line
  // Which of the palette's colours, so that related curves can share one; by default the curve's place among the
  // others.
  std::optional<int> color = {};
};

struct Chart {
  std::string title = {}, x_label = {}, y_label = {};  // labels name the unit
  int log_x = 0;                                       // x by powers of this; 0: linear
  bool log_y = false;                                  // y by powers of 10
  std::optional<double> y_min = {}, y_max = {};
  std::vector<Curve> curves = {};
};

// Charts side by side, row by row.
struct Figure {
  std::vector<Chart> charts = {};
  int columns = 1;
  int width = 900, height = 560;  // of the whole, in pixels
};

// Whether gnuplot can be started.
bool HasGnuplot();

// To be asked before long work, which would be lost with the picture: throws Error that begins with `option` unless
// `file` ends in .svg or .png, the folder that it is to lie in is there and can be written, and gnuplot is installed.
void RequireDrawable(const char* option, const std::string& file);

// The same of a file of any name, which no gnuplot writes.
void RequireWritable(const char* option, const std::string& file);

// Writes the figure as SVG or PNG by the name's end; a reader sees the old file or the new one, whole. Throws Error if
// that can't be done.
void Draw(const Figure& figure, const std::string& file);

// For pictures that are not charts. `script` draws into the terminal that it finds set; text in it from outside goes
// through GnuplotText. Errors as Draw.
void DrawScript(const std::string& script, int width, int height, const std::string& file);

// `text` as a quoted string of gnuplot's language that shows it as it is.
std::string GnuplotText(std::string_view text);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_PICTURES_CHART_H_
