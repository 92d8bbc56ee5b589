"""The GDAL drivers in use, and the environment that keeps all others from loading."""

from __future__ import annotations

import os

DRIVERS = frozenset({"ESRI Shapefile", "GPKG"})
"""The only drivers that may be loaded when a file is read."""

_LEFT_OUT = """
DERIVED, GTI, SNAP_TIFF, GTiff, COG, LIBERTIFF, VRT, NITF, RPFTOC, ECRGTOC, HFA, SAR_CEOS, CEOS,
JAXAPALSAR, GFF, ESRIC, AIG, AAIGrid, GRASSASCIIGrid, ISG, DTED, PNG, JPEG, MEM, JDEM, ESAT, BSB, BMP,
DIMAP, AirSAR, RS2, SAFE, PCIDSK, PCRaster, ILWIS, SRTMHGT, Leveller, Terragen, ISIS3, ISIS2, PDS, PDS4,
VICAR, TIL, ERS, L1B, GRIB, RMF, WCS, WMS, MSGN, RST, GSAG, GSBG, GS7BG, COSAR, TSX, COASP, MAP,
KMLSUPEROVERLAY, PDF, MBTiles, PLMOSAIC, CALS, WMTS, SENTINEL2, MRF, PNM, DOQ1, DOQ2, MFF, MFF2, GSC,
FAST, BT, LAN, CPG, NDF, EIR, LCP, GTX, LOSLAS, NTv2, ACE2, SNODAS, KRO, ROI_PAC, RRASTER, BYN, NOAA_B,
NSIDCbin, RIK, USGSDEM, GXF, NWT_GRD, NWT_GRC, ADRG, SRP, SAGA, XYZ, HF2, CTG, ZMap, NGSGEOID, IRIS,
PRF, EEDAI, EEDA, DAAS, SIGDEM, TGA, OGCAPI, STACTA, STACIT, GDALG, GNMFile, GNMDatabase, MapInfo File,
LVBAG, S57, DGN, OGR_VRT, CSV, GML, GPX, LIBKML, KML, GeoJSON, GeoJSONSeq, ESRIJSON, TopoJSON, OGR_GMT,
SQLite, WAsP, OpenFileGDB, DXF, FlatGeobuf, GeoRSS, VFK, PGDUMP, OSM, GPSBabel, OGR_PDS, WFS, OAPIF,
EDIGEO, Idrisi, ODS, XLSX, Elasticsearch, Carto, AmigoCloud, SXF, Selafin, JML, PLSCENES, CSW, VDV, MVT,
NGW, MapML, GTFS, PMTiles, JSONFG, MiraMonVector, ADBC, AVCBin, AVCE00, AIVector, PAux, GenBin, ENVI,
EHdr, ISCE, Zarr, RCM, MiraMonRaster, HTTP
"""  # all others in pyogrio's wheel (GDAL 3.12); a new one is caught before a file is read

_NAMES = ",".join(name.strip() for name in _LEFT_OUT.split(","))

ENVIRONMENT = {
    "OGR_SKIP": _NAMES,  # applies to raster drivers too
    "GDAL_DRIVER_PATH": "disable",  # no drivers from elsewhere
    "GDAL_PYTHON_DRIVER_PATH": "disable",
    "GDAL_DISABLE_READDIR_ON_OPEN": "TRUE",
    "GDAL_HTTP_MAX_RETRY": "0",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{none}",
    "PROJ_NETWORK": "OFF",
    "OGR_SQLITE_PRAGMA": "trusted_schema=OFF,cell_size_check=ON",  # no functions with side effects in views
    "OGR_SQLITE_LOAD_EXTENSIONS": "",
}
"""Environment variables that a process must set before it loads GDAL."""

OSM_DRIVER = "OSM"
"""The driver for OpenStreetMap extracts, allowed only when roads are read."""

_LEAST_MB, _GROWTH = 100, 12  # memory for nodes: MB for any extract, and bytes per packed byte


def allow_osm(n_bytes: int) -> None:
    """Allow GDAL, not yet loaded in this process, to read an OpenStreetMap extract, in memory only."""
    names = [name for name in _NAMES.split(",") if name != OSM_DRIVER]
    os.environ["OGR_SKIP"] = ",".join(names)
    os.environ["OSM_MAX_TMPFILE_SIZE"] = str(max(_LEAST_MB, _GROWTH * n_bytes // 1024**2))
