// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { announcement } from '../src/app/live';
import { makeSequence } from '../src/app/shortcuts';
import { endOfDay, words } from '../src/components/Fields';
import { groupRows } from '../src/pages/recommendations/Recommendations';
import { channelOf } from '../src/pages/settings/ChannelForm';
import { criteriaText } from '../src/pages/settings/Rules';
import { criteriaOf } from '../src/pages/shared/DisableRuleDialog';
import type { RecommendationRow } from '../src/api/types';

const scan = { kind: 'scan' as const, registry: 'contoso', repository: 'web', digest: 'sha256:1', tags: ['1.4'], progress: 1 };

describe('what is said of live events', () => {
  it('is the end of a scan with the number of findings', () => {
    const counts = { critical: 1, high: 2, medium: 0, low: 0, unknown: 0, fixable: 3, disabled: 9 };
    expect(announcement({ ...scan, state: 'complete', counts })).toBe('Scan of web:1.4 is complete: 3 findings');
    expect(announcement({ ...scan, state: 'failed', tags: [] })).toBe('Scan of web failed');
  });

  it('is nothing while a scan runs', () => {
    expect(announcement({ ...scan, state: 'scanning' })).toBe('');
  });
});

describe('two-key sequences', () => {
  it('go to a page when the second key follows in time', () => {
    let now = 0;
    const press = makeSequence(() => now);
    expect(press('g')).toBeUndefined();
    now = 1000;
    expect(press('r')).toBe('/recommendations');
    expect(press('r')).toBeUndefined();
  });

  it('are forgotten after a while', () => {
    let now = 0;
    const press = makeSequence(() => now);
    press('g');
    now = 2000;
    expect(press('r')).toBeUndefined();
  });

  it('know "g g" as the registries', () => {
    const press = makeSequence(() => 0);
    press('g');
    expect(press('g')).toBe('/registries');
  });
});

describe('forms', () => {
  it('read lists by commas, spaces and lines', () => {
    expect(words('a, b\nc  d')).toEqual(['a', 'b', 'c', 'd']);
  });

  it('let a day end at its end', () => {
    expect(endOfDay('2026-12-31')).toBe('2026-12-31T23:59:59Z');
    expect(endOfDay('')).toBeNull();
  });

  it('send only the criteria that are given', () => {
    const draft = { name: 'x', scope: '/', reason: 'r', expires: '', enabled: true, labels: '', findings: '', vulnerabilities: 'CVE-1, CVE-2', packages: '', severities: [], categories: [], patchable: 'false', cvssBelow: '' };
    expect(JSON.parse(JSON.stringify(criteriaOf(draft)))).toEqual({ vulnerabilities: ['CVE-1', 'CVE-2'], patchable: false });
  });

  it('send of a channel what its kind uses, and no empty secret', () => {
    const common = { enabled: true, events: ['NewFinding'], minimumSeverity: 'High', url: 'https://x', secret: '', host: 'mail', port: 25 };
    expect(JSON.parse(JSON.stringify(channelOf({ ...common, kind: 'Webhook' })))).toEqual({ kind: 'Webhook', enabled: true, events: ['NewFinding'], minimumSeverity: 'High', url: 'https://x' });
    expect(channelOf({ ...common, kind: 'Email' })).not.toHaveProperty('url');
  });

  it('tell criteria in words', () => {
    expect(criteriaText({ severities: ['Low'], patchable: false })).toBe('Severity: Low; Fix available: No');
  });
});

it('groups recommendations in the order they come', () => {
  const row = (key: string, control: string) => ({ key, control }) as RecommendationRow;
  const groups = groupRows([row('1', 'b'), row('2', 'a'), row('3', 'b')]);
  expect(groups.map(([control, rows]) => [control, rows.length])).toEqual([['b', 2], ['a', 1]]);
});
