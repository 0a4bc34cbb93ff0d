// SPDX-License-Identifier: Apache-2.0
// One row of a result: every column with its value in full, to copy or to filter by.
import type { LogTable, Row } from '../../../api/logs';
import { useZone } from '../../../app/preferences';
import { Pane } from '../../../components/Pane';
import { CopyButton } from '../../../components/Text';
import { t } from '../../../i18n/logs';
import { condition, isEmpty, parsedDynamic, plainText } from '../kql';
import { Tree } from './Tree';
import { isTree, rowJson, valueText } from './values';

interface Props {
  table: LogTable;
  order: readonly number[];
  row: Row;
  number: number;
  rowKey: string;
  onFilter: (condition: string) => void;
  onClose: () => void;
}

export function RowPane({ table, order, row, number, rowKey, onFilter, onClose }: Props) {
  const zone = useZone();
  return (
    <Pane title={t('logs.row', { n: number })} rowKey={rowKey} onClose={onClose} actions={<CopyButton text={rowJson(table, row)} label={t('logs.copyRow')} />}>
      <dl className="row-facts">
        {order.map((at) => {
          const column = table.columns[at]!;
          const value = row[at];
          const tree = isTree(column, value);
          return (
            <div key={at}>
              <dt>
                <span>{column.name} <span className="muted">{column.type}</span></span>
                <span className="row-tools">
                  <CopyButton text={plainText(column.type, value)} label={t('text.copy')} className="link-button" />
                  <button type="button" className="link-button" aria-label={t('logs.onlyThis', { name: column.name })} onClick={() => onFilter(condition(column, [value]))}>{t('logs.include')}</button>
                  <button type="button" className="link-button" aria-label={t('logs.notThis', { name: column.name })} onClick={() => onFilter(condition(column, [value], true))}>{t('logs.exclude')}</button>
                </span>
              </dt>
              <dd>
                {isEmpty(value) ? <span className="muted">{t('logs.empty')}</span> : tree ? <Tree value={parsedDynamic(value)} /> : <span className="row-value">{valueText(column, value, zone)}</span>}
              </dd>
            </div>
          );
        })}
      </dl>
    </Pane>
  );
}
