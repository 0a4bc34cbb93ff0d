// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { ControlResource, ControlRow, Host } from '../../api/host_types';
import { Facts } from '../../components/Page';
import { Severity } from '../../components/Severity';
import { CodeBlock, Time } from '../../components/Text';
import { formatNumber } from '../../i18n/format';
import { t, tData } from '../../i18n/hosts';
import { ControlState, controlStatuses, EvidenceList } from './parts';

function Part({ title, children }: { title: string; children: ReactNode }) {
  return <section className="pane-part"><h3>{title}</h3>{children}</section>;
}

export function ControlDetails({ host, control }: { host: Host; control: ControlRow }) {
  const section = host.benchmark?.sections.find(({ id }) => id === control.section);
  return (
    <>
      <p className="pane-title">{control.title}</p>
      {control.disabled && <p className="bar-note">{control.disabled.cause || t('control.disabledBy', { rule: control.disabled.rule })}{control.disabled.reason && `: ${control.disabled.reason}`} <Link to="/settings/rules">{t('recs.showRules')}</Link></p>}
      <div className="pane-part summary"><ControlState status={control.status} /><Severity level={control.severity} /></div>
      <Part title={t('control.rationale')}><p>{control.rationale}</p></Part>
      {(control.evidence.length > 0 || control.resources.length === 0) && <Part title={t('finding.evidence')}><EvidenceList evidence={control.evidence} /></Part>}
      {control.resources.length > 0 && <Part title={t('control.resources', { n: control.resourceTotal })}><Resources control={control} /></Part>}
      <Part title={t('finding.remediation')}><CodeBlock text={control.remediation.join('\n')} /></Part>
      <Part title={t('finding.information')}>
        <Facts facts={[
          [t('recs.since'), control.since && <Time key="s" at={control.since} />], [t('control.section'), `${control.section} ${section?.title ?? ''}`], [t('control.level'), String(control.level)],
          [t('control.cce'), control.cceId], [t('control.judged'), judged(control)],
        ]} />
      </Part>
    </>
  );
}

const judged = ({ counts }: ControlRow): string =>
  controlStatuses.filter((status) => counts[status] > 0).map((status) => `${tData('control', status)} ${formatNumber(counts[status])}`).join(', ');

function Resources({ control }: { control: ControlRow }) {
  const hidden = control.resourceTotal - control.resources.length;
  return (
    <>
      <ul className="plain-list control-resources">
        {control.resources.map((resource) => <Resource key={`${resource.scope}/${resource.id}`} resource={resource} />)}
      </ul>
      {hidden > 0 && <p className="muted">{t('control.moreResources', { n: hidden })}</p>}
    </>
  );
}

/** A container leads to its row. */
function Resource({ resource }: { resource: ControlResource }) {
  const name = resource.name || resource.id;
  return (
    <li>
      <ControlState status={resource.status} />
      <span>{tData('controlScope', resource.scope)} {resource.scope === 'container' ? <Link to={`?tab=containers&q=${encodeURIComponent(name)}`}>{name}</Link> : name}</span>
      <EvidenceList evidence={resource.evidence} />
    </li>
  );
}
