// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "uplink/assessment.hpp"
#include "uplink/machine.hpp"

namespace uplink {

namespace {

// In the order of Body.
constexpr std::array<std::string_view, 4> kBodyTypes{"machine", "inventory", "assessment", "packages"};

template <typename Shape>
base::Result<Body> body_of(const base::Json& json) {
  return Body(TRY(read_as<Shape>(json, "body")));
}

base::Result<Body> parse_body(std::string_view type, const base::Json& json) {
  if (type == kBodyTypes[0]) return body_of<Machine>(json);
  if (type == kBodyTypes[1]) return body_of<Inventory>(json);
  if (type == kBodyTypes[2]) return body_of<Assessment>(json);
  if (type == kBodyTypes[3]) return body_of<Packages>(json);
  return base::fail(base::Kind::invalid_input, "type '" + base::printable(type.substr(0, 64)) + "' is not known here");
}

struct Envelope {
  std::uint64_t sequence = 0;
  std::int64_t at = 0;
  std::string type;
};

template <typename Form, Like<Envelope> Value>
void describe(Form& form, Value& envelope) {
  form.number("sequence", envelope.sequence);
  form.number("at", envelope.at);
  form.required("type", envelope.type);
}

}  // namespace

base::Json to_json(const Message& message) {
  base::JsonObject out = written(Envelope{message.sequence, message.at, std::string(kBodyTypes[message.body.index()])});
  out["body"] = std::visit([](const auto& body) { return written(body); }, message.body);
  return out;
}

base::Result<Message> parse_message(std::string_view line) {
  if (line.size() > kMessageBytes)
    return base::fail(base::Kind::too_large, "the message is larger than 8 MiB; it has to be parted by its sender");
  const base::Json json = TRY(base::parse_json(line, "the message"));
  const auto envelope = TRY(read_as<Envelope>(json, {}));
  if (envelope.sequence == 0) return base::fail(base::Kind::invalid_input, "sequence is missing or 0; they count from 1");
  const base::Json* body = base::find(json, "body");
  if (!body) return base::fail(base::Kind::invalid_input, "body is missing");
  Message message;
  message.sequence = envelope.sequence;
  message.at = envelope.at;
  message.body = TRY(parse_body(envelope.type, *body));
  return message;
}

}  // namespace uplink
