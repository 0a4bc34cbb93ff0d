// SPDX-License-Identifier: Apache-2.0
// What stands where there is nothing to show: why, and what to do about it.
import type { ReactNode } from 'react';
import { ApiError } from '../api/http';
import { t } from '../i18n/t';

export function EmptyState({ title, children, good = false }: { title: string; children?: ReactNode; good?: boolean }) {
  return (
    <div className="empty">
      <svg viewBox="0 0 48 48" aria-hidden="true" className={good ? 'empty-picture good' : 'empty-picture'}>
        <path d="M24 4 7 10.500v13C7 33.600 14 41.500 24 44c10-2.500 17-10.400 17-20.500v-13z" />
        {good ? <path className="stroke" d="m16 24 6 6 11-12" /> : <path className="stroke" d="M16 20h16M16 27h10" />}
      </svg>
      <p className="empty-title">{title}</p>
      <div className="empty-text">{children}</div>
    </div>
  );
}

export function ErrorState({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  const code = error instanceof ApiError && error.code !== 'Unknown' ? error.code : '';
  return (
    <div className="error-state" role="alert">
      <p className="empty-title">{error instanceof ApiError && error.status === 404 ? t('error.notFound') : t('error.title')}</p>
      <p>{error.message}</p>
      {code && <p className="muted">{code}</p>}
      {onRetry && <button type="button" className="plain-button" onClick={onRetry}>{t('error.retry')}</button>}
    </div>
  );
}

/** Boxes of the size of what is to come, so that nothing jumps. */
export function Skeleton({ lines = 4, height = 20 }: { lines?: number; height?: number }) {
  return (
    <div role="status" aria-label={t('grid.loading')} className="skeleton-stack">
      {Array.from({ length: lines }, (_, index) => <div key={index} className="skeleton" style={{ height }} />)}
    </div>
  );
}

interface View<T> {
  data: T | undefined;
  error: Error | null;
  refetch: () => unknown;
}

/** A view's skeleton, error or content. */
export function Await<T>({ view, lines, children }: { view: View<T>; lines?: number; children: (data: T) => ReactNode }) {
  if (view.data !== undefined) return <>{children(view.data)}</>;
  if (view.error) return <ErrorState error={view.error} onRetry={() => void view.refetch()} />;
  return <Skeleton lines={lines} />;
}
