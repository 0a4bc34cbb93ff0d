// SPDX-License-Identifier: Apache-2.0
// CloudEvents, "HTTP 1.1 Web Hooks for Event Delivery" section 4: what Event Grid asks before it delivers CloudEvents.
#include "base/text.hpp"
#include "events/delivery.hpp"
#include "events/names.hpp"
#include "events/senders.hpp"

namespace events {

base::Result<Handshake> answer_handshake(const LowerCaseHeaders& headers) {
  const std::string_view origin = header_value(headers, "webhook-request-origin");
  if (!is_host(origin))
    return base::fail(base::Kind::invalid_input, "the handshake names no sender in WebHook-Request-Origin, such as eventgrid.azure.net");
  const std::string_view rate = header_value(headers, "webhook-request-rate");
  const bool bounded = base::is_digits(rate) && rate.size() <= 9;
  return Handshake{std::string(origin), bounded ? std::string(rate) : "*"};
}

}  // namespace events
