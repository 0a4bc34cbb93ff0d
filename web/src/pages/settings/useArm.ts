// SPDX-License-Identifier: Apache-2.0
import type { ArmList } from '../../api/settings_types';
import { useView } from '../../app/query';

/** A list of resources of the resource manager. */
export const useArm = <Properties>(path: string, version: string) =>
  useView<ArmList<Properties>>(path, { 'api-version': version });
