// SPDX-License-Identifier: Apache-2.0
import { Link } from 'react-router';
import { imagePage } from '../../api/paths';
import type { Image } from '../../api/types';
import { useLive } from '../../app/live';
import { totalOf } from '../../components/Severity';
import { CodeBlock, Time } from '../../components/Text';
import { shortDigest } from '../../i18n/format';
import { t, tData } from '../../i18n/t';

/** What one should know before reading on: a scan that runs or failed, a newer image under the tag, a refusal. */
export function ImageNotes({ image }: { image: Image }) {
  return (
    <>
      <JobNote image={image} />
      {image.partial && <p className="bar-note">{t('image.partial')}</p>}
      {image.quarantine === 'Failed' && <p className="bar-note bad">{t('image.quarantine')}</p>}
      {image.approval && (
        <p className={image.approval.decision === 'Refused' ? 'bar-note bad' : 'bar-note'}>
          {t(image.approval.decision === 'Refused' ? 'approval.refusedBy' : 'approval.approvedBy', { name: image.approval.by })}{' '}
          <Time at={image.approval.at} />{image.approval.reason && `: ${image.approval.reason}`}
        </p>
      )}
      <Superseded image={image} />
    </>
  );
}

function JobNote({ image }: { image: Image }) {
  const running = useLive().progress.get(image.digest);
  const { job } = image;
  const state = running?.state ?? (job && (job.state === 'queued' || job.state === 'scanning') ? job.state : '');
  if (state)
    return (
      <p className="bar-note" role="status">
        {tData('scan', state)} <progress max={1} value={running?.progress} aria-label={t('image.progress')} />
      </p>
    );
  if (!image.scanError) return null;
  return (
    <p className="bar-note bad">
      {t('image.failed', { message: image.scanError })}
      {job?.nextRun && <> {t('image.nextTry', { n: job.attempts })} <Time at={job.nextRun} /></>}
    </p>
  );
}

function Superseded({ image }: { image: Image }) {
  if (image.supersededBy.length === 0) return null;
  return (
    <div className="bar-note">
      {image.supersededBy.map(({ tag, digest, counts }) => (
        <p key={tag}>
          {t('image.tagMoved', { tag })} <Link to={imagePage(image.registry, image.repository, digest)}>{shortDigest(digest)}</Link>{' '}
          {t('image.tagFindings', { n: totalOf(counts) })}
        </p>
      ))}
      {!image.current && image.deleteCommand && <><p>{t('image.deleteHint')}</p><CodeBlock text={image.deleteCommand} /></>}
    </div>
  );
}
