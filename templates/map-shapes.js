// Shapes that select pictures: a lasso and a rectangle, drawn with a pointer or moved by keys. They lie on a
// canvas of their own, so that the map is not drawn again while one grows.
"use strict";

/**
 * @param parts `part` finds an element of the page; `taken(cells, how)` gets the pictures of a finished shape.
 */
GEO.mapShapes = (map, { part, canvas, drawing, look, taken }) => {
  // Pixels between the corners of a lasso, and of a shape that is more than a click.
  const STEP = 3;
  const LEAST = 6;
  // Parts of the canvas: the first frame, and by how much a key changes it.
  const FIRST = 0.4;
  const STRIDE = 0.04;
  const overlay = part("overlay");
  const pen = overlay.getContext("2d");
  const tools = part("pick");
  const hows = part("how");
  // Corners in pixels of the page; null if there is no shape.
  let corners = null;
  let isFrame = false;

  const tool = () => tools.querySelector(":checked").value;

  /** What a shape does to the selection. */
  const how = (event) => event?.altKey ? "remove" : event?.shiftKey ? "add"
    : hows.querySelector(":checked").value;

  const path = () => {
    const whole = new Path2D();
    for (const [x, y] of corners) whole.lineTo(x, y);
    whole.closePath();
    return whole;
  };

  const draw = GEO.onceAFrame(() => {
    const density = canvas.width / Math.max(1, canvas.clientWidth);
    if (overlay.width !== canvas.width || overlay.height !== canvas.height) {
      Object.assign(overlay, { width: canvas.width, height: canvas.height });
    }
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, overlay.width, overlay.height);
    if (!corners) return;
    const style = getComputedStyle(document.documentElement);
    pen.setTransform(density, 0, 0, density, 0, 0);
    const outline = path();
    pen.globalAlpha = 0.14;
    pen.fillStyle = style.getPropertyValue("--over");
    pen.fill(outline);
    pen.globalAlpha = 1;
    for (const [width, name] of [[5, "--sheet"], [2.5, "--over"]]) {
      pen.lineWidth = width;
      pen.strokeStyle = style.getPropertyValue(name);
      pen.stroke(outline);
    }
  });

  const rectangle = ([left, top], [right, bottom]) => [[left, top], [right, top], [right, bottom], [left, bottom]];

  const box = () => {
    const [x, y] = [0, 1].map((axis) => corners.map((corner) => corner[axis]));
    return { left: Math.min(...x), top: Math.min(...y), right: Math.max(...x), bottom: Math.max(...y) };
  };

  /** Whether a point is inside: it is if a ray from it crosses an odd number of sides. */
  const holds = (x, y) => {
    let isInside = false;
    for (let at = 0, before = corners.length - 1; at < corners.length; before = at, at += 1) {
      const [[ax, ay], [bx, by]] = [corners[at], corners[before]];
      if ((ay > y) !== (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax) isInside = !isInside;
    }
    return isInside;
  };

  /** The shown pictures whose middles are in a box of the canvas, and meet a test. */
  const within = ({ left, top, right, bottom }, test = () => true) => {
    const cells = [];
    for (let cell = 0; cell < map.count; cell += 1) {
      const [x, y] = drawing.middle(cell);
      if (x >= left && x <= right && y >= top && y <= bottom && look.shows(cell) && test(x, y)) cells.push(cell);
    }
    return cells;
  };

  const drop = () => {
    corners = null;
    isFrame = false;
    draw();
  };

  const take = (event) => {
    const cells = within(box(), holds);
    drop();
    taken(cells, how(event));
  };

  /** The frame of the keys, in the middle of the canvas. */
  const openFrame = () => {
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    const [x, y] = [width * (1 - FIRST) / 2, height * (1 - FIRST) / 2];
    corners = rectangle([x, y], [width - x, height - y]);
    isFrame = true;
    draw();
  };

  const changeFrame = (right, down, isSized) => {
    const { left, top, right: end, bottom } = box();
    const [x, y] = [right * STRIDE * canvas.clientWidth, down * STRIDE * canvas.clientHeight];
    const first = isSized ? [left, top] : [left + x, top + y];
    const last = [Math.max(first[0] + LEAST, end + x), Math.max(first[1] + LEAST, bottom + y)];
    corners = rectangle(first, last);
    draw();
  };

  let isLasso = false;
  let start = null;
  return {
    /** Whether a press of the pointer begins a shape, and not a move of the map. */
    begins(event) {
      if (tool() === "move" && !(event.shiftKey && event.pointerType === "mouse")) return false;
      isLasso = tool() === "lasso";
      start = [event.offsetX, event.offsetY];
      corners = [start];
      isFrame = false;
      return true;
    },
    grows({ offsetX, offsetY }) {
      const now = [offsetX, offsetY];
      if (!isLasso) corners = rectangle(start, now);
      else if (Math.hypot(now[0] - corners.at(-1)[0], now[1] - corners.at(-1)[1]) >= STEP) corners.push(now);
      draw();
    },
    /** Ends a shape. False if it is so small that it was a click. */
    ends(event) {
      const { left, top, right, bottom } = box();
      if (right - left + bottom - top < LEAST) {
        drop();
        return false;
      }
      take(event);
      return true;
    },
    drop,
    isGrowing: () => corners !== null && !isFrame,
    hasFrame: () => isFrame,
    /** Opens the frame of the keys; takes what is in it if it is open. */
    frame() {
      if (isFrame) take();
      else openFrame();
    },
    changeFrame,
    /** Takes all that the window shows. */
    takeWindow() {
      taken(within({ left: 0, top: 0, right: canvas.clientWidth, bottom: canvas.clientHeight }), how());
    },
    use(name) {
      tools.querySelector(`[value=${name}]`).checked = true;
    },
    tool,
  };
};
