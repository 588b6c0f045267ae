// Charts are drawn from the table beside them, which stays for whoever would rather read.
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { init, use, type EChartsType } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([BarChart, LineChart, GridComponent, TooltipComponent, CanvasRenderer]);

interface Bar {
  label: string;
  value: number;
  share: string;
}

const drawn = new Map<HTMLElement, EChartsType>();

function bars(figure: HTMLElement): Bar[] {
  return [...figure.querySelectorAll("tbody tr")].map((row) => ({
    label: row.querySelector("th")?.textContent?.trim() ?? "",
    value: Number(row.querySelector<HTMLElement>("[data-value]")?.dataset.value ?? 0),
    share: row.querySelector("td:last-child")?.textContent?.trim() ?? "",
  }));
}

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// Labels that are wider than their room break: how many lines the longest takes, with a fifth more for words that do not fill theirs.
function longest(data: Bar[], room: number, text: { fontSize: number; fontFamily: string }): number {
  const pen = document.createElement("canvas").getContext("2d");
  if (!pen) return 2;
  pen.font = `${text.fontSize}px ${text.fontFamily}`;
  return Math.max(1, ...data.map((bar) => pen.measureText(bar.label).width / room).map((lines) => (lines > 1 ? Math.ceil(1.2 * lines) : 1)));
}

function draw(figure: HTMLElement): void {
  const canvas = figure.querySelector<HTMLElement>(".chart-canvas");
  if (!canvas) return;
  canvas.hidden = false;
  const data = bars(figure);
  const lines = figure.dataset.chart === "bars";
  const text = { color: colour("--ink"), fontSize: 14, fontFamily: getComputedStyle(document.body).fontFamily };
  const room = lines ? Math.min(150, canvas.clientWidth * 0.4) : canvas.clientWidth / data.length - 8;
  if (lines) canvas.style.height = `${data.length * (1 + 1.25 * longest(data, room, text)) + 0.5}rem`;
  if (!drawn.has(canvas)) figure.querySelector("details")?.removeAttribute("open");
  drawn.get(canvas)?.dispose();
  const chart = init(canvas);
  drawn.set(canvas, chart);
  if (figure.dataset.chart === "line") return drawTrend(figure, chart);

  const names = {
    type: "category" as const,
    data: data.map((bar) => (lines ? bar.label : (/^\d+/.exec(bar.label)?.[0] ?? ""))), // the ends of a scale have their words below
    inverse: lines,
    axisTick: { show: false },
    splitLine: { show: false },
    axisLine: { show: !lines, lineStyle: { color: colour("--line-strong") } },
    axisLabel: { ...text, fontSize: lines ? 14 : 13, lineHeight: 18, width: room, overflow: "break" as const, interval: 0 },
  };
  const values = { type: "value" as const, show: false, minInterval: 1 };
  chart.setOption({
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 400,
    grid: lines
      ? { left: room + 8, right: 40, top: 0, bottom: 0, outerBoundsMode: "none" }
      : { left: 0, right: 0, top: 24, bottom: 28, outerBoundsMode: "none" },
    tooltip: {
      trigger: "item",
      backgroundColor: colour("--surface"),
      borderColor: colour("--line"),
      textStyle: text,
      formatter: (item: { dataIndex: number }) => {
        const bar = data[item.dataIndex];
        const line = document.createElement("span");
        line.textContent = bar ? `${bar.label} · ${bar.value} (${bar.share})` : "";
        return line;
      },
    },
    xAxis: lines ? values : names,
    yAxis: lines ? names : values,
    series: [
      {
        type: "bar",
        data: data.map((bar) => bar.value),
        barMaxWidth: lines ? 20 : 56,
        itemStyle: { color: colour("--accent"), borderRadius: lines ? [0, 6, 6, 0] : [6, 6, 0, 0] },
        label: { show: true, position: lines ? "right" : "top", ...text, fontWeight: 600 },
      },
    ],
  });
}

// A trend is one figure month by month; months without a figure are not in the table, and not in the line.
function drawTrend(figure: HTMLElement, chart: EChartsType): void {
  const rows = [...figure.querySelectorAll("tbody tr")];
  const written = rows.map((row) => row.querySelector("[data-value]")?.textContent?.trim() ?? "");
  const text = { color: colour("--ink"), fontSize: 13, fontFamily: getComputedStyle(document.body).fontFamily };
  chart.setOption({
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    grid: { left: 16, right: 24, top: 28, bottom: 28, outerBoundsMode: "same" },
    xAxis: {
      type: "category",
      data: rows.map((row) => row.querySelector("th")?.textContent?.trim() ?? ""),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colour("--line-strong") } },
      axisLabel: { ...text, hideOverlap: true },
    },
    yAxis: { type: "value", show: false, scale: true, boundaryGap: ["20%", "20%"] },
    series: [
      {
        type: "line",
        data: rows.map((row) => Number(row.querySelector<HTMLElement>("[data-value]")?.dataset.value ?? 0)),
        symbolSize: 9,
        lineStyle: { color: colour("--accent"), width: 3 },
        itemStyle: { color: colour("--accent") },
        labelLayout: { hideOverlap: true },
        label: { show: true, position: "top", ...text, fontWeight: 600, formatter: (point: { dataIndex: number }) => written[point.dataIndex] ?? "" },
      },
    ],
  });
}

function drawAll(): void {
  for (const canvas of drawn.keys()) {
    if (!canvas.isConnected) {
      drawn.get(canvas)?.dispose();
      drawn.delete(canvas);
    }
  }
  document.querySelectorAll<HTMLElement>("figure[data-chart]").forEach(draw);
}

drawAll();
document.addEventListener("htmx:afterSettle", drawAll);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
window.addEventListener("resize", () => drawn.forEach((chart) => chart.resize()));
