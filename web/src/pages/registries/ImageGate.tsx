// SPDX-License-Identifier: Apache-2.0
import { useUrlState } from '../../app/urlState';
import type { GateAnswer, Image } from '../../api/types';
import { useView } from '../../app/query';
import { Facts } from '../../components/Page';
import { Await } from '../../components/States';
import { StateLabel } from '../../components/Status';
import { CodeBlock, Time } from '../../components/Text';
import { SelectField, SwitchField } from '../../components/Fields';
import { t, tData } from '../../i18n/t';

/** What a deployment gate would answer for this image, under the conditions one chooses. */
export function ImageGate({ image }: { image: Image }) {
  const url = useUrlState();
  const severity = url.get('gateSeverity') || 'High';
  const onlyFixed = url.get('gateFixed') === 'true';
  const requireApproval = url.get('gateApproval') === 'true';
  const requireSignature = url.get('gateSignature') === 'true';
  const maxAgeDays = url.get('gateAge');
  const view = useView<GateAnswer>(`${image.id}/gate`, { severity, onlyFixed, maxAgeDays, requireApproval, requireSignature });
  const flag = (name: string) => (on: boolean) => url.set({ [name]: on ? 'true' : null });
  const command = `bulwark gate ${image.reference} --severity ${severity.toLowerCase()}${onlyFixed ? ' --only-fixed' : ''}`;
  return (
    <div className="tab-scroll gate">
      <div className="gate-form">
        <SelectField
          label={t('gate.severity')} value={severity} onChange={(value) => url.set({ gateSeverity: value === 'High' ? null : value })}
          choices={['Critical', 'High', 'Medium', 'Low'].map((value) => ({ value, title: tData('severity', value) }))}
        />
        <SelectField
          label={t('gate.age')} value={maxAgeDays} onChange={(value) => url.set({ gateAge: value })}
          choices={[{ value: '', title: t('filter.any') }, ...[1, 7, 30].map((n) => ({ value: String(n), title: t('gate.days', { n }) }))]}
        />
        <SwitchField label={t('gate.onlyFixed')} value={onlyFixed} onChange={flag('gateFixed')} />
        <SwitchField label={t('gate.approval')} value={requireApproval} onChange={flag('gateApproval')} />
        <SwitchField label={t('gate.signature')} value={requireSignature} onChange={flag('gateSignature')} />
      </div>
      <Await view={view} lines={4}>{(answer) => <Answer answer={answer} />}</Await>
      <h3>{t('gate.command')}</h3>
      <CodeBlock text={command} />
    </div>
  );
}

const yes = (on: boolean) => <StateLabel tone={on ? 'good' : 'off'}>{on ? t('text.yes') : t('text.no')}</StateLabel>;

function Answer({ answer }: { answer: GateAnswer }) {
  return (
    <div className="gate-answer" role="status">
      <p className="big-state"><StateLabel tone={answer.allowed ? 'good' : 'bad'}>{answer.allowed ? t('gate.allowed') : t('gate.refused')}</StateLabel></p>
      {answer.reasons.length > 0 && <ul>{answer.reasons.map((reason) => <li key={reason}>{reason}</li>)}</ul>}
      <Facts facts={[
        [t('gate.scanned'), yes(answer.scanned)], [t('approval.approved'), yes(answer.approved)], [t('gate.signed'), yes(answer.signed)],
        [t('gate.scannedAt'), <Time key="t" at={answer.scannedAt} />],
      ]} />
    </div>
  );
}
