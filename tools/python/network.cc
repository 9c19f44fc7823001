// Networks, for Python: made of weights, computed under their modes.
// SPDX-License-Identifier: Apache-2.0
#include "tools/python/network.h"

#include <fmt/format.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <fplab/fparith/float/error.h>
#include <fplab/kernels/core/isa.h>
#include <fplab/nets/network/accuracy.h>
#include <fplab/nets/network/predict.h>
#include <fplab/nets/training/checkpoint.h>
#include "tools/python/arrays.h"
#include "tools/python/bindings.h"
#include "tools/python/borrowed_workers.h"

namespace fplab::python {
namespace {

namespace py = pybind11;

// Samples between two looks at Python's signals; also what is copied at a time.
constexpr int kSamplesAtATime = 1 << 13;

// A vector of binary32 that lies contiguously.
const float* VectorOf(const py::array& array, int size, const Argument& argument) {
  if (!IsNative(array, 'f', sizeof(float))) argument.Refuse(TypeName(array), "float32 of this machine's byte order");
  if (array.ndim() != 1 || array.shape(0) != size) {
    argument.Refuse("the shape " + ShapeText(array), fmt::format("({},)", size));
  }
  const bool aligned = reinterpret_cast<uintptr_t>(array.data()) % alignof(float) == 0;
  if (!aligned || (size > 1 && array.strides(0) != static_cast<ptrdiff_t>(sizeof(float)))) {
    argument.Refuse("a vector that is not contiguous", "one that is (numpy.ascontiguousarray makes it so)");
  }
  return static_cast<const float*>(array.data());
}

HeldNetwork Make(const py::list& weights, const py::list& biases, int scale_exponent, py::handle matmul_mode,
                 py::handle elementwise_mode, bool rescaled) {
  constexpr Argument kWeights{"Network", "weights"}, kBiases{"Network", "biases"};
  if (weights.empty()) kWeights.Refuse("no matrix", "one for each layer");
  if (weights.size() != biases.size()) {
    kBiases.Refuse(fmt::format("{} vectors", biases.size()), fmt::format("{}, as there are weights", weights.size()));
  }
  nets::NetworkConfig config;
  config.scale_exponent = scale_exponent;
  config.matmul_mode = ModeOf(matmul_mode, "Network");
  config.elementwise_mode = ModeOf(elementwise_mode, "Network");
  config.rescaled = rescaled;
  config.layers.clear();
  std::vector<py::array> arrays;  // held while their elements are read
  std::vector<kernels::ConstMatrixView> views;
  for (const py::handle item : weights) {
    arrays.push_back(ArrayOf(item, kWeights));
    views.push_back(MatrixOf(arrays.back(), kWeights));
    if (config.layers.empty()) config.layers.push_back(views.back().rows);
    if (views.back().rows != config.layers.back()) {
      kWeights.Refuse(
          fmt::format("a matrix of {} rows after one of {} columns", views.back().rows, config.layers.back()),
          "inputs x outputs, each layer's inputs being the outputs before");
    }
    config.layers.push_back(views.back().cols);
  }
  nets::Validate(config);
  auto network = std::make_shared<nets::Network>(nets::Network{config, nets::ZeroParameters(config)});
  for (size_t l = 0; l < views.size(); ++l) {
    nets::LayerParameters& layer = network->parameters[l];
    kernels::ToPanels(views[l].data, views[l].stride, layer.weight.view());
    const py::array bias = ArrayOf(biases[l], kBiases);
    std::memcpy(layer.bias.data(), VectorOf(bias, views[l].cols, kBiases),
                static_cast<size_t>(views[l].cols) * sizeof(float));
  }
  return {std::move(network)};
}

py::list Weights(const HeldNetwork& held) {
  py::list list;
  for (const nets::LayerParameters& layer : held.network->parameters) {
    py::array_t<float> array({layer.weight.rows(), layer.weight.cols()});
    kernels::FromPanels(layer.weight.view(), array.mutable_data(), layer.weight.cols());
    list.append(array);
  }
  return list;
}

py::list Biases(const HeldNetwork& held) {
  py::list list;
  for (const nets::LayerParameters& layer : held.network->parameters) {
    list.append(py::array_t<float>(layer.weight.cols(), layer.bias.data()));
  }
  return list;
}

// How it is computed, which changes no bit.
struct Computing {
  Computing(const char* function, py::handle isa_name, py::handle threads)
      : isa(kernels::ParseIsa(Text(isa_name, {function, "isa"}))),
        workers(WholeNumber(threads, {function, "threads"})) {}

  kernels::Isa isa;
  BorrowedWorkers workers;
};

nets::Dataset Samples(const nets::NetworkConfig& config, const kernels::ConstMatrixView& images, int first, int count) {
  nets::Dataset data;
  data.name = "images";
  data.features = images.cols;
  data.classes = config.layers.back();
  data.x.resize(static_cast<size_t>(count) * static_cast<size_t>(images.cols));
  data.y.resize(static_cast<size_t>(count));
  for (int i = 0; i < count; ++i) {
    if (images.cols == 0) break;
    std::memcpy(data.x.data() + static_cast<size_t>(i) * static_cast<size_t>(images.cols),
                images.data + (first + i) * images.stride, static_cast<size_t>(images.cols) * sizeof(float));
  }
  return data;
}

kernels::ConstMatrixView ImagesOf(const HeldNetwork& held, const py::array& array, const char* function) {
  const Argument argument{function, "images"};
  const kernels::ConstMatrixView images = MatrixOf(array, argument);
  const int inputs = held.network->config.layers.front();
  if (images.cols != inputs) {
    argument.Refuse(fmt::format("rows of {} values", images.cols), fmt::format("{}, an image a row", inputs));
  }
  return images;
}

py::array_t<int> Predict(const HeldNetwork& held, py::handle given, py::handle isa, py::handle threads) {
  const py::array array = ArrayOf(given, {"predict", "images"});
  const kernels::ConstMatrixView images = ImagesOf(held, array, "predict");
  const Computing computing("predict", isa, threads);
  py::array_t<int> classes(images.rows);
  int* to = classes.mutable_data();
  for (int first = 0; first < images.rows; first += kSamplesAtATime) {
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    const py::gil_scoped_release release;
    const int count = std::min(kSamplesAtATime, images.rows - first);
    const std::vector<int> some = nets::Predict(*held.network, Samples(held.network->config, images, first, count),
                                                computing.isa, computing.workers.get());
    std::copy(some.begin(), some.end(), to + first);
  }
  return classes;
}

py::array_t<float> Logits(const HeldNetwork& held, py::handle given, py::handle isa_name) {
  const py::array array = ArrayOf(given, {"logits", "images"});
  const kernels::ConstMatrixView images = ImagesOf(held, array, "logits");
  const kernels::Isa isa = kernels::ParseIsa(Text(isa_name, {"logits", "isa"}));
  const int outputs = held.network->config.layers.back();
  py::array_t<float> result({images.rows, outputs});
  float* to = result.mutable_data();
  const nets::ForwardPass forward(*held.network, isa);
  for (int first = 0; first < images.rows; first += kSamplesAtATime) {
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    const py::gil_scoped_release release;
    std::vector<kernels::PanelMatrix> hidden = forward.MakeHidden();
    kernels::PanelMatrix input(images.cols, kernels::kPanelWidth), logits(outputs, kernels::kPanelWidth);
    const int end = std::min(images.rows, first + kSamplesAtATime);
    for (int begin = first; begin < end; begin += kernels::kPanelWidth) {
      const int count = std::min(kernels::kPanelWidth, end - begin);
      for (int i = 0; i < kernels::kPanelWidth; ++i) {
        const float* row = images.data + (begin + i) * images.stride;
        for (int f = 0; f < images.cols; ++f) input.At(f, i) = i < count ? row[f] : 0.0f;
      }
      forward.Logits(input.view(), hidden, logits.view());
      for (int i = 0; i < count; ++i) {
        for (int o = 0; o < outputs; ++o) to[static_cast<ptrdiff_t>(begin + i) * outputs + o] = logits.At(o, i);
      }
    }
  }
  return result;
}

py::dict Evaluate(const HeldNetwork& held, py::handle given, py::handle given_labels, py::handle isa,
                  py::handle threads) {
  constexpr Argument kLabels{"evaluate", "labels"};
  const py::array array = ArrayOf(given, {"evaluate", "images"}), labels = ArrayOf(given_labels, kLabels);
  const kernels::ConstMatrixView images = ImagesOf(held, array, "evaluate");
  if (!IsNative(labels, 'u', 1)) kLabels.Refuse(TypeName(labels), "uint8");
  if (labels.ndim() != 1 || labels.shape(0) != images.rows) {
    kLabels.Refuse("the shape " + ShapeText(labels), fmt::format("({},), a label an image", images.rows));
  }
  const Computing computing("evaluate", isa, threads);
  nets::Accuracy accuracy;
  {
    const py::gil_scoped_release release;
    nets::Dataset data = Samples(held.network->config, images, 0, images.rows);
    const auto* from = static_cast<const uint8_t*>(labels.data());
    for (int i = 0; i < images.rows; ++i) {
      data.y[static_cast<size_t>(i)] = from[i * (images.rows > 1 ? labels.strides(0) : 0)];
    }
    accuracy = nets::Evaluate(*held.network, data, computing.isa, computing.workers.get());
  }
  py::dict result;
  result["accuracy"] = accuracy.accuracy;
  result["loss"] = accuracy.loss;
  result["zeros"] = accuracy.zeros;
  result["nonlinear"] = accuracy.gates.nonlinear;
  return result;
}

HeldNetwork WithModes(const HeldNetwork& held, py::handle scale_exponent, py::handle matmul_mode,
                      py::handle elementwise_mode, py::handle rescaled) {
  auto network = std::make_shared<nets::Network>(*held.network);
  nets::NetworkConfig& config = network->config;
  if (!scale_exponent.is_none()) config.scale_exponent = WholeNumber(scale_exponent, {"with_modes", "scale_exponent"});
  if (!matmul_mode.is_none()) config.matmul_mode = ModeOf(matmul_mode, "with_modes");
  if (!elementwise_mode.is_none()) config.elementwise_mode = ModeOf(elementwise_mode, "with_modes");
  if (!rescaled.is_none()) config.rescaled = rescaled.cast<bool>();
  nets::Validate(config);
  return {std::move(network)};
}

}  // namespace

void AddNetwork(py::module_& module) {
  py::class_<HeldNetwork>(
      module, "Network",
      "The deep linear network whose only nonlinearity is underflow: weights, biases and modes.\n\n"
      "weights: a float32 matrix a layer, inputs x outputs (PyTorch's Linear holds its transpose); "
      "biases: a float32\nvector a layer. The network computes at scale 2^-scale_exponent; with the "
      "defaults a unit whose sum is below 0.5 in\nmagnitude is flushed to zero. It is never changed: "
      "with_modes makes another.")
      .def(py::init([](py::handle weights, py::handle biases, py::handle scale_exponent, py::handle matmul_mode,
                       py::handle elementwise_mode, bool rescaled) {
             for (const auto& [value, name] : {std::pair(weights, "weights"), std::pair(biases, "biases")}) {
               if (!PyList_Check(value.ptr()) && !PyTuple_Check(value.ptr())) {
                 Argument{"Network", name}.WrongType(value, "a list of NumPy arrays, one for each layer");
               }
             }
             return Make(py::list(py::reinterpret_borrow<py::object>(weights)),
                         py::list(py::reinterpret_borrow<py::object>(biases)),
                         WholeNumber(scale_exponent, {"Network", "scale_exponent"}), matmul_mode, elementwise_mode,
                         rescaled);
           }),
           py::arg("weights"), py::arg("biases"), py::kw_only(), py::arg("scale_exponent") = 125,
           py::arg("matmul_mode") = "none", py::arg("elementwise_mode") = "ftz+daz", py::arg("rescaled") = false)
      .def_property_readonly("weights", &Weights, "A float32 matrix a layer, inputs x outputs; copies.")
      .def_property_readonly("biases", &Biases, "A float32 vector a layer; copies.")
      .def_property_readonly("layers", [](const HeldNetwork& held) { return held.network->config.layers; })
      .def_property_readonly("scale_exponent",
                             [](const HeldNetwork& held) { return held.network->config.scale_exponent; })
      .def_property_readonly("matmul_mode", [](const HeldNetwork& held) { return held.network->config.matmul_mode; })
      .def_property_readonly("elementwise_mode",
                             [](const HeldNetwork& held) { return held.network->config.elementwise_mode; })
      .def_property_readonly("rescaled", [](const HeldNetwork& held) { return held.network->config.rescaled; })
      .def_property_readonly(
          "digest", [](const HeldNetwork& held) { return nets::ParameterDigest(*held.network); },
          "SHA-256 of weights and biases, as `fplab train` prints it.")
      .def("predict", &Predict, py::arg("images"), py::kw_only(), py::arg("isa") = "best", py::arg("threads") = 1,
           "The class of each image, float32 and one a row: the greatest logit's, -1 where one is NaN.")
      .def("logits", &Logits, py::arg("images"), py::kw_only(), py::arg("isa") = "best",
           "The network's outputs, a row an image.")
      .def("evaluate", &Evaluate, py::arg("images"), py::arg("labels"), py::kw_only(), py::arg("isa") = "best",
           py::arg("threads") = 1,
           "accuracy and loss; by layer the share of outputs that are exactly zero, and of gates that are nonlinear.")
      .def("with_modes", &WithModes, py::kw_only(), py::arg("scale_exponent") = py::none(),
           py::arg("matmul_mode") = py::none(), py::arg("elementwise_mode") = py::none(),
           py::arg("rescaled") = py::none(), "The same weights computed otherwise.")
      .def("__repr__", [](const HeldNetwork& held) {
        const nets::NetworkConfig& config = held.network->config;
        return fmt::format("<fplab.Network {}, matmul {}, element-wise {}, scale 2^{}>", fmt::join(config.layers, "-"),
                           Name(config.matmul_mode), Name(config.elementwise_mode), -config.scale_exponent);
      });
}

}  // namespace fplab::python
