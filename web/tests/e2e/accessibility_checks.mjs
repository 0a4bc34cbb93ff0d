// SPDX-License-Identifier: Apache-2.0
import { AxeBuilder } from '@axe-core/playwright';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

// Tabster's focus bumpers are known false positives of aria-hidden-focus (microsoft/tabster#288).
export async function violations(page) {
  const { violations: found } = await new AxeBuilder({ page }).withTags(tags).exclude('[data-tabster-dummy]').analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join(' | ')}`);
}
