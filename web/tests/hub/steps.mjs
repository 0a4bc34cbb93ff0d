// SPDX-License-Identifier: Apache-2.0
import { it } from 'node:test';

/** One step after the other: where one fails the rest cannot be reached. */
export function makeSteps() {
  let failed = false;
  return (name, run) =>
    it(name, async (context) => {
      if (failed) return context.skip('an earlier step failed');
      failed = true;
      await run(context);
      failed = false;
    });
}
