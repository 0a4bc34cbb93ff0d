// SPDX-License-Identifier: Apache-2.0
// Everything that holds or runs containers in one list; beside it the running containers whose images are vulnerable.
import { Link } from 'react-router';
import { useSession } from '../../app/session';
import { useUrlState } from '../../app/urlState';
import { Page } from '../../components/Page';
import { Tabs } from '../../components/Tabs';
import { t } from '../../i18n/hosts';
import { Assets } from './Assets';
import { RunningImages } from './RunningImages';

/** What a view keeps in the URL goes when the other one is opened. */
const ofView = { sort: null, q: null, kind: null, severity: null, host: null };

export default function Containers() {
  const url = useUrlState();
  const { capabilities } = useSession();
  const view = url.get('view') === 'running' ? 'running' : 'assets';
  const tabs = [{ id: 'assets', title: t('containers.assets') }, { id: 'running', title: t('containers.running') }];
  return (
    <Page
      title={t('nav.containers')} subtitle={t('containers.subtitle')} fill
      actions={
        <>
          {capabilities.addHosts && <Link className="plain-button" to="/hosts/add">{t('host.add')}</Link>}
          {capabilities.write && <Link className="plain-button" to="/settings/registries?new=1">{t('registry.add')}</Link>}
        </>
      }
    >
      <Tabs label={t('containers.views')} name="view" tabs={tabs} current={view} fill onChange={(id) => url.set({ ...ofView, view: id === 'assets' ? null : id }, true)}>
        {view === 'running' ? <RunningImages /> : <Assets />}
      </Tabs>
    </Page>
  );
}
