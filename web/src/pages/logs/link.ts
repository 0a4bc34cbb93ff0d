// SPDX-License-Identifier: Apache-2.0
// A query in the URL: plain (`q`) where it is short, else deflated and in base64url (`z`).

const plainUpTo = 600;

async function through(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream): Promise<Uint8Array> {
  const piped = new Blob([bytes]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(piped).arrayBuffer());
}

const toBase64 = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));

export interface LinkedQuery {
  q: string | null;
  z: string | null;
}

export async function toLink(query: string): Promise<LinkedQuery> {
  if (query.length <= plainUpTo) return { q: query || null, z: null };
  const packed = await through(new TextEncoder().encode(query), new CompressionStream('deflate-raw'));
  return { q: null, z: toBase64(packed) };
}

/** The query of a link; null where it has none, or one that was cut on its way. */
export async function fromLink({ q, z }: LinkedQuery): Promise<string | null> {
  if (!z) return q || null;
  try {
    return new TextDecoder().decode(await through(fromBase64(z), new DecompressionStream('deflate-raw')));
  } catch {
    return null;
  }
}

/** A page's address that opens a query without running it. */
export const openQuery = (query: string, timespan = ''): string =>
  `/logs?${new URLSearchParams({ q: query, ...(timespan ? { ts: timespan } : {}), run: '0' })}`;
