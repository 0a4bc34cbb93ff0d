// SPDX-License-Identifier: Apache-2.0
import { Link } from 'react-router';
import { recommendationPage } from '../../api/paths';
import type { ControlCounts, Host, HostRecommendation } from '../../api/host_types';
import { Facts, Section } from '../../components/Page';
import { Severity, SeverityCounts } from '../../components/Severity';
import { HealthStatus, StateLabel } from '../../components/Status';
import { Time } from '../../components/Text';
import { formatBytes, formatNumber, formatPercent } from '../../i18n/format';
import { t, tData } from '../../i18n/hosts';
import { labelsText } from '../shared/labels';
import { hostConfigurationKey, TakeAction, whyNotAssessed } from './parts';
import { SectionBars } from './SectionBars';

export function HostOverview({ host }: { host: Host }) {
  return (
    <div className="tab-scroll" tabIndex={0} role="region" aria-label={t('nav.overview')}>
      <div className="tiles wide">
        <Section title={t('host.benchmark')} actions={<Link to="?tab=benchmark&status=fail">{t('host.showFailed')}</Link>}><BenchmarkSummary host={host} /></Section>
        <Section title={t('nav.recommendations')}><Recommendations host={host} /></Section>
        <Section title={t('host.machine')}><Machine host={host} /></Section>
        <Section title={t('host.engine')}><Engine host={host} /></Section>
        <Section title={t('host.agent')}><Agent host={host} /></Section>
      </div>
    </div>
  );
}

function BenchmarkSummary({ host }: { host: Host }) {
  const { benchmark } = host;
  if (!benchmark?.assessed) return <p className="muted">{whyNotAssessed(host) || t('host.notAssessed')}</p>;
  const { counts } = benchmark;
  const nothing = counts.pass + counts.fail === 0 && whyNotAssessed(host);
  return (
    <>
      <p>
        {nothing || <><span className="big-number">{passShare(counts)}</span> <span className="muted">{t('host.passed', { pass: formatNumber(counts.pass), n: counts.pass + counts.fail })}</span></>}
      </p>
      <SectionBars sections={benchmark.sections} />
      <p className="muted">
        {t('host.assessedBy', { benchmark: `${tData('benchmark', benchmark.id)} ${benchmark.version}`, cause: causeText(benchmark.cause) })} <Time at={benchmark.assessed} ago />{benchmark.tookMs > 0 && ` · ${t('host.took', { ms: benchmark.tookMs })}`}
      </p>
    </>
  );
}

/** Of what could be judged: what is for a person to say, or could not be read, is neither. */
const passShare = ({ pass, fail }: ControlCounts): string => (pass + fail > 0 ? formatPercent(pass / (pass + fail)) : '–');

const causeText = (cause: string): string => tData('assessCause', cause);

function Recommendations({ host }: { host: Host }) {
  if (host.recommendations.length === 0) return <p className="muted">{t('host.noRecommendations')}</p>;
  return <ul className="plain-list host-recommendations">{host.recommendations.map((row) => <Recommendation key={row.key} row={row} query={host.failedRulesQuery} />)}</ul>;
}

function Recommendation({ row, query }: { row: HostRecommendation; query: string }) {
  return (
    <li>
      <Link to={recommendationPage(row.key)}>{row.title}</Link>
      <span className="summary"><HealthStatus status={row.status} /><Severity level={row.severity} /><SeverityCounts counts={row.counts} /></span>
      <span className="muted">{row.description || row.cause} {row.statusChanged && <>{t('recs.since')} <Time at={row.statusChanged} /></>}</span>
      {row.key === hostConfigurationKey && row.status === 'Unhealthy' && <TakeAction query={query} />}
    </li>
  );
}

function Machine({ host }: { host: Host }) {
  return (
    <Facts facts={[
      [t('host.resourceId'), <code key="r" className="wrap">{host.id}</code>], [t('host.group'), host.resourceGroup], [t('about.subscription'), host.subscriptionId], [t('host.location'), host.location],
      [t('image.os'), host.os], [t('host.kernel'), host.kernel], [t('host.architecture'), host.architecture], [t('host.cpus'), host.cpus > 0 ? formatNumber(host.cpus) : ''], [t('host.memory'), host.memoryBytes > 0 ? formatBytes(host.memoryBytes) : ''],
      [t('host.addresses'), host.addresses.join(', ')], [t('host.machineId'), host.machineId && <code key="m" className="wrap">{host.machineId}</code>],
      [t('image.labels'), labelsText(host.labels)],
      [t('host.management'), `${host.management.managed ? t('host.managedBy', { by: host.management.by }) : t('host.unmanaged')}${host.management.reason ? `: ${host.management.reason}` : ''}`],
    ]} />
  );
}

function Engine({ host: { engine, containers, runningContainers, images } }: { host: Host }) {
  const modes = [engine.rootless && t('engine.rootless'), engine.usernsRemap && t('engine.usernsRemap'), engine.swarm && t('engine.swarm')].filter(Boolean);
  return (
    <Facts facts={[
      [t('registry.kind'), tData('engine', engine.kind || 'none')], [t('about.version'), engine.version], [t('engine.api'), engine.apiVersion], [t('engine.storage'), engine.storageDriver],
      [t('engine.modes'), modes.join(', ')], [t('engine.error'), engine.error],
      [t('nav.containers'), t('host.runningOf', { running: formatNumber(runningContainers), all: formatNumber(containers) })], [t('overview.images'), formatNumber(images)],
    ]} />
  );
}

function Agent({ host }: { host: Host }) {
  const { agent } = host;
  return (
    <Facts facts={[
      [t('about.version'), agent.version], [t('agent.started'), agent.startedAt && <Time key="s" at={agent.startedAt} ago />], [t('agent.enrolled'), agent.enrolledAt && <Time key="e" at={agent.enrolledAt} />],
      [t('host.memory'), agent.residentBytes > 0 ? formatBytes(agent.residentBytes) : ''],
      [t('agent.cpu'), agent.cpuPercent === null ? '' : t('agent.cpuText', { percent: `${agent.cpuPercent.toFixed(2)}%`, seconds: agent.cpuSeconds.toFixed(0) })],
      [t('agent.spool'), agent.spoolMessages > 0 ? t('agent.spoolText', { n: agent.spoolMessages, size: formatBytes(agent.spoolBytes) }) : t('agent.spoolEmpty')],
      [t('agent.lost'), <StateLabel key="l" tone={agent.lostMessages > 0 ? 'bad' : 'good'}>{formatNumber(agent.lostMessages)}</StateLabel>],
      [t('agent.problems'), agent.problems.length > 0 ? agent.problems.map((problem) => <div key={problem}>{problem}</div>) : t('agent.noProblems')],
      [t('host.workspace'), host.workspace?.name],
    ]} />
  );
}
