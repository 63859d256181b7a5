"use strict";
/* The charts of a study, from the data that stand beside them. */
(() => {
  const data = document.getElementById("figures");
  if (!data) return;
  const figures = JSON.parse(data.textContent);
  const drawn = () => figures.forEach((figure, i) => Drawing.figure(`figure-${i}`, figure));
  drawn();
  Drawing.whenColoursChange(drawn);
})();
