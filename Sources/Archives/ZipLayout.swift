/// Where the entries of an archive are in its file.
enum ZipLayout {
    /// The entries, with a fault for each that is beyond the end or claims bytes of another one.
    ///
    /// Archives that are made to fill a disk let many entries share their bytes (Fifield 2019, "A
    /// better zip bomb").
    /// - Parameter end: the position of the directory, before which all entries are.
    static func checked(_ entries: [ZipEntry], end: Int) -> [ZipEntry] {
        var checked = entries
        for index in checked.indices where checked[index].fault == nil {
            if checked[index].offset >= UInt64(end) { checked[index].fault = .beyondEnd }
        }
        let order = checked.indices.filter { checked[$0].fault == nil }.sorted {
            (checked[$0].offset, $0) < (checked[$1].offset, $1)
        }
        for (index, next) in zip(order, order.dropFirst()) {
            if checked[index].offset == checked[next].offset {
                checked[next].fault = .overlap(other: name(checked[index]))
            } else if leastEnd(of: checked[index]) > checked[next].offset {
                checked[index].fault = .overlap(other: name(checked[next]))
            }
        }
        if let last = order.last, checked[last].fault == nil,
            leastEnd(of: checked[last]) > UInt64(end)
        {
            checked[last].fault = .cutShort
        }
        return checked
    }

    /// The end of the data if the header has no extra field.
    private static func leastEnd(of entry: ZipEntry) -> UInt64 {
        let start = entry.offset + UInt64(ZipLocalHeader.fixedSize)
        let (end, isTooLarge) = start.addingReportingOverflow(entry.packedSize ?? 0)
        return isTooLarge ? .max : end
    }

    private static func name(_ entry: ZipEntry) -> String {
        entry.unicodeName ?? String(decoding: entry.rawName, as: UTF8.self)
    }
}
