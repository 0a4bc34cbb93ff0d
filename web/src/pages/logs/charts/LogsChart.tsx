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
import { mostSeries, type ChartKind } from './data';
import { pictureOf, type Looks, type Picture } from './options';

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
    <dl className="log-cards" tabIndex={0}>
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

function Drawing({ picture, kind, title }: { picture: Picture; kind: ChartKind; title: string | null | undefined }) {
  const box = useRef<HTMLDivElement>(null);
  const dark = useDark();
  const zone = useZone();
  const label = title || t('logs.chartLabel', { kind: tData('chart', kind) });
  useEffect(() => {
    const element = box.current!;
    const styles = getComputedStyle(element);
    const chart = init(element, undefined, { renderer: 'svg' });
    const animation = !still();
    const draw = (moves: boolean) => {
      const looks: Looks = {
        dark, zone, animation: moves, label, font: styles.fontFamily, width: element.clientWidth, height: element.clientHeight, color: (name) => styles.getPropertyValue(name).trim(),
      };
      chart.setOption(picture.options(looks));
    };
    draw(animation);
    let size = [element.clientWidth, element.clientHeight].join();
    const observer = new ResizeObserver(() => {
      const now = [element.clientWidth, element.clientHeight].join();
      if (now === size) return;
      size = now;
      chart.resize();
      draw(false); // there is room for other labels
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.dispose();
    };
  }, [picture, dark, zone, label]);
  return <div ref={box} className="log-chart" role="img" aria-label={label} />;
}

export default function LogsChart({ table, kind, render }: Props) {
  const picture = useMemo(() => (kind === 'card' ? null : pictureOf(table, kind, render)), [table, kind, render]);
  if (kind === 'card') return <Cards table={table} />;
  if (table.rows.length === 0) return <EmptyState title={t('logs.noRows')}>{t('logs.noRowsText')}</EmptyState>;
  if (!picture) return <EmptyState title={t('logs.noChart')}>{t('logs.noChartText')}</EmptyState>;
  const { series, cut } = picture;
  return (
    <>
      {render.title && <h2 className="log-chart-title">{render.title}</h2>}
      {series > mostSeries && <p className="muted">{t('logs.manySeries', { shown: mostSeries, n: series })}</p>}
      {cut && <p className="muted">{t('logs.manyPlaces', { shown: formatNumber(cut.shown), n: cut.of })}</p>}
      <Drawing picture={picture} kind={kind} title={render.title} />
    </>
  );
}
