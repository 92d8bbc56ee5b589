/* What geo.maps draws with; points.js beside this draws heat and points. Each function here is called once by a layer or control of geo/maps/*.py.
   Every text that arrives has been escaped there, so it may be put in as HTML; numbers and codes are JSON. */
(function () {
  "use strict";
  const DEGREES = 1e-5; // coordinates come as whole hundred-thousandths of a degree

  function make(tag, className, html, parent) {
    const element = L.DomUtil.create(tag, className, parent);
    if (html) element.innerHTML = html;
    return element;
  }

  function metresPerPixel(map) {
    const latitude = (map.getCenter().lat * Math.PI) / 180;
    return (40075016.686 * Math.cos(latitude)) / Math.pow(2, map.getZoom() + 8); // the equator, in metres
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
      if (touched || map.isLed || !now.x || !now.y || (size && size.equals(now))) return;
      size = now;
      map.fitBounds(bounds, { padding: [12, 12], animate: false });
    };
    ["mousedown", "wheel", "touchstart", "keydown"].forEach((name) =>
      map.getContainer().addEventListener(name, () => { touched = true; }, { passive: true, capture: true }));
    // Leaflet focuses the map on mousedown: a map partly below the fold would scroll away under the pointer.
    map.getContainer().addEventListener("mousedown", () => map.getContainer().focus({ preventScroll: true }),
      { capture: true });
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
      const perPixel = metresPerPixel(map);
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

  // ------------------------------------------------------------------ surface
  function surface(url, bounds) {
    const layer = L.imageOverlay(url, bounds, { pane: "surface", className: "sambang-surface" });
    layer.on("add", () => layer._map.getContainer().classList.add("sambang-painted"));
    layer.on("remove", () => layer._mapToAdd.getContainer().classList.remove("sambang-painted"));
    return layer;
  }

  // ------------------------------------------------------------------ legend
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
      if (content.matrix) Sambang.matrix(card, content);
      const list = make("ul", "", "", card);
      content.entries.forEach(([colour, label, shape]) => {
        const item = make("li", "", "", list);
        if (shape && shape !== "area") item.appendChild(Sambang.symbol(shape, colour));
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

  window.Sambang = { make, metresPerPixel, line, tip, view, areas, borders, surface, legend, names: (names) => new Names(names) };
})();
