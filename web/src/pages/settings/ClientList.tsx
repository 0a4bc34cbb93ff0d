// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { send } from '../../api/http';
import type { List } from '../../api/types';
import type { Client } from '../../api/settings_types';
import { refresh, useView } from '../../app/query';
import { act } from '../../app/toast';
import { TextField } from '../../components/Fields';
import { FormModal } from '../../components/Modal';
import { Await } from '../../components/States';
import { t } from '../../i18n/t';
import { nothingYet, RemoveButton, SecretModal, Table } from './parts';
import { Roles } from './UserList';

const path = '/api/v1/clients';

/** Programs that sign in by client id and secret (OAuth2 client credentials). */
export function ClientList() {
  const view = useView<List<Client>>(path, { top: 500 });
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState('');
  const renew = (id: string) =>
    act(async () => setSecret((await send<Client>('POST', `${path}/${id}/secret`)).secret ?? ''), t('clients.renewed'));
  return (
    <>
      <div className="tab-toolbar"><button type="button" className="plain-button" onClick={() => setAdding(true)}>{t('clients.add')}</button></div>
      <Await view={view}>
        {({ value }) => (
          <Table
            label={t('users.clients')} rows={value} rowKey={(row) => row.id} empty={nothingYet(t('clients.none'), t('clients.noneText'))}
            heads={[t('users.displayName'), t('clients.id'), t('users.roles')]}
            cells={(row) => [
              row.displayName, <code key="c">{row.clientId}</code>, <Roles key="r" roles={row.roles} />,
              <span key="a" className="row-actions">
                <button type="button" className="plain-button" onClick={() => void renew(row.id)}>{t('clients.renew')}</button>
                <RemoveButton name={row.displayName} onRemove={() => send('DELETE', `${path}/${row.id}`).then(() => refresh(path))} />
              </span>,
            ]}
          />
        )}
      </Await>
      {adding && <ClientForm onSecret={setSecret} onClose={() => setAdding(false)} />}
      {secret && <SecretModal title={t('clients.secret')} text={t('tokens.once')} secret={secret} onClose={() => setSecret('')} />}
    </>
  );
}

function ClientForm({ onSecret, onClose }: { onSecret: (secret: string) => void; onClose: () => void }) {
  const [displayName, setDisplayName] = useState('');
  const submit = async () => {
    const client = await send<Client>('POST', path, { displayName });
    onSecret(client.secret ?? '');
    void refresh(path);
  };
  return (
    <FormModal title={t('clients.add')} submit={t('action.add')} onSubmit={submit} onClose={onClose}>
      <TextField label={t('users.displayName')} required value={displayName} onChange={setDisplayName} />
    </FormModal>
  );
}
