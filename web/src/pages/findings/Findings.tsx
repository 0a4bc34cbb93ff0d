// SPDX-License-Identifier: Apache-2.0
import { Page } from '../../components/Page';
import { t } from '../../i18n/t';
import { FindingsList } from './FindingsList';

export default function Findings() {
  return (
    <Page title={t('findings.title')} subtitle={t('findings.subtitle')} fill>
      <FindingsList label={t('findings.title')} />
    </Page>
  );
}
