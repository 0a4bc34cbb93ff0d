// SPDX-License-Identifier: Apache-2.0
// Server-sent events to every page that listens.
export class Events {
  #listeners = new Set();
  #timers = new Set();

  add(request, response) {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.write(': hello\n\n');
    this.#listeners.add(response);
    request.on('close', () => this.#listeners.delete(response));
  }

  emit(kind, data) {
    for (const listener of this.#listeners) listener.write(`event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Plays the scan of an image, in steps. */
  scan(image, stepMs = 400) {
    const { registry, repository, digest, tags, counts } = image;
    const steps = [['queued', 0], ['scanning', 0.25], ['scanning', 0.75], ['complete', 1]];
    steps.forEach(([state, progress], index) => {
      const timer = setTimeout(() => {
        image.scanState = state;
        if (state === 'complete') image.scanned = new Date().toISOString();
        this.emit('scan', { registry, repository, digest, tags, state, progress, ...(state === 'complete' ? { counts } : {}) });
        this.#timers.delete(timer);
      }, index * stepMs);
      this.#timers.add(timer);
    });
  }

  drop() {
    for (const listener of this.#listeners) listener.destroy();
    this.#listeners.clear();
  }

  close() {
    this.#timers.forEach((timer) => clearTimeout(timer));
    this.drop();
  }
}
