// SPDX-License-Identifier: Apache-2.0
import type { Image } from '../../api/types';
import { Facts } from '../../components/Page';
import { Digest, Time } from '../../components/Text';
import { formatBytes } from '../../i18n/format';
import { t } from '../../i18n/t';

const code = (words: string[]) => (words.length ? <code>{words.join(' ')}</code> : '');

export function ImageConfiguration({ image }: { image: Image }) {
  const { config } = image;
  return (
    <div className="tab-scroll">
      <Facts facts={[
        [t('image.id'), <code key="d">{image.digest}</code>],
        [t('image.mediaType'), image.mediaType],
        [t('image.platform'), image.platform],
        [t('image.os'), image.os],
        [t('image.size'), formatBytes(image.size)],
        [t('repository.pushed'), image.pushed && <Time key="p" at={image.pushed} />],
        [t('image.created'), config.created && <Time key="c" at={config.created} />],
        [t('image.scanned'), <Time key="s" at={image.scanned} />],
        [t('image.user'), config.user || t('image.root')],
        [t('image.entrypoint'), code(config.entrypoint)],
        [t('image.command'), code(config.cmd)],
        [t('image.ports'), config.exposedPorts.join(', ')],
        [t('image.env'), config.env.join(', ')],
      ]} />
      <h3>{t('image.labels')}</h3>
      {Object.keys(config.labels).length === 0
        ? <p className="muted">{t('image.noLabels')}</p>
        : <Facts wide facts={Object.entries(config.labels)} />}
    </div>
  );
}

export function ImageLayers({ image }: { image: Image }) {
  return (
    <div className="tab-scroll table-scroll" tabIndex={0} role="region" aria-label={t('image.layers')}>
      <table className="plain-table layers">
        <thead><tr><th scope="col" className="end">#</th><th scope="col">{t('image.layer')}</th><th scope="col" className="end">{t('image.size')}</th><th scope="col">{t('image.createdBy')}</th></tr></thead>
        <tbody>
          {image.layers.map((layer, index) => (
            <tr key={layer.diffId + index}>
              <td className="end">{index + 1}</td>
              <td><Digest digest={layer.diffId} /></td>
              <td className="end">{formatBytes(layer.size)}</td>
              <td><code className="wrap">{layer.createdBy}</code></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
