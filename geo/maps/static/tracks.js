/* Lines between places: the way of a day, and what lies between a visit and its household. */
(function () {
  "use strict";

  function tracks(lines) {
    const layer = L.layerGroup();
    lines.forEach(([at, dashed]) => {
      L.polyline(at.map(([lon, lat]) => [lat, lon]), {
        pane: "borders",
        renderer: L.svg({ pane: "borders", padding: 0.5 }),
        interactive: false,
        className: "sambang-track" + (dashed ? " is-between" : ""),
      }).addTo(layer);
    });
    return layer;
  }

  Sambang.tracks = tracks;
})();
