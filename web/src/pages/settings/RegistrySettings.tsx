// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { send } from '../../api/http';
import { apiVersions, registriesId, registryPage, versioned } from '../../api/paths';
import type { List, RegistryRow } from '../../api/types';
import type { ConnectionTest, RegistryProperties, Resource } from '../../api/settings_types';
import { refresh, useView } from '../../app/query';
import { useSession } from '../../app/session';
import { toastError } from '../../app/toast';
import { useUrlState } from '../../app/urlState';
import { Page } from '../../components/Page';
import { Await } from '../../components/States';
import { StateLabel } from '../../components/Status';
import { t, tData } from '../../i18n/t';
import { RegistryState } from '../registries/Registries';
import { RemoveButton, Table, nothingYet } from './parts';
import { RegistryForm } from './RegistryForm';
import { WebhookModal } from './WebhookModal';
import { useArm } from './useArm';
import { Link } from 'react-router';

type Stored = Resource<RegistryProperties>;

export default function RegistrySettings() {
  const { subscriptionId, resourceGroup, capabilities } = useSession();
  const url = useUrlState();
  const view = useArm<RegistryProperties>(registriesId(subscriptionId, resourceGroup), apiVersions.registries);
  const editing = view.data?.value.find(({ name }) => name === url.get('edit'));
  const close = () => url.set({ new: null, edit: null });
  return (
    <Page
      title={t('nav.registries')} subtitle={t('registrySettings.subtitle')}
      actions={capabilities.write && <button type="button" className="plain-button" onClick={() => url.set({ new: '1' }, true)}>{t('registry.add')}</button>}
    >
      <Await view={view}>{({ value }) => <Registries rows={value} onEdit={(name) => url.set({ edit: name }, true)} />}</Await>
      {(url.get('new') || editing) && <RegistryForm key={editing?.name ?? ''} registry={editing} onClose={close} />}
    </Page>
  );
}

function Registries({ rows, onEdit }: { rows: Stored[]; onEdit: (name: string) => void }) {
  const states = useView<List<RegistryRow>>('/api/v1/registries', { top: 200 });
  const byName = new Map((states.data?.value ?? []).map((row) => [row.name, row]));
  return (
    <Table
      label={t('nav.registries')} rows={rows} rowKey={(row) => row.id} empty={nothingYet(t('empty.registries'), t('empty.registriesText'))}
      heads={[t('registry.name'), t('registry.url'), t('registry.kind'), t('registry.state')]}
      cells={(row) => [
        <Link key="n" to={registryPage(row.name)}>{row.name}</Link>,
        <span key="u" className="any-break">{row.properties.loginServer}</span>,
        tData('registryKind', row.properties.kind ?? 'Other'),
        byName.has(row.name) ? <RegistryState key="s" row={byName.get(row.name)!} /> : '',
        <Actions key="a" row={row} onEdit={() => onEdit(row.name)} />,
      ]}
    />
  );
}

function Actions({ row, onEdit }: { row: Stored; onEdit: () => void }) {
  const { capabilities } = useSession();
  const [webhook, setWebhook] = useState(false);
  const remove = async () => {
    await send('DELETE', versioned(row.id, apiVersions.registries));
    await refresh('/api/v1/', '/subscriptions');
  };
  return (
    <span className="row-actions">
      <button type="button" className="plain-button" onClick={() => setWebhook(true)}>{t('webhook.button')}</button>
      {capabilities.write && (
        <>
          <TestButton id={row.id} />
          <button type="button" className="plain-button" onClick={onEdit}>{t('action.edit')}</button>
          <RemoveButton name={row.name} text={t('registry.removeText')} onRemove={remove} />
        </>
      )}
      {webhook && <WebhookModal registry={row} onClose={() => setWebhook(false)} />}
    </span>
  );
}

/** Tries what is stored, or what a form holds. */
export function TestButton({ id, properties }: { id: string; properties?: () => RegistryProperties }) {
  const [answer, setAnswer] = useState<ConnectionTest | null>(null);
  const [busy, setBusy] = useState(false);
  const test = async () => {
    setBusy(true);
    setAnswer(null);
    try {
      const body = properties ? { properties: properties() } : undefined;
      setAnswer(await send<ConnectionTest>('POST', versioned(`${id}/testConnection`, apiVersions.registries), body));
    } catch (error) {
      toastError(error);
    }
    setBusy(false);
  };
  const good = answer?.reachable && answer.versionTwo && answer.authenticated;
  return (
    <>
      <button type="button" className="plain-button" disabled={busy} onClick={() => void test()}>{t('registry.test')}</button>
      <span role="status">{answer && <StateLabel tone={good ? (answer.catalog ? 'good' : 'warn') : 'bad'}>{answer.message || t('registry.testGood')}</StateLabel>}</span>
    </>
  );
}
