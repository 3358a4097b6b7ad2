import AtlasModel

/// `croissant.json`: describes the pictures and `pictures.csv` as a data set, in Croissant 1.0 of MLCommons
/// (https://docs.mlcommons.org/croissant/docs/croissant-spec.html), which catalogues of data and libraries
/// for machine learning read.
///
/// The data set is called live, because every build changes the files, so they have no checksums.
struct Croissant {
    let layout: Layout

    static let path = "croissant.json"

    /// The terms that the document uses, as the specification asks for.
    private static let context = """
        {"@language":"en","@vocab":"https://schema.org/","sc":"https://schema.org/",\
        "cr":"http://mlcommons.org/croissant/","rai":"http://mlcommons.org/croissant/RAI/",\
        "dct":"http://purl.org/dc/terms/","citeAs":"cr:citeAs","column":"cr:column",\
        "conformsTo":"dct:conformsTo","data":{"@id":"cr:data","@type":"@json"},\
        "dataType":{"@id":"cr:dataType","@type":"@vocab"},"equivalentProperty":"cr:equivalentProperty",\
        "examples":{"@id":"cr:examples","@type":"@json"},"extract":"cr:extract","field":"cr:field",\
        "fileProperty":"cr:fileProperty","fileObject":"cr:fileObject","fileSet":"cr:fileSet",\
        "format":"cr:format","includes":"cr:includes","isLiveDataset":"cr:isLiveDataset",\
        "jsonPath":"cr:jsonPath","key":"cr:key","md5":"cr:md5","parentField":"cr:parentField",\
        "path":"cr:path","recordSet":"cr:recordSet","references":"cr:references","regex":"cr:regex",\
        "repeated":"cr:repeated","replace":"cr:replace","samplingRate":"cr:samplingRate",\
        "separator":"cr:separator",\
        "source":"cr:source","subField":"cr:subField","transform":"cr:transform"}
        """

    /// A column of `pictures.csv`.
    private struct Column {
        /// Unique, of letters, digits and `_`, since not all readers take others.
        let id: String
        let name: String
        let meaning: String
        /// Of schema.org.
        let type: String
    }

    private var columns: [Column] {
        let all =
            PictureList.columns
            + PictureList.fields(of: layout.edition.metadata).map { ($0, $0, "Text") }
        var known: Set<String> = []
        return all.enumerated().map { place, column in
            let plain = String(
                column.name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
            let id = known.insert(plain).inserted ? plain : "\(plain)_\(place)"
            return Column(
                id: id, name: column.name, meaning: column.meaning, type: column.type)
        }
    }

    var file: File {
        let edition = layout.edition
        var json = Script()
        json.add("{\"@context\":\(Self.context),\n\"@type\":\"sc:Dataset\",\"name\":")
        json.add(text: edition.title)
        json.add(",\"description\":")
        json.add(
            text:
                "\(Figures.pictures(edition.images.count)) from \(edition.collection) with labels, "
                + "predicted types and clusters, as GeoAtlas made them.")
        json.add(
            ",\n\"conformsTo\":\"http://mlcommons.org/croissant/1.0\",\"isLiveDataset\":true,\n\"url\":"
        )
        json.add(text: "index.html")
        json.add(
            ",\n\"distribution\":[{\"@type\":\"cr:FileObject\",\"@id\":\"pictures.csv\",\"name\":"
                + "\"pictures.csv\",\"contentUrl\":\"pictures.csv\",\"encodingFormat\":\"text/csv\"}],\n"
                + "\"recordSet\":[{\"@type\":\"cr:RecordSet\",\"@id\":\"pictures\",\"name\":\"pictures\","
                + "\"key\":{\"@id\":\"pictures/key\"},\n\"field\":")
        json.add(list: columns) { json, column in
            json.add("\n{\"@type\":\"cr:Field\",\"@id\":")
            json.add(text: "pictures/\(column.id)")
            json.add(",\"name\":")
            json.add(text: column.name)
            json.add(",\"description\":")
            json.add(text: column.meaning)
            json.add(
                ",\"dataType\":\"sc:\(column.type)\",\"source\":{\"fileObject\":{\"@id\":\"pictures.csv\"},"
                    + "\"extract\":{\"column\":")
            json.add(text: column.name)
            json.add("}}}")
        }
        json.add("}]}\n")
        return File(path: Self.path, bytes: json.bytes)
    }
}
