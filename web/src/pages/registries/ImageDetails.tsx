// SPDX-License-Identifier: Apache-2.0
import { Link, useParams } from 'react-router';
import { imagePath, registryPage, repositoryPage } from '../../api/paths';
import type { Image } from '../../api/types';
import { useView } from '../../app/query';
import { useUrlState } from '../../app/urlState';
import { Page } from '../../components/Page';
import { SeverityCounts, totalOf } from '../../components/Severity';
import { Await, EmptyState } from '../../components/States';
import { HealthStatus, ScanStatus } from '../../components/Status';
import { Tags } from '../../components/Text';
import { Tabs } from '../../components/Tabs';
import { shortDigest } from '../../i18n/format';
import { t } from '../../i18n/t';
import { FindingsList } from '../findings/FindingsList';
import { ImageActions } from './ImageActions';
import { ImageConfiguration, ImageLayers } from './ImageConfiguration';
import { ImageGate } from './ImageGate';
import { ImageNotes } from './ImageNotes';
import { ImagePackages } from './ImagePackages';

export default function ImageDetails() {
  const { registry = '', repository = '', digest = '' } = useParams();
  const view = useView<Image>(imagePath(registry, digest), { repository });
  const image = view.data;
  return (
    <Page
      title={`${repository}@${shortDigest(digest)}`} fill
      subtitle={image && <Summary image={image} />}
      crumbs={[
        { title: t('nav.registries'), to: '/registries' }, { title: registry, to: registryPage(registry) },
        { title: repository, to: repositoryPage(registry, repository) },
      ]}
      actions={image && <ImageActions image={image} />}
    >
      <Await view={view} lines={8}>{(data) => <Content image={data} />}</Await>
    </Page>
  );
}

function Summary({ image }: { image: Image }) {
  return (
    <div className="summary">
      <HealthStatus status={image.status} />
      <ScanStatus state={image.scanState} digest={image.digest} />
      <Tags tags={image.tags} />
      <span className="muted">{image.os || image.platform}</span>
      <SeverityCounts counts={image.counts} all />
    </div>
  );
}

function Content({ image }: { image: Image }) {
  const url = useUrlState();
  const tab = url.get('tab') || 'findings';
  const tabs = [
    { id: 'findings', title: t('nav.findings'), count: totalOf(image.counts) },
    { id: 'packages', title: t('image.packages'), count: image.packages },
    { id: 'layers', title: t('image.layers'), count: image.layers.length },
    { id: 'configuration', title: t('image.configuration') },
    { id: 'gate', title: t('image.gate') },
  ];
  return (
    <>
      <ImageNotes image={image} />
      <Tabs label={t('image.parts')} tabs={tabs} current={tab} fill onChange={(id) => url.set({ tab: id === 'findings' ? null : id, sort: null, q: null, finding: null }, true)}>
        {tab === 'findings' && <ImageFindings image={image} />}
        {tab === 'packages' && <ImagePackages image={image} />}
        {tab === 'layers' && <ImageLayers image={image} />}
        {tab === 'configuration' && <ImageConfiguration image={image} />}
        {tab === 'gate' && <ImageGate image={image} />}
      </Tabs>
    </>
  );
}

function ImageFindings({ image }: { image: Image }) {
  const { registry, repository, digest } = image;
  return (
    <FindingsList label={t('nav.findings')} fixed={{ registry, repository, digest }} imageId={image.id} empty={<NoFindings image={image} />} />
  );
}

/** Nothing found is good news only where the scan looked at all of it. */
function NoFindings({ image }: { image: Image }) {
  if (image.scanState === 'complete' && image.partial) return <EmptyState title={t('empty.partial')}>{t('empty.partialText')}</EmptyState>;
  if (image.scanState === 'complete' && image.status !== 'Healthy')
    return (
      <EmptyState title={t('empty.findings')}>
        {t('empty.notCounted')}{' '}
        {image.counts.disabled > 0 && <Link to="?status=disabled">{t('empty.showDisabled', { n: image.counts.disabled })}</Link>}
      </EmptyState>
    );
  if (image.scanState === 'complete') return <EmptyState title={t('empty.healthy')} good>{t('empty.healthyText', { n: image.packages })}</EmptyState>;
  if (image.scanState === 'failed') return <EmptyState title={t('empty.failed')}>{image.scanError}</EmptyState>;
  if (image.scanState === 'unsupported') return <EmptyState title={t('empty.unsupported')}>{image.scanError || t('empty.unsupportedText')}</EmptyState>;
  if (image.scanState === 'off') return <EmptyState title={t('empty.off')}>{t('empty.offText')}</EmptyState>;
  return <EmptyState title={t('empty.waiting')}>{t('empty.waitingText')}</EmptyState>;
}
