/* Zones over the villages, maps that move together, and the key of two measures: the third part of what geo.maps draws with. */
(function () {
  "use strict";
  const make = (...parts) => Sambang.make(...parts);

  // ------------------------------------------------------------------ zones
  function zones(data, options) {
    const features = data.shapes.map((parts, i) => ({
      type: "Feature",
      properties: { i: i },
      geometry: { type: "MultiPolygon", coordinates: parts.map((part) => part.map(Sambang.line)) },
    }));
    return L.geoJSON(features, {
      pane: "heat",
      renderer: L.svg({ pane: "heat", padding: 0.5 }),
      smoothFactor: 0.5,
      style: (feature) => ({
        className: "sambang-zone" + (options.filled ? "" : " is-outline"),
        fillColor: data.colours[feature.properties.i],
      }),
      onEachFeature: (feature, path) => {
        const i = feature.properties.i;
        path.bindTooltip(Sambang.tip(data.titles[i], options.headings, data.figures ? data.figures[i] : []),
          { sticky: true, className: "sambang-tip", direction: "top", offset: [0, -8] });
        path.on({
          mouseover: () => path.getElement().classList.add("is-over"),
          mouseout: () => path.getElement().classList.remove("is-over"),
          click: () => path._map.fitBounds(path.getBounds(), { padding: [48, 48], maxZoom: 16 }),
        });
      },
    });
  }

  // ------------------------------------------------------------------ maps that move together
  // Each map stands in a frame of its own. The one under the user's hand leads and tells where it is; the others go there.
  const Follow = L.Layer.extend({
    initialize: function (group) {
      this._channel = new BroadcastChannel("sambang-" + group);
    },
    onAdd: function (map) {
      let leads = false;
      const tell = () => {
        if (!leads) return;
        const at = map.getCenter();
        this._channel.postMessage({ at: [at.lat, at.lng], zoom: map.getZoom() });
      };
      ["mousedown", "wheel", "touchstart", "keydown"].forEach((name) =>
        map.getContainer().addEventListener(name, () => { leads = true; map.isLed = true; }, { passive: true, capture: true }));
      this._channel.onmessage = (event) => {
        if (event.data.asks) {
          tell();
          return;
        }
        leads = false;
        map.isLed = true;
        map.stop().setView(event.data.at, event.data.zoom, { animate: false });
      };
      map.on("move zoomend", tell);
      map.whenReady(() => this._channel.postMessage({ asks: true })); // one that is drawn later goes where the other is
    },
    onRemove: function () {
      this._channel.close();
    },
  });

  // ------------------------------------------------------------------ the key of two measures
  function matrix(card, content) {
    const box = make("div", "sambang-matrix", "", card);
    make("div", "up", content.sides[1], box);
    const cells = make("div", "cells", "", box);
    cells.style.gridTemplateColumns = `repeat(${content.matrix[0].length}, 32px)`;
    content.matrix.flat().forEach((colour) => { make("span", "", "", cells).style.background = colour; });
    make("div", "across", content.sides[0], box);
  }

  Object.assign(window.Sambang, { zones, matrix, follow: (group) => new Follow(group) });
})();
