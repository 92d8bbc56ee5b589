/* Heat, points and their symbols: the second half of what geo.maps draws with; it adds to Sambang of map.js. */
(function () {
  "use strict";
  const SHAPES = { circle: 0, ring: 0, square: [4, Math.PI / 4], diamond: [4, 0], triangle: [3, -Math.PI / 2] };

  function bytes(text) {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  }

  // ------------------------------------------------------------------ heat
  // Leaflet.heat scales by the strongest spot in view, so two maps would not compare. Here the full colour
  // stands for a fixed weight per bin: `full`, growing with the bins' side where one screen cell holds several.
  function heat(data, options) {
    const raw = new Uint16Array(bytes(data).buffer);
    const [west, south, east, north] = options.bounds;
    const cells = [];
    for (let i = 0; i < raw.length; i += 3) {
      cells.push([
        south + (north - south) * raw[i + 1] / 65535,
        west + (east - west) * raw[i] / 65535,
        options.heaviest * raw[i + 2] / 65535,
      ]);
    }
    const layer = L.heatLayer(cells, { pane: "heat", radius: 12, blur: 12, minOpacity: 0.08, gradient: options.gradient });
    const start = layer._initCanvas;
    layer._initCanvas = function () {
      start.call(this);
      const spots = this._heat;
      spots.max = function () { return this; };
      spots.data = function (points) {
        const side = (this._r / 2) * Sambang.metresPerPixel(layer._map);
        this._max = options.full * Math.max(1, side / options.cell);
        this._data = points.map(([x, y, weight]) => [x, y, Math.min(weight, this._max)]);
        return this;
      };
    };
    // In a frame that is still folded there is nothing to draw on; it is drawn once the frame has a size.
    const draw = layer._redraw;
    layer._redraw = function () {
      this._frame = null;
      if (this._map && this._canvas && this._canvas.width && this._canvas.height) draw.call(this);
    };
    return layer;
  }

  // ------------------------------------------------------------------ points
  function outline(context, shape, x, y, radius) {
    context.beginPath();
    if (!SHAPES[shape]) {
      context.arc(x, y, radius, 0, 2 * Math.PI);
    } else {
      const [corners, turn] = SHAPES[shape];
      for (let i = 0; i < corners; i += 1) {
        const angle = turn + (2 * Math.PI * i) / corners;
        context.lineTo(x + 1.2 * radius * Math.cos(angle), y + 1.2 * radius * Math.sin(angle));
      }
    }
    context.closePath();
  }

  const Mark = L.CircleMarker.extend({
    _updatePath: function () {
      const renderer = this._renderer;
      if (!renderer._drawing || this._empty()) return;
      outline(renderer._ctx, this.options.shape, this._point.x, this._point.y, this._radius);
      renderer._fillStroke(renderer._ctx, this);
    },
  });

  // A canvas takes every click on its whole rectangle; here it takes only those on a mark.
  function letThrough(layer, renderer) {
    layer.on("add", () => {
      const map = layer._map;
      const choose = (event) => {
        if (!renderer._container) return;
        const at = map.mouseEventToLayerPoint(event);
        const hit = Object.values(renderer._layers).some((one) => one.options.interactive && one._containsPoint(at));
        renderer._container.style.pointerEvents = hit ? "auto" : "none";
      };
      if (renderer._container) renderer._container.style.pointerEvents = "none";
      ["pointermove", "pointerdown"].forEach((name) => map.getContainer().addEventListener(name, choose, true));
      layer.once("remove", () => ["pointermove", "pointerdown"].forEach((name) =>
        map.getContainer().removeEventListener(name, choose, true)));
    });
  }

  function points(data, options) {
    const layer = options.cluster
      ? L.markerClusterGroup({
        showCoverageOnHover: false,
        maxClusterRadius: 48,
        chunkedLoading: true,
        iconCreateFunction: (cluster) => {
          const n = cluster.getChildCount();
          const side = n < 10 ? 28 : n < 100 ? 34 : 42;
          return L.divIcon({ html: String(n), className: "sambang-cluster", iconSize: [side, side] });
        },
      })
      : L.featureGroup();
    const renderer = L.canvas({ pane: "points", padding: 0.3, tolerance: 4 });
    const marks = data.at.map((at, i) => {
      const symbol = options.symbols[data.kinds ? data.kinds[i] : 0];
      const hollow = symbol.shape === "ring";
      const mark = new Mark([at[1], at[0]], {
        pane: "points",
        renderer: renderer,
        shape: symbol.shape,
        radius: options.radius,
        color: hollow ? symbol.colour : "#ffffff",
        weight: hollow ? 2 : 1,
        fillColor: hollow ? "#ffffff" : symbol.colour,
        fillOpacity: 1,
        interactive: Boolean(data.labels || data.ids),
      });
      mark.feature = { type: "Feature", properties: data.ids ? { id: data.ids[i] } : {} };
      if (data.labels) mark.bindTooltip(data.labels[i], { className: "sambang-tip", direction: "top", offset: [0, -6] });
      return mark;
    });
    if (options.cluster) layer.addLayers(marks);
    else marks.forEach((mark) => layer.addLayer(mark));
    letThrough(layer, renderer);
    return layer;
  }

  function symbol(shape, colour) {
    const hollow = shape === "ring";
    let body = '<circle cx="12" cy="8" r="5"/>';
    if (SHAPES[shape]) {
      const [corners, turn] = SHAPES[shape];
      const spots = Array.from({ length: corners }, (_, i) => turn + (2 * Math.PI * i) / corners);
      body = `<polygon points="${spots.map((a) => `${12 + 6 * Math.cos(a)},${8 + 6 * Math.sin(a)}`).join(" ")}"/>`;
    }
    const element = Sambang.make("span", "", `<svg class="mark" viewBox="0 0 24 16" aria-hidden="true">${body}</svg>`).firstChild;
    element.style.fill = hollow ? "#ffffff" : colour;
    element.style.stroke = hollow ? colour : "none";
    element.style.strokeWidth = hollow ? "2" : "0";
    return element;
  }

  Object.assign(window.Sambang, { heat, points, symbol, letThrough });
})();
