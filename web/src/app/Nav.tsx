// SPDX-License-Identifier: Apache-2.0
import {
  BoardRegular, BoxMultipleRegular, BugRegular, CubeMultipleRegular, DataPieRegular, DocumentSearchRegular, GaugeRegular, GridRegular, SettingsRegular,
  ShieldTaskRegular,
} from '@fluentui/react-icons';
import type { ComponentType } from 'react';
import { NavLink } from 'react-router';
import { t, type TextKey } from '../i18n/t';
import { useScope } from './scope';
import { withScope } from './urlState';

interface Entry {
  to: string;
  title: TextKey;
  icon: ComponentType<{ 'aria-hidden': true }>;
}

const entries: Entry[] = [
  { to: '/', title: 'nav.overview', icon: DataPieRegular },
  { to: '/score', title: 'nav.score', icon: GaugeRegular },
  { to: '/recommendations', title: 'nav.recommendations', icon: ShieldTaskRegular },
  { to: '/inventory', title: 'nav.inventory', icon: GridRegular },
  { to: '/containers', title: 'nav.containers', icon: CubeMultipleRegular },
  { to: '/registries', title: 'nav.registries', icon: BoxMultipleRegular },
  { to: '/findings', title: 'nav.findings', icon: BugRegular },
  { to: '/logs', title: 'nav.logs', icon: DocumentSearchRegular },
  { to: '/dashboards', title: 'nav.dashboards', icon: BoardRegular },
  { to: '/settings', title: 'nav.settings', icon: SettingsRegular },
];

export function Nav({ open }: { open: boolean }) {
  const { registry } = useScope();
  return (
    <nav id="nav" aria-label={t('nav.label')} className={open ? 'nav open' : 'nav'}>
      <ul>
        {entries.map(({ to, title, icon: Icon }) => (
          <li key={to}>
            <NavLink to={withScope(to, registry)} end={to === '/'} className="nav-link">
              <Icon aria-hidden /><span>{t(title)}</span>
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
