// SPDX-License-Identifier: Apache-2.0
import { AxeBuilder } from '@axe-core/playwright';

const runOnly = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

// Tabster's focus bumpers are known false positives of aria-hidden-focus (microsoft/tabster#288). The pages have no frames,
// which the legacy mode leaves out; that and reporting violations alone takes a quarter of the time.
export async function violations(page) {
  const builder = new AxeBuilder({ page }).options({ runOnly, resultTypes: ['violations'] }).setLegacyMode(true);
  const { violations: found } = await builder.exclude('[data-tabster-dummy]').analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join(' | ')}`);
}

/** What stands out of the window at the right, but for what scrolls by itself. */
export const tooWide = (page) =>
  page.evaluate(() => {
    const main = document.querySelector('.main');
    const inside = (element) => element.checkVisibility() && element.closest('.grid, .table-scroll, .kql-editor, .query-tabs, pre, .tags, [role=dialog]') === null;
    const over = [...document.querySelectorAll('.main *')].filter((element) => {
      const { right, width } = element.getBoundingClientRect();
      return inside(element) && right > window.innerWidth + 1 && width > 0;
    });
    const found = over.slice(0, 3).map(({ tagName, className }) => `${tagName}.${className}`);
    return main && main.scrollWidth > main.clientWidth ? ['the page scrolls sideways', ...found] : found;
  });

/** Lists and tables that must be scrolled sideways to be read. */
export const scrolledSideways = (page) =>
  page.evaluate(() => [...document.querySelectorAll('.grid, .table-scroll')]
    .filter((element) => element.scrollWidth > element.clientWidth + 1)
    .map((element) => `${element.getAttribute('aria-label')}: ${element.scrollWidth} in ${element.clientWidth}`));
