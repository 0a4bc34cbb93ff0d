// SPDX-License-Identifier: Apache-2.0
// Server-sent events for all tabs over one connection: a browser allows six to a host, and a seventh tab would wait for ever.
// The tab that holds the lock listens and tells the others; when it closes, the next one takes its place.
const name = 'bulwark.events';
const reconnectAfter = 5000;
const kinds = ['scan', 'assessment', 'registry', 'data', 'host', 'control'] as const;

type Kind = (typeof kinds)[number];

export interface Handlers {
  onEvent: (kind: Kind, data: object) => void;
  onState: (connected: boolean) => void;
  onMissed: () => void; // events may have been missed: read again what is shown
  onRefused: () => void; // the hub does not know the session any more
}

type Message = { [Name in keyof Handlers]: { name: Name; values: Parameters<Handlers[Name]> } }[keyof Handlers];

function call(handlers: Handlers, { name: handler, values }: Message): void {
  (handlers[handler] as (...values: unknown[]) => void)(...values);
}

/** Goes on after interruptions: the browser connects again by itself, but not after a refusal. */
function connect(tell: (message: Message) => void, missed: boolean): () => void {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lost = missed;
  const begin = () => {
    source = new EventSource('/api/v1/events');
    source.onopen = () => {
      tell({ name: 'onState', values: [true] });
      if (lost) tell({ name: 'onMissed', values: [] });
      lost = false;
    };
    source.onerror = () => {
      lost = true;
      tell({ name: 'onState', values: [false] });
      if (source.readyState !== EventSource.CLOSED) return;
      tell({ name: 'onRefused', values: [] });
      timer = setTimeout(begin, reconnectAfter);
    };
    for (const kind of kinds)
      source.addEventListener(kind, (message) => tell({ name: 'onEvent', values: [kind, JSON.parse((message as MessageEvent<string>).data)] }));
  };
  begin();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}

/** Calls the handlers until what it answers is called. */
export function listen(handlers: Handlers): () => void {
  // Both are missing where the page came over plain HTTP from another machine; the hub does not serve it so.
  if (!navigator.locks) return connect((message) => call(handlers, message), false);
  const ended = new AbortController();
  const { signal } = ended;
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }: MessageEvent<Message>) => call(handlers, data);
  const tell = (message: Message) => {
    call(handlers, message);
    channel.postMessage(message);
  };
  const lead = (missed: boolean) =>
    new Promise<void>((release) => {
      const stop = connect(tell, missed);
      signal.addEventListener('abort', () => {
        stop();
        release();
      });
    });
  const take = async () => {
    const led = await navigator.locks.request(name, { ifAvailable: true }, (lock) => lock && !signal.aborted ? lead(false).then(() => true) : false);
    if (!led && !signal.aborted) await navigator.locks.request(name, { signal }, () => lead(true));
  };
  take().catch(() => undefined); // aborted while it waited
  signal.addEventListener('abort', () => channel.close());
  return () => ended.abort();
}
