// SPDX-License-Identifier: Apache-2.0
import { FluentProvider, webDarkTheme, webLightTheme } from '@fluentui/react-components';
import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useEffect } from 'react';
import { BrowserRouter, useLocation, useNavigate } from 'react-router';
import { ErrorState } from '../components/States';
import { LiveProvider } from './live';
import { useDark } from './preferences';
import { queryClient } from './query';
import { SessionProvider, takeReturnPath, useSessionAnswer } from './session';
import { Shell } from './Shell';

const SignIn = lazy(() => import('../pages/signin/SignIn'));
const Welcome = lazy(() => import('../pages/signin/Welcome'));

export function App() {
  const dark = useDark();
  useEffect(() => {
    document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  }, [dark]);
  return (
    <FluentProvider theme={dark ? webDarkTheme : webLightTheme} className="app">
      <QueryClientProvider client={queryClient}>
        {/* A box that is ticked is state in the URL: as a transition it would show late. */}
        <BrowserRouter useTransitions={false}><Suspense><Gate /></Suspense></BrowserRouter>
      </QueryClientProvider>
    </FluentProvider>
  );
}

/** Pages are for who is signed in; a one-time link signs in. */
function Gate() {
  const { data, error, refetch } = useSessionAnswer();
  const { pathname, hash } = useLocation();
  const navigate = useNavigate();
  const signedIn = data !== undefined && 'session' in data;
  useEffect(() => {
    const path = signedIn && pathname === '/' ? takeReturnPath() : null;
    if (path) void navigate(path, { replace: true });
  }, [signedIn, pathname, navigate]);
  if (pathname === '/welcome' && hash.length > 1) return <Welcome token={hash.slice(1)} />;
  if (error) return <main className="sign-in"><ErrorState error={error} onRetry={() => void refetch()} /></main>;
  if (!data) return null;
  if ('offer' in data) return <SignIn offer={data.offer} />;
  return (
    <SessionProvider session={data.session}>
      <LiveProvider><Shell /></LiveProvider>
    </SessionProvider>
  );
}
