// SPDX-License-Identifier: Apache-2.0
// States of resources and scans as icon and text.
import type { ScanState, Status as Health } from '../api/types';
import { useLive } from '../app/live';
import { t, tData } from '../i18n/t';

type Tone = 'good' | 'bad' | 'busy' | 'warn' | 'off';

const paths: Record<Tone, string> = {
  good: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm3.500 5-4.200 4.600L4.500 8.100l.9-1 1.800 1.700L10.400 5z',
  bad: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zM7.300 4h1.400v5H7.300zm0 6.300h1.400v1.400H7.300z',
  warn: 'M8 1.500 15.500 14.500H.5zM7.300 6h1.400v4H7.300zm0 5h1.400v1.400H7.300z',
  busy: 'M8 1a7 7 0 1 0 7 7h-1.500A5.500 5.500 0 1 1 8 2.500z',
  off: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zM4 7.300h8v1.400H4z',
};

export function StateLabel({ tone, children }: { tone: Tone; children: string }) {
  return (
    <span className={`state state-${tone}`}>
      <svg viewBox="0 0 16 16" aria-hidden="true"><path fillRule="evenodd" d={paths[tone]} /></svg>
      {children}
    </span>
  );
}

const healthTones: Record<Health, Tone> = { Healthy: 'good', Unhealthy: 'bad', NotApplicable: 'off' };

export function HealthStatus({ status }: { status: Health }) {
  return <StateLabel tone={healthTones[status] ?? 'off'}>{tData('status', status || 'none')}</StateLabel>;
}

const scanTones: Record<string, Tone> = {
  queued: 'busy', scanning: 'busy', complete: 'good', failed: 'bad', unsupported: 'warn', off: 'off',
};

/** The scan state of an image, running ones with their progress as events tell it. */
export function ScanStatus({ state, digest }: { state: ScanState; digest?: string }) {
  const running = useLive().progress.get(digest ?? '');
  const now = running?.state ?? state;
  const percent = running?.progress !== undefined && now === 'scanning' ? ` ${Math.round(running.progress * 100)}%` : '';
  return <StateLabel tone={scanTones[now] ?? 'off'}>{`${tData('scan', now)}${percent}`}</StateLabel>;
}

export function KnownExploited() {
  return <span className="mark" title={t('finding.kevHint')}>{t('finding.kev')}</span>;
}
