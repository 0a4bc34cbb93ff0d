// SPDX-License-Identifier: Apache-2.0
import { useLocation, useNavigate } from 'react-router';
import type { List, RegistryRow } from '../api/types';
import { registryPage } from '../api/paths';
import { t } from '../i18n/t';
import { useView } from './query';
import { useScope } from './scope';

/** The whole subscription or one registry. On the pages below a registry the choice leads to that registry. */
export function ScopePicker() {
  const { registry, setRegistry } = useScope();
  const { data } = useView<List<RegistryRow>>('/api/v1/registries', { top: 200 });
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const below = /^\/registries\/([^/]+)/.exec(pathname)?.[1];
  const now = below ? decodeURIComponent(below) : registry;
  const choose = (name: string) => {
    if (below) void navigate(name ? registryPage(name) : '/registries');
    else setRegistry(name);
  };
  const names = (data?.value ?? []).map(({ name }) => name);
  if (now && !names.includes(now)) names.unshift(now);
  return (
    <select className="text-input scope-picker" aria-label={t('scope.label')} value={now} onChange={(event) => choose(event.target.value)}>
      <option value="">{t('scope.all')}</option>
      {names.map((name) => <option key={name} value={name}>{name}</option>)}
    </select>
  );
}
