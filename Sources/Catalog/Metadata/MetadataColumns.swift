import AtlasModel
import Messages

/// The columns of a table with metadata, from its header.
struct MetadataColumns {
    /// A column that is read.
    struct Column {
        let place: Int
        let field: MetadataField
        /// The name in the header.
        let name: String
        /// Its numbers are multiplied by this.
        var factor = 1.0
        /// Its numbers are divided by instead.
        var isInverse = false
    }

    /// The column with keys or file names; `nil` when none has a known name.
    let key: Int?
    /// All other columns that have a name.
    let columns: [Column]
    /// Number of columns.
    let count: Int
    /// Names that are nearly those of known fields, each with the known one.
    let nearly: [(name: String, known: String)]

    /// - Parameter fields: the first row of the table.
    init(header fields: [String]) {
        let names = fields.map(PictureNames.trimmed)
        let plain = names.map(TableFile.plain)
        key = TableFile.keyColumn(plain)
        var columns: [Column] = []
        var nearly: [(name: String, known: String)] = []
        var used: Set<MetadataField.Kind> = []
        var others: Set<String> = []
        for (place, name) in names.enumerated() where place != key && !name.isEmpty {
            if let known = Self.known(plain[place], in: name), used.insert(known.kind).inserted {
                columns.append(
                    Column(
                        place: place, field: MetadataField(known.kind), name: name,
                        factor: known.factor, isInverse: known.isInverse))
                continue
            }
            var shown = name
            while !others.insert(shown).inserted { shown += " 2" }
            columns.append(Column(place: place, field: MetadataField(named: shown), name: name))
            if Self.known(plain[place], in: name) == nil, plain[place].utf8.count >= 5,
                let known = nearestWord(to: plain[place], in: Self.words), known != plain[place]
            {
                nearly.append((name, known))
            }
        }
        self.columns = columns
        self.nearly = nearly
        count = (names.lastIndex { !$0.isEmpty } ?? -1) + 1
    }

    /// Whether a row names the columns: one is the key, and there is another.
    static func areHeader(_ fields: [String]) -> Bool {
        let plain = fields.map { TableFile.plain(PictureNames.trimmed($0)) }
        return TableFile.keyColumn(plain) != nil && plain.count { !$0.isEmpty } > 1
    }

    private struct Known {
        let kind: MetadataField.Kind
        var factor = 1.0
        var isInverse = false
    }

    /// The field that a name means. A unit that is not converted makes it an unknown one.
    private static func known(_ plain: String, in name: String) -> Known? {
        switch plain {
        case "umperpixel", "umperpx", "µmperpixel", "μmperpixel", "umpx", "micronsperpixel",
            "micrometresperpixel", "micrometersperpixel":
            return Known(kind: .scale, factor: 0.001)
        case "pixelspermm", "pxpermm", "pixelpermm", "pixelspermillimetre", "pixelspermillimeter":
            return Known(kind: .scale, isInverse: true)
        default: break
        }
        guard let kind = kinds[plain] else { return nil }
        if kind == .depthFrom || kind == .depthTo {
            let unit = unit(of: name)
            guard unit == nil || ["m", "metres", "meters", "metre", "meter"].contains(unit) else {
                return nil
            }
        }
        return Known(kind: kind)
    }

    /// What stands in brackets; `nil` without brackets.
    private static func unit(of name: String) -> String? {
        guard let start = name.firstIndex(where: { "([".contains($0) }),
            let end = name[start...].firstIndex(where: { ")]".contains($0) })
        else { return nil }
        return name[name.index(after: start)..<end].lowercased().filter { $0 != " " }
    }

    /// Known fields with the names that tables give them: usual English ones, those of Darwin Core
    /// (dwc.tdwg.org/terms), and German and French ones.
    private static let synonyms: [MetadataField.Kind: [String]] = [
        .title: ["title", "caption", "name", "titel", "titre"],
        .description: [
            "description", "desc", "remarks", "remark", "comment", "comments", "note", "notes",
            "beschreibung", "bemerkung", "bemerkungen", "observations",
        ],
        .locality: [
            "locality", "location", "localityname", "place", "site", "sitename", "outcrop",
            "quarry",
            "fundort", "lokalität", "lieu", "localité",
        ],
        .latitude: [
            "latitude", "lat", "decimallatitude", "declat", "latdd", "latdec", "latwgs84",
            "gpslatitude", "breite", "breitengrad",
        ],
        .longitude: [
            "longitude", "lon", "long", "lng", "decimallongitude", "declon", "declong", "londd",
            "longdd", "londec", "lonwgs84", "longwgs84", "gpslongitude", "länge", "längengrad",
        ],
        .date: [
            "date", "collectiondate", "datecollected", "collected", "eventdate", "photodate",
            "datetaken", "dateofphoto", "datetimeoriginal", "taken", "datum", "aufnahmedatum",
            "fecha",
        ],
        .collector: [
            "collector", "collectors", "collectedby", "recordedby", "geologist", "sammler",
            "collecteur",
        ],
        .sample: [
            "sample", "samplenumber", "sampleno", "samplenr", "sampleid", "samplename", "igsn",
            "igsnnumber", "catalognumber", "cataloguenumber", "probe", "probennummer", "probennr",
            "échantillon",
        ],
        .specimen: [
            "specimen", "specimenid", "specimenno", "specimennumber", "specimenname", "handstück",
            "handspecimen", "spécimen",
        ],
        .hole: [
            "hole", "holeid", "holeno", "holenumber", "holename", "borehole", "boreholeid",
            "boreholename", "drillhole", "drillholeid", "bhid", "well", "wellname", "bohrung",
            "sondage", "forage",
        ],
        .depthFrom: [
            "depthfrom", "depthfromm", "depthfrommetres", "depthfrommeters", "from", "fromm",
            "fromdepth", "fromdepthm", "top", "topm", "topdepth", "depthtop", "depthtopm",
            "mindepth", "depthmin", "depth", "depthm", "teufevon", "tiefevon",
            "minimumdepthinmeters",
        ],
        .depthTo: [
            "depthto", "depthtom", "depthtometres", "depthtometers", "to", "tom", "todepth",
            "todepthm", "bottom", "bottomm", "bottomdepth", "depthbottom", "depthbottomm", "base",
            "basedepth", "maxdepth", "depthmax", "teufebis", "tiefebis", "maximumdepthinmeters",
        ],
        .photoType: [
            "phototype", "imagetype", "picturetype", "photokind", "imagekind", "typeofphoto",
            "typeofimage", "fototyp", "bildtyp",
        ],
        .scale: [
            "mmperpixel", "mmperpx", "mmpx", "mmpixel", "scalemmperpixel", "scalemmpx",
            "millimetresperpixel", "millimetersperpixel", "pixelsizemm", "mmpropixel", "mmparpixel",
        ],
        .licence: ["licence", "license", "rights", "lizenz", "licencia"],
        .camera: ["camera", "cameramodel", "kamera"],
    ]

    private static let kinds: [String: MetadataField.Kind] = Dictionary(
        uniqueKeysWithValues: synonyms.flatMap { kind, names in names.map { ($0, kind) } })

    /// The first name of each known field, for suggestions.
    private static let words = MetadataField.Kind.allCases.compactMap { synonyms[$0]?.first }
}
