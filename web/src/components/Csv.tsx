// SPDX-License-Identifier: Apache-2.0
import { withParams, type Params } from '../api/http';
import { t } from '../i18n/t';

/** All rows of the current filter: the same request as the grid's, answered as CSV. */
export function CsvLink({ path, params }: { path: string; params: Params }) {
  return <a className="plain-button" href={withParams(path, { ...params, format: 'csv' })} download>{t('action.csv')}</a>;
}
