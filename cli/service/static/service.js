"use strict";
/* What pages do by themselves: take a dropped workbook, wait for a check, follow a run. */
(() => {
  const byId = (id) => document.getElementById(id);

  const drop = document.querySelector("form.drop");
  if (drop) {
    const input = drop.querySelector("input[type=file]"), said = drop.querySelector("output");
    const hasFile = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
    document.addEventListener("dragover", (event) => { if (hasFile(event)) { event.preventDefault(); drop.classList.add("over"); } });
    document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) drop.classList.remove("over"); });
    document.addEventListener("drop", (event) => {
      if (!hasFile(event)) return;
      event.preventDefault();
      drop.classList.remove("over");
      if (event.dataTransfer.files.length !== 1) { said.textContent = "One workbook at a time."; return; }
      input.files = event.dataTransfer.files;
      drop.requestSubmit();
    });
    drop.addEventListener("submit", (event) => {
      const most = Number(drop.dataset.most), large = input.files[0]?.size > most;
      said.textContent = large ? `The workbook is larger than the ${Math.floor(most / 1e6)} MB that the service takes.` : "On its way …";
      if (large) event.preventDefault();
    });
  }

  const checking = byId("checking");
  if (checking) {
    const ask = async () => {
      try {
        const answer = await fetch(`${checking.dataset.findings}?wait=25`);
        if (!answer.ok) throw new Error(answer.status);
        if ((await answer.json()).status !== "checking") { location.reload(); return; }
      } catch { await new Promise((done) => setTimeout(done, 2000)); }
      ask();
    };
    ask();
  }

  const progress = byId("progress");
  if (progress) {
    const bar = byId("bar"), since = 1000 * Number(progress.dataset.since);
    const source = new EventSource(progress.dataset.events);
    const minutes = (seconds) => (seconds >= 90 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds)} s`);
    setInterval(() => { byId("clock").textContent = `since ${minutes(Math.max(0, (Date.now() - since) / 1000))}`; }, 1000);
    const over = () => { source.close(); location.reload(); };
    source.addEventListener("run", (event) => {
      const run = JSON.parse(event.data);
      if (run.status !== "queued" && run.status !== "running") { over(); return; }
      byId("stage").textContent = run.stage || run.status;
      const counted = run.total ? `${run.done} of ${run.total}` : "";
      byId("left").textContent = [counted, run.seconds_left === null ? "" : `${minutes(run.seconds_left)} left`].filter(Boolean).join(", ");
      if (run.total) { bar.max = run.total; bar.value = run.done; }
    });
    source.addEventListener("error", () => { if (source.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 1000); });
  }

  document.querySelector("form[data-now]")?.requestSubmit();

  const compare = byId("compare");
  if (compare && byId("go")) {
    const { least, most } = compare.dataset;
    const count = () => {
      const chosen = compare.querySelectorAll("input[name=run]:checked").length;
      byId("go").disabled = chosen < Number(least) || chosen > Number(most);
      compare.querySelector("output").textContent = `${chosen} chosen`;
    };
    compare.addEventListener("change", count);
    count();
  }
})();
