// SPDX-License-Identifier: Apache-2.0
import { useUrlState } from '../../app/urlState';
import { Page } from '../../components/Page';
import { Tabs } from '../../components/Tabs';
import { t } from '../../i18n/t';
import { ClientList } from './ClientList';
import { GroupList } from './GroupList';
import { RoleList } from './RoleList';
import { UserList } from './UserList';

export default function Users() {
  const url = useUrlState();
  const tab = url.get('tab') || 'users';
  const tabs = [
    { id: 'users', title: t('users.users') }, { id: 'groups', title: t('users.groups') },
    { id: 'clients', title: t('users.clients') }, { id: 'roles', title: t('users.roles') },
  ];
  return (
    <Page title={t('users.title')} subtitle={t('users.subtitle')}>
      <Tabs label={t('users.title')} tabs={tabs} current={tab} onChange={(id) => url.set({ tab: id === 'users' ? null : id }, true)}>
        {tab === 'users' && <UserList />}
        {tab === 'groups' && <GroupList />}
        {tab === 'clients' && <ClientList />}
        {tab === 'roles' && <RoleList />}
      </Tabs>
    </Page>
  );
}
