"use strict";
/* What every chart of a page shares: its colours, light or dark, its frame, and its buttons. */
const Drawing = (() => {
  const BLUE = "#2e75b6", TEAL = "#2a9d8f", ORANGE = "#d1603d", COUNT = ",.6~f";
  const FONT = getComputedStyle(document.body).fontFamily;
  const colours = {};
  const readColours = () => {
    const of = getComputedStyle(document.documentElement);
    for (const name of ["navy", "strong", "grey", "line", "ink", "paper", "zero"]) colours[name] = of.getPropertyValue(`--${name}`).trim();
  };
  readColours();

  /* Names are data: plotly reads tags in its texts, so that they are escaped for it. */
  const safe = (text) => String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

  const layout = (title, unit, more = {}) => ({
    title: { text: title, font: { size: 14, color: colours.navy, weight: 700 }, x: 0.02, xanchor: "left", y: 0.97, yanchor: "top" },
    font: { family: FONT, size: 12, color: colours.ink },
    margin: { l: 60, r: 14, t: 42, b: 48 },
    paper_bgcolor: colours.paper, plot_bgcolor: colours.paper, bargap: 0.3, hovermode: "closest", showlegend: false,
    xaxis: { type: "category", automargin: true, linecolor: colours.line, tickfont: { color: colours.grey } },
    yaxis: { title: { text: unit, font: { size: 11, color: colours.grey } }, gridcolor: colours.line, zerolinecolor: colours.zero, automargin: true, tickformat: COUNT, tickfont: { color: colours.grey } },
    ...more,
  });
  /* The buttons are listed, so that none that shares a chart with a server can be among them. */
  const config = {
    responsive: true, displaylogo: false, displayModeBar: "hover", modeBarButtons: [["toImage", "zoom2d", "pan2d", "resetScale2d"]],
    showSendToCloud: false, plotlyServerURL: "",
  };
  const draw = (id, traces, shape) => { if (document.getElementById(id)) Plotly.react(id, traces, shape, config); };

  const nothing = (id, title, text) =>
    draw(id, [], layout(title, "", {
      xaxis: { visible: false }, yaxis: { visible: false },
      annotations: [{ text, showarrow: false, xref: "paper", yref: "paper", x: 0.5, y: 0.5, font: { color: colours.grey } }],
    }));

  const legend = { orientation: "h", x: 1, xanchor: "right", yref: "container", y: 0.01, yanchor: "bottom", traceorder: "normal" };
  const SERIES = () => [colours.zero, BLUE, TEAL, ORANGE, colours.strong, "#e9b44c", "#8e6fb5", "#7fb7d8"];
  const inks = (count) => (count === 1 ? [BLUE] : SERIES());

  /* A figure of outputs/html/figures.py: bars of names, or lines along numbers. */
  const figure = (id, of) => {
    const several = of.series.length > 1, paint = inks(of.series.length), bars = of.names.length > 0;
    const names = of.names.map((name) => safe(name.length > 56 ? `${name.slice(0, 55)}\u2026` : name));
    const traces = of.series.map((s, i) => (bars ? {
      type: "bar", orientation: "h", name: safe(s.name), y: names.map((_, place) => place), x: s.values, marker: { color: paint[i % paint.length] },
      customdata: of.names.map(safe), hovertemplate: `%{customdata}<br>${safe(s.name)} %{x:,.4~f} ${safe(of.unit)}<extra></extra>`,
    } : {
      type: "scatter", mode: "lines+markers", name: safe(s.name), x: of.along, y: s.values, line: { color: paint[i % paint.length], width: 2 }, marker: { size: 5 },
      hovertemplate: `${safe(of.axis)} %{x:,.6~f}<br>${safe(s.name)} %{y:,.6~f} ${safe(of.unit)}<extra></extra>`,
    }));
    const number = (text) => ({ title: { text, font: { size: 11, color: colours.grey } }, gridcolor: colours.line, zerolinecolor: colours.zero, tickfont: { color: colours.grey }, tickformat: COUNT, automargin: true });
    const words = { tickmode: "array", tickvals: names.map((_, i) => i), ticktext: names, range: [names.length - 0.5, -0.5], automargin: true, ticks: "outside", ticklen: 6, tickcolor: colours.paper, tickfont: { color: colours.ink, size: 11 } };
    const place = document.getElementById(id);
    if (bars) place.style.height = `${120 + Math.max(2, of.names.length) * (several && !of.stacked ? 15 + 9 * of.series.length : 24)}px`;
    return draw(id, traces, layout(bars && of.unit ? `${safe(of.title)}, ${safe(of.unit)}` : safe(of.title), "", {
      barmode: of.stacked ? "relative" : "group", showlegend: several, legend,
      margin: { l: 60, r: 14, t: 42, b: several ? (bars ? 60 : 76) : 40 }, xaxis: number(bars ? "" : safe(of.axis)), yaxis: bars ? words : number(safe(of.unit)),
    }));
  };

  /* Drawn anew where the reader turns to dark or light, and in light for paper. */
  const whenColoursChange = (redraw) => {
    const anew = () => { readColours(); redraw(); };
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", anew);
    const pictures = () => document.querySelectorAll("svg.main-svg");
    window.addEventListener("beforeprint", () => {
      document.documentElement.classList.add("paper");
      if (dark.matches) anew();
      /* On paper the columns are narrower: the drawings shrink with them. */
      pictures().forEach((p) => p.setAttribute("viewBox", `0 0 ${p.getAttribute("width")} ${p.getAttribute("height")}`));
    });
    window.addEventListener("afterprint", () => {
      document.documentElement.classList.remove("paper");
      pictures().forEach((p) => p.removeAttribute("viewBox"));
      if (dark.matches) anew();
    });
  };

  return { BLUE, TEAL, ORANGE, COUNT, colours, safe, layout, draw, nothing, figure, whenColoursChange };
})();
