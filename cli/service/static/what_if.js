"use strict";
/* Sliders, and the answers of the process that keeps the case warm. */
(() => {
  const byId = (id) => document.getElementById(id);
  const url = byId("what-if").dataset.ask;
  const knobs = [];
  let last = null, asking = false, again = false;

  const element = (tag, text = "", attributes = {}) => {
    const made = document.createElement(tag);
    made.textContent = text;
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };
  const ask = async (question) => {
    const answer = await fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(question) });
    const said = await answer.json();
    return answer.ok ? said : { error: said.detail ?? `no answer (${answer.status})` };
  };

  /* Numbers */

  const digits = (value) => Number(value.toPrecision(4));
  const moved = (knob) => knob.touched && knob.value() !== knob.base;
  const valueText = (knob) => {
    if (!knob.touched && knob.base === null) return "as in the case";
    const value = knob.value(), unit = knob.unit;
    if (unit === "yes/no") return value ? "yes" : "no";
    if (unit.startsWith("\u00d7")) return `\u00d7 ${value}`;
    return `${value}${unit === "-" || unit === "" ? "" : ` ${unit}`}`;
  };
  const show = (knob) => {
    knob.said.textContent = valueText(knob);
    knob.input.setAttribute("aria-valuetext", valueText(knob));
    knob.row.classList.toggle("moved", Boolean(moved(knob)));
  };
  const add = (given) => {
    if (knobs.some((knob) => knob.change === given.change && knob.low === given.low && knob.high === given.high)) return;
    const id = `knob-${knobs.length}`;
    const knob = { ...given, touched: false };
    knob.row = element("div", "", { class: "knob" });
    knob.input = element("input", "", { type: "range", id, min: given.low, max: given.high, step: given.whole ? 1 : "any", value: given.base ?? (given.low + given.high) / 2 });
    knob.value = () => (given.whole ? Math.round(Number(knob.input.value)) : digits(Number(knob.input.value)));
    knob.said = element("output", "", { for: id });
    knob.back = element("button", "\u21ba", { type: "button", "aria-label": `${given.name}: as in the case`, title: "as in the case" });
    knob.reset = () => { knob.touched = false; knob.input.value = given.base ?? (given.low + given.high) / 2; show(knob); };
    const ends = element("div", "", { class: "ends" });
    ends.append(knob.input, knob.back);
    knob.row.append(element("label", given.name, { for: id }), knob.said, element("small", ` (now ${given.now})`), ends);
    if (given.caution) knob.row.append(element("small", given.caution));
    knob.input.addEventListener("input", () => { knob.touched = true; show(knob); });
    knob.input.addEventListener("change", answer);
    knob.back.addEventListener("click", () => { knob.reset(); answer(); knob.input.focus(); });
    knobs.push(knob);
    byId("sliders").append(knob.row);
    show(knob);
  };
  const changes = () => knobs.filter(moved).map((knob) => `${knob.change}${knob.unit === "yes/no" ? (knob.value() ? "yes" : "no") : knob.value()}`);

  /* Answers: one at a time, and after it the newest */

  const answer = async () => {
    if (asking) { again = true; return; }
    asking = true;
    byId("after").classList.add("waiting");
    const began = performance.now(), wanted = changes();
    const said = await ask({ changes: wanted }).catch((error) => ({ error: String(error) }));
    asking = false;
    if (again) { again = false; answer(); return; }
    byId("after").classList.remove("waiting");
    if (said.error) { byId("verdict").textContent = said.error; return; }
    byId("said").textContent = `Answered in ${((performance.now() - began) / 1000).toFixed(1)} s. Of plans that cost the same, one is shown.`;
    last = said;
    fill(said, wanted);
  };

  const card = (label, value, note) => {
    const item = element("li");
    item.append(element("span", label), element("strong", value), element("span", note, { class: "note" }));
    return item;
  };
  const million = (thousands) => (thousands / 1000).toLocaleString("en-US", { maximumSignificantDigits: 6 });
  const fill = (said, wanted) => {
    byId("after").hidden = false;
    const { before, after } = said;
    byId("verdict").textContent = said.message || (said.said.length ? `With ${said.said.join("; ")}` : "The case as it is");
    byId("verdict").className = said.feasible ? "" : "mark poor";
    const change = said.feasible ? after - before : null;
    const part = !change || !before ? "" : `${change < 0 ? "\u2212" : "+"}${Math.abs(100 * change / before).toPrecision(2)} %`;
    byId("costs").replaceChildren(
      card("Cost before, M USD", before === null ? "no plan" : million(before), "discounted"),
      card("Cost after, M USD", after === null ? "no plan" : million(after), said.solved === "rebuilt" ? "built anew" : ""),
      card("Change, M USD", !change ? "\u2013" : `${change < 0 ? "\u2212" : "+"}${million(Math.abs(change))}`, part),
    );
    byId("tables").innerHTML = said.html; /* written by the service, with every name escaped */
    byId("explain").hidden = said.feasible;
    byId("explain").querySelector("textarea").value = wanted.join("\n");
    bars(said.charts);
  };

  const bars = (charts) => {
    const place = byId("bars");
    charts.forEach((chart, i) => {
      if (!byId(`bar-${i}`)) {
        const figure = element("figure");
        figure.append(element("div", "", { id: `bar-${i}`, class: "chart", role: "img" }));
        place.append(figure);
      }
      byId(`bar-${i}`).setAttribute("aria-label", `${chart.title} before and after`);
      Drawing.figure(`bar-${i}`, chart);
    });
    [...place.children].slice(charts.length).forEach((figure) => figure.remove());
  };

  byId("more").addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = await ask({ knob: byId("address").value });
    byId("more").querySelector("output").textContent = said.error ?? "";
    if (said.knob) { add(said.knob); byId("address").value = ""; knobs[knobs.length - 1].input.focus(); }
  });
  byId("reset").addEventListener("click", () => { knobs.forEach((knob) => knob.reset()); answer(); });
  Drawing.whenColoursChange(() => last && bars(last.charts));

  ask({ begin: true }).catch((error) => ({ error: String(error) })).then((said) => {
    if (said.error) { byId("said").textContent = said.error; return; }
    byId("said").textContent = `Solved once in ${said.seconds.toFixed(1)} s. Move a number: by mouse, or by arrow keys.`;
    said.knobs.forEach(add);
    last = said;
    fill(said, []);
  });
})();
