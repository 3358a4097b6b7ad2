/// The steps of a template in their order, as numbers: a page passes over several thousand of them, and to copy a
/// text or a reference at each would take as long as all the rest.
struct Program: Sendable {
    enum Step: Sendable {
        /// Writes some of the bytes.
        case literal(Range<Int>)
        /// Writes the value that a tag names, `{{name}}` or `{{{name}}}`.
        case variable(tag: Int, isEscaped: Bool)
        /// `{{#name}}` or `{{^name}}`. The steps up to `end` are inside it.
        case section(tag: Int, isInverted: Bool, end: Int)
        /// Writes a list of the names that are offered here.
        case fields
    }

    private(set) var steps: [Step] = []
    private(set) var bytes: [UInt8] = []
    /// The names in the tags of the steps.
    private(set) var names: [Template.Name] = []
    /// The first part of each name; `nil` for `.`.
    private(set) var symbols: [Symbol?] = []

    mutating func addLiteral(_ literal: [UInt8]) {
        steps.append(.literal(bytes.count..<bytes.count + literal.count))
        bytes += literal
    }

    mutating func addVariable(_ name: Template.Name, isEscaped: Bool) {
        steps.append(.variable(tag: names.count, isEscaped: isEscaped))
        add(name)
    }

    mutating func addFields() { steps.append(.fields) }

    /// Begins a section, which `endSection` ends.
    /// - Returns: the place of its step.
    mutating func beginSection(_ name: Template.Name, isInverted: Bool) -> Int {
        steps.append(.section(tag: names.count, isInverted: isInverted, end: steps.count + 1))
        add(name)
        return steps.count - 1
    }

    /// - Parameter place: as `beginSection` returned it.
    mutating func endSection(_ place: Int) {
        guard case .section(let tag, let isInverted, _) = steps[place] else {
            preconditionFailure("no section begins there")
        }
        steps[place] = .section(tag: tag, isInverted: isInverted, end: steps.count)
    }

    /// Adds the steps of another program after those of this one.
    mutating func add(_ other: Program) {
        let (start, firstByte, firstTag) = (steps.count, bytes.count, names.count)
        bytes += other.bytes
        names += other.names
        symbols += other.symbols
        steps += other.steps.map { step in
            switch step {
            case .literal(let range):
                .literal(firstByte + range.lowerBound..<firstByte + range.upperBound)
            case .variable(let tag, let isEscaped):
                .variable(tag: firstTag + tag, isEscaped: isEscaped)
            case .section(let tag, let isInverted, let end):
                .section(tag: firstTag + tag, isInverted: isInverted, end: start + end)
            case .fields: .fields
            }
        }
    }

    private mutating func add(_ name: Template.Name) {
        names.append(name)
        symbols.append(name.first?.symbol)
    }
}
