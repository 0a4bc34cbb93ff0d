// SPDX-License-Identifier: Apache-2.0
#include "providers/container_registry/registry_poll.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "oci/registry_admin.hpp"
#include "providers/container_registry/intake.hpp"

namespace providers {

namespace {

constexpr std::size_t kTagsInOneTransaction = 200;

using TagsByName = std::map<std::string, std::string>;  // tag → digest, as the store has them

struct Known {
  std::map<std::string, TagsByName> tags;                       // by repository
  std::map<std::string, std::vector<ImageRow>> images;          // not deleted, by repository
  std::map<std::string, std::vector<std::string>> parents;      // indexes that an image is in, by "repository@digest"
};

base::Result<Known> load_known(const Services& services, const Registry& registry, const std::string& repository) {
  Known known;
  TRY(services.database.read([&](store::Session& session) -> base::Result<void> {
    for (const auto& row : TRY(tags_in(session, registry.key())))
      if (repository.empty() || row.repository == repository) known.tags[row.repository][row.tag] = row.digest;
    for (auto& image : TRY(live_images(session, registry.key())))
      if (repository.empty() || image.repository == repository) known.images[image.repository].push_back(std::move(image));
    for (const auto& row : TRY(parents_in(session, registry.key())))
      known.parents[row.repository + "@" + row.digest].push_back(row.parent_digest);
    return {};
  }));
  return known;
}

// One repository of one registry, looked at.
class RepositoryPoll {
 public:
  RepositoryPoll(const Services& services, const Registry& registry, oci::RegistryAdmin& admin, const Known& known, std::string repository)
      : services_(services), registry_(registry), admin_(admin), known_(known), repository_(std::move(repository)) {}

  base::Result<void> run() {
    const auto tags = known_.tags.find(repository_);
    const auto images = known_.images.find(repository_);
    const TagsByName known_tags = tags == known_.tags.end() ? TagsByName() : tags->second;
    const auto listed = admin_.list_tags(repository_);
    const bool gone = !listed && listed.error().kind == base::Kind::not_found;
    if (!listed && !gone) return base::fail(listed.error());
    std::set<std::string> seen_digests;
    if (listed) TRY(take_tags(listed->names, known_tags, seen_digests));
    if (listed && !listed->complete) return {};  // what is not listed is not known to be gone
    TRY(drop_missing_tags(known_tags, listed ? listed->names : std::vector<std::string>()));
    return images == known_.images.end() ? base::Result<void>() : drop_missing_images(images->second, seen_digests);
  }

 private:
  base::Result<void> take_tags(const std::vector<std::string>& tags, const TagsByName& known, std::set<std::string>& digests) {
    std::vector<SeenImage> fresh;
    for (const auto& tag : tags) {
      if (is_signature_tag(tag)) continue;
      const auto head = admin_.head_manifest(repository_, tag);
      if (!head && head.error().kind == base::Kind::not_found) continue;  // removed meanwhile
      if (!head) return base::fail(head.error());
      digests.insert(head->digest.text());
      const auto at = known.find(tag);
      if (at != known.end() && at->second == head->digest.text()) continue;
      fresh.push_back({repository_, head->digest.text(), tag, head->media_type, {}, {}, store::now_ms()});
      if (fresh.size() == kTagsInOneTransaction) TRY(take(fresh));
    }
    return take(fresh);
  }

  base::Result<void> take(std::vector<SeenImage>& fresh) {
    if (fresh.empty()) return {};
    TRY(services_.database.write([&](store::Session& session) -> base::Result<void> {
      for (const auto& seen : fresh) TRY(take_push(services_, session, registry_, seen));
      return {};
    }));
    fresh.clear();
    return {};
  }

  base::Result<void> drop_missing_tags(const TagsByName& known, const std::vector<std::string>& listed) {
    const std::set<std::string> there(listed.begin(), listed.end());
    return services_.database.write([&](store::Session& session) -> base::Result<void> {
      for (const auto& tag : known)
        if (there.count(tag.first) == 0) TRY(take_untagging(services_, session, registry_, repository_, tag.first, store::now_ms()));
      return {};
    });
  }

  // An image that no tag leads to may be there still: asked for by its digest.
  base::Result<void> drop_missing_images(const std::vector<ImageRow>& known, const std::set<std::string>& seen) {
    for (const auto& image : known) {
      if (is_listed(image, seen)) continue;
      const auto head = admin_.head_manifest(repository_, image.digest);
      if (head) continue;
      if (head.error().kind != base::Kind::not_found) return base::fail(head.error());
      TRY(services_.database.write([&](store::Session& session) {
        return take_deletion(services_, session, registry_, image, store::now_ms());
      }));
    }
    return {};
  }

  // By a tag of its own, or of an index that it is in.
  bool is_listed(const ImageRow& image, const std::set<std::string>& seen) const {
    if (seen.count(image.digest) != 0) return true;
    const auto parents = known_.parents.find(image.repository + "@" + image.digest);
    return parents != known_.parents.end() && std::any_of(parents->second.begin(), parents->second.end(),
                                                         [&](const std::string& parent) { return seen.count(parent) != 0; });
  }

  const Services& services_;
  const Registry& registry_;
  oci::RegistryAdmin& admin_;
  const Known& known_;
  const std::string repository_;
};

// What to look at: what the catalog lists, and what is known already (which may be gone from it).
base::Result<std::set<std::string>> repositories_to_poll(const Registry& registry, oci::RegistryAdmin& admin,
                                                         const std::string& only, const Known& known) {
  std::set<std::string> names;
  if (!only.empty()) return std::set<std::string>{only};
  for (const auto& entry : known.images) names.insert(entry.first);
  for (const auto& name : registry.repositories)
    if (name.find_first_of("*?") == std::string::npos) names.insert(name);
  const auto listed = admin.list_repositories();
  if (!listed && names.empty()) return base::fail(listed.error());
  if (listed) names.insert(listed->names.begin(), listed->names.end());
  std::erase_if(names, [&](const std::string& name) { return !registry.covers(name) && known.images.count(name) == 0; });
  return names;
}

base::Result<void> poll(const Services& services, const Registry& registry, const std::string& only) {
  const RegistryConnection connection(registry, services.allow_private_registries);
  const auto admin = TRY(oci::RegistryAdmin::open(registry.login_server, connection.registry_options()));
  const auto known = TRY(load_known(services, registry, only));
  std::optional<base::Error> failure;
  for (const auto& name : TRY(repositories_to_poll(registry, *admin, only, known))) {
    const auto done = RepositoryPoll(services, registry, *admin, known, name).run();
    if (!done) failure = done.error();
  }
  return failure ? base::Result<void>(base::fail(*failure)) : base::Result<void>();
}

std::string state_name(const std::string& registry_key) { return "poll:" + registry_key; }

base::Result<void> keep_state(const Services& services, const Registry& registry, const std::string& error) {
  return services.database.write([&](store::Session& session) -> base::Result<void> {
    const auto text = base::to_text(base::JsonObject{{"at", store::now_ms()}, {"error", error}});
    TRY(session.run("INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                    {state_name(registry.key()), text}));
    session.after_commit([publish = services.publish, name = registry.name, error] {
      publish("registry", {{"name", name}, {"state", error.empty() ? "ok" : "error"}, {"error", error}});
    });
    return {};
  });
}

}  // namespace

base::Result<void> run_poll(const Services& services, const store::Job& job) {
  const auto payload = TRY(base::parse_json(job.payload, "a poll job"));
  std::optional<Registry> registry;
  TRY(services.database.read([&](store::Session& session) -> base::Result<void> {
    registry = TRY(load_registry(session, services.vault, std::string(base::get_string(payload, "registry"))));
    return {};
  }));
  if (!registry) return {};
  const auto done = poll(services, *registry, std::string(base::get_string(payload, "repository")));
  TRY(keep_state(services, *registry, done ? "" : done.error().message));
  return done;
}

base::Result<PollState> poll_state(store::Session& session, const std::string& registry_key) {
  PollState state;
  const auto text = TRY(store::query_text(session, "SELECT value FROM settings WHERE name = ?", {state_name(registry_key)}));
  if (!text) return state;
  const auto json = TRY(base::parse_json(*text, "the state of a poll"));
  state.polled_at = base::get_int(json, "at").value_or(0);
  state.error = base::get_string(json, "error");
  return state;
}

base::Result<store::Millis> queue_due_polls(const Services& services, store::Millis now) {
  store::Millis next = now + 60'000;
  bool any = false;
  TRY(services.database.write([&](store::Session& session) -> base::Result<void> {
    for (const auto& registry : TRY(load_registries(session, services.vault))) {
      if (registry.poll_minutes == 0 || !registry.enabled) continue;
      const auto state = TRY(poll_state(session, registry.key()));
      const auto due = state.polled_at + store::Millis{registry.poll_minutes} * 60'000;
      if (due > now) {
        next = std::min(next, due);
        continue;
      }
      TRY(queue_poll(session, registry, {}, now));
      any = true;
    }
    return {};
  }));
  if (any) services.wake_jobs();
  return next;
}

}  // namespace providers
