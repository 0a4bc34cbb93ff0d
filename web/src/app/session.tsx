// SPDX-License-Identifier: Apache-2.0
// Who is signed in. Where nobody is, the sign-in page stands at whatever URL was asked for, so deep links survive.
import { useQuery } from '@tanstack/react-query';
import { createContext, useContext, type ReactNode } from 'react';
import { ApiError, get, send, setCsrf, whenSignedOut } from '../api/http';
import type { Session, SignInOffer } from '../api/types';
import { queryClient } from './query';
import { readStored, writeStored } from './storage';

export const sessionKey = ['session'];

type Answer = { session: Session } | { offer: SignInOffer };

const userKey = 'bulwark.user';
const isText = (value: unknown): value is string => typeof value === 'string';
let shownTo: string | null = null;

/** After another user nothing stays of what was shown: neither in the page nor in what its window keeps. */
function takeOver({ user }: Session): void {
  const before = readStored('sessionStorage', userKey, isText);
  writeStored('sessionStorage', userKey, user.id);
  if (before && before !== user.id) Object.keys(sessionStorage).filter((key) => key.startsWith('bulwark.logs.')).forEach((key) => sessionStorage.removeItem(key));
  if (shownTo && shownTo !== user.id) window.location.reload();
  shownTo = user.id;
}

export function keepSession(session: Session): void {
  takeOver(session);
  setCsrf(session.csrf);
  queryClient.setQueryData<{ session: Session }>(sessionKey, { session });
}

async function loadSession(): Promise<Answer> {
  try {
    const session = await get<Session>('/api/v1/session');
    setCsrf(session.csrf);
    takeOver(session);
    return { session };
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    const body = error.body as { signIn?: SignInOffer } | null;
    return { offer: body?.signIn ?? { password: true, firstStart: false } };
  }
}

export function useSessionAnswer() {
  return useQuery<Answer, Error>({ queryKey: sessionKey, queryFn: loadSession, staleTime: Infinity });
}

whenSignedOut(() => void queryClient.invalidateQueries({ queryKey: sessionKey }));

export async function signIn(name: string, password: string): Promise<void> {
  keepSession(await send<Session>('POST', '/api/v1/session', { name, password }));
}

export async function redeemLink(token: string, password: string): Promise<void> {
  keepSession(await send<Session>('POST', '/api/v1/links', { token, password }));
}

const returnKey = 'bulwark.return';

/** Signing in elsewhere ends at `/`: remembers the page that was asked for. */
export function keepReturnPath(): void {
  const { pathname, search } = window.location;
  if (pathname + search !== '/') sessionStorage.setItem(returnKey, pathname + search);
}

export function takeReturnPath(): string | null {
  const path = sessionStorage.getItem(returnKey);
  sessionStorage.removeItem(returnKey);
  return path?.startsWith('/') && !path.startsWith('//') ? path : null;
}

export async function signOut(): Promise<void> {
  await send('DELETE', '/api/v1/session');
  // Read anew: nothing of what the user saw stays in the page.
  window.location.assign('/');
}

const SessionContext = createContext<Session | null>(null);

export function SessionProvider({ session, children }: { session: Session; children: ReactNode }) {
  return <SessionContext.Provider value={session}>{children}</SessionContext.Provider>;
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('useSession is for pages behind the sign-in');
  return session;
}
