// SPDX-License-Identifier: Apache-2.0
import { lazy, Suspense } from 'react';
import { Navigate, NavLink, Route, Routes } from 'react-router';
import { NotFound } from '../../app/NotFound';
import { useSession } from '../../app/session';
import { Skeleton } from '../../components/States';
import { t, type TextKey } from '../../i18n/t';

const Registries = lazy(() => import('./RegistrySettings'));
const Hosts = lazy(() => import('./HostSettings'));
const Plans = lazy(() => import('./Plans'));
const Users = lazy(() => import('./Users'));
const Tokens = lazy(() => import('./Tokens'));
const Notifications = lazy(() => import('./Notifications'));
const Rules = lazy(() => import('./Rules'));
const Data = lazy(() => import('./Data'));
const Activity = lazy(() => import('./Activity'));
const Account = lazy(() => import('./Account'));
const About = lazy(() => import('./About'));

const entries: [string, TextKey, boolean][] = [
  ['registries', 'nav.registries', false],
  ['hosts', 'kinds.host', false],
  ['plans', 'plans.title', false],
  ['users', 'users.title', true],
  ['tokens', 'tokens.title', false],
  ['notifications', 'notifications.title', false],
  ['rules', 'rules.title', false],
  ['data', 'data.title', false],
  ['activity', 'nav.activity', false],
  ['account', 'account.title', false],
  ['about', 'about.title', false],
];

export default function Settings() {
  const { capabilities } = useSession();
  const shown = entries.filter(([, , administrators]) => !administrators || capabilities.administer);
  return (
    <div className="settings">
      <nav aria-label={t('nav.settings')} className="settings-nav">
        <ul>{shown.map(([path, title]) => <li key={path}><NavLink to={`/settings/${path}`} className="nav-link">{t(title)}</NavLink></li>)}</ul>
      </nav>
      <Suspense fallback={<div className="page"><Skeleton lines={6} /></div>}>
        <Routes>
          <Route index element={<Navigate to="registries" replace />} />
          <Route path="registries" element={<Registries />} />
          <Route path="hosts" element={<Hosts />} />
          <Route path="plans" element={<Plans />} />
          <Route path="users" element={<Users />} />
          <Route path="tokens" element={<Tokens />} />
          <Route path="notifications" element={<Notifications />} />
          <Route path="rules" element={<Rules />} />
          <Route path="data" element={<Data />} />
          <Route path="activity" element={<Activity />} />
          <Route path="account" element={<Account />} />
          <Route path="about" element={<About />} />
          <Route path="*" element={<NotFound />} />
        </Routes>
      </Suspense>
    </div>
  );
}
