/* A week of visits: ways, numbered stops in the colour of their day, posts. Texts arrive escaped; places as steps. */
(function () {
  "use strict";
  const NEAR_M = 9; // metres a pixel from which there is room for numbers
  const [SMALL, LARGE] = [4.5, 10]; // pixels

  const Stop = L.CircleMarker.extend({
    _updatePath: function () {
      L.CircleMarker.prototype._updatePath.call(this);
      const renderer = this._renderer;
      if (!renderer._drawing || this._empty() || this._radius < LARGE) return;
      const context = renderer._ctx;
      context.fillStyle = this.options.ink;
      context.font = "600 11px system-ui, sans-serif";
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillText(this.options.number, this._point.x, this._point.y + 0.5);
    },
  });

  function tip(data, days, route, i, number) {
    const whose = data.officers[route[0]] || "";
    const said = data.labels ? data.labels[i] : "";
    return `<b>${number}${said ? ". " + said : ""}</b>${[days[route[1]][2], whose].filter(Boolean).join(" · ")}`;
  }

  function post(at, label) {
    const icon = L.divIcon({
      className: "sambang-post",
      iconSize: [22, 22],
      html: '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 3 3 10.5V21h6v-6h6v6h6V10.5z"/></svg>',
    });
    const marker = L.marker([at[1], at[0]], { icon, pane: "labels", interactive: Boolean(label), keyboard: false });
    if (label) marker.bindTooltip(label, { className: "sambang-tip", direction: "top", offset: [0, -10] });
    return marker;
  }

  function routes(data, options) {
    const layer = L.featureGroup();
    const renderer = L.canvas({ pane: "points", padding: 0.3, tolerance: 4 });
    const ways = [];
    const stops = [];
    let i = 0;
    data.routes.forEach((route) => {
      const [officer, day, first, steps] = route;
      const [colour, ink] = options.days[day];
      const at = Sambang.line(steps).map(([lon, lat]) => [lat, lon]);
      const home = data.posts[officer];
      const way = home.length ? [[home[1], home[0]], ...at, [home[1], home[0]]] : at;
      ways.push(L.polyline(way, { renderer, pane: "points", interactive: false, color: colour, weight: 2.5, opacity: 0.85, smoothFactor: 0.5 }));
      at.forEach((place, j) => {
        const stop = new Stop(place, { renderer, pane: "points", number: String(first + j), ink, radius: SMALL,
          color: "#ffffff", weight: 1.5, fillColor: colour, fillOpacity: 1 });
        stop.feature = { type: "Feature", properties: data.ids ? { id: data.ids[i] } : {} };
        stop.bindTooltip(tip(data, options.days, route, i, first + j), { className: "sambang-tip", direction: "top", offset: [0, -8] });
        stops.push(stop);
        i += 1;
      });
    });
    ways.concat(stops).forEach((one) => layer.addLayer(one));
    data.posts.forEach((at, officer) => { if (at.length) layer.addLayer(post(at, data.officers[officer])); });
    const grow = () => {
      const near = Sambang.metresPerPixel(layer._map) <= NEAR_M;
      stops.forEach((stop) => stop.setRadius(near ? LARGE : SMALL));
      ways.forEach((way) => way.setStyle({ weight: near ? 3 : 1.5 }));
    };
    layer.on("add", () => { grow(); layer._map.on("zoomend", grow); });
    layer.on("remove", (event) => event.target._mapToAdd.off("zoomend", grow));
    Sambang.letThrough(layer, renderer);
    return layer;
  }

  Sambang.routes = routes;
})();
