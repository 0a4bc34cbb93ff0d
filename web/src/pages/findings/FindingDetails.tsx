// SPDX-License-Identifier: Apache-2.0
import { Link } from 'react-router';
import { hostOf, hostPage, imagePage, vulnerabilityPage } from '../../api/paths';
import type { Finding } from '../../api/types';
import { Facts } from '../../components/Page';
import { Severity } from '../../components/Severity';
import { KnownExploited } from '../../components/Status';
import { CodeBlock, Digest, Markdown, OutsideLink, Steps, Tags, Time } from '../../components/Text';
import { t, tData } from '../../i18n/t';
import type { ReactNode } from 'react';

function Part({ title, children }: { title: string; children: ReactNode }) {
  return <section className="pane-part"><h3>{title}</h3>{children}</section>;
}

const percent = (value: number | null): string => (value === null ? '' : `${(value * 100).toFixed(1)}%`);

function Information({ finding }: { finding: Finding }) {
  const score = finding.score === null ? '' : `${finding.score.toFixed(1)}${finding.vector ? ` · ${finding.vector}` : ''}`;
  const host = hostOf(finding.imageId);
  return (
    <Facts facts={[
      [t('finding.severity'), <Severity key="s" level={finding.severity} />],
      [t('finding.vendorSeverity'), finding.vendorSeverity],
      [t('finding.score'), score],
      [t('finding.epss'), finding.epss === null ? '' : t('finding.epssText', { value: percent(finding.epss), percentile: percent(finding.epssPercentile) || '–' })],
      [t('finding.category'), tData('category', finding.category)],
      [t('finding.package'), `${finding.package}${finding.packageType ? ` (${finding.packageType})` : ''}`],
      [t('finding.version'), finding.version],
      [t('finding.fixed'), finding.package && (finding.fixedVersion || tData('fix', finding.fixStatus || 'none'))],
      [t('finding.path'), finding.path && <code key="p">{finding.path}</code>],
      [t('finding.layer'), finding.layer && <Digest key="l" digest={finding.layer} />],
      [t('kind.host'), host !== undefined && <Link key="h" to={hostPage(host)}>{host}</Link>],
      [t('finding.image'), host === undefined && <Link key="i" to={imagePage(finding.registry, finding.repository, finding.digest)}>{`${finding.registry}/${finding.repository}`}</Link>],
      [t('image.tags'), host === undefined && <Tags key="t" tags={finding.tags} />],
      [t('finding.published'), finding.published && <Time key="d" at={finding.published} />],
      [t('finding.firstSeen'), <Time key="f" at={finding.firstSeen} />],
      [t('finding.aliases'), finding.aliases.join(', ')],
      [t('finding.status'), finding.status === 'open' ? '' : `${tData('findingStatus', finding.status)}${finding.cause ? `: ${finding.cause}` : ''}`],
    ]} />
  );
}

/** What is known of a vulnerability whose source describes it by a title alone. */
const affected = ({ package: name, version, vulnerability, title }: Finding): string =>
  t('finding.affected', { package: name, version, id: vulnerability, title });

export function FindingDetails({ finding }: { finding: Finding }) {
  return (
    <>
      <p className="pane-title">{finding.kev && <KnownExploited />}{finding.title}</p>
      <Part title={t('finding.description')}><Markdown text={finding.description || affected(finding)} /></Part>
      {finding.impact && <Part title={t('finding.impact')}><Markdown text={finding.impact} /></Part>}
      <Part title={t('finding.remediation')}><Steps steps={finding.remediation} /></Part>
      <Part title={t('finding.information')}><Information finding={finding} /></Part>
      {finding.evidence && <Part title={t('finding.evidence')}><CodeBlock text={finding.evidence} /></Part>}
      <Part title={t('finding.references')}>
        <ul className="plain-list">
          {finding.vulnerability && <li><Link to={vulnerabilityPage(finding.vulnerability)}>{t('finding.everywhere')}</Link></li>}
          {finding.references.map(({ title, url }) => <li key={url}><OutsideLink url={url}>{title || url}</OutsideLink></li>)}
        </ul>
      </Part>
      <Elsewhere finding={finding} />
      {finding.history.length > 0 && (
        <Part title={t('finding.history')}>
          <ul className="plain-list">
            {finding.history.map((entry) => <li key={entry.at + entry.event}><Time at={entry.at} /> {tData('event', entry.event)}{entry.cause && `: ${entry.cause}`}</li>)}
          </ul>
        </Part>
      )}
    </>
  );
}

function Elsewhere({ finding }: { finding: Finding }) {
  if (finding.elsewhere.length === 0) return null;
  return (
    <Part title={t('finding.elsewhere')}>
      <ul className="plain-list">
        {finding.elsewhere.map((image) => (
          <li key={image.registry + image.digest}>
            {image.registry ? <Link to={imagePage(image.registry, image.repository, image.digest)}>{`${image.registry}/${image.repository}`}</Link> : image.repository}
            {' '}{image.registry && <Tags tags={image.tags} />} <span className="muted">{image.version}</span>
          </li>
        ))}
      </ul>
    </Part>
  );
}
