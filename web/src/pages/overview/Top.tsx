// SPDX-License-Identifier: Apache-2.0
import { Link } from 'react-router';
import { imagePage, vulnerabilityPage } from '../../api/paths';
import type { Overview } from '../../api/types';
import { Severity, SeverityCounts } from '../../components/Severity';
import { Digest, Tags } from '../../components/Text';
import { formatNumber } from '../../i18n/format';
import { t } from '../../i18n/t';

export function TopVulnerabilities({ rows }: { rows: Overview['topVulnerabilities'] }) {
  if (rows.length === 0) return <p className="muted">{t('overview.noVulnerabilities')}</p>;
  return (
    <table className="plain-table">
      <thead><tr><th scope="col">{t('finding.id')}</th><th scope="col">{t('finding.severity')}</th><th scope="col" className="end">{t('overview.images')}</th></tr></thead>
      <tbody>
        {rows.map(({ id, severity, images }) => (
          <tr key={id}>
            <td><Link to={vulnerabilityPage(id)}>{id}</Link></td>
            <td><Severity level={severity} /></td>
            <td className="end"><Link to={vulnerabilityPage(id)}>{formatNumber(images)}</Link></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function TopImages({ rows }: { rows: Overview['topImages'] }) {
  if (rows.length === 0) return <p className="muted">{t('overview.noImages')}</p>;
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={t('overview.topImages')}>
      <table className="plain-table">
        <thead><tr><th scope="col">{t('finding.image')}</th><th scope="col">{t('image.tags')}</th><th scope="col">{t('nav.findings')}</th></tr></thead>
        <tbody>
          {rows.map(({ registry, repository, digest, tags, counts }) => (
            <tr key={registry + digest}>
              <td><Link to={imagePage(registry, repository, digest)}>{`${registry}/${repository}`}</Link></td>
              <td>{tags.length ? <Tags tags={tags} /> : <Digest digest={digest} />}</td>
              <td><SeverityCounts counts={counts} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
