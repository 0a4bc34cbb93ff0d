// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { withParams } from '../src/api/http';
import { imagePage, pageOfResource } from '../src/api/paths';
import { changed, nextSort, readList, readSort, withScope } from '../src/app/urlState';

describe('the URL as state', () => {
  it('joins the values of a filter by commas and reads them back', () => {
    const params = changed(new URLSearchParams(), { severity: ['High', 'Critical'] });
    expect(params.toString()).toBe('severity=High%2CCritical');
    expect(readList(params, 'severity')).toEqual(['High', 'Critical']);
  });

  it('takes empty values away, so that the default state has a bare URL', () => {
    const before = new URLSearchParams('severity=High&q=ssl&tab=packages');
    expect(changed(before, { severity: [], q: '', tab: null }).toString()).toBe('');
  });

  it('keeps what a change does not name', () => {
    expect(changed(new URLSearchParams('q=ssl'), { finding: 'CVE-1' }).toString()).toBe('q=ssl&finding=CVE-1');
  });

  it('reads sorting with its direction', () => {
    expect(readSort('-score')).toEqual({ field: 'score', descending: true });
    expect(readSort('name')).toEqual({ field: 'name', descending: false });
    expect(readSort(null)).toBeNull();
  });

  it('turns the direction on a second click, and begins as the column says', () => {
    expect(nextSort(null, 'name')).toBe('name');
    expect(nextSort('name', 'name')).toBe('-name');
    expect(nextSort('-name', 'name')).toBe('name');
    expect(nextSort('name', 'score', true)).toBe('-score');
  });

  it('adds the scope to links, but not below a registry and never twice', () => {
    expect(withScope('/findings?kev=true', 'contoso')).toBe('/findings?kev=true&registry=contoso');
    expect(withScope('/inventory', 'contoso')).toBe('/inventory?registry=contoso');
    expect(withScope('/inventory', '')).toBe('/inventory');
    expect(withScope('/registries/harbor', 'contoso')).toBe('/registries/harbor');
    expect(withScope('/inventory?registry=a', 'contoso')).toBe('/inventory?registry=a');
  });
});

describe('paths', () => {
  it('make a repository one segment', () => {
    expect(imagePage('contoso', 'library/nginx', 'sha256:ab')).toBe('/registries/contoso/library%2Fnginx/sha256%3Aab');
  });

  it('lead to the deepest page of a resource', () => {
    expect(pageOfResource({ id: '/x', registry: 'a', repository: 'b/c', digest: '' })).toBe('/registries/a/b%2Fc');
    expect(pageOfResource({ id: '/x', registry: '', repository: '', digest: '' })).toBeUndefined();
    expect(pageOfResource({ id: '/subscriptions/s/resourceGroups/g/providers/Microsoft.HybridCompute/machines/web%20one', registry: '', repository: '', digest: '' })).toBe('/hosts/web%20one');
  });

  it('leave empty parameters out of requests', () => {
    expect(withParams('/x', { q: '', top: 5, severity: ['High', 'Low'], cursor: null })).toBe('/x?top=5&severity=High%2CLow');
    expect(withParams('/x?api-version=1', { q: 'a' })).toBe('/x?api-version=1&q=a');
  });
});
