// Draws every figure.chart from its JSON; the table below it says the same without this script.
"use strict";
(() => {
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const language = document.documentElement.lang || "ja";
  const day = new Intl.DateTimeFormat(language, { month: "numeric", day: "numeric", timeZone: "UTC" });
  const drawn = [];

  const lineOf = (one) => ({
    label: one.label,
    stroke: token(one.tone),
    width: 2,
    dash: one.dashed ? [6, 4] : undefined,
    spanGaps: true,
    paths: one.stepped ? uPlot.paths.stepped({ align: 1 }) : undefined,
    points: { show: !one.dashed, size: 6, fill: token("surface") },
  });
  const thresholdOf = (one) => ({
    label: one.label, stroke: token(one.tone), width: 1.5, dash: [3, 3], points: { show: false },
  });
  const axis = () => ({
    stroke: token("text-2"), grid: { stroke: token("edge"), width: 1 }, ticks: { stroke: token("edge") },
    font: `12px ${token("font")}`,
  });

  const draw = (figure) => {
    const source = document.getElementById(figure.dataset.chart);
    const area = figure.querySelector(".chart-area");
    if (!source || !area) return;
    const chart = JSON.parse(source.textContent);
    area.replaceChildren();
    if (!chart.x.length) return area.classList.add("empty-area");
    if (chart.x.length === 1) { // one point has no width: a month makes room for it
      chart.x.push(chart.x[0] + 30 * 86400);
      chart.series.forEach((one) => one.values.push(null));
    }
    const number = new Intl.NumberFormat(language, { maximumFractionDigits: chart.decimals });
    const data = [
      chart.x,
      ...chart.series.map((one) => one.values),
      ...chart.thresholds.map((one) => chart.x.map(() => one.at)),
    ];
    const plot = new uPlot({
      width: Math.max(area.clientWidth, 240),
      height: 240,
      tzDate: (at) => uPlot.tzDate(new Date(at * 1000), "Etc/UTC"),
      cursor: { y: false },
      legend: { live: false },
      scales: { y: { range: (_plot, low, high) => [Math.min(0, low ?? 0), (high || 1) * 1.08] } },
      axes: [
        { ...axis(), values: (_plot, ticks) => ticks.map((at) => day.format(new Date(at * 1000))) },
        { ...axis(), size: 56, label: chart.unit, labelSize: 20, labelFont: `12px ${token("font")}`,
          values: (_plot, ticks) => ticks.map((value) => number.format(value)) },
      ],
      series: [{}, ...chart.series.map(lineOf), ...chart.thresholds.map(thresholdOf)],
    }, data, area);
    drawn.push({ plot, area });
  };

  const all = () => {
    drawn.splice(0).forEach(({ plot }) => plot.destroy());
    document.querySelectorAll("figure.chart[data-chart]").forEach(draw);
  };
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", all);
  window.addEventListener("resize", () => drawn.forEach(({ plot, area }) => {
    plot.setSize({ width: Math.max(area.clientWidth, 240), height: 240 });
  }));
  document.addEventListener("htmx:afterSettle", all);
  all();
})();
