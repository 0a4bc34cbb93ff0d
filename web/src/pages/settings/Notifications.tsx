// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { send } from '../../api/http';
import { apiVersions, providerPath, versioned } from '../../api/paths';
import type { Channel, Resource } from '../../api/settings_types';
import { refresh } from '../../app/query';
import { useSession } from '../../app/session';
import { act } from '../../app/toast';
import { useUrlState } from '../../app/urlState';
import { Page } from '../../components/Page';
import { Await } from '../../components/States';
import { StateLabel } from '../../components/Status';
import { t, tData } from '../../i18n/t';
import { ChannelForm } from './ChannelForm';
import { nothingYet, RemoveButton, Table } from './parts';
import { useArm } from './useArm';

export default function Notifications() {
  const { subscriptionId, capabilities } = useSession();
  const url = useUrlState();
  const view = useArm<Channel>(providerPath(subscriptionId, 'Bulwark.Security/notificationChannels'), apiVersions.bulwark);
  const [editing, setEditing] = useState<Resource<Channel> | null>(null);
  const close = () => {
    setEditing(null);
    url.set({ new: null });
  };
  return (
    <Page
      title={t('notifications.title')} subtitle={t('notifications.subtitle')}
      actions={capabilities.write && <button type="button" className="plain-button" onClick={() => url.set({ new: '1' }, true)}>{t('notifications.add')}</button>}
    >
      <Await view={view}>
        {({ value }) => (
          <Table
            label={t('notifications.title')} rows={value} rowKey={(row) => row.id} empty={nothingYet(t('notifications.none'), t('notifications.noneText'))}
            heads={[t('notifications.name'), t('notifications.kind'), t('notifications.to'), t('notifications.events'), t('notifications.minimum'), t('users.state')]}
            cells={(row) => cells(row, capabilities.write, () => setEditing(row))}
          />
        )}
      </Await>
      {(editing || url.get('new')) && <ChannelForm channel={editing ?? undefined} onClose={close} />}
    </Page>
  );
}

function cells(row: Resource<Channel>, write: boolean, onEdit: () => void) {
  // What a configuration file left out has the hub's defaults.
  const { kind, url, to, events, minimumSeverity = 'High', enabled = true } = row.properties;
  const test = () =>
    act(async () => {
      const { sent, message } = await send<{ sent: boolean; message: string }>('POST', versioned(`${row.id}/test`, apiVersions.bulwark));
      if (!sent) throw new Error(message);
    }, t('notifications.tested'));
  return [
    row.name, tData('channelKind', kind), <span key="t" className="any-break">{kind === 'Email' ? (to ?? []).join(', ') : url}</span>,
    events.map((event) => tData('notify', event)).join(', '), tData('severity', minimumSeverity),
    <StateLabel key="s" tone={enabled ? 'good' : 'off'}>{enabled ? t('plans.on') : t('plans.off')}</StateLabel>,
    write ? (
      <span key="a" className="row-actions">
        <button type="button" className="plain-button" onClick={() => void test()}>{t('notifications.test')}</button>
        <button type="button" className="plain-button" onClick={onEdit}>{t('action.edit')}</button>
        <RemoveButton name={row.name} onRemove={() => send('DELETE', versioned(row.id, apiVersions.bulwark)).then(() => refresh('/subscriptions'))} />
      </span>
    ) : '',
  ];
}
