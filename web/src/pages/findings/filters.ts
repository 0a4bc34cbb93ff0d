// SPDX-License-Identifier: Apache-2.0
import type { Params } from '../../api/http';
import type { UrlState } from '../../app/urlState';
import type { Filter } from '../../components/Filters';
import { severities } from '../../components/Severity';
import { t, tData } from '../../i18n/t';
import { categories } from '../shared/DisableRuleDialog';

const choicesOf = (prefix: string, values: readonly string[]) => values.map((value) => ({ value, title: tData(prefix, value) }));

export const severityFilter = (): Filter => ({ name: 'severity', title: t('filter.severity'), choices: choicesOf('severity', severities) });

export const yesNo = () => [{ value: 'true', title: t('text.yes') }, { value: 'false', title: t('text.no') }];

/** Of one vulnerability only the fix and the status differ from image to image. */
export function findingFilters(oneVulnerability: boolean): Filter[] {
  const all: Filter[] = [
    severityFilter(),
    { name: 'category', title: t('filter.category'), choices: choicesOf('category', categories) },
    { name: 'patchable', title: t('filter.patchable'), choices: yesNo(), single: true },
    { name: 'kev', title: t('filter.kev'), choices: yesNo(), single: true },
    { name: 'cvss', title: t('filter.cvss'), choices: ['9', '7', '4'].map((value) => ({ value, title: t('filter.atLeast', { value }) })), single: true },
    { name: 'status', title: t('filter.status'), choices: choicesOf('findingStatus', ['open', 'disabled', 'all']), single: true, fallback: 'open' },
  ];
  return oneVulnerability ? all.filter(({ name }) => name === 'patchable' || name === 'status') : all;
}

const names = ['q', 'severity', 'category', 'patchable', 'kev', 'cvss', 'status', 'package', 'vulnerability', 'registry', 'repository', 'resource'];

/** The API's parameters of what the URL says. */
export function findingParams(url: UrlState, fixed: Params, sort: string): Params {
  return { ...Object.fromEntries(names.map((name) => [name, url.get(name)])), ...fixed, sort };
}
