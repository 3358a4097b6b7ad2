import AtlasModel
import Messages

/// Faults of the lines of a table. Of each kind only the first ones are listed, because a table may
/// have a million lines; the others are counted.
struct FaultList {
    /// Most errata of one kind.
    static let limit = 20

    private let path: String
    private var shown: [(line: Int, finding: Erratum.Finding)] = []
    private var counts: [Erratum.Kind: Int] = [:]

    /// - Parameter path: the file, for errata.
    init(path: String) { self.path = path }

    /// Whether another fault of this kind would only be counted.
    func isFull(_ kind: Erratum.Kind) -> Bool { counts[kind, default: 0] >= Self.limit }

    mutating func add(_ fault: KeyFault) { add(fault.finding, line: fault.line) }

    mutating func add(_ fault: VerdictFault) { add(fault.finding, line: fault.line) }

    mutating func add(_ fault: MetadataFault) {
        // To make the words of a million faults takes seconds.
        if isFull(fault.kind) {
            counts[fault.kind, default: 0] += 1
        } else {
            add(fault.finding, line: fault.line)
        }
    }

    /// The picture that a line names; `nil`, with a fault, for none or several.
    mutating func picture(
        _ match: PictureNames.Match, of line: Int, named name: String, in table: PictureTable,
        _ names: inout PictureNames
    ) -> Int? {
        let fault: LineFault
        switch match {
        case .one(let index): return index
        case .several(let found):
            fault = .severalPictures(
                name, line: line, keys: found.prefix(3).map { names.key($0) })
        case .none:
            // Looking for similar keys takes time, so only lines that are shown get one.
            let isShown = !isFull(LineFault.noPicture("", line: 0, nearest: nil).kind(in: table))
            fault = .noPicture(
                String(name.prefix(100)), line: line,
                nearest: isShown ? names.nearest(to: name) : nil)
        }
        if isFull(fault.kind(in: table)) {
            counts[fault.kind(in: table), default: 0] += 1
        } else {
            add(fault.finding(in: table), line: line)
        }
        return nil
    }

    private mutating func add(_ finding: Erratum.Finding, line: Int) {
        if !isFull(finding.kind) { shown.append((line, finding)) }
        counts[finding.kind, default: 0] += 1
    }

    /// By line; then one for each kind of which there are more.
    var errata: [Erratum] {
        let ordered = shown.enumerated().sorted {
            ($0.element.line, $0.offset) < ($1.element.line, $1.offset)
        }.map(\.element.finding)
        let rest = Erratum.Kind.allCases.compactMap { kind -> Erratum.Finding? in
            let more = counts[kind, default: 0] - Self.limit
            guard more > 0, let like = ordered.last(where: { $0.kind == kind }) else { return nil }
            return like.repeated(more)
        }
        return (ordered + rest).map { Erratum(path: path, $0) }
    }
}
