// SPDX-License-Identifier: Apache-2.0
// A failed control of a host: what it is about, what was found, the commands that mend it.
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { hostOf, hostPage } from '../../api/paths';
import type { Finding } from '../../api/types';
import { Facts } from '../../components/Page';
import { Severity } from '../../components/Severity';
import { CodeBlock, Markdown, Time } from '../../components/Text';
import { t, tData } from '../../i18n/hosts';
import { TakeAction } from '../hosts/parts';
import { failedRulesQuery } from '../hosts/queries';

function Part({ title, children }: { title: string; children: ReactNode }) {
  return <section className="pane-part"><h3>{title}</h3>{children}</section>;
}

export function HostFindingDetails({ finding }: { finding: Finding }) {
  const host = hostOf(finding.imageId) ?? '';
  const control = finding.vulnerability.replace(/^CIS-/, '');
  return (
    <>
      <p className="pane-title">{finding.title}</p>
      {finding.description && <Part title={t('finding.description')}><Markdown text={finding.description} /></Part>}
      {finding.evidence && <Part title={t('finding.evidence')}><CodeBlock text={finding.evidence} /></Part>}
      {finding.remediation.length > 0 && <Part title={t('finding.remediation')}><CodeBlock text={finding.remediation.join('\n')} /></Part>}
      <Part title={t('finding.information')}>
        <Facts facts={[
          [t('control.id'), <Link key="c" to={`${hostPage(host)}?tab=benchmark&control=${encodeURIComponent(control)}`}>{t('control.onHost', { id: control, name: host })}</Link>],
          [t('kind.host'), <Link key="h" to={hostPage(host)}>{host}</Link>],
          [t('finding.severity'), <Severity key="s" level={finding.severity} />], [t('finding.category'), tData('category', finding.category)],
          [t('finding.firstSeen'), <Time key="f" at={finding.firstSeen} />],
          [t('finding.status'), finding.status === 'open' ? '' : `${tData('findingStatus', finding.status)}${finding.cause ? `: ${finding.cause}` : ''}`],
        ]} />
      </Part>
      <TakeAction query={failedRulesQuery(host)} name={host} />
    </>
  );
}
