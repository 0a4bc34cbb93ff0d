// SPDX-License-Identifier: Apache-2.0
// `t` for the Logs page and the dashboards: with their texts, which come with those pages.
import { enLogs } from './en_logs';
import { addTexts, translate, type TextKey, type Variables } from './t';

addTexts(enLogs);

export const t: (key: TextKey | keyof typeof enLogs, variables?: Variables) => string = translate;
export { tData } from './t';
