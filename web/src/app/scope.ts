// SPDX-License-Identifier: Apache-2.0
// What the pages are about: the whole subscription, or one registry (`?registry=` in the URL).
import { useUrlState } from './urlState';

export function useScope(): { registry: string; setRegistry: (name: string) => void } {
  const url = useUrlState();
  return { registry: url.get('registry'), setRegistry: (name) => url.set({ registry: name }) };
}
