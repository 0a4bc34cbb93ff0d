// SPDX-License-Identifier: Apache-2.0
// `t` for the pages of hosts and containers: with their texts, which come with those pages.
import { enHosts } from './en_hosts';
import { addTexts, translate, type TextKey, type Variables } from './t';

addTexts(enHosts);

export const t: (key: TextKey | keyof typeof enHosts, variables?: Variables) => string = translate;
export { tData } from './t';
