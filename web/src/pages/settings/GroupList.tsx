// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { send } from '../../api/http';
import type { List } from '../../api/types';
import type { Group, User } from '../../api/settings_types';
import { refresh, useView } from '../../app/query';
import { ChecksField, TextField } from '../../components/Fields';
import { FormModal } from '../../components/Modal';
import { Await } from '../../components/States';
import { t } from '../../i18n/t';
import { nothingYet, RemoveButton, Table } from './parts';

const path = '/api/v1/groups';

export function GroupList() {
  const view = useView<List<Group>>(path, { top: 500 });
  const users = useView<List<User>>('/api/v1/users', { top: 500 });
  const [editing, setEditing] = useState<Group | 'new' | null>(null);
  const names = new Map((users.data?.value ?? []).map(({ id, name }) => [id, name]));
  return (
    <>
      <div className="tab-toolbar"><button type="button" className="plain-button" onClick={() => setEditing('new')}>{t('groups.add')}</button></div>
      <Await view={view}>
        {({ value }) => (
          <Table
            label={t('users.groups')} rows={value} rowKey={(row) => row.id} empty={nothingYet(t('groups.none'), t('groups.noneText'))}
            heads={[t('groups.name'), t('groups.members')]}
            cells={(row) => [
              row.name, row.members.map((id) => names.get(id) ?? id).join(', '),
              <span key="a" className="row-actions">
                <button type="button" className="plain-button" onClick={() => setEditing(row)}>{t('action.edit')}</button>
                <RemoveButton name={row.name} onRemove={() => send('DELETE', `${path}/${row.id}`).then(() => refresh(path))} />
              </span>,
            ]}
          />
        )}
      </Await>
      {editing && <GroupForm group={editing === 'new' ? undefined : editing} users={users.data?.value ?? []} onClose={() => setEditing(null)} />}
    </>
  );
}

function GroupForm({ group, users, onClose }: { group?: Group; users: User[]; onClose: () => void }) {
  const [name, setName] = useState(group?.name ?? '');
  const [members, setMembers] = useState(group?.members ?? []);
  const submit = async () => {
    if (group) await send('PATCH', `${path}/${group.id}`, { name, members });
    else await send('POST', path, { name, members });
    void refresh(path);
  };
  return (
    <FormModal title={group ? t('groups.editTitle', { name: group.name }) : t('groups.add')} submit={t('action.save')} onSubmit={submit} onClose={onClose}>
      <TextField label={t('groups.name')} required value={name} onChange={setName} />
      <ChecksField label={t('groups.members')} choices={users.map((user) => ({ value: user.id, title: user.displayName || user.name }))} value={members} onChange={setMembers} />
    </FormModal>
  );
}
