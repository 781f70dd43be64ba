// Standing as a shape and group as a colour, painted on a canvas.
(function (charts) {
  "use strict";
  const COLOURED = 12;

  function star(pen, x, y, r) {
    pen.beginPath();
    for (let i = 0; i < 10; i++) {
      const [angle, far] = [(Math.PI * i) / 5 - Math.PI / 2, i % 2 ? r * 0.45 : r];
      pen.lineTo(x + far * Math.cos(angle), y + far * Math.sin(angle));
    }
    pen.closePath();
    pen.fill();
  }

  function dot(pen, x, y, r) {
    pen.beginPath();
    pen.arc(x, y, r, 0, 2 * Math.PI);
  }

  const SHAPES = {
    owner: (pen, x, y) => star(pen, x, y, 7),
    core: (pen, x, y) => { dot(pen, x, y, 3.6); pen.fill(); },
    contributor(pen, x, y) {
      pen.beginPath();
      pen.moveTo(x, y - 4);
      pen.lineTo(x + 3.8, y + 3);
      pen.lineTo(x - 3.8, y + 3);
      pen.closePath();
      pen.fill();
    },
    lurker: (pen, x, y) => { dot(pen, x, y, 2.4); pen.stroke(); },
    quiet: (pen, x, y) => pen.fillRect(x - 2.5, y - 0.6, 5, 1.2),
    troublemaker(pen, x, y) {
      pen.beginPath();
      for (const s of [1, -1]) {
        pen.moveTo(x - 3, y - 3 * s);
        pen.lineTo(x + 3, y + 3 * s);
      }
      pen.stroke();
    },
  };

  /** Paint one person; `standing` is a code, -1 for somebody in no group. */
  charts.paintPerson = function (pen, x, y, standing, colour) {
    pen.fillStyle = pen.strokeStyle = colour;
    pen.lineWidth = standing === 5 ? 1.8 : 1.2;
    const shape = SHAPES[SG.STANDINGS[standing]];
    if (shape) shape(pen, x, y);
    else pen.fillRect(x - 0.8, y - 0.8, 1.6, 1.6);
  };

  /** The largest living groups: these are shown in colour. */
  charts.coloured = function (world) {
    return charts.largest((world.groupSize || [])[world.day], COLOURED);
  };
})(SG.charts);
