// Charts as files: which there are, and a PNG drawn from the SVG of one.

// The charts that are seen now; several of one kind are numbered.
SG.pictures = () => [...document.querySelectorAll(".sg svg[data-export]")]
  .filter((node) => node.getBoundingClientRect().width > 0)
  .map((node, place, all) => {
    const kind = node.dataset.export;
    const before = all.slice(0, place).filter((other) => other.dataset.export === kind).length;
    return { node, name: kind + (before ? "-" + (before + 1) : ""), title: SG.titleOf(node) };
  });

SG.titleOf = (node) => {
  if (node.dataset.title) return node.dataset.title;
  const chart = node.closest(".sg-chart");
  const title = chart && chart.querySelector(".sg-chart-title");
  if (title) return title.textContent.trim();
  return node.closest("[aria-label]:not(svg)").getAttribute("aria-label");
};

SG.pngOf = (node) => new Promise((done, failed) => {
  const width = Number(node.getAttribute("width")), height = Number(node.getAttribute("height"));
  const image = new Image();
  image.onerror = failed;
  image.onload = () => {
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(2 * width);
    canvas.height = Math.round(2 * height);
    const pen = canvas.getContext("2d");
    pen.fillStyle = window.getComputedStyle(node.closest(".sg")).getPropertyValue("--panel").trim() || "white";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => (blob ? done(blob) : failed()), "image/png");
  };
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(SG.charts.picture(node));
});
