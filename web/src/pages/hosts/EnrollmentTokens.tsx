// SPDX-License-Identifier: Apache-2.0
import { send } from '../../api/http';
import type { EnrollmentToken } from '../../api/host_types';
import type { List } from '../../api/types';
import { refresh, useView } from '../../app/query';
import { Await } from '../../components/States';
import { Time } from '../../components/Text';
import { formatNumber } from '../../i18n/format';
import { StateLabel } from '../../components/Status';
import { t } from '../../i18n/hosts';
import { nothingYet, RemoveButton, Table } from '../settings/parts';
import { labelsText } from '../shared/labels';

export const tokensPath = '/api/v1/enrollment-tokens';

function TokenState({ row }: { row: EnrollmentToken }) {
  if (row.usesLeft === 0) return <StateLabel tone="off">{t('enroll.usedUp')}</StateLabel>;
  if (Date.parse(row.expires) < Date.now()) return <StateLabel tone="off">{t('enroll.expired')}</StateLabel>;
  return <StateLabel tone="good">{t('enroll.usable')}</StateLabel>;
}

/** Tokens that can be used, or could be lately: none is ever shown again, each can be taken back. */
export function EnrollmentTokens() {
  const view = useView<List<EnrollmentToken>>(tokensPath, { top: 500 });
  const revoke = (id: string) => send('DELETE', `${tokensPath}/${encodeURIComponent(id)}`).then(() => refresh(tokensPath));
  return (
    <Await view={view}>
      {({ value }) => (
        <Table
          label={t('enroll.tokens')} rows={value} rowKey={(row) => row.id} empty={nothingYet(t('enroll.none'), t('enroll.noneText'))}
          heads={[t('finding.id'), t('enroll.created'), t('tokens.expires'), t('enroll.usesLeft'), t('registry.state'), t('image.labels')]}
          cells={(row) => [
            <code key="i">{row.id}</code>, <span key="c">{row.createdBy}, <Time at={row.created} ago /></span>, <Time key="e" at={row.expires} />, t('score.of', { unhealthy: formatNumber(row.usesLeft), all: formatNumber(row.uses) }), <TokenState key="t" row={row} />, labelsText(row.labels),
            <RemoveButton key="r" name={row.id} text={t('enroll.revokeText')} onRemove={() => revoke(row.id)} />,
          ]}
        />
      )}
    </Await>
  );
}
