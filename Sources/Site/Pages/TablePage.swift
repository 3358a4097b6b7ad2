import AtlasModel
import Templates

extension SinglePage {
    static let table = SinglePage(
        name: "table", title: "Light table",
        sentence: { _ in "Up to eight pictures side by side, moved and enlarged together." },
        make: { try $0.tablePage() },
        streams: { [try $0.pinData.stream($1)] })
}

extension Pages {
    /// `table.html` and its data. Which pictures are on the table, its script reads from the address.
    fileprivate func tablePage() throws -> [File] {
        let common = pinData.common
        return [try page(.table, [:], scripts: [common.path]), common]
    }

    fileprivate var pinData: PinData { PinData(layout: layout, copies: pictures.copies) }
}
