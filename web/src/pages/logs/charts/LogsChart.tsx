// SPDX-License-Identifier: Apache-2.0
// A result as a chart. The library is read when the first chart is shown.
import { BarChart, LineChart, PieChart, ScatterChart, TreemapChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, LegendScrollComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useMemo, useRef } from 'react';
import type { LogTable, Render } from '../../../api/logs';
import { useDark, useZone } from '../../../app/preferences';
import { EmptyState } from '../../../components/States';
import { formatNumber } from '../../../i18n/format';
import { t, tData } from '../../../i18n/logs';
import { isNumeric, valueText } from '../results/values';
import { chartData, type ChartKind } from './data';
import { chartOptions, mostSeries, type Looks } from './options';

use([
  BarChart, LineChart, PieChart, ScatterChart, TreemapChart, AriaComponent, GridComponent, LegendComponent, LegendScrollComponent,
  TooltipComponent, SVGRenderer,
]);

interface Props {
  table: LogTable;
  kind: ChartKind;
  render: Render;
}

/** One number a card, as `render card` shows the first row. */
function Cards({ table }: { table: LogTable }) {
  const zone = useZone();
  const row = table.rows[0];
  if (!row) return <EmptyState title={t('logs.noRows')}>{t('logs.noRowsText')}</EmptyState>;
  return (
    <dl className="log-cards">
      {table.columns.map((column, at) => (
        <div key={at}>
          <dt>{column.name}</dt>
          <dd>{isNumeric(column.type) && typeof row[at] === 'number' ? formatNumber(row[at]) : valueText(column, row[at], zone)}</dd>
        </div>
      ))}
    </dl>
  );
}

const still = (): boolean => window.matchMedia('(prefers-reduced-motion: reduce)').matches;

function Drawing({ table, kind, render }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const dark = useDark();
  const zone = useZone();
  const label = render.title || t('logs.chartLabel', { kind: tData('chart', kind) });
  useEffect(() => {
    const element = box.current!;
    const styles = getComputedStyle(element);
    const looks: Looks = { dark, zone, animation: !still(), label, font: styles.fontFamily, color: (name) => styles.getPropertyValue(name).trim() };
    const chart = init(element, undefined, { renderer: 'svg' });
    chart.setOption(chartOptions(table, kind, render, looks) ?? {});
    const observer = new ResizeObserver(() => chart.resize());
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.dispose();
    };
  }, [table, kind, render, dark, zone, label]);
  return <div ref={box} className="log-chart" role="img" aria-label={label} />;
}

const anyLooks: Looks = { dark: false, zone: 'utc', animation: false, label: '', font: '', color: () => '' };

export default function LogsChart(props: Props) {
  const { table, kind, render } = props;
  const possible = useMemo(() => kind === 'card' || chartOptions(table, kind, render, anyLooks) !== null, [table, kind, render]);
  const series = useMemo(() => (kind === 'card' ? 0 : (chartData(table, kind, render)?.series.length ?? 0)), [table, kind, render]);
  if (kind === 'card') return <Cards table={table} />;
  if (!possible) return <EmptyState title={t('logs.noChart')}>{t('logs.noChartText')}</EmptyState>;
  return (
    <>
      {render.title && <h2 className="log-chart-title">{render.title}</h2>}
      {series > mostSeries && kind !== 'piechart' && <p className="muted">{t('logs.manySeries', { shown: mostSeries, n: series })}</p>}
      <Drawing {...props} />
    </>
  );
}
