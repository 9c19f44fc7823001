// From charts to gnuplot's language, and the program that reads it.
// SPDX-License-Identifier: Apache-2.0
#include "tools/pictures/chart.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string_view>

#include <fplab/fparith/float/error.h>
#include <fplab/nets/files/atomic_file.h>

namespace fplab::tools {
namespace {

bool EndsWith(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

// Okabe and Ito's colours, which are told apart under every kind of colour vision.
constexpr const char* kPalette[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#444444"};

const char* Color(int index) { return kPalette[static_cast<size_t>(index) % std::size(kPalette)]; }

std::string Number(double value) { return std::isfinite(value) ? fmt::format("{:.9g}", value) : "NaN"; }

std::string Style(const Curve& curve, int index) {
  const char* color = Color(curve.color.value_or(index));
  switch (curve.style) {
    case CurveStyle::kLine:
      return fmt::format("with lines lw {} lc rgb '{}'", curve.width, color);
    case CurveStyle::kPoints:
      return fmt::format("with points pt 7 ps 0.5 lc rgb '{}'", color);
    case CurveStyle::kDashed:
      return fmt::format("with lines dt 2 lw {} lc rgb '{}'", curve.width, color);
    case CurveStyle::kLineAndPoints:
      break;
  }
  return fmt::format("with linespoints pt 7 ps 0.4 lw {} lc rgb '{}'", curve.width, color);
}

std::string Bound(const std::optional<double>& bound) { return bound ? Number(*bound) : "*"; }

// `number` makes the names of data blocks differ between the charts of a figure.
std::string Script(const Chart& chart, size_t number) {
  std::string script = fmt::format("set title {}\nset xlabel {}\nset ylabel {}\n", GnuplotText(chart.title),
                                   GnuplotText(chart.x_label), GnuplotText(chart.y_label));
  script += chart.log_x > 0 ? fmt::format("set logscale x {}\n", chart.log_x) : "unset logscale x\n";
  script += chart.log_y ? "set logscale y 10\n" : "unset logscale y\n";
  script += fmt::format("set yrange [{}:{}]\n", Bound(chart.y_min), Bound(chart.y_max));
  std::string plot;
  for (size_t i = 0; i < chart.curves.size(); ++i) {
    const Curve& curve = chart.curves[i];
    if (curve.points.empty()) continue;
    const std::string block = fmt::format("$curve_{}_{}", number, i);
    script += block + " << EOD\n";
    for (const auto& [x, y] : curve.points) script += Number(x) + " " + Number(y) + "\n";
    script += "EOD\n";
    plot += fmt::format("{}{} using 1:2 {} {}", plot.empty() ? "plot " : ", ", block, Style(curve, static_cast<int>(i)),
                        curve.name.empty() ? "notitle" : "title " + GnuplotText(curve.name));
  }
  // An empty plot still takes its place.
  if (plot.empty()) plot = "set xrange [0:1]\nset yrange [0:1]\nplot NaN notitle\nset xrange [*:*] noextend";
  return script + plot + "\n";
}

// Starts gnuplot with that argument, or with none if it is null, and standard input from a descriptor; waits for it.
// Whether it could be started and ended without an error. No shell, and no pipe whose reader may be gone.
bool RunGnuplot(const char* argument, int input) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  for (const int output : {STDOUT_FILENO, STDERR_FILENO}) {
    posix_spawn_file_actions_addopen(&actions, output, "/dev/null", O_WRONLY, 0);
  }
  std::string name = "gnuplot", option = argument == nullptr ? "" : argument;
  char* const arguments[] = {name.data(), argument == nullptr ? nullptr : option.data(), nullptr};
  pid_t child = -1;
  const int failure = posix_spawnp(&child, name.c_str(), &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0) return false;
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return false;
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

// A folder for what gnuplot writes, gone with the object.
class DrawingFolder {
 public:
  DrawingFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "fplab-picture-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw Error("'{}': cannot be made: {}", name, std::strerror(errno));
    path_ = name;
  }
  ~DrawingFolder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  DrawingFolder(const DrawingFolder&) = delete;
  DrawingFolder& operator=(const DrawingFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

constexpr uintmax_t kMaxPictureBytes = uintmax_t{1} << 30;

}  // namespace

std::string GnuplotText(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    // A line's end would end the command.
    if (c == '\n' || c == '\r') {
      quoted += ' ';
    } else {
      quoted += c == '\'' ? std::string("''") : std::string(1, c);
    }
  }
  return quoted + "'";
}

bool HasGnuplot() { return RunGnuplot("--version", STDIN_FILENO); }

void RequireDrawable(const char* option, const std::string& file) {
  if (!EndsWith(file, ".svg") && !EndsWith(file, ".png")) {
    throw Error("{}: found '{}', expected a file name that ends in .svg or .png", option, file);
  }
  if (!HasGnuplot()) throw Error("{}: gnuplot is not installed", option);
  RequireWritable(option, file);
}

void RequireWritable(const char* option, const std::string& file) {
  std::error_code error;
  if (std::filesystem::is_directory(file, error)) throw Error("{}: '{}' is a folder", option, file);
  const std::filesystem::path parent = std::filesystem::path(file).parent_path();
  const std::string folder = parent.empty() ? "." : parent.string();
  if (access(folder.c_str(), W_OK) != 0) {
    throw Error("{}: the folder '{}' cannot be written: {}", option, folder, std::strerror(errno));
  }
}

void DrawScript(const std::string& script, int width, int height, const std::string& file) {
  const char* terminal = EndsWith(file, ".svg") ? "svg noenhanced background 'white'" : "pngcairo noenhanced";
  const DrawingFolder folder;
  const std::string picture = folder.path() / "picture";
  const std::string program = fmt::format("set terminal {} size {},{}\nset output {}\n{}", terminal, width, height,
                                          GnuplotText(picture), script);
  const std::unique_ptr<FILE, int (*)(FILE*)> input(std::tmpfile(), std::fclose);
  if (input == nullptr || std::fwrite(program.data(), 1, program.size(), input.get()) != program.size() ||
      std::fseek(input.get(), 0, SEEK_SET) != 0) {
    throw Error("'{}': gnuplot's program cannot be kept in a temporary file: {}", file, std::strerror(errno));
  }
  if (!RunGnuplot(nullptr, fileno(input.get())) || !std::filesystem::exists(picture)) {
    throw Error("gnuplot could not draw '{}'", file);
  }
  nets::WriteFileAtomically(file, nets::ReadFile(picture, kMaxPictureBytes));
}

void Draw(const Figure& figure, const std::string& file) {
  const auto count = static_cast<int>(figure.charts.size());
  std::string script = "set grid lt 1 lc rgb '#dddddd'\nset xrange [*:*] noextend\n";
  // Below, where no curve runs through it and it takes little of a phone's width.
  script += "set key outside bottom center horizontal height 1\n";
  if (count > 1) {
    script +=
        fmt::format("set multiplot layout {},{}\n", (count + figure.columns - 1) / figure.columns, figure.columns);
  }
  for (size_t i = 0; i < figure.charts.size(); ++i) script += Script(figure.charts[i], i);
  DrawScript(script, figure.width, figure.height, file);
}

}  // namespace fplab::tools
