// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { send } from '../../api/http';
import { apiVersions, providerPath, versioned } from '../../api/paths';
import type { Channel, Resource } from '../../api/settings_types';
import { refresh } from '../../app/query';
import { useSession } from '../../app/session';
import { ChecksField, SelectField, SwitchField, TextField, words } from '../../components/Fields';
import { FormModal } from '../../components/Modal';
import { t, tData } from '../../i18n/t';

const events = ['NewRecommendation', 'NewFinding', 'ScanFailed'];

const fresh: Channel = {
  kind: 'Webhook', enabled: true, url: '', host: '', port: 587, security: 'StartTls', username: '', from: '', to: [],
  events: ['NewRecommendation', 'NewFinding'], minimumSeverity: 'High',
};

/** Only what the kind uses; secrets left empty keep the stored ones. */
export function channelOf(draft: Channel): Channel {
  const { kind, enabled, events: told, minimumSeverity } = draft;
  const common = { kind, enabled, events: told, minimumSeverity };
  if (kind === 'Webhook') return { ...common, url: draft.url, secret: draft.secret || undefined };
  const { host, port, security, username, password, from, to } = draft;
  return { ...common, host, port, security, username: username || undefined, password: password || undefined, from, to };
}

export function ChannelForm({ channel, onClose }: { channel?: Resource<Channel>; onClose: () => void }) {
  const { subscriptionId } = useSession();
  const [name, setName] = useState(channel?.name ?? '');
  const [draft, setDraft] = useState<Channel>({ ...fresh, ...channel?.properties });
  const put = <Key extends keyof Channel>(key: Key) => (value: Channel[Key]) => setDraft((now) => ({ ...now, [key]: value }));
  const submit = async () => {
    const path = providerPath(subscriptionId, `Bulwark.Security/notificationChannels/${encodeURIComponent(name)}`);
    await send('PUT', versioned(path, apiVersions.bulwark), { properties: channelOf(draft) });
    void refresh('/subscriptions', '/api/v1/overview');
  };
  return (
    <FormModal title={channel ? t('notifications.edit') : t('notifications.add')} submit={t('action.save')} onSubmit={submit} onClose={onClose}>
      <TextField label={t('notifications.name')} required value={name} onChange={setName} pattern="[A-Za-z0-9_\-]{2,50}" hint={t('rule.nameHint')} disabled={channel !== undefined} />
      <SelectField
        label={t('notifications.kind')} value={draft.kind} onChange={(value) => put('kind')(value as Channel['kind'])}
        choices={['Webhook', 'Email'].map((value) => ({ value, title: tData('channelKind', value) }))}
      />
      {draft.kind === 'Webhook' ? <WebhookFields draft={draft} put={put} /> : <EmailFields draft={draft} put={put} />}
      <ChecksField label={t('notifications.events')} choices={events.map((value) => ({ value, title: tData('notify', value) }))} value={draft.events} onChange={put('events')} />
      <SelectField
        label={t('notifications.minimum')} value={draft.minimumSeverity} onChange={put('minimumSeverity')}
        choices={['Critical', 'High', 'Medium', 'Low'].map((value) => ({ value, title: tData('severity', value) }))}
      />
      <SwitchField label={t('notifications.enabled')} value={draft.enabled} onChange={put('enabled')} />
    </FormModal>
  );
}

interface FieldProps {
  draft: Channel;
  put: <Key extends keyof Channel>(key: Key) => (value: Channel[Key]) => void;
}

function WebhookFields({ draft, put }: FieldProps) {
  return (
    <>
      <TextField type="url" label={t('notifications.url')} required value={draft.url ?? ''} onChange={put('url')} />
      <TextField type="password" label={t('notifications.secret')} hint={t('notifications.secretHint')} value={draft.secret ?? ''} onChange={put('secret')} autoComplete="new-password" />
    </>
  );
}

function EmailFields({ draft, put }: FieldProps) {
  const [to, setTo] = useState((draft.to ?? []).join(', '));
  return (
    <>
      <TextField label={t('notifications.host')} required value={draft.host ?? ''} onChange={put('host')} />
      <TextField type="number" label={t('notifications.port')} required value={String(draft.port ?? 587)} onChange={(value) => put('port')(Number(value))} />
      <SelectField
        label={t('notifications.security')} value={draft.security ?? 'StartTls'} onChange={put('security')}
        choices={['StartTls', 'Tls', 'None'].map((value) => ({ value, title: tData('smtp', value) }))}
      />
      <TextField label={t('registry.username')} value={draft.username ?? ''} onChange={put('username')} />
      <TextField type="password" label={t('registry.password')} hint={t('registry.passwordKept')} value={draft.password ?? ''} onChange={put('password')} autoComplete="new-password" />
      <TextField type="email" label={t('notifications.from')} required value={draft.from ?? ''} onChange={put('from')} />
      <TextField
        label={t('notifications.to')} hint={t('rule.listHint')} required value={to}
        onChange={(value) => {
          setTo(value);
          put('to')(words(value));
        }}
      />
    </>
  );
}
