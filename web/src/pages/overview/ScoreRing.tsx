// SPDX-License-Identifier: Apache-2.0
import { Link } from 'react-router';
import type { Overview, ScorePoint } from '../../api/types';
import { formatPercent, formatPoints } from '../../i18n/format';
import { t } from '../../i18n/t';

const radius = 52;
const around = 2 * Math.PI * radius;

/** The last points as a line; the chart with axes is on the score's page. */
function Sparkline({ history }: { history: ScorePoint[] }) {
  if (history.length < 2) return null;
  const step = 120 / (history.length - 1);
  const points = history.map(({ percentage }, index) => `${(index * step).toFixed(1)},${(32 - percentage * 30).toFixed(1)}`);
  return (
    <svg className="sparkline" viewBox="0 0 120 34" role="img" aria-label={t('score.history')}>
      <polyline points={points.join(' ')} />
    </svg>
  );
}

export function ScoreRing({ score, history }: { score: Overview['score']; history: ScorePoint[] }) {
  const share = Math.max(0, Math.min(1, score.percentage));
  return (
    <div className="score-ring">
      <Link to="/score" aria-label={t('score.ring', { percentage: formatPercent(score.percentage) })}>
        <svg viewBox="0 0 120 120" aria-hidden="true">
          <circle className="ring-track" cx="60" cy="60" r={radius} />
          <circle className="ring-value" cx="60" cy="60" r={radius} strokeDasharray={`${share * around} ${around}`} transform="rotate(-90 60 60)" />
          <text x="60" y="66" textAnchor="middle">{formatPercent(score.percentage)}</text>
        </svg>
      </Link>
      <div>
        <p className="big-number">{formatPoints(score.current)} <span className="muted">/ {formatPoints(score.max)}</span></p>
        <p className="muted">{t('score.points')}</p>
        <Sparkline history={history} />
      </div>
    </div>
  );
}
