"""Definitions of the datasets: their fields, and the names that other systems use for them."""

from __future__ import annotations

from data.schema.fields import DASHES, Dataset, Field
from data.schema.value_words import OUTCOMES, SOURCES


def _place_fields() -> tuple[Field, ...]:
    """Return the fields that locate a record: a point, or the village as the file states it."""
    return (
        Field(
            "lon",
            "longitude",
            "Longitude in degrees, or easting with --crs.",
            "longitude lng long bujur x koordinatx garisbujur gpslongitude easting",
        ),
        Field(
            "lat",
            "latitude",
            "Latitude in degrees, or northing with --crs.",
            "latitude lintang y koordinaty garislintang gpslatitude northing",
        ),
        Field(
            "point",
            "point",
            "Both coordinates in one column, latitude first; or WKT, or GeoJSON.",
            "koordinat titikkoordinat latlon latlong latlng coordinates coordinate gps lokasigps wkt "
            "geometry geom thegeom lokasi location",
        ),
        Field(
            "village_code",
            "code",
            "Official code of the village, 10 digits, with or without dots, or a P-code.",
            "kodedesa kodekelurahan kddesa kodewilayah kdepum kdcpum iddesa villageid adm4pcode adm4code "
            "pcode",
            column="village_code_given",
        ),
        Field(
            "village",
            "text",
            "Name of the village; it counts only together with the district.",
            "desa kelurahan desakelurahan keldesa namadesa namakelurahan desakepalakeluarga "
            "villagename wadmkd namobj adm4en adm4name neighbourhood neighborhood",
            column="village_given",
            missing=DASHES,
        ),
        Field(
            "district",
            "text",
            "Name of the district (kecamatan) that the village belongs to.",
            "kecamatan kec namakecamatan kecamatankepalakeluarga polsek districtname wadmkc adm3en adm3name",
            column="district_given",
            missing=DASHES,
        ),
    )


def _home_fields() -> tuple[Field, ...]:
    """Return the fields that identify a household without a number: its head and neighbourhood units."""
    return (
        Field(
            "head_name",
            "text",
            "Name of the head of the household.",
            "namakepalakeluarga kepalakeluarga namakk kk head headofhousehold namakepala",
            missing=DASHES,
        ),
        Field("rt", "text", "Number of the smallest neighbourhood unit (RT).", "rtkepalakeluarga nort"),
        Field("rw", "text", "Number of the larger neighbourhood unit (RW).", "rwkepalakeluarga norw"),
    )


BOUNDARIES = Dataset(
    name="boundaries",
    key="village_code",
    description="Village polygons with their official codes, or with names that are unique in a district.",
    fields=(
        Field(
            "village_code",
            "code",
            "Official code of the village, 10 digits, with or without dots, or a P-code.",
            "kode kodedesa kodekelurahan kddesa kdepum kodewilayah kodekd code villageid "
            "iddesa kodeds kdcbps adm4pcode adm4code pcode",
        ),
        Field(
            "village",
            "text",
            "Name of the village (desa or kelurahan).",
            "nama name desa namadesa namakelurahan kelurahan desakelurahan wadmkd namobj villagename nmdesa "
            "adm4en adm4name",
            missing=DASHES,
        ),
        Field(
            "district",
            "text",
            "Name of the district (kecamatan).",
            "kecamatan namakecamatan wadmkc nmkec kec polsek districtname adm3en adm3name",
            missing=DASHES,
        ),
        Field(
            "regency",
            "text",
            "Name of the regency or city (kabupaten or kota).",
            "kabupaten kota kabkota namakabupaten wadmkk nmkab kab polres regencyname adm2en adm2name",
            missing=DASHES,
        ),
        Field("population", "integer", "Number of inhabitants.", "penduduk jumlahpenduduk jmlpenduduk"),
        Field(
            "households_registered",
            "integer",
            "Number of registered households (KK).",
            "jumlahkk jmlkk households kk jumlahkepalakeluarga",
        ),
        Field("boundary_year", "integer", "Year of the boundary.", "tahun year tahundata thn"),
        Field(
            "shape",
            "shape",
            "The polygon as WKT or GeoJSON, where the file is a table.",
            "wkt geometry geom thegeom geojson polygon",
        ),
    ),
    alternatives=(("village_code",), ("village",)),
)

HOUSEHOLDS = Dataset(
    name="households",
    key="household_id",
    description="Registered households, ideally each with a point.",
    fields=(
        Field(
            "household_id",
            "id",
            "Number of the household; made from the other fields where absent.",
            "nokk nomorkk nomorkartukeluarga idkk idkeluarga idrumah osmid id uid",
        ),
        *_home_fields()[:1],
        Field(
            "address",
            "text",
            "Street and house number.",
            "alamat detailalamatkepalakeluarga alamatkepalakeluarga jalan street alamatlengkap",
            missing=DASHES,
        ),
        *_home_fields()[1:],
        *_place_fields(),
        Field("tags", "text", "Words that mark the household, such as must-visit.", "label tag tanda"),
    ),
    alternatives=(
        ("household_id",),
        ("lon", "lat"),
        ("point",),
        ("village", "head_name"),
        ("village_code", "head_name"),
    ),
    identity=(
        "lon",
        "lat",
        "head_name",
        "address",
        "rt",
        "rw",
        "village_code_given",
        "village_given",
        "district_given",
    ),
)

OFFICERS = Dataset(
    name="officers",
    key="officer_id",
    description="Officers who visit, with the villages that each is assigned.",
    fields=(
        Field(
            "officer_id",
            "id",
            "Service number of the officer.",
            "nrp nip idpetugas idbhabin idbhabinkamtibmas officer id",
            required=True,
        ),
        Field(
            "name",
            "text",
            "Name of the officer.",
            "nama namapetugas namabhabin namabhabinkamtibmas namalengkap officername fullname",
            required=True,
            missing=DASHES,
        ),
        Field("rank", "text", "Rank.", "pangkat pangkatnrp"),
        Field("unit", "text", "Unit: the police station.", "polsek satuan kesatuan station"),
        Field(
            "villages",
            "codes",
            "Codes of the assigned villages, with or without dots, or P-codes, apart by any sign.",
            "kodedesa kodedesabinaan villagecodes villagecode",
        ),
    ),
)

CROSSWALK = Dataset(
    name="crosswalk",
    key="bps_code",
    description="Which BPS code is which Kemendagri code, so that files of either kind find their villages.",
    fields=(
        Field(
            "bps_code",
            "code",
            "The village's code of Statistics Indonesia (BPS), 10 digits.",
            "kodebps kdbps idbps bps kodedesabps iddesabps kddesabps adm4pcode pcode",
            required=True,
        ),
        Field(
            "village_code",
            "code",
            "The village's code of the Ministry of Home Affairs (Kemendagri), 10 digits.",
            "kodekemendagri kemendagri kodedagri kdkemendagri kodedesa kodekemendagribaru kddagri dagri "
            "kodedesakemendagri kodewilayah",
            required=True,
        ),
    ),
)

VISITS = Dataset(
    name="visits",
    key="visit_id",
    description="Reported door-to-door visits, with or without a GPS fix.",
    fields=(
        Field(
            "visit_id",
            "id",
            "Number of the visit; made from the other fields where absent.",
            "idkunjungan nokunjungan idsambang iddds uuid id",
        ),
        Field(
            "visited_at",
            "moment",
            "Date, or date and time, of the visit.",
            "tanggalkunjungan waktukunjungan tanggal waktu tgl tglkunjungan datetime "
            "timestamp visitdate date createdat",
            required=True,
        ),
        Field(
            "time",
            "clock",
            "Time of day, where it has a column of its own.",
            "jam jamkunjungan pukul visittime waktumulai",
        ),
        Field(
            "officer_id",
            "id",
            "Service number (or name) of the officer.",
            "nrp idpetugas idbhabin petugas namapetugas bhabinkamtibmas namabhabinkamtibmas "
            "officer officername nip",
            required=True,
        ),
        Field(
            "household_id",
            "id",
            "Number of the household visited.",
            "nokk nomorkk idkk idkeluarga idrumah household nomorkartukeluarga",
            column="household_given",
        ),
        *_home_fields(),
        *_place_fields(),
        Field(
            "accuracy_m",
            "number",
            "Accuracy of the GPS fix in metres.",
            "accuracy akurasi akurasim akurasimeter akurasigps akurasigpsm akurasigpsmeter akurasilokasi "
            "ketelitian ketelitianm ketelitiangps ketelitiangpsm gpsakurasi gpsaccuracy gpsaccuracym "
            "accuracymeter accuracymeters accuracymetres accuracyinmeters locationaccuracy "
            "locationaccuracym horizontalaccuracy horizontalaccuracym hacc gpsprecision presisi presisigps "
            "presisim lokasiprecision koordinatprecision",
        ),
        Field(
            "hdop",
            "dilution",
            "Horizontal dilution of precision (HDOP) of the GPS fix, from which its accuracy is estimated.",
            "gpshdop hdopgps nilaihdop horizontaldilution horizontaldilutionofprecision",
        ),
        Field(
            "outcome",
            "choice",
            "What came of the visit: met, absent, refused, moved or another word.",
            "hasil hasilkunjungan status statuskunjungan result",
            choices=OUTCOMES,
            missing=DASHES,
        ),
        Field(
            "remarks",
            "text",
            "What the officer noted.",
            "keterangan catatan uraian hasilpembicaraan remark notes note",
            missing=DASHES,
        ),
    ),
    identity=(
        "visited_at",
        "officer_id",
        "household_given",
        "head_name",
        "rt",
        "rw",
        "village_code_given",
        "village_given",
        "district_given",
        "lon",
        "lat",
    ),
)

CRIMES = Dataset(
    name="crimes",
    key="crime_id",
    description="Recorded crimes, reported by the public (LP-B) or discovered by police (LP-A).",
    fields=(
        Field(
            "crime_id",
            "id",
            "Number of the report (LP number); made from the other fields where absent.",
            "nolp nomorlp lp nomorlaporan nolaporan laporanpolisi crimeid incidentid "
            "incidentnumber casenumber caseid reportnumber recordid uid id",
        ),
        Field(
            "occurred_at",
            "moment",
            "Date, or date and time, when it happened (the earliest).",
            "tanggalkejadian waktukejadian tglkejadian tanggal waktu tgl occurred "
            "occurredfrom datefrom fromdate dateoccurred incidentdate dateutc datetime date "
            "month datereported tanggallapor tanggallaporan reporteddate",
            required=True,
        ),
        Field(
            "time",
            "clock",
            "Time of day, where it has a column of its own.",
            "jam jamkejadian pukul hourreported timeoccurred incidenttime timefrom hour",
        ),
        Field(
            "occurred_to",
            "moment",
            "The latest moment when it can have happened.",
            "sampai tanggalsampai occurreduntil dateto todate dateuntil waktusampai",
        ),
        Field(
            "category",
            "text",
            "Kind of crime.",
            "kategori jeniskejahatan jenistindakpidana jenis tindakpidana offense offence "
            "crimetype offensetype offencetype type kasus perkara",
            required=True,
            missing=DASHES,
        ),
        Field(
            "offence",
            "text",
            "The offence in the source's own words, where it differs from the category.",
            "uraian pasal offencetext offensedescription deskripsi description",
            missing=DASHES,
        ),
        *_place_fields(),
        Field(
            "source",
            "choice",
            "Whether it was reported by the public or discovered by police.",
            "sumber modellp jenislaporan jenislp",
            choices=SOURCES,
        ),
        Field(
            "status",
            "text",
            "How far the case is.",
            "statusperkara statuskasus penyelesaian lastoutcomecategory casestatus",
            missing=DASHES,
        ),
    ),
    identity=(
        "occurred_at",
        "occurred_to",
        "category",
        "offence",
        "lon",
        "lat",
        "village_code_given",
        "village_given",
        "district_given",
    ),
)

ROADS = Dataset(
    name="roads",
    key="road_id",
    description="The roads of the unit's area: one network, which replaces the one before.",
    fields=(Field("class", "text", "Class of the road, which its speed depends on."),),
)

RECORDS: dict[str, Dataset] = {
    dataset.name: dataset for dataset in (BOUNDARIES, HOUSEHOLDS, OFFICERS, VISITS, CRIMES, CROSSWALK)
}
"""The datasets whose rows become records of their own, in the order in which a new unit imports them."""

DATASETS: dict[str, Dataset] = RECORDS | {ROADS.name: ROADS}
"""Every dataset: those of records, and the roads, which are imported whole."""
