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

    mutating func add(_ fault: MetadataFault) {
        // To make the words of a million faults takes seconds.
        if isFull(fault.kind) {
            counts[fault.kind, default: 0] += 1
        } else {
            add(fault.finding, line: fault.line)
        }
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
