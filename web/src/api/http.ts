// SPDX-License-Identifier: Apache-2.0
// One way to the hub: JSON requests with the session's cookie, errors as ApiError.

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly retryAfterSeconds: number | null = null,
    readonly body: unknown = null,
  ) {
    super(message);
  }
}

export type Value = string | number | boolean | null | undefined | readonly string[];
export type Params = Record<string, Value>;

let csrf = '';
let onSignedOut: () => void = () => {};

export function setCsrf(token: string): void {
  csrf = token;
}

export function whenSignedOut(handler: () => void): void {
  onSignedOut = handler;
}

/** Path with a query string; empty values are left out, lists are joined by commas. */
export function withParams(path: string, params: Params = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    const text = Array.isArray(value) ? value.join(',') : value;
    if (text !== null && text !== undefined && text !== '') query.set(name, String(text));
  }
  const text = query.toString();
  if (!text) return path;
  return `${path}${path.includes('?') ? '&' : '?'}${text}`;
}

interface ErrorBody {
  error?: { code?: string; message?: string };
}

async function toError(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => null)) as ErrorBody | null;
  const message = body?.error?.message ?? `The hub answered ${response.status} ${response.statusText}.`;
  const retryAfter = Number(response.headers.get('Retry-After'));
  return new ApiError(response.status, body?.error?.code ?? 'Unknown', message, retryAfter || null, body);
}

async function fetchChecked(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: 'same-origin', ...init });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError(0, 'Unreachable', 'The hub does not answer. Check that it runs and that this machine reaches it.');
  }
  if (response.ok) return response;
  const error = await toError(response);
  if (error.status === 401 && path !== '/api/v1/session') onSignedOut();
  throw error;
}

export async function get<T>(path: string, params: Params = {}, signal?: AbortSignal): Promise<T> {
  const response = await fetchChecked(withParams(path, params), { signal, headers: { Accept: 'application/json' } });
  return (await response.json()) as T;
}

export type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface SendOptions {
  signal?: AbortSignal;
  headers?: Record<string, string>;
  parse?: (text: string) => unknown; // of the answer; JSON.parse where none is given
}

/** Sends a change. A Blob goes as it is, anything else as JSON. Answers without a body give undefined. */
export async function send<T = void>(method: Method, path: string, body?: unknown, options: SendOptions = {}): Promise<T> {
  const raw = body instanceof Blob || typeof body === 'string';
  const headers: Record<string, string> = { Accept: 'application/json', 'X-CSRF-Token': csrf, ...options.headers };
  if (body !== undefined && !raw) headers['Content-Type'] = 'application/json';
  if (raw) headers['Content-Type'] = 'application/octet-stream';
  const response = await fetchChecked(path, {
    method,
    headers,
    signal: options.signal,
    body: body === undefined ? undefined : raw ? (body as BodyInit) : JSON.stringify(body),
  });
  const text = await response.text();
  return (text ? (options.parse ?? JSON.parse)(text) : undefined) as T;
}
