// SPDX-License-Identifier: Apache-2.0
// Dashboards: tiles of queries that were pinned on the page of logs.
import {
  Button, Menu, MenuDivider, MenuItem, MenuList, MenuPopover, MenuTrigger,
} from '@fluentui/react-components';
import { MoreHorizontalRegular } from '@fluentui/react-icons';
import { useIsFetching } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { queryClient } from '../../app/query';
import { useSession } from '../../app/session';
import { act } from '../../app/toast';
import { useUrlState, type UrlState } from '../../app/urlState';
import { TextField } from '../../components/Fields';
import { FormModal } from '../../components/Modal';
import { Page } from '../../components/Page';
import { Await, EmptyState } from '../../components/States';
import { t } from '../../i18n/logs';
import { readTimespan } from '../logs/time';
import { TimePicker } from '../logs/TimePicker';
import { RemoveButton } from '../settings/parts';
import {
  changeParts, createDashboard, listPath, moved, partsOf, removeDashboard, renameDashboard, titleOf, useDashboards, useMayPin, type Dashboard, type Part,
  type TileContent,
} from './dashboards';
import { TileBody, TileFoot, tilesKey } from './Tile';
import '../../styles/logs.css';

const dashboardPage = (name: string): string => `/dashboards/${encodeURIComponent(name)}`;

export default function Dashboards() {
  const { subscriptionId, resourceGroup } = useSession();
  const { name } = useParams();
  const path = listPath(subscriptionId, resourceGroup);
  const view = useDashboards(path);
  const list = view.data?.value ?? [];
  const shown = list.find((one) => one.name === name) ?? (name ? undefined : list[0]);
  return (
    <Page title={t('nav.dashboards')} actions={<Tools list={list} shown={shown} path={path} />}>
      <Await view={view} lines={8}>
        {({ value }) => {
          if (shown) return <Tiles key={shown.id} dashboard={shown} />;
          if (value.length > 0) return <EmptyState title={t('dashboards.gone')}><Link to="/dashboards">{t('dashboards.others')}</Link></EmptyState>;
          return <EmptyState title={t('dashboards.none')}>{t('dashboards.noneText')} <Link to="/logs">{t('nav.logs')}</Link></EmptyState>;
        }}
      </Await>
    </Page>
  );
}

function Tools({ list, shown, path }: { list: Dashboard[]; shown: Dashboard | undefined; path: string }) {
  const [adding, setAdding] = useState(false);
  const [renaming, setRenaming] = useState(false);
  const may = useMayPin();
  const [title, setTitle] = useState('');
  const navigate = useNavigate();
  const url = useUrlState();
  const busy = useIsFetching({ queryKey: [tilesKey] }) > 0;
  const create = async () => {
    const name = await createDashboard(path, title.trim());
    void navigate(dashboardPage(name));
  };
  return (
    <>
      {list.length > 0 && (
        <select className="text-input choose-dashboard" aria-label={t('dashboards.choose')} value={shown?.name ?? ''} onChange={(event) => void navigate(dashboardPage(event.target.value))}>
          {!shown && <option value="">{t('dashboards.choose')}</option>}
          {list.map((one) => <option key={one.id} value={one.name}>{titleOf(one)}</option>)}
        </select>
      )}
      {may && <button type="button" className="plain-button" onClick={() => { setTitle(''); setAdding(true); }}>{t('dashboards.new')}</button>}
      {shown && (
        <>
          <TimePicker timespan={timeOf(url)} own={t('dashboards.own')} onChange={(timespan) => url.set({ ts: timespan })} />
          <select className="text-input" aria-label={t('dashboards.every')} value={url.get('every') || '0'} onChange={(event) => url.set({ every: event.target.value === '0' ? null : event.target.value })}>
            <option value="0">{t('dashboards.byHand')}</option>
            {[1, 5, 15].map((minutes) => <option key={minutes} value={minutes}>{t('dashboards.minutes', { n: minutes })}</option>)}
          </select>
          <button type="button" className="plain-button" disabled={busy} onClick={() => void queryClient.invalidateQueries({ queryKey: [tilesKey] })}>{t('action.refresh')}</button>
          {may && <button type="button" className="plain-button" aria-label={t('dashboards.renameOne')} onClick={() => setRenaming(true)}>{t('dashboards.rename')}</button>}
          {may && <RemoveButton name={titleOf(shown)} text={t('dashboards.removeText')} onRemove={async () => { await removeDashboard(shown); void navigate('/dashboards'); }} />}
          {renaming && <RenameDialog label={t('dashboards.name')} title={titleOf(shown)} onSave={(name) => renameDashboard(shown.id, name)} onClose={() => setRenaming(false)} />}
        </>
      )}
      {adding && (
        <FormModal title={t('dashboards.new')} submit={t('action.add')} onSubmit={create} onClose={() => setAdding(false)}>
          <TextField label={t('dashboards.name')} required value={title} onChange={setTitle} />
        </FormModal>
      )}
    </>
  );
}

/** What the reader chose for the whole dashboard; nothing where each tile has its own. */
const timeOf = (url: UrlState): string => (url.get('ts') ? readTimespan(url.get('ts')) : '');

const inTime = (content: TileContent, url: UrlState): TileContent => ({ ...content, timespan: timeOf(url) || content.timespan });

const isWide = ({ position }: Part): boolean => position.colSpan > 6;
const isHigh = ({ position }: Part): boolean => position.rowSpan > 4;

function Tiles({ dashboard }: { dashboard: Dashboard }) {
  const { workspace } = useSession();
  const url = useUrlState();
  const may = useMayPin();
  const every = Number(url.get('every')) || 0;
  const parts = partsOf(dashboard);
  if (parts.length === 0) return <EmptyState title={t('dashboards.noTiles')}>{t('dashboards.noTilesText')} <Link to="/logs">{t('nav.logs')}</Link></EmptyState>;
  return (
    <div className="dashboard">
      {parts.map((part, at) => (
        <section key={part.metadata.id} className={`section tile${isWide(part) ? ' wide' : ''}${isHigh(part) ? ' high' : ''}`} aria-label={part.metadata.title}>
          <div className="section-head">
            <h2>{part.metadata.title}</h2>
            {may && <TileMenu dashboard={dashboard} part={part} at={at} last={parts.length - 1} />}
          </div>
          <div className="tile-body">{workspace && <TileBody workspace={workspace.customerId} content={inTime(part.metadata, url)} every={every} />}</div>
          <TileFoot content={inTime(part.metadata, url)} />
        </section>
      ))}
    </div>
  );
}

function TileMenu({ dashboard, part, at, last }: { dashboard: Dashboard; part: Part; at: number; last: number }) {
  const { title, id } = part.metadata;
  const [renaming, setRenaming] = useState(false);
  const change = (how: (parts: Part[]) => Part[]) => changeParts(dashboard.id, how);
  const indexIn = (parts: Part[]) => parts.findIndex(({ metadata }) => metadata.id === id);
  const move = (by: number) => act(() => change((parts) => moved(parts, indexIn(parts), indexIn(parts) + by)), t('dashboards.saved'));
  const replace = (how: (now: Part) => Part) => change((parts) => parts.map((one) => (one.metadata.id === id ? how(one) : one)));
  const [wide, high] = [isWide(part), isHigh(part)];
  const resize = (size: Partial<Part['position']>) => act(() => replace((now) => ({ ...now, position: { ...now.position, ...size } })), t('dashboards.saved'));
  const remove = () => act(() => change((parts) => parts.filter(({ metadata }) => metadata.id !== id)), t('action.removed', { name: title }));
  return (
    <>
      <Menu>
        <MenuTrigger disableButtonEnhancement>
          <Button appearance="subtle" size="small" icon={<MoreHorizontalRegular />} aria-label={t('dashboards.tileMenu', { name: title })} />
        </MenuTrigger>
        <MenuPopover>
          <MenuList>
            <MenuItem disabled={at === 0} onClick={() => void move(-1)}>{t('dashboards.earlier')}</MenuItem>
            <MenuItem disabled={at === last} onClick={() => void move(1)}>{t('dashboards.later')}</MenuItem>
            <MenuItem onClick={() => void resize({ colSpan: wide ? 6 : 12 })}>{wide ? t('dashboards.narrow') : t('dashboards.wide')}</MenuItem>
            <MenuItem onClick={() => void resize({ rowSpan: high ? 4 : 8 })}>{high ? t('dashboards.lower') : t('dashboards.higher')}</MenuItem>
            <MenuItem onClick={() => setRenaming(true)}>{t('dashboards.rename')}</MenuItem>
            <MenuDivider />
            <MenuItem onClick={() => void remove()}>{t('action.remove')}</MenuItem>
          </MenuList>
        </MenuPopover>
      </Menu>
      {renaming && <RenameDialog label={t('logs.tileTitle')} title={title} onSave={(name) => replace((now) => ({ ...now, metadata: { ...now.metadata, title: name } }))} onClose={() => setRenaming(false)} />}
    </>
  );
}

function RenameDialog({ label, title: first, onSave, onClose }: { label: string; title: string; onSave: (title: string) => Promise<void>; onClose: () => void }) {
  const [title, setTitle] = useState(first);
  return (
    <FormModal title={t('dashboards.rename')} submit={t('action.save')} onSubmit={() => onSave(title.trim())} onClose={onClose}>
      <TextField label={label} required value={title} onChange={setTitle} />
    </FormModal>
  );
}
