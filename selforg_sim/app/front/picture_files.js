// Charts as files: an SVG that looks right without the page, and a PNG drawn from it.

SG.KEPT_STYLES = [
  "fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray",
  "stroke-linecap", "stroke-linejoin", "opacity", "visibility", "display", "font-family",
  "font-size", "font-weight", "font-style", "text-anchor", "dominant-baseline", "paint-order",
];

// The charts that are seen now.
SG.pictures = () => [...document.querySelectorAll(".sg svg[data-export]")]
  .filter((node) => node.getBoundingClientRect().width > 0)
  .map((node, place, all) => {
    const twin = all.slice(0, place).filter((n) => n.dataset.export === node.dataset.export).length;
    const name = node.dataset.export + (twin ? "-" + (twin + 1) : "");
    return { node, name, title: SG.titleOf(node) || name };
  });

SG.titleOf = (node) => {
  const around = node.closest("section, figure, .sg-chart, .sg-card, .sg-picture");
  const heading = around && around.querySelector("h2, h3, figcaption, .sg-title");
  return heading ? heading.textContent.trim() : "";
};

SG.svgOf = (node) => {
  const { width, height } = node.getBoundingClientRect();
  const copy = node.cloneNode(true);
  SG.keepStyles(node, copy);
  if (!copy.getAttribute("viewBox")) copy.setAttribute("viewBox", `0 0 ${width} ${height}`);
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  copy.removeAttribute("style");
  const [x, y, wide, high] = copy.getAttribute("viewBox").split(/[\s,]+/);
  for (const layer of SG.canvasesUnder(node).reverse()) {
    copy.prepend(SG.element("image", { x, y, width: wide, height: high, href: layer.toDataURL() }));
  }
  copy.prepend(SG.element("rect", { x, y, width: wide, height: high, fill: SG.ground(node) }));
  const title = SG.element("title", {});
  title.textContent = [SG.titleOf(node), node.getAttribute("aria-label")].filter(Boolean).join(". ");
  copy.prepend(title);
  return new XMLSerializer().serializeToString(copy);
};

SG.keepStyles = (from, to) => {
  const style = window.getComputedStyle(from);
  for (const name of SG.KEPT_STYLES) to.setAttribute(name, style.getPropertyValue(name));
  [...from.children].forEach((child, place) => SG.keepStyles(child, to.children[place]));
};

SG.element = (name, attributes) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};

SG.canvasesUnder = (node) => [...node.parentElement.querySelectorAll(":scope > canvas")];

SG.ground = (node) => window.getComputedStyle(node.closest(".sg")).getPropertyValue("--panel").trim() || "white";

SG.pngOf = (node) => new Promise((done, failed) => {
  const { width, height } = node.getBoundingClientRect();
  const image = new Image();
  image.onerror = failed;
  image.onload = () => {
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(2 * width);
    canvas.height = Math.round(2 * height);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => (blob ? done(blob) : failed()), "image/png");
  };
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(SG.svgOf(node));
});
