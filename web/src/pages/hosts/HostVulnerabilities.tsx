// SPDX-License-Identifier: Apache-2.0
// Vulnerabilities of the packages that are installed on the host itself.
import { useMemo } from 'react';
import type { Host } from '../../api/host_types';
import { EmptyState } from '../../components/States';
import { t } from '../../i18n/hosts';
import { FindingsList } from '../findings/FindingsList';
import { hostPackagesKey } from './parts';

export function HostVulnerabilities({ host }: { host: Host }) {
  const fixed = useMemo(() => ({ resource: host.id, assessmentKey: hostPackagesKey }), [host.id]);
  const known = host.recommendations.find(({ key }) => key === hostPackagesKey);
  return (
    <FindingsList
      label={t('host.vulnerabilities')} fixed={fixed} imageId={host.id}
      empty={known?.status === 'Healthy'
        ? <EmptyState title={t('host.noVulnerabilities')} good>{t('host.noVulnerabilitiesText', { n: host.packages })}</EmptyState>
        : <EmptyState title={t('host.packagesUnknown')}>{known?.description || t('host.packagesUnknownText')}</EmptyState>}
    />
  );
}
