// SPDX-License-Identifier: Apache-2.0
// The frame of every page: top bar, navigation, content, and the keys that work everywhere.
import { lazy, Suspense, useEffect, useMemo, useRef, useState, type RefObject } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { t } from '../i18n/t';
import { ErrorBoundary } from './ErrorBoundary';
import { useLive } from './live';
import { Nav } from './Nav';
import { Pages } from './routes';
import { makeSequence, useKeys } from './shortcuts';
import { Toasts } from './Toasts';
import { TopBar } from './TopBar';

const HelpDialog = lazy(() => import('./HelpDialog'));

export function Shell() {
  const [help, setHelp] = useState(false);
  const [menu, setMenu] = useState(false);
  const { connected } = useLive();
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  useShellKeys(() => setHelp(true));
  usePageChange(pathname, main);
  useEffect(() => setMenu(false), [pathname]);
  return (
    <div className="shell">
      <a href="#main" className="skip-link">{t('shell.skip')}</a>
      <TopBar onHelp={() => setHelp(true)} menuOpen={menu} onMenu={() => setMenu((open) => !open)} />
      <div className="shell-body">
        <Nav open={menu} />
        <main id="main" ref={main} tabIndex={-1} className="main">
          {!connected && <p className="bar-note" role="status">{t('live.lost')}</p>}
          <ErrorBoundary key={pathname}><Pages /></ErrorBoundary>
        </main>
      </div>
      <Suspense>
        {help && <HelpDialog onClose={() => setHelp(false)} />}
      </Suspense>
      <Toasts />
    </div>
  );
}

/** A new page begins at its top, and reading goes on there. */
function usePageChange(pathname: string, main: RefObject<HTMLElement | null>): void {
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    main.current?.scrollTo({ top: 0 });
    main.current?.focus({ preventScroll: true });
  }, [pathname, main]);
}

function useShellKeys(openHelp: () => void): void {
  const navigate = useNavigate();
  const sequence = useMemo(() => makeSequence(), []);
  useKeys((key) => {
    if (document.querySelector('[role=dialog][aria-modal=true]')) return false;
    if (key === '/') {
      document.getElementById('global-search')?.focus();
      return true;
    }
    if (key === '?') {
      openHelp();
      return true;
    }
    const path = sequence(key);
    if (path) void navigate(path);
    return path !== undefined;
  });
}
