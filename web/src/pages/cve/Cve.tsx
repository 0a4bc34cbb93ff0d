// SPDX-License-Identifier: Apache-2.0
import { useMemo } from 'react';
import { useParams } from 'react-router';
import type { Vulnerability } from '../../api/types';
import { useView } from '../../app/query';
import { Facts, Page, Section } from '../../components/Page';
import { Severity } from '../../components/Severity';
import { Await, EmptyState } from '../../components/States';
import { KnownExploited } from '../../components/Status';
import { Markdown, OutsideLink, Time } from '../../components/Text';
import { formatNumber } from '../../i18n/format';
import { t } from '../../i18n/t';
import { FindingsList } from '../findings/FindingsList';

export default function Cve() {
  const { id = '' } = useParams();
  const view = useView<Vulnerability>(`/api/v1/vulnerabilities/${encodeURIComponent(id)}`);
  const fixed = useMemo(() => ({ vulnerability: id }), [id]);
  return (
    <Page
      title={id} crumbs={[{ title: t('nav.findings'), to: '/findings' }]}
      subtitle={view.data && <span className="summary"><Severity level={view.data.severity} />{view.data.kev && <KnownExploited />}{view.data.title}</span>}
    >
      <Await view={view} lines={6}>{(vulnerability) => <About vulnerability={vulnerability} />}</Await>
      <Section title={t('cve.images')}>
        <div className="grid-box">
          <FindingsList label={t('cve.images')} fixed={fixed} empty={<EmptyState title={t('empty.cve')} good>{t('empty.cveText')}</EmptyState>} />
        </div>
      </Section>
    </Page>
  );
}

function About({ vulnerability }: { vulnerability: Vulnerability }) {
  return (
    <div className="tiles wide">
      <Section title={t('finding.description')}>
        <Markdown text={vulnerability.description || vulnerability.title} />
        <h3>{t('finding.references')}</h3>
        <ul className="plain-list">{vulnerability.references.map(({ title, url }) => <li key={url}><OutsideLink url={url}>{title || url}</OutsideLink></li>)}</ul>
      </Section>
      <Section title={t('finding.information')}>
        <Facts facts={[
          [t('finding.score'), vulnerability.score === null ? '' : `${vulnerability.score.toFixed(1)} · ${vulnerability.vector}`],
          [t('finding.epss'), vulnerability.epss === null ? '' : `${(vulnerability.epss * 100).toFixed(1)}%`],
          [t('finding.published'), vulnerability.published && <Time key="p" at={vulnerability.published} />],
          [t('finding.aliases'), vulnerability.aliases.join(', ')],
          [t('cve.affected'), t('cve.count', { n: vulnerability.images })],
        ]} />
        <table className="plain-table">
          <thead><tr><th scope="col">{t('finding.package')}</th><th scope="col">{t('finding.fixed')}</th><th scope="col" className="end">{t('overview.images')}</th></tr></thead>
          <tbody>
            {vulnerability.packages.map((row) => (
              <tr key={row.name + row.type + row.fixedVersion}>
                <td>{row.name} <span className="muted">{row.type}</span></td>
                <td>{row.fixedVersion || <span className="muted">{t('fix.none')}</span>}</td>
                <td className="end">{formatNumber(row.images)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Section>
    </div>
  );
}
