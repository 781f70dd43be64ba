// A picture that leaves the page: its SVG with what is painted below it, as one file.
(function (charts) {
  "use strict";

  /** Text of an SVG file for one <svg data-export>; painted layers are carried as an image. */
  charts.picture = function (svg) {
    const copy = svg.cloneNode(true);
    copy.querySelectorAll(".sg-hover").forEach((node) => node.remove());
    const canvas = svg.parentNode.querySelector("canvas");
    if (svg.dataset.under && canvas && canvas.width) {
      const image = document.createElementNS("http://www.w3.org/2000/svg", "image");
      image.setAttribute("href", canvas.toDataURL("image/png"));
      image.setAttribute("width", canvas.clientWidth);
      image.setAttribute("height", canvas.clientHeight);
      const ground = copy.querySelector("rect.sg-alone");
      copy.insertBefore(image, ground ? ground.nextSibling : copy.firstChild);
    }
    return new XMLSerializer().serializeToString(copy);
  };
})(SG.charts);
