// SPDX-License-Identifier: Apache-2.0
// Shares of a whole as a bar. It is decoration: the numbers stand beside it in words.
import type { Counts } from '../api/types';

export interface Share {
  name: string; // class of its colour
  value: number;
}

export function StackedBar({ shares, className = '' }: { shares: Share[]; className?: string }) {
  const sum = shares.reduce((total, { value }) => total + value, 0);
  return (
    <span className={`stacked-bar ${className}`} aria-hidden="true">
      {sum > 0 && shares.filter(({ value }) => value > 0).map(({ name, value }) => <span key={name} className={`bar-${name}`} style={{ flexGrow: value }} />)}
    </span>
  );
}

const levels = ['critical', 'high', 'medium', 'low', 'unknown'] as const;

export function SeverityBar({ counts }: { counts: Counts }) {
  return <StackedBar shares={levels.map((name) => ({ name, value: counts[name] ?? 0 }))} className="narrow" />;
}
