// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { send } from '../../api/http';
import type { List } from '../../api/types';
import type { RoleHeld, User } from '../../api/settings_types';
import { refresh, useView } from '../../app/query';
import { act } from '../../app/toast';
import { TextField } from '../../components/Fields';
import { FormModal } from '../../components/Modal';
import { Await } from '../../components/States';
import { StateLabel } from '../../components/Status';
import { Time } from '../../components/Text';
import { t } from '../../i18n/t';
import { nothingYet, RemoveButton, SecretModal, Table } from './parts';

const path = '/api/v1/users';

export function Roles({ roles }: { roles: RoleHeld[] }) {
  if (roles.length === 0) return <span className="muted">{t('users.noRole')}</span>;
  return <span title={roles.map(({ name, scope }) => `${name}: ${scope}`).join('\n')}>{[...new Set(roles.map(({ name }) => name))].join(', ')}</span>;
}

function Who({ user }: { user: User }) {
  return <>{user.displayName}{user.email && <div className="muted any-break">{user.email}</div>}</>;
}

export function UserList() {
  const view = useView<List<User>>(path, { top: 500 });
  const [editing, setEditing] = useState<User | 'new' | null>(null);
  const [link, setLink] = useState('');
  const showLink = async (user: User) => {
    await act(async () => setLink((await send<{ link: string }>('POST', `${path}/${user.id}/link`)).link), t('users.linkMade'));
  };
  return (
    <>
      <div className="tab-toolbar"><button type="button" className="plain-button" onClick={() => setEditing('new')}>{t('users.add')}</button></div>
      <Await view={view}>
        {({ value }) => (
          <Table
            label={t('users.users')} rows={value} rowKey={(row) => row.id} empty={nothingYet(t('users.none'), '')}
            heads={[t('users.name'), t('users.displayName'), t('users.roles'), t('users.state'), t('users.lastSignIn')]}
            cells={(row) => [
              <strong key="n">{row.name}</strong>, <Who key="w" user={row} />, <Roles key="r" roles={row.roles} />,
              <StateLabel key="s" tone={row.disabled ? 'off' : 'good'}>{row.disabled ? t('users.disabled') : t('users.enabled')}</StateLabel>,
              <Time key="t" at={row.lastSignIn} ago />,
              <span key="a" className="row-actions">
                <button type="button" className="plain-button" onClick={() => setEditing(row)}>{t('action.edit')}</button>
                {row.local && <button type="button" className="plain-button" onClick={() => void showLink(row)}>{t('users.link')}</button>}
                <DisableButton user={row} />
                <RemoveButton name={row.name} onRemove={() => send('DELETE', `${path}/${row.id}`).then(() => refresh(path))} />
              </span>,
            ]}
          />
        )}
      </Await>
      {editing && <UserForm user={editing === 'new' ? undefined : editing} onLink={setLink} onClose={() => setEditing(null)} />}
      {link && <SecretModal title={t('users.link')} text={t('users.linkText')} secret={link} onClose={() => setLink('')} />}
    </>
  );
}

function DisableButton({ user }: { user: User }) {
  const set = () =>
    act(() => send('PATCH', `${path}/${user.id}`, { disabled: !user.disabled }), t('users.saved')).then(() => refresh(path));
  return <button type="button" className="plain-button" onClick={() => void set()}>{user.disabled ? t('users.enable') : t('users.disable')}</button>;
}

function UserForm({ user, onLink, onClose }: { user?: User; onLink: (link: string) => void; onClose: () => void }) {
  const [name, setName] = useState(user?.name ?? '');
  const [displayName, setDisplayName] = useState(user?.displayName ?? '');
  const [email, setEmail] = useState(user?.email ?? '');
  const submit = async () => {
    if (user) await send('PATCH', `${path}/${user.id}`, { displayName, email });
    else onLink((await send<{ link: string }>('POST', path, { name, displayName, email })).link);
    void refresh(path);
  };
  return (
    <FormModal title={user ? t('users.editTitle', { name: user.name }) : t('users.add')} submit={t('action.save')} onSubmit={submit} onClose={onClose}>
      {!user && <p className="muted">{t('users.addText')}</p>}
      <TextField label={t('users.name')} required value={name} onChange={setName} disabled={user !== undefined} />
      <TextField label={t('users.displayName')} value={displayName} onChange={setDisplayName} />
      <TextField type="email" label={t('users.email')} value={email} onChange={setEmail} />
    </FormModal>
  );
}
