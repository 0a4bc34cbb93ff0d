// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { send } from '../../api/http';
import { apiVersions, registryId, versioned } from '../../api/paths';
import type { RegistryKind, RegistryProperties, Resource } from '../../api/settings_types';
import { refresh } from '../../app/query';
import { useSession } from '../../app/session';
import { toast } from '../../app/toast';
import { AreaField, SelectField, SwitchField, TextField, words } from '../../components/Fields';
import { FormModal } from '../../components/Modal';
import { t, tData } from '../../i18n/t';
import { TestButton } from './RegistrySettings';

const kinds: RegistryKind[] = ['AzureContainerRegistry', 'Distribution', 'DockerHub', 'GitHub', 'Harbor', 'Other'];

interface Draft {
  name: string;
  loginServer: string;
  kind: RegistryKind;
  username: string;
  password: string;
  repositories: string;
  pollMinutes: string;
  plainHttp: boolean;
  scanEnabled: boolean;
  caCertificate: string;
}

function draftOf(registry: Resource<RegistryProperties> | undefined): Draft {
  const properties = registry?.properties;
  return {
    name: registry?.name ?? '',
    loginServer: properties?.loginServer ?? '',
    kind: properties?.kind ?? 'Distribution',
    username: properties?.username ?? '',
    password: '',
    repositories: (properties?.repositories ?? []).join('\n'),
    pollMinutes: String(properties?.pollMinutes ?? 5),
    plainHttp: properties?.plainHttp ?? false,
    scanEnabled: properties?.scanEnabled ?? true,
    caCertificate: properties?.caCertificate ?? '',
  };
}

/** A password left empty keeps the stored one. */
export function propertiesOf(draft: Draft): RegistryProperties {
  return {
    loginServer: draft.loginServer.trim(),
    kind: draft.kind,
    username: draft.username || undefined,
    password: draft.password || undefined,
    repositories: words(draft.repositories),
    pollMinutes: Number(draft.pollMinutes) || 0,
    plainHttp: draft.plainHttp,
    scanEnabled: draft.scanEnabled,
    caCertificate: draft.caCertificate || undefined,
  };
}

export function RegistryForm({ registry, onClose }: { registry?: Resource<RegistryProperties>; onClose: () => void }) {
  const { subscriptionId, resourceGroup } = useSession();
  const [draft, setDraft] = useState(() => draftOf(registry));
  const put = <Key extends keyof Draft>(key: Key) => (value: Draft[Key]) => setDraft((now) => ({ ...now, [key]: value }));
  const id = registryId(subscriptionId, resourceGroup, draft.name || 'new');
  const submit = async () => {
    await send('PUT', versioned(id, apiVersions.registries), {
      location: registry?.location ?? 'local', sku: { name: 'Standard' }, tags: registry?.tags, properties: propertiesOf(draft),
    });
    toast(t('registry.saved', { name: draft.name }));
    await refresh('/api/v1/', '/subscriptions');
  };
  return (
    <FormModal
      title={registry ? t('registry.editTitle', { name: registry.name }) : t('registry.add')} submit={t('action.save')} onSubmit={submit} onClose={onClose}
      extra={<TestButton id={id} properties={() => propertiesOf(draft)} />}
    >
      <TextField label={t('rule.name')} hint={t('registry.nameHint')} required value={draft.name} onChange={put('name')} pattern="[A-Za-z0-9][A-Za-z0-9\-]{1,49}" disabled={registry !== undefined} />
      <SelectField label={t('registry.kind')} value={draft.kind} onChange={(value) => put('kind')(value as RegistryKind)} choices={kinds.map((value) => ({ value, title: tData('registryKind', value) }))} />
      <TextField label={t('registry.url')} hint={t('registry.urlHint')} placeholder="registry.example.com" required value={draft.loginServer} onChange={put('loginServer')} />
      <TextField label={t('registry.username')} value={draft.username} onChange={put('username')} />
      <TextField type="password" label={t('registry.password')} hint={registry ? t('registry.passwordKept') : t('registry.passwordHint')} value={draft.password} onChange={put('password')} autoComplete="new-password" />
      <AreaField label={t('registry.only')} hint={t('registry.onlyHint')} value={draft.repositories} onChange={put('repositories')} />
      <TextField type="number" min="0" label={t('registry.pollEvery')} hint={t('registry.pollHint')} value={draft.pollMinutes} onChange={put('pollMinutes')} />
      <SwitchField label={t('registry.scanEnabled')} value={draft.scanEnabled} onChange={put('scanEnabled')} />
      <SwitchField label={t('registry.plainHttp')} hint={t('registry.plainHttpHint')} value={draft.plainHttp} onChange={put('plainHttp')} />
      <AreaField label={t('registry.ca')} hint={t('registry.caHint')} value={draft.caCertificate} onChange={put('caCertificate')} />
    </FormModal>
  );
}
