"use strict";
/* What is below the first screen is shown once it is drawn, so that nothing moves while somebody reads. */
document.documentElement.classList.add("drawn");
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { labels } = data;
  const { BLUE, TEAL, COUNT, colours: tint, safe, layout, draw, nothing } = Drawing;
  const DASH = "\u2013", MANY = 40;
  const byId = (id) => document.getElementById(id);

  /* As outputs/tables/rounding.py says it. */
  const { least, most, smallest } = labels.rounding;
  const fixed = (value, decimals) => value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  const amount = (value) => {
    if (value === null || Math.abs(value) < smallest) return DASH;
    const places = least.findIndex((from) => Math.abs(value) >= from);
    return fixed(value, places < 0 ? most : places);
  };

  const element = (tag, text = "", attributes = {}) => {
    const made = document.createElement(tag);
    made.textContent = text;
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };

  /* Charts */

  /* The darkest colour of the series is not seen on a dark page. */
  const shade = (colour) => (colour.toLowerCase() === "#1f3a5f" ? tint.strong : colour);

  const bars = (id, title, names, values) => {
    if (!names.length) return nothing(id, title, "Nothing of value is held in peace.");
    const low = Math.min(0, ...values), high = Math.max(0, ...values), room = 0.17 * (high - low);
    return draw(id, [{
      type: "bar", orientation: "h", y: names.map(safe), x: values, text: values.map(amount), textposition: "outside", textfont: { size: 11 }, cliponaxis: false,
      marker: { color: values.map((v) => (v < 0 ? TEAL : id === "costs" ? tint.strong : BLUE)) },
      hovertemplate: "%{y}: %{text} M USD<extra></extra>",
    }], layout(title, "", {
      xaxis: { title: { text: "M USD", font: { size: 11, color: tint.grey } }, gridcolor: tint.line, zerolinecolor: "#98a3b0", tickformat: COUNT, tickfont: { color: tint.grey },
        range: [low < 0 ? low - room : 0, high > 0 ? high + room : 0] },
      yaxis: { type: "category", autorange: "reversed", automargin: true, ticks: "outside", ticklen: 6, tickcolor: tint.paper, tickfont: { color: tint.ink } },
      margin: { l: 30, r: 30, t: 42, b: 44 },
    }));
  };

  const stacked = (id, title, unit, x, series, line, axis = "", angle = "auto") => {
    if (!x.length) return nothing(id, title, "Nothing to show.");
    const traces = series.map((s) => ({
      type: "bar", name: safe(s.name), x: x.map(String).map(safe), y: s.values, marker: { color: shade(s.colour) }, text: s.values.map(amount), textposition: "none",
      hovertemplate: `${safe(s.name)}<br>%{x}: %{text} ${safe(unit)}<extra></extra>`,
    }));
    if (line) traces.push({
      type: "scatter", mode: "lines+markers", name: safe(line.name), x: x.map(String).map(safe), y: line.values,
      line: { color: tint.ink, width: 1.5, dash: "dot", shape: "linear" }, marker: { size: 4 }, text: line.values.map(amount),
      hovertemplate: `${safe(line.name)}<br>%{x}: %{text} ${safe(unit)}<extra></extra>`,
    });
    const shape = layout(title, safe(unit), { barmode: "stack" });
    shape.xaxis.title = { text: axis, font: { size: 11, color: tint.grey } };
    Object.assign(shape.xaxis, { tickangle: angle, dtick: angle === "auto" || x.length > MANY ? undefined : 1 });
    shape.yaxis.rangemode = "tozero";
    return draw(id, traces, shape);
  };

  const overview = () => {
    const { costs, values, stock } = data;
    bars("costs", costs.beside ? `Cost parts beside ${safe(costs.beside.toLowerCase())}` : "Cost parts", costs.names, costs.values);
    bars("values", "Stockpile by value", values.names, values.values);
    stacked("stock", "Stock in peace by value", "M USD", stock.periods, stock.series, { name: "Total", values: stock.total }, "end of");
  };

  /* One material */

  const card = (label, value, note) => {
    const item = element("li");
    item.append(element("span", label), element("strong", value), element("span", note, { class: "note" }));
    return item;
  };

  const fill = (table, caption, heads, rows) => {
    table.replaceChildren(element("caption", caption));
    const head = table.createTHead().insertRow();
    heads.forEach((name, i) => head.append(element("th", name, { scope: "col", class: i ? "n" : "" })));
    const body = table.createTBody();
    for (const cells of rows) {
      const row = body.insertRow();
      cells.forEach((cell, i) => {
        const made = element(i ? "td" : "th", cell.text, i ? { class: `n ${cell.grade ?? ""}` } : { scope: "row" });
        if (cell.colour) { const swatch = element("span", "", { class: "swatch" }); swatch.style.background = shade(cell.colour); made.prepend(swatch); }
        if (cell.note) made.append(element("small", cell.note));
        row.append(made);
      });
    }
  };

  const share = (value) => (value === null ? DASH : `${(100 * value).toFixed(1)}%`);
  const grade = ([required, reached], where) =>
    required === null ? "" : reached < required - 1e-6 ? "poor" : where.startsWith("at its limit") ? "fair" : "good";

  const fall = (of) => {
    const { steps, words } = of.fall;
    byId("m-words").textContent = words;
    draw("m-fall", [{
      type: "waterfall", x: labels.steps, y: steps, measure: steps.map((_, i) => (i + 1 < steps.length ? "relative" : "total")), text: steps.map(amount), textposition: "auto",
      connector: { line: { color: tint.line } }, increasing: { marker: { color: tint.strong } }, decreasing: { marker: { color: TEAL } }, totals: { marker: { color: BLUE } },
      hovertemplate: `%{x}: %{text} ${safe(labels.units.t)}<extra></extra>`,
    }], layout(`Why so much ${safe(of.name)} is held: needs, less what meets them, are drawn from stock`, safe(labels.units.t), {}));
  };

  const material = (of) => {
    const { units, colours, sources } = labels;
    const heads = [`Target stock, ${units.t}`, "Target, months of demand", "Target, months of the gap", "Value, M USD", `Price, ${units["USD/kg"]}`, `Demand, ${units["t/yr"]}`];
    byId("worst").textContent = of.worst;
    byId("figures").replaceChildren(...heads.map((h, i) => card(h, of.figures[i], of.notes[i])));
    const target = { name: "Target", values: labels.periods.map(() => of.target) };
    stacked("m-stock", `Stock of ${safe(of.name)} in peace`, units.t, labels.periods, [{ name: "Stock", values: of.stock, colour: BLUE }], target, "end of; dotted: the target");
    const flows = of.flows.map((f, i) => ({ ...f, colour: colours[i] }));
    const needed = flows[sources];
    const mix = (part) => flows.slice(0, sources).filter((f) => f.name).map((f) => ({ name: f.name, colour: f.colour, values: f[part] }));
    const line = (part) => ({ name: needed.name, values: needed[part] });
    stacked("m-peace", "Sources in peace", "t", labels.years, mix("peace"), line("peace"), "dotted: needed by sectors and plants");
    const months = labels.months.slice(0, needed.cutoff.length);
    stacked("m-cutoff", "Sources in the worst protected cutoff", "t", months, mix("cutoff"), line("cutoff"), "months into the cutoff");
    stacked("m-branches", "Sources over each whole cutoff", "t", labels.branches, mix("branches"), line("branches"), "", -45);
    if (of.fall) fall(of);
    fill(byId("m-flows"), "Sources and uses, on average", ["", "peace, t/yr", "worst cutoff, t/yr"],
      flows.filter((f) => f.name).map((f) => [{ text: f.name, colour: f.colour }, ...f.rates.map((r) => ({ text: amount(r) }))]));
    fill(byId("m-sectors"), "Coverage in protected cutoffs", ["Sector", "required", "reached"],
      of.sectors.map((s) => [{ text: s.name, note: s.where }, { text: share(s.cover[0]) }, { text: share(s.cover[1]), grade: grade(s.cover, s.where) }]));
  };

  /* Coverage */

  const SCALE = [[0, "#e58a7b"], [0.5, "#f3c27e"], [0.8, "#f8ebc4"], [0.95, "#d9eee0"], [1, "#a5d6b5"]];
  const cover = (of) => {
    const text = of.reached.map((row) => row.map((v) => (v === null ? "" : Math.floor(100 * v + 1e-6).toString())));
    const said = of.reached.map((row, m) => row.map((v, b) => {
      const required = of.required[m][b];
      const asked = required === null ? "no coverage asked" : `required ${share(required)} (promised: ${safe(of.promised[m][b])})`;
      return v === null ? "" : `${safe(of.materials[m])}, ${safe(labels.branches[b])}<br>reached ${share(v)}, ${asked}<br>short ${amount(of.short[m][b])} t`;
    }));
    byId("map").style.height = `${150 + 21 * of.materials.length}px`;
    draw("map", [{
      type: "heatmap", x: labels.branches.map(safe), y: of.materials.map(safe), z: of.reached, zmin: 0, zmax: 1, colorscale: SCALE, xgap: 1, ygap: 1,
      text, texttemplate: labels.branches.length > MANY ? "" : "%{text}", textfont: { size: 11, color: "#222" }, customdata: said, hovertemplate: "%{customdata}<extra></extra>",
      showscale: of.materials.length > 4, colorbar: { tickformat: ".0%", thickness: 12, outlinewidth: 0 },
    }], layout(`Coverage reached for ${safe(of.sector)}, %`, "", {
      margin: { l: 60, r: 10, t: 42, b: 90 },
      xaxis: { type: "category", automargin: true, tickangle: -45, showgrid: false, tickfont: { color: tint.ink } },
      yaxis: { type: "category", autorange: "reversed", automargin: true, showgrid: false, tickfont: { color: tint.ink }, dtick: 1 },
    }));
  };

  const choose = (id, names, show) => {
    const select = byId(id);
    if (!select || !names.length) return;
    names.forEach((name, i) => select.append(element("option", name, { value: i })));
    select.addEventListener("change", () => show(Number(select.value)));
    show(0);
  };

  const show = { material: (i) => material(data.materials[i]), sector: (i) => cover(data.coverage[i]) };
  overview();
  choose("choose-material", data.materials.map((m) => m.name), show.material);
  choose("choose-sector", data.coverage.map((c) => c.sector), show.sector);
  Drawing.whenColoursChange(() => {
    overview();
    for (const [name, drawn] of Object.entries(show)) {
      const select = byId(`choose-${name}`);
      if (select && select.options.length) drawn(Number(select.value));
    }
  });
})();
