// SPDX-License-Identifier: Apache-2.0
// A line over days, drawn by ECharts as SVG. The library is read when the first chart is shown.
import { LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, TooltipComponent } from 'echarts/components';
import { init, use, type EChartsType } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { useDark } from '../app/preferences';

use([LineChart, GridComponent, TooltipComponent, AriaComponent, SVGRenderer]);

interface Props {
  label: string;
  days: string[];
  values: number[];
}

const still = () => window.matchMedia('(prefers-reduced-motion: reduce)').matches;

function options({ label, days, values }: Props, color: (name: string) => string) {
  const line = { lineStyle: { color: color('--colorNeutralStroke3') } };
  const axisLabel = { color: color('--colorNeutralForeground2') };
  return {
    animation: !still(),
    aria: { enabled: true, label: { description: label } },
    grid: { left: 44, right: 16, top: 16, bottom: 28 },
    tooltip: { trigger: 'axis', valueFormatter: (value: number) => `${value.toFixed(1)}%` },
    xAxis: { type: 'category', data: days, axisLine: line, axisLabel },
    yAxis: { type: 'value', min: 0, max: 100, axisLabel: { ...axisLabel, formatter: '{value}%' }, splitLine: line },
    series: [{
      type: 'line', data: values, symbol: 'circle', showSymbol: days.length < 40, lineStyle: { width: 2 },
      color: color('--colorBrandForeground1'), areaStyle: { opacity: 0.12 },
    }],
  };
}

export default function Chart(props: Props) {
  const box = useRef<HTMLDivElement>(null);
  const dark = useDark();
  useEffect(() => {
    const element = box.current!;
    const styles = getComputedStyle(element);
    const chart: EChartsType = init(element, undefined, { renderer: 'svg' });
    chart.setOption(options(props, (name) => styles.getPropertyValue(name).trim()));
    const observer = new ResizeObserver(() => chart.resize());
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.dispose();
    };
  }, [props.label, props.days, props.values, dark]);
  return <div ref={box} className="chart" role="img" aria-label={props.label} />;
}
