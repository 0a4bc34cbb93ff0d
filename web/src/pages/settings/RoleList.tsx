// SPDX-License-Identifier: Apache-2.0
import { useMemo, useState } from 'react';
import { send } from '../../api/http';
import { apiVersions, newGuid, providerPath, versioned } from '../../api/paths';
import type { List } from '../../api/types';
import type { Client, Group, RoleAssignment, RoleDefinition, User } from '../../api/settings_types';
import { refresh, useView } from '../../app/query';
import { useSession } from '../../app/session';
import { SelectField } from '../../components/Fields';
import { FormModal } from '../../components/Modal';
import { Await } from '../../components/States';
import { t } from '../../i18n/t';
import { nothingYet, RemoveButton, Table } from './parts';
import { useArm } from './useArm';
import { ScopeName, useScopes } from './useScopes';

interface Principal {
  id: string;
  name: string;
  type: string;
}

function usePrincipals(): Principal[] {
  const users = useView<List<User>>('/api/v1/users', { top: 500 }).data?.value;
  const groups = useView<List<Group>>('/api/v1/groups', { top: 500 }).data?.value;
  const clients = useView<List<Client>>('/api/v1/clients', { top: 500 }).data?.value;
  return useMemo(() => [
    ...(users ?? []).map(({ id, name, displayName }) => ({ id, name: displayName || name, type: 'User' })),
    ...(groups ?? []).map(({ id, name }) => ({ id, name, type: 'Group' })),
    ...(clients ?? []).map(({ id, displayName }) => ({ id, name: displayName, type: 'ServicePrincipal' })),
  ], [users, groups, clients]);
}

const lastPart = (id: string): string => id.slice(id.lastIndexOf('/') + 1);

export function RoleList() {
  const { subscriptionId } = useSession();
  const path = providerPath(subscriptionId, 'Microsoft.Authorization/roleAssignments');
  const view = useArm<RoleAssignment>(path, apiVersions.authorization);
  const definitions = useArm<RoleDefinition>(providerPath(subscriptionId, 'Microsoft.Authorization/roleDefinitions'), apiVersions.authorization);
  const principals = usePrincipals();
  const [adding, setAdding] = useState(false);
  const roles = definitions.data?.value ?? [];
  const roleName = (id: string) => roles.find((role) => lastPart(role.id).toLowerCase() === lastPart(id).toLowerCase())?.properties.roleName ?? lastPart(id);
  const principalName = (id: string) => principals.find((principal) => principal.id.toLowerCase() === id.toLowerCase())?.name ?? id;
  return (
    <>
      <div className="tab-toolbar"><button type="button" className="plain-button" onClick={() => setAdding(true)}>{t('roles.add')}</button></div>
      <Await view={view}>
        {({ value }) => (
          <Table
            label={t('users.roles')} rows={value} rowKey={(row) => row.id} empty={nothingYet(t('roles.none'), '')}
            heads={[t('roles.who'), t('roles.role'), t('exempt.scope')]}
            cells={({ id, properties }) => [
              principalName(properties.principalId), roleName(properties.roleDefinitionId), <ScopeName key="s" id={properties.scope} />,
              <RemoveButton key="r" name={`${principalName(properties.principalId)}: ${roleName(properties.roleDefinitionId)}`} onRemove={() => send('DELETE', versioned(id, apiVersions.authorization)).then(() => refresh('/subscriptions', '/api/v1/users'))} />,
            ]}
          />
        )}
      </Await>
      {adding && <RoleForm roles={roles} principals={principals} onClose={() => setAdding(false)} />}
    </>
  );
}

interface FormProps {
  roles: { id: string; properties: RoleDefinition }[];
  principals: Principal[];
  onClose: () => void;
}

function RoleForm({ roles, principals, onClose }: FormProps) {
  const scopes = useScopes();
  const [principalId, setPrincipal] = useState(principals[0]?.id ?? '');
  const [roleDefinitionId, setRole] = useState(roles[0]?.id ?? '');
  const [scope, setScope] = useState(scopes[0]?.id ?? '');
  const principal = principals.find(({ id }) => id === principalId);
  const submit = async () => {
    const path = `${scope}/providers/Microsoft.Authorization/roleAssignments/${newGuid()}`;
    await send('PUT', versioned(path, apiVersions.authorization), { properties: { roleDefinitionId, principalId, principalType: principal?.type } });
    void refresh('/subscriptions', '/api/v1/users');
  };
  return (
    <FormModal title={t('roles.add')} submit={t('action.add')} onSubmit={submit} onClose={onClose}>
      <SelectField label={t('roles.who')} value={principalId} onChange={setPrincipal} choices={principals.map(({ id, name, type }) => ({ value: id, title: `${name} (${type})` }))} />
      <SelectField
        label={t('roles.role')} value={roleDefinitionId} onChange={setRole} choices={roles.map(({ id, properties }) => ({ value: id, title: properties.roleName }))}
        hint={roles.find(({ id }) => id === roleDefinitionId)?.properties.description}
      />
      <SelectField label={t('exempt.scope')} value={scope} onChange={setScope} choices={scopes.map(({ id, title }) => ({ value: id, title }))} />
    </FormModal>
  );
}
