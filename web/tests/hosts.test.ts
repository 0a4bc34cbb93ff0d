// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { hostOf, pageOfHostResource } from '../src/api/paths';
import { announcement } from '../src/app/live';
import { evidenceText } from '../src/pages/hosts/parts';
import { allRulesQuery, failedRulesQuery } from '../src/pages/hosts/queries';
import { labelsOf, labelsText } from '../src/pages/shared/labels';

const group = '/subscriptions/s/resourceGroups/g/providers';

describe('resource ids of hosts', () => {
  it('lead to the host, or to an image on it', () => {
    expect(hostOf(`${group}/Microsoft.HybridCompute/machines/web-01`)).toBe('web-01');
    expect(hostOf(`${group}/microsoft.hybridcompute/machines/web%2001/images/sha256%3Aab`)).toBe('web 01');
    expect(hostOf(`${group}/Microsoft.ContainerRegistry/registries/web-01`)).toBeUndefined();
    expect(pageOfHostResource(`${group}/Microsoft.HybridCompute/machines/web-01/images/sha256%3Aab`)).toBe('/hosts/web-01?tab=images&q=sha256%3Aab');
  });
});

describe('queries of hosts', () => {
  it('look at the last result before they ask whether it failed', () => {
    const lines = failedRulesQuery('web-01').split('\n');
    expect(lines.slice(0, 5)).toEqual([
      'SecurityBaseline', '| where BaselineType == "Docker"', '| where Computer == "web-01"', '| summarize arg_max(TimeGenerated, *) by CceId', '| where AnalyzeResult == "Failed"',
    ]);
    expect(failedRulesQuery()).toContain('by Computer, CceId');
    expect(failedRulesQuery()).toMatch(/project Computer, .*Remediation/);
  });

  it('hold names of hosts as text', () => {
    expect(failedRulesQuery('a"b\\c')).toContain('Computer == "a\\"b\\\\c"');
    expect(allRulesQuery('x"')).toContain('Computer == "x\\""');
  });
});

describe('evidence', () => {
  it('says where, what and why', () => {
    expect(evidenceText({ source: 'daemon.json', path: 'icc', value: true, message: 'not as it should be' })).toBe('daemon.json icc = true: not as it should be');
    expect(evidenceText({ source: 'file', path: '/etc/docker', message: 'cannot be read' })).toBe('file /etc/docker: cannot be read');
    expect(evidenceText({ message: 'nothing found' })).toBe('nothing found');
    expect(evidenceText({ path: 'list', value: ['a', 1] })).toBe('list = ["a",1]');
  });
});

describe('labels', () => {
  it('are names and values', () => {
    expect(labelsOf(['team=shop', 'note=a=b', 'empty='])).toEqual({ team: 'shop', note: 'a=b', empty: '' });
    expect(labelsText({ team: 'shop', site: 'berlin' })).toBe('team=shop, site=berlin');
  });

  it('are refused where they are none', () => {
    expect(() => labelsOf(['team'])).toThrow('“team”');
    expect(() => labelsOf(['=shop'])).toThrow('“=shop”');
  });
});

it('what is said of a control names its new state', () => {
  expect(announcement({ kind: 'control', host: 'web-01', control: '5.4', before: 'pass', after: 'fail' })).toBe('web-01: control 5.4: Fails');
});
