// SPDX-License-Identifier: Apache-2.0
// series_fft and series_ifft.
#include <cmath>
#include <complex>

#include "kql/functions/series.hpp"

namespace kql {

namespace {

using Nulls = Function::Nulls;
using Numbers = std::vector<std::complex<double>>;

constexpr double kPi = 3.14159265358979323846;

bool is_power_of_two(std::size_t n) { return (n & (n - 1)) == 0; }

// In place; the size is a power of two (Cooley and Tukey).
void transform_radix2(Numbers& x, bool inverse) {
  const std::size_t n = x.size();
  for (std::size_t i = 1, reversed = 0; i < n; ++i) {
    std::size_t bit = n >> 1;
    for (; (reversed & bit) != 0; bit >>= 1) reversed ^= bit;
    reversed ^= bit;
    if (i < reversed) std::swap(x[i], x[reversed]);
  }
  std::vector<std::complex<double>> roots(n / 2);
  for (std::size_t i = 0; i < roots.size(); ++i) roots[i] = std::polar(1.0, (inverse ? 2 : -2) * kPi * static_cast<double>(i) / static_cast<double>(n));
  for (std::size_t length = 2; length <= n; length *= 2)
    for (std::size_t begin = 0; begin < n; begin += length)
      for (std::size_t i = 0; i < length / 2; ++i) {
        const std::complex<double> even = x[begin + i], odd = x[begin + i + length / 2] * roots[i * (n / length)];
        x[begin + i] = even + odd;
        x[begin + i + length / 2] = even - odd;
      }
}

// Of any size, as a convolution (Bluestein): ik = (i² + k² - (i - k)²) / 2.
Numbers transform_any(const Numbers& x, bool inverse) {
  const std::size_t n = x.size();
  std::size_t size = 1;
  while (size < 2 * n - 1) size *= 2;
  Numbers chirp(n);
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t square = i * i % (2 * n);  // keeps the angle small
    chirp[i] = std::polar(1.0, (inverse ? 1 : -1) * kPi * static_cast<double>(square) / static_cast<double>(n));
  }
  Numbers a(size), b(size);
  for (std::size_t i = 0; i < n; ++i) a[i] = x[i] * chirp[i];
  b[0] = std::conj(chirp[0]);
  for (std::size_t i = 1; i < n; ++i) b[i] = b[size - i] = std::conj(chirp[i]);
  transform_radix2(a, false);
  transform_radix2(b, false);
  for (std::size_t i = 0; i < size; ++i) a[i] *= b[i];
  transform_radix2(a, true);
  Numbers out(n);
  for (std::size_t i = 0; i < n; ++i) out[i] = a[i] / static_cast<double>(size) * chirp[i];
  return out;
}

template <bool inverse>
Value transformed(const Arguments& a) {
  const auto real = complete_series(a[0]);
  if (!real) return {};
  std::vector<double> imaginary(real->size());
  if (a.size() > 1) {
    auto given = complete_series(a[1]);
    if (!given || given->size() != real->size()) return {};
    imaginary = std::move(*given);
  }
  std::vector<Complex> numbers;
  for (std::size_t i = 0; i < real->size(); ++i) numbers.push_back({(*real)[i], imaginary[i]});
  base::JsonArray reals, imaginaries;
  for (const Complex& number : fourier_transform(std::move(numbers), inverse)) {
    reals.push_back(series_json(number.real));
    imaginaries.push_back(series_json(number.imaginary));
  }
  return Value::dynamic(base::JsonArray{std::move(reals), std::move(imaginaries)});
}

constexpr Function kSeriesFourierFunctions[] = {
    {.name = "series_fft", .signature = "(dynamic, dynamic?) dynamic", .evaluate = transformed<false>, .nulls = Nulls::handled, .columns = "real:dynamic, imag:dynamic"},
    {.name = "series_ifft", .signature = "(dynamic, dynamic?) dynamic", .evaluate = transformed<true>, .nulls = Nulls::handled, .columns = "real:dynamic, imag:dynamic"},
};

}  // namespace

std::vector<Complex> fourier_transform(std::vector<Complex> numbers, bool inverse) {
  if (numbers.empty()) return numbers;
  Numbers x;
  for (const Complex& number : numbers) x.emplace_back(number.real, number.imaginary);
  if (is_power_of_two(x.size())) transform_radix2(x, inverse);
  else x = transform_any(x, inverse);
  const double scale = inverse ? 1 / static_cast<double>(x.size()) : 1;
  for (std::size_t i = 0; i < x.size(); ++i) numbers[i] = {x[i].real() * scale, x[i].imag() * scale};
  return numbers;
}

std::span<const Function> series_fourier_functions() { return kSeriesFourierFunctions; }

}  // namespace kql
