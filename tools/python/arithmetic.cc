// The exact model's operations on arrays of any format, for Python.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/fparith/float/format.h>
#include <fplab/fparith/model/model.h>
#include "tools/options/arithmetic_options.h"
#include "tools/python/arrays.h"
#include "tools/python/bindings.h"

namespace fplab::python {
namespace {

namespace py = pybind11;
using model::Environment;
using model::Outcome;
using Operands = std::array<uint64_t, 3>;

// Elements between two looks at Python's signals: a few milliseconds.
constexpr ptrdiff_t kBetweenLooks = ptrdiff_t{1} << 17;

struct Operation {
  const char* name;
  int operands;
  bool truth;  // the result is true or false
  Outcome (*apply)(const Format&, const Environment&, const Operands&);
  const char* help;
};

constexpr auto kQuiet = model::NanComparison::kQuiet;

#define FPLAB_UNARY(function) \
  +[](const Format& f, const Environment& e, const Operands& v) { return model::function(f, e, v[0]); }
#define FPLAB_BINARY(function) \
  +[](const Format& f, const Environment& e, const Operands& v) { return model::function(f, e, v[0], v[1]); }
#define FPLAB_COMPARISON(function) \
  +[](const Format& f, const Environment& e, const Operands& v) { return model::function(f, e, v[0], v[1], kQuiet); }
#define FPLAB_STEP(function) \
  +[](const Format& f, const Environment&, const Operands& v) { return Outcome{model::function(f, v[0]), 0}; }

constexpr Operation kOperations[] = {
    {"add", 2, false, FPLAB_BINARY(Add), "a + b"},
    {"sub", 2, false, FPLAB_BINARY(Sub), "a - b"},
    {"mul", 2, false, FPLAB_BINARY(Mul), "a * b"},
    {"div", 2, false, FPLAB_BINARY(Div), "a / b"},
    {"sqrt", 1, false, FPLAB_UNARY(Sqrt), "The square root of a"},
    {"fma", 3, false,
     +[](const Format& f, const Environment& e, const Operands& v) { return model::Fma(f, e, v[0], v[1], v[2]); },
     "a * b + c in one rounding"},
    {"remainder", 2, false, FPLAB_BINARY(Remainder), "a - n b for the integer n nearest to a / b"},
    {"fmod", 2, false, FPLAB_BINARY(Fmod), "a - n b for a / b truncated"},
    {"hypot", 2, false, FPLAB_BINARY(Hypot), "The square root of a a + b b, correctly rounded"},
    {"rint", 1, false,
     +[](const Format& f, const Environment& e, const Operands& v) {
       return model::RoundToIntegral(f, e, v[0], model::InexactFlag::kRaise);
     },
     "a rounded to an integral value in the direction of the mode"},
    {"minimum", 2, false, FPLAB_BINARY(Minimum), "minimum of IEEE 754-2019: any NaN gives NaN, -0 < +0"},
    {"maximum", 2, false, FPLAB_BINARY(Maximum), "maximum of IEEE 754-2019: any NaN gives NaN, -0 < +0"},
    {"minimum_number", 2, false, FPLAB_BINARY(MinimumNumber), "minimumNumber of IEEE 754-2019: a number wins over NaN"},
    {"maximum_number", 2, false, FPLAB_BINARY(MaximumNumber), "maximumNumber of IEEE 754-2019: a number wins over NaN"},
    {"min_num", 2, false, FPLAB_BINARY(MinNum), "minNum of IEEE 754-2008"},
    {"max_num", 2, false, FPLAB_BINARY(MaxNum), "maxNum of IEEE 754-2008"},
    {"x86_min", 2, false, FPLAB_BINARY(X86Min), "MINPS: a < b ? a : b"},
    {"x86_max", 2, false, FPLAB_BINARY(X86Max), "MAXPS: a > b ? a : b"},
    {"next_up", 1, false, FPLAB_STEP(NextUp), "The least value greater than a, in no mode"},
    {"next_down", 1, false, FPLAB_STEP(NextDown), "The greatest value less than a, in no mode"},
    {"equal", 2, true, FPLAB_COMPARISON(Equal), "a == b, quiet"},
    {"less", 2, true, FPLAB_COMPARISON(Less), "a < b, quiet"},
    {"less_equal", 2, true, FPLAB_COMPARISON(LessEqual), "a <= b, quiet"},
};

#undef FPLAB_UNARY
#undef FPLAB_BINARY
#undef FPLAB_COMPARISON
#undef FPLAB_STEP

// How many bytes hold a pattern.
int BytesOf(const Format& format) {
  const int width = format.Width();
  return width <= 8 ? 1 : width <= 16 ? 2 : width <= 32 ? 4 : 8;
}

std::optional<Format> NativeFormat(const py::array& array) {
  if (IsNative(array, 'f', 2)) return kBinary16;
  if (IsNative(array, 'f', 4)) return kBinary32;
  if (IsNative(array, 'f', 8)) return kBinary64;
  return std::nullopt;
}

// The format of an array: as told, or that of its elements.
Format FormatOf(py::handle name, const py::array& array, const Argument& argument) {
  if (!name.is_none()) return ParseFormat(Text(name, {argument.function, "format"}));
  if (const std::optional<Format> native = NativeFormat(array)) return *native;
  argument.Refuse(TypeName(array), "float16, float32 or float64, or a format= whose bit patterns these are");
}

void RequireElements(const py::array& array, const Format& format, const Argument& argument) {
  const int bytes = BytesOf(format);
  const std::optional<Format> native = NativeFormat(array);
  if (IsNative(array, 'u', bytes) || (native && *native == format)) return;
  const bool has_native = format == kBinary16 || format == kBinary32 || format == kBinary64;
  argument.Refuse(TypeName(array), fmt::format("uint{}, the bit patterns of {}{}", 8 * bytes, Name(format),
                                               has_native ? fmt::format(", or float{}", 8 * bytes) : ""));
}

uint64_t Load(const char* from, int bytes) {
  uint64_t value = 0;
  std::memcpy(&value, from, static_cast<size_t>(bytes));  // the machines that fplab knows are little-endian
  return value;
}

void Store(char* to, int bytes, uint64_t value) { std::memcpy(to, &value, static_cast<size_t>(bytes)); }

// An array seen in the shape of the result.
struct Strided {
  char* data;
  std::vector<ptrdiff_t> strides;
};

std::vector<ptrdiff_t> BroadcastShape(const std::vector<py::array>& arrays, const char* function) {
  std::vector<ptrdiff_t> shape;
  for (const py::array& array : arrays) {
    const auto dimensions = static_cast<size_t>(array.ndim());
    if (dimensions > shape.size()) shape.insert(shape.begin(), dimensions - shape.size(), 1);
    for (size_t d = 0; d < dimensions; ++d) {
      ptrdiff_t& size = shape[shape.size() - dimensions + d];
      const ptrdiff_t own = array.shape(static_cast<ptrdiff_t>(d));
      if (own == size || own == 1) continue;
      if (size != 1) {
        std::string shapes;
        for (const py::array& each : arrays) shapes += (shapes.empty() ? "" : " and ") + ShapeText(each);
        throw Error("{}: found the shapes {}, expected shapes that broadcast together", function, shapes);
      }
      size = own;
    }
  }
  return shape;
}

Strided SeenIn(const std::vector<ptrdiff_t>& shape, const py::array& array) {
  Strided seen = {const_cast<char*>(static_cast<const char*>(array.data())), std::vector<ptrdiff_t>(shape.size(), 0)};
  const auto dimensions = static_cast<size_t>(array.ndim());
  for (size_t d = 0; d < dimensions; ++d) {
    const auto own = static_cast<ptrdiff_t>(d);
    if (array.shape(own) != 1) seen.strides[shape.size() - dimensions + d] = array.strides(own);
  }
  return seen;
}

// each(pointers) for every element, in C order, `pointers` being the elements of `arrays`; without the GIL but for a
// look at the signals now and then.
template <typename Each>
void ForEachElement(const std::vector<ptrdiff_t>& shape, const std::vector<Strided>& arrays, const Each& each) {
  for (const ptrdiff_t size : shape) {
    if (size == 0) return;
  }
  std::vector<ptrdiff_t> index(shape.size(), 0);
  std::vector<char*> pointers;
  for (const Strided& array : arrays) pointers.push_back(array.data);
  bool more = true;
  while (more) {
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    const py::gil_scoped_release release;
    for (ptrdiff_t left = kBetweenLooks; more && left > 0; --left) {
      each(pointers.data());
      more = false;
      for (size_t d = shape.size(); d-- > 0 && !more;) {
        more = ++index[d] < shape[d];
        for (size_t i = 0; i < arrays.size(); ++i) {
          pointers[i] += more ? arrays[i].strides[d] : -(shape[d] - 1) * arrays[i].strides[d];
        }
        if (!more) index[d] = 0;
      }
    }
  }
}

// An operand's bits above the width of its format must be zero.
void RequirePattern(uint64_t bits, const Format& format, const Argument& argument) {
  if ((bits & ~format.Mask()) == 0) return;
  argument.Refuse(fmt::format("{:#x}", bits),
                  fmt::format("a bit pattern of {}, at most {:#x}", Name(format), format.Mask()));
}

struct Extent {
  intptr_t begin, end;
};

Extent ExtentOf(const std::vector<ptrdiff_t>& shape, const Strided& array, ptrdiff_t bytes) {
  Extent extent{reinterpret_cast<intptr_t>(array.data), reinterpret_cast<intptr_t>(array.data) + bytes};
  for (size_t d = 0; d < shape.size(); ++d) {
    const ptrdiff_t reach = (shape[d] - 1) * array.strides[d];
    (reach < 0 ? extent.begin : extent.end) += reach;
  }
  return extent;
}

// Where an operand shares memory with the result, it is the same elements in the same places.
void RequireApartOrSame(const std::vector<ptrdiff_t>& shape, const Strided& out, ptrdiff_t out_bytes,
                        const Strided& operand, ptrdiff_t bytes, const char* function, const char* name) {
  const Extent a = ExtentOf(shape, out, out_bytes), b = ExtentOf(shape, operand, bytes);
  const bool apart = a.end <= b.begin || b.end <= a.begin;
  if (apart || (out.data == operand.data && out.strides == operand.strides)) return;
  const Argument argument{function, "out"};
  argument.Refuse(fmt::format("an array that shares memory with {}", name), "that very array, or one apart from it");
}

// What stands in the keywords that all operations share.
struct Settings {
  Environment environment;
  bool flags;
};

Settings SettingsOf(const char* function, py::handle mode, py::handle flush, py::handle positive_zero, py::handle nans,
                    py::handle flags) {
  tools::ArithmeticOptions options;
  options.flush = Text(flush, {function, "flush"});
  options.nans = Text(nans, {function, "nans"});
  if (!PyBool_Check(positive_zero.ptr())) Argument{function, "positive_zero"}.WrongType(positive_zero, "True or False");
  if (!PyBool_Check(flags.ptr())) Argument{function, "flags"}.WrongType(flags, "True or False");
  options.positive_zero = positive_zero.ptr() == Py_True;
  Settings settings{options.Arithmetic(), flags.ptr() == Py_True};
  settings.environment.mode = ModeOf(mode, function);
  return settings;
}

// A new array of the result's shape, or `out`, checked.
py::array Result(const char* function, py::handle out, const std::vector<ptrdiff_t>& shape, const py::dtype& type) {
  if (out.is_none()) return py::array(type, shape);
  const Argument argument{function, "out"};
  py::array array = ArrayOf(out, argument);
  if (!array.dtype().equal(type)) argument.Refuse(TypeName(array), py::str(py::object(type)).cast<std::string>());
  if (!std::equal(shape.begin(), shape.end(), array.shape(), array.shape() + array.ndim())) {
    argument.Refuse("the shape " + ShapeText(array),
                    py::str(py::object(py::tuple(py::cast(shape)))).cast<std::string>());
  }
  if (!array.writeable()) argument.Refuse("a read-only array", "one to be written to");
  if ((array.flags() & py::array::c_style) == 0) argument.Refuse("an array that is not C-contiguous", "one that is");
  return array;
}

// A NumPy scalar where there are no dimensions, as NumPy's own functions have it.
py::object Plain(const py::array& array, bool given) {
  if (array.ndim() > 0 || given) return array;
  return array[py::tuple()];
}

// apply(environment, bits) for each element of the operands, which are of `format`.
template <typename Function>
py::object Elementwise(const char* function, const std::vector<py::array>& operands, const Format& format,
                       const py::dtype& result_type, int result_bytes, py::handle out, const Settings& settings,
                       const Function& apply) {
  static constexpr const char* kNames[] = {"a", "b", "c"};
  const int bytes = BytesOf(format);
  for (size_t i = 0; i < operands.size(); ++i) RequireElements(operands[i], format, {function, kNames[i]});
  const std::vector<ptrdiff_t> shape = BroadcastShape(operands, function);
  const py::array result = Result(function, out, shape, result_type);
  std::optional<py::array> flags;
  std::vector<Strided> arrays = {SeenIn(shape, result)};
  for (size_t i = 0; i < operands.size(); ++i) {
    arrays.push_back(SeenIn(shape, operands[i]));
    if (!out.is_none() && result.size() > 0) {
      RequireApartOrSame(shape, arrays[0], result_bytes, arrays.back(), bytes, function, kNames[i]);
    }
  }
  if (settings.flags) {
    flags = py::array(py::dtype::of<uint8_t>(), shape);
    arrays.push_back(SeenIn(shape, *flags));
  }
  const size_t count = operands.size();
  ForEachElement(shape, arrays, [&](char* const* pointers) {
    Operands values{};
    for (size_t i = 0; i < count; ++i) {
      values[i] = Load(pointers[i + 1], bytes);
      RequirePattern(values[i], format, {function, kNames[i]});
    }
    const Outcome outcome = apply(settings.environment, values);
    Store(pointers[0], result_bytes, outcome.bits);
    if (flags) Store(pointers[count + 1], 1, outcome.flags);
  });
  const py::object plain = Plain(result, !out.is_none());
  return flags ? py::make_tuple(plain, Plain(*flags, false)) : plain;
}

template <typename... Handles>
py::object Compute(const Operation& operation, py::handle format_name, py::handle mode, py::handle out,
                   py::handle flags, py::handle flush, py::handle positive_zero, py::handle nans, Handles... given) {
  static constexpr const char* kNames[] = {"a", "b", "c"};
  std::vector<py::array> operands;
  for (const py::handle operand : {py::handle(given)...}) {
    operands.push_back(ArrayOf(operand, {operation.name, kNames[operands.size()]}));
  }
  const Format format = FormatOf(format_name, operands[0], {operation.name, "a"});
  const Settings settings = SettingsOf(operation.name, mode, flush, positive_zero, nans, flags);
  const py::dtype type = operation.truth ? py::dtype::of<bool>() : operands[0].dtype();
  return Elementwise(
      operation.name, operands, format, type, operation.truth ? 1 : BytesOf(format), out, settings,
      [&](const Environment& environment, const Operands& v) { return operation.apply(format, environment, v); });
}

// The NumPy type of a format's patterns, or of its values where there is one and `native`.
py::dtype TypeOf(const Format& format, bool native) {
  if (native && format == kBinary16) return py::dtype("float16");
  if (native && format == kBinary32) return py::dtype::of<float>();
  if (native && format == kBinary64) return py::dtype::of<double>();
  return py::dtype(fmt::format("uint{}", 8 * BytesOf(format)));
}

py::object Convert(py::handle a, py::handle to_name, py::handle from_name, py::handle mode, py::handle out,
                   py::handle flags, py::handle flush, py::handle positive_zero, py::handle nans) {
  constexpr Argument kA{"convert", "a"};
  const py::array operand = ArrayOf(a, kA);
  const Format from = FormatOf(from_name, operand, kA), to = ParseFormat(Text(to_name, {"convert", "to"}));
  const Settings settings = SettingsOf("convert", mode, flush, positive_zero, nans, flags);
  return Elementwise(
      "convert", {operand}, from, TypeOf(to, true), BytesOf(to), out, settings,
      [&](const Environment& environment, const Operands& v) { return model::Convert(from, to, environment, v[0]); });
}

// The value of a pattern of a format that binary64 holds all values of: all formats there are.
double ToFloat64(const std::string& name, uint64_t bits) {
  const Format format = ParseFormat(name);
  RequirePattern(bits, format, {"to_float64", "bits"});
  return std::bit_cast<double>(model::Convert(format, kBinary64, {}, bits).bits);
}

// Patterns that stand for a format, by name.
py::dict Landmarks(const std::string& name) {
  const Format format = ParseFormat(name);
  py::dict landmarks;
  landmarks["name"] = Name(format);
  landmarks["width"] = format.Width();
  landmarks["bytes"] = BytesOf(format);
  landmarks["sign"] = format.SignMask();
  landmarks["min_subnormal"] = format.MinSubnormal();
  landmarks["max_subnormal"] = format.MaxSubnormal();
  landmarks["min_normal"] = format.MinNormal();
  landmarks["one"] = format.One();
  landmarks["max_finite"] = format.MaxFinite();
  landmarks["fraction_bits"] = format.FractionBits();
  landmarks["negative_zero"] = format.HasNegativeZero();
  landmarks["infinity"] = format.HasInfinity() ? py::cast(format.Infinity()) : py::object(py::none());
  landmarks["nan"] = format.HasNan() ? py::cast(format.CanonicalNan()) : py::object(py::none());
  return landmarks;
}

template <typename Function, typename... Operand>
void Define(py::module_& module, const Operation& operation, const Function& function, Operand... operands) {
  module.def(operation.name, function, operands..., py::kw_only(), py::arg("format") = py::none(),
             py::arg("mode") = py::none(), py::arg("out") = py::none(), py::arg("flags") = false, py::arg("flush") = "",
             py::arg("positive_zero") = false, py::arg("nans") = "",
             fmt::format("{}, on the exact model, element by element: see tools/python/README.md.\n\n"
                         "Arrays broadcast; they hold floats, or with format= bit patterns as unsigned integers. mode: "
                         "None is this thread's.\nflags=True returns the flags raised besides: 1 inexact, 2 underflow, "
                         "4 overflow, 8 divide by zero, 16 invalid,\n32 denormal operand.",
                         operation.help)
                 .c_str());
}

}  // namespace

void AddArithmetic(py::module_& module) {
  for (const Operation& operation : kOperations) {
    const py::arg a("a"), b("b"), c("c");
    using H = py::handle;
    if (operation.operands == 1) {
      Define(
          module, operation,
          [&operation](H v, H format, H mode, H out, H flags, H flush, H zero, H nans) {
            return Compute(operation, format, mode, out, flags, flush, zero, nans, v);
          },
          a);
    } else if (operation.operands == 2) {
      Define(
          module, operation,
          [&operation](H v, H w, H format, H mode, H out, H flags, H flush, H zero, H nans) {
            return Compute(operation, format, mode, out, flags, flush, zero, nans, v, w);
          },
          a, b);
    } else {
      Define(
          module, operation,
          [&operation](H v, H w, H x, H format, H mode, H out, H flags, H flush, H zero, H nans) {
            return Compute(operation, format, mode, out, flags, flush, zero, nans, v, w, x);
          },
          a, b, c);
    }
  }
  module.def("convert", &Convert, py::arg("a"), py::arg("to"), py::kw_only(), py::arg("format") = py::none(),
             py::arg("mode") = py::none(), py::arg("out") = py::none(), py::arg("flags") = false, py::arg("flush") = "",
             py::arg("positive_zero") = false, py::arg("nans") = "",
             "a in the format `to`, rounded once, on the exact model. The result holds floats where NumPy has the "
             "type, else\nbit patterns as unsigned integers; otherwise as add.");
  module.def("to_float64", &ToFloat64, py::arg("format"), py::arg("bits"), "The value of a bit pattern.");
  module.def("landmarks", &Landmarks, py::arg("format"), "Bit patterns that stand for a format, by name.");
}

}  // namespace fplab::python
