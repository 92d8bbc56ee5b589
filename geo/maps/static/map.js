/* What geo.maps draws with: each function here is called once by a layer or control of geo/maps/*.py.
   Every text that arrives has been escaped there, so it may be put in as HTML; numbers and codes are JSON. */
(function () {
  "use strict";
  const DEGREES = 1e-5; // coordinates come as whole hundred-thousandths of a degree
  const SHAPES = { circle: 0, ring: 0, square: [4, Math.PI / 4], diamond: [4, 0], triangle: [3, -Math.PI / 2] };

  function bytes(text) {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  }

  function make(tag, className, html, parent) {
    const element = L.DomUtil.create(tag, className, parent);
    if (html) element.innerHTML = html;
    return element;
  }

  // ------------------------------------------------------------------ the map itself
  function followTheme(map, dark) {
    const update = () => {
      const ground = getComputedStyle(document.documentElement).getPropertyValue("--background-color").trim();
      let isDark = dark;
      if (ground) {
        const probe = make("i", "", "", document.body);
        probe.style.color = ground;
        const [r, g, b] = (getComputedStyle(probe).color.match(/[\d.]+/g) || [255, 255, 255]).map(Number);
        probe.remove();
        isDark = 0.299 * r + 0.587 * g + 0.114 * b < 128;
      }
      map.getContainer().classList.toggle("sambang-dark", isDark);
    };
    update();
    // Streamlit's component library writes the theme into a style element whenever it changes.
    new MutationObserver(update).observe(document.head, { childList: true, subtree: true });
  }

  function keepFitted(map, bounds) {
    let touched = false;
    let size = null;
    const fit = () => {
      map.invalidateSize({ animate: false, pan: false });
      const now = map.getSize();
      if (touched || !now.x || !now.y || (size && size.equals(now))) return;
      size = now;
      map.fitBounds(bounds, { padding: [12, 12], animate: false });
    };
    ["mousedown", "wheel", "touchstart", "keydown"].forEach((name) =>
      map.getContainer().addEventListener(name, () => { touched = true; }, { passive: true, capture: true }));
    fit();
    new ResizeObserver(fit).observe(map.getContainer()); // a hidden tab opens, the sidebar folds
  }

  function addHatch(map) {
    make("div", "sambang-defs", '<svg width="0" height="0" aria-hidden="true"><defs><pattern id="sambang-hatch" width="6" ' +
      'height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="sambang-hatch-ground" ' +
      'width="6" height="6"/><line class="sambang-hatch-line" x1="0" y1="0" x2="0" y2="6"/></pattern></defs></svg>',
      map.getContainer());
  }

  function view(map, options) {
    L.Icon.Default.imagePath = options.assets + "/leaflet/images/";
    ["surface", "areas", "heat", "borders", "points", "labels"].forEach((name, i) => {
      map.createPane(name).style.zIndex = 400 + 10 * i;
    });
    followTheme(map, options.dark);
    addHatch(map);
    map.getContainer().classList.toggle("sambang-over-tiles", options.tiles);
    if (map.attributionControl) map.attributionControl.setPrefix(false);
    L.control.zoom({ position: "topleft", zoomInTitle: options.zoomIn, zoomOutTitle: options.zoomOut }).addTo(map);
    L.control.scale({ position: "bottomright", imperial: false, maxWidth: 120 }).addTo(map);
    keepFitted(map, options.bounds);
  }

  // ------------------------------------------------------------------ areas and borders
  function line(numbers) {
    const path = [];
    let x = 0;
    let y = 0;
    for (let i = 0; i < numbers.length; i += 2) {
      x += numbers[i];
      y += numbers[i + 1];
      path.push([+(x * DEGREES).toFixed(5), +(y * DEGREES).toFixed(5)]);
    }
    return path;
  }

  function tip(title, headings, figures) {
    const rows = headings.map((heading, i) => `<tr><td>${heading}</td><td>${figures[i]}</td></tr>`).join("");
    return `<b>${title}</b>` + (rows ? `<table>${rows}</table>` : "");
  }

  function areas(data, options) {
    const features = data.codes.map((code, i) => ({
      type: "Feature",
      properties: { code: code, i: i },
      geometry: { type: "MultiPolygon", coordinates: data.shapes[i].map((part) => part.map(line)) },
    }));
    const look = (feature) => {
      const i = feature.properties.i;
      const kind = data.fills ? (data.fills[i] < 0 ? " is-empty" : " is-filled") : "";
      return {
        className: "sambang-area" + kind + (options.chosen === feature.properties.code ? " is-chosen" : ""),
        fillColor: kind === " is-filled" ? options.colours[data.fills[i]] : "url(#sambang-hatch)",
      };
    };
    const layer = L.geoJSON(features, {
      pane: "areas",
      renderer: L.svg({ pane: "areas", padding: 0.5 }),
      style: look,
      smoothFactor: 0.5,
      onEachFeature: (feature, path) => {
        const i = feature.properties.i;
        path.bindTooltip(tip(data.names[i], options.headings, data.figures ? data.figures[i] : []),
          { sticky: true, className: "sambang-tip", direction: "top", offset: [0, -8] });
        path.on({
          mouseover: () => { path.getElement().classList.add("is-over"); path.bringToFront(); },
          mouseout: () => path.getElement().classList.remove("is-over"),
        });
      },
    });
    layer.on("add", () => {
      if (data.fills) layer._map.getContainer().classList.add("sambang-filled");
      layer.eachLayer((path) => {
        if (path.feature.properties.code === options.chosen) path.bringToFront();
      });
    });
    layer.on("remove", (event) => {
      if (data.fills) event.target._mapToAdd.getContainer().classList.remove("sambang-filled");
    });
    return layer;
  }

  function borders(lines) {
    return L.polyline(lines.map((numbers) => line(numbers).map(([x, y]) => [y, x])), {
      pane: "borders",
      renderer: L.svg({ pane: "borders", padding: 0.5 }),
      interactive: false,
      className: "sambang-border",
      smoothFactor: 0.5,
    });
  }

  // ------------------------------------------------------------------ names that give way to each other
  const Names = L.Layer.extend({
    initialize: function (names) {
      this._names = names; // [lat, lon, html, is district, metres across], most important first
    },
    onAdd: function (map) {
      this._holder = make("div", "leaflet-zoom-hide", "", map.getPane("labels"));
      this._items = this._names.map(([lat, lon, html, district, across]) => {
        const element = make("div", "sambang-name" + (district ? " is-district" : ""), html, this._holder);
        return { at: [lat, lon], element, district, across, width: 0, height: 0 };
      });
      map.on("zoomend moveend resize", this._place, this);
      this._place();
    },
    onRemove: function (map) {
      map.off("zoomend moveend resize", this._place, this);
      this._holder.remove();
    },
    _place: function () {
      const map = this._map;
      if (!map || !this._items.length) return;
      // Style sheets are not waited for: without ours a name is as wide as the map.
      if (getComputedStyle(this._items[0].element).position !== "absolute") {
        requestAnimationFrame(() => this._place());
        return;
      }
      const seen = map.getPixelBounds();
      const middle = map.getCenter();
      const perPixel = 40075016.686 * Math.cos((middle.lat * Math.PI) / 180) / Math.pow(2, map.getZoom() + 8);
      const taken = [];
      this._items.forEach((item) => {
        if (!item.width) {
          item.width = item.element.offsetWidth;
          item.height = item.element.offsetHeight;
        }
        item.room = item.across / perPixel;
      });
      const villages = this._items.filter((item) => !item.district);
      const fitting = villages.filter((item) => item.width < 1.5 * item.room);
      const crowded = fitting.length < 0.4 * villages.length && villages.length < this._items.length;
      this._items.forEach((item) => {
        const fits = item.district ? item.width < 1.6 * item.room && item.room < 320
          : !crowded && item.width < 1.5 * item.room;
        const point = map.project(item.at);
        const box = L.bounds(point.subtract([item.width / 2 + 3, item.height / 2 + 1]),
          point.add([item.width / 2 + 3, item.height / 2 + 1]));
        const shown = fits && item.width > 0 && seen.intersects(box) && !taken.some((other) => other.intersects(box));
        item.element.classList.toggle("is-shown", shown);
        if (!shown) return;
        taken.push(box);
        const at = map.latLngToLayerPoint(item.at);
        L.DomUtil.setPosition(item.element, at.subtract([item.width / 2, item.height / 2]).round());
      });
    },
  });

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
        const map = layer._map;
        const perPixel = 40075016.686 * Math.cos((map.getCenter().lat * Math.PI) / 180) / Math.pow(2, map.getZoom() + 8);
        this._max = options.full * Math.max(1, (this._r / 2) * perPixel / options.cell);
        this._data = points.map(([x, y, weight]) => [x, y, Math.min(weight, this._max)]);
        return this;
      };
    };
    return layer;
  }

  function surface(url, bounds) {
    const layer = L.imageOverlay(url, bounds, { pane: "surface", className: "sambang-surface" });
    layer.on("add", () => layer._map.getContainer().classList.add("sambang-painted"));
    layer.on("remove", () => layer._mapToAdd.getContainer().classList.remove("sambang-painted"));
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

  // ------------------------------------------------------------------ legend
  function mark(shape, colour) {
    const hollow = shape === "ring";
    let body = '<circle cx="12" cy="8" r="5"/>';
    if (SHAPES[shape]) {
      const [corners, turn] = SHAPES[shape];
      const spots = Array.from({ length: corners }, (_, i) => turn + (2 * Math.PI * i) / corners);
      body = `<polygon points="${spots.map((a) => `${12 + 6 * Math.cos(a)},${8 + 6 * Math.sin(a)}`).join(" ")}"/>`;
    }
    const element = make("span", "", `<svg class="mark" viewBox="0 0 24 16" aria-hidden="true">${body}</svg>`).firstChild;
    element.style.fill = hollow ? "#ffffff" : colour;
    element.style.stroke = hollow ? colour : "none";
    element.style.strokeWidth = hollow ? "2" : "0";
    return element;
  }

  function legend(map, content) {
    const control = L.control({ position: "bottomleft" });
    control.onAdd = () => {
      const card = make("details", "sambang-legend");
      card.open = map.getSize().x > 480;
      make("summary", "", content.title, card);
      content.notes.forEach((note) => make("span", "note", note, card));
      if (content.ramp) {
        make("div", "ramp", "", card).style.background = `linear-gradient(90deg, ${content.ramp.join(", ")})`;
        const ends = make("div", "ends", "", card);
        content.ends.forEach((end) => make("span", "", end, ends));
      }
      const list = make("ul", "", "", card);
      content.entries.forEach(([colour, label, shape]) => {
        const item = make("li", "", "", list);
        if (shape && shape !== "area") item.appendChild(mark(shape, colour));
        else make("span", "swatch" + (colour ? "" : " is-hatched"), "", item).style.background = colour || "";
        make("span", "", label, item);
      });
      if (!content.entries.length) list.remove();
      L.DomEvent.disableClickPropagation(card);
      L.DomEvent.disableScrollPropagation(card);
      return card;
    };
    return control.addTo(map);
  }

  window.Sambang = { view, areas, borders, surface, heat, points, legend, names: (names) => new Names(names) };
})();
