// SPDX-License-Identifier: Apache-2.0
import { useParams } from 'react-router';
import type { Host } from '../../api/host_types';
import { hostPath } from '../../api/paths';
import { useView } from '../../app/query';
import { useUrlState } from '../../app/urlState';
import { Page } from '../../components/Page';
import { totalOf } from '../../components/Severity';
import { Await } from '../../components/States';
import { HealthStatus } from '../../components/Status';
import { Tabs } from '../../components/Tabs';
import { Time } from '../../components/Text';
import { t } from '../../i18n/hosts';
import { HostActions } from './HostActions';
import { HostBenchmark } from './HostBenchmark';
import { HostContainers } from './HostContainers';
import { HostHistory } from './HostHistory';
import { HostImages } from './HostImages';
import { HostNetworks } from './HostNetworks';
import { HostNotes } from './HostNotes';
import { HostOverview } from './HostOverview';
import { HostVulnerabilities } from './HostVulnerabilities';
import { engineText, hostPackagesKey, HostStateLabel, Managed } from './parts';

export default function HostPage() {
  const { name = '' } = useParams();
  const view = useView<Host>(hostPath(name));
  const host = view.data;
  return (
    <Page
      title={host?.name ?? name} fill crumbs={[{ title: t('nav.containers'), to: '/containers' }, { title: t('kinds.host'), to: '/containers?kind=host' }]}
      subtitle={host && <Summary host={host} />} actions={host && <HostActions host={host} />}
    >
      <Await view={view} lines={8}>{(data) => <Content host={data} />}</Await>
    </Page>
  );
}

function Summary({ host }: { host: Host }) {
  return (
    <div className="summary">
      <span><HostStateLabel state={host.state} /> <span className="muted">{t('host.heard')} <Time at={host.lastHeard} ago /></span></span>
      <HealthStatus status={host.status || 'NotApplicable'} />
      <span>{engineText(host.engine)}</span>
      <span>{host.os}</span>
      <Managed management={host.management} />
    </div>
  );
}

/** What a tab keeps in the URL goes when another one is opened. */
const ofTab = { sort: null, q: null, control: null, status: null, severity: null, section: null, state: null, vulnerable: null, list: null, kind: null, from: null, to: null, columns: null, finding: null, image: null, category: null, patchable: null, kev: null, cvss: null };

function Content({ host }: { host: Host }) {
  const url = useUrlState();
  const tab = url.get('tab') || 'overview';
  const failed = host.benchmark?.counts.fail;
  const vulnerable = host.recommendations.find(({ key }) => key === hostPackagesKey);
  const tabs = [
    { id: 'overview', title: t('nav.overview') },
    { id: 'benchmark', title: t('host.benchmark'), count: failed },
    { id: 'containers', title: t('nav.containers'), count: host.containers },
    { id: 'images', title: t('overview.images'), count: host.images },
    { id: 'vulnerabilities', title: t('host.vulnerabilities'), count: vulnerable && totalOf(vulnerable.counts) },
    { id: 'networks', title: t('host.networks') },
    { id: 'history', title: t('host.history') },
  ];
  return (
    <>
      <HostNotes host={host} />
      <Tabs label={t('host.parts')} tabs={tabs} current={tab} fill onChange={(id) => url.set({ ...ofTab, tab: id === 'overview' ? null : id }, true)}>
        {tab === 'overview' && <HostOverview host={host} />}
        {tab === 'benchmark' && <HostBenchmark host={host} />}
        {tab === 'containers' && <HostContainers host={host} />}
        {tab === 'images' && <HostImages host={host} />}
        {tab === 'vulnerabilities' && <HostVulnerabilities host={host} />}
        {tab === 'networks' && <HostNetworks host={host} />}
        {tab === 'history' && <HostHistory host={host} />}
      </Tabs>
    </>
  );
}
