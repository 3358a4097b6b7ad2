import AtlasModel
import Foundation

/// Reads the cells of a column of metadata.
struct MetadataReader {
    private let column: MetadataColumns.Column
    /// The order of the numbers in dates such as 05/12/2024; `nil` if the column does not tell.
    private let dates: DateOrder?

    enum DateOrder { case dayFirst, monthFirst }

    /// - Parameter cells: all cells of the column.
    init(_ column: MetadataColumns.Column, cells: some Sequence<String>) {
        self.column = column
        dates = column.field.kind == .date ? Self.order(of: cells) : nil
    }

    /// The value as it is stored; a fault if the cell cannot be understood.
    func value(of cell: String) -> Result<String, Fault> {
        switch column.field.kind {
        case .latitude: coordinate(cell, limit: 90, signs: (positive: "N", negative: "S"))
        case .longitude: coordinate(cell, limit: 180, signs: (positive: "EO", negative: "W"))
        case .depthFrom, .depthTo: depth(cell)
        case .scale: scale(cell)
        case .date: date(cell)
        case .title, .description, .locality, .collector, .sample, .specimen, .hole, .photoType,
            .licence, .camera, .other:
            .success(cell)
        }
    }

    /// Why a cell is not used: what it has to be.
    struct Fault: Error, Hashable {
        let expected: String
    }

    // MARK: Numbers

    /// A number with a decimal point or comma, any minus sign, and separated thousands if that is
    /// clear.
    static func number(_ text: String) -> Double? {
        if isPlain(text) { return Double(text) }
        var plain = ""
        for character in text {
            switch character {
            case "\u{2212}", "\u{2013}": plain.append("-")
            case " ", "\u{A0}", "\u{202F}", "\u{2009}", "'", "\u{2019}": continue
            default: plain.append(character)
            }
        }
        let (commas, points) = (plain.count { $0 == "," }, plain.count { $0 == "." })
        if commas == 1, points == 0 {
            plain = plain.replacing(",", with: ".")
        } else if commas > 0, points > 0 {
            // The last of the two signs is the decimal one.
            let last = plain.last { ",.".contains($0) } ?? "."
            guard plain.count(where: { $0 == last }) == 1 else { return nil }
            plain = plain.filter { $0 == last || !",.".contains($0) }.replacing(",", with: ".")
        }
        guard plain.allSatisfy({ $0.isASCII && ($0.isNumber || "+-.eE".contains($0)) }),
            let number = Double(plain), number.isFinite
        else { return nil }
        return number
    }

    /// Fast path: whether a text is written as `text(_:)` writes numbers. Nearly all cells are.
    private static func isPlain(_ text: String) -> Bool {
        var digits = text.utf8[...]
        if digits.first == UInt8(ascii: "-") { digits.removeFirst() }
        let whole = digits.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard (1...6).contains(whole.count),
            whole.count == 1 || whole.first != UInt8(ascii: "0")
        else { return false }
        digits = digits[whole.endIndex...]
        guard let point = digits.popFirst() else { return text != "-0" }
        return point == UInt8(ascii: ".") && (1...9).contains(digits.count)
            && digits.last != UInt8(ascii: "0")
            && digits.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// With at most nine decimal places and no zeros at the end.
    static func text(_ number: Double) -> String {
        var text = String(format: "%.9f", number)
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text == "-0" ? "0" : text
    }

    private func coordinate(
        _ cell: String, limit: Double, signs: (positive: String, negative: String)
    ) -> Result<String, Fault> {
        let plain = cell.replacing(",", with: ".", maxReplacements: 1)
        if Self.isPlain(plain), let number = Double(plain), abs(number) <= limit {
            return .success(plain)
        }
        let fault = Fault(
            expected: "degrees between \u{2212}\(Int(limit)) and \(Int(limit)), such as "
                + (limit == 90 ? "46.98765" : "8.12346"))
        var text = cell.uppercased()
        var isNegative = false
        for letters in [text.first, text.last] {
            guard let letter = letters, letter.isLetter else { continue }
            guard signs.positive.contains(letter) || signs.negative.contains(letter) else {
                return .failure(fault)
            }
            isNegative = signs.negative.contains(letter)
            text = text.trimmingCharacters(in: CharacterSet(charactersIn: "NSEOW "))
        }
        guard let degrees = Self.degrees(text) else { return .failure(fault) }
        let value = isNegative ? -abs(degrees) : degrees
        guard abs(value) <= limit else { return .failure(fault) }
        return .success(Self.text(value))
    }

    /// Degrees, or degrees, minutes and seconds.
    private static func degrees(_ text: String) -> Double? {
        let signs = CharacterSet(charactersIn: "°º:'’′\"”″ ")
        let parts = text.components(separatedBy: signs).filter { !$0.isEmpty }
        if parts.count == 1 { return number(parts[0]) }
        guard (2...3).contains(parts.count) else { return nil }
        let numbers = parts.compactMap(number)
        guard numbers.count == parts.count,
            numbers.dropFirst().allSatisfy({ (0..<60).contains($0) })
        else { return nil }
        let size = abs(numbers[0]) + numbers[1] / 60 + (numbers.count > 2 ? numbers[2] / 3600 : 0)
        return parts[0].hasPrefix("-") || parts[0].hasPrefix("\u{2212}") ? -size : size
    }

    private func depth(_ cell: String) -> Result<String, Fault> {
        if Self.isPlain(cell), let number = Double(cell), abs(number) <= 20_000 {
            return .success(cell)
        }
        let plain = cell.lowercased().hasSuffix("m") ? String(cell.dropLast()) : cell
        guard let number = Self.number(plain), abs(number) <= 20_000 else {
            return .failure(Fault(expected: "a number of metres"))
        }
        return .success(Self.text(number))
    }

    private func scale(_ cell: String) -> Result<String, Fault> {
        if column.factor == 1, !column.isInverse, Self.isPlain(cell), let number = Double(cell),
            number > 0
        {
            return .success(cell)
        }
        let plain = cell.lowercased().hasSuffix("mm") ? String(cell.dropLast(2)) : cell
        guard let number = Self.number(plain), number > 0 else {
            return .failure(Fault(expected: "a number greater than 0"))
        }
        let value = (column.isInverse ? 1 / number : number) * column.factor
        guard (1e-9...1e9).contains(value) else {
            return .failure(Fault(expected: "a number greater than 0"))
        }
        return .success(Self.text(value))
    }

    // MARK: Dates

    private func date(_ cell: String) -> Result<String, Fault> {
        let fault = Fault(expected: "a date, such as 2024-05-12")
        guard let parts = DateParts(cell) else {
            return Self.worded(cell).map { .success($0) } ?? .failure(fault)
        }
        let numbers = parts.numbers
        var day: String?
        switch numbers.count {
        case 1 where parts.firstLength == 8:
            day = isoDate(numbers[0] / 10_000, numbers[0] / 100 % 100, numbers[0] % 100)
        case 1 where parts.firstLength == 4: day = isoDate(numbers[0], nil, nil)
        case 2 where parts.firstLength == 4: day = isoDate(numbers[0], numbers[1], nil)
        case 3 where parts.firstLength == 4: day = isoDate(numbers[0], numbers[1], numbers[2])
        case 3 where parts.separator == UInt8(ascii: "."):
            day = isoDate(numbers[2], numbers[1], numbers[0])
        case 3:
            switch dates {
            case .dayFirst: day = isoDate(numbers[2], numbers[1], numbers[0])
            case .monthFirst: day = isoDate(numbers[2], numbers[0], numbers[1])
            case nil:
                return .failure(
                    Fault(expected: "a date whose day and month are clear, such as 2024-05-12"))
            }
        default: break
        }
        guard let day else { return .failure(fault) }
        return .success(numbers.count == 3 ? day + parts.time : day)
    }

    /// What a number above 12 shows. Contradictions show nothing.
    private static func order(of cells: some Sequence<String>) -> DateOrder? {
        var found: Set<DateOrder> = []
        for cell in cells {
            guard let parts = DateParts(PictureNames.trimmed(cell)), parts.numbers.count == 3,
                parts.firstLength < 4, parts.separator != UInt8(ascii: ".")
            else { continue }
            if parts.numbers[0] > 12 { found.insert(.dayFirst) }
            if parts.numbers[1] > 12 { found.insert(.monthFirst) }
        }
        return found.count == 1 ? found.first : nil
    }

    /// 12 May 2024, May 12, 2024, or May 2024.
    private static func worded(_ cell: String) -> String? {
        let words = cell.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        var (day, month, year): (Int?, Int?, Int?) = (nil, nil, nil)
        for word in words {
            if let number = Int(word.prefix { $0.isASCII && $0.isNumber }) {
                if number > 31, year == nil { year = number } else if day == nil { day = number }
            } else if let place = months.firstIndex(of: String(word.prefix(3))) {
                month = place + 1
            }
        }
        guard month != nil, words.count <= 3 else { return nil }
        return isoDate(year, month, day)
    }

    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]

}

/// The numbers of a date that is written with numbers only, such as 2024-05-12 or 12.5.2024, and its
/// time of day.
private struct DateParts {
    private(set) var numbers: [Int] = []
    /// Digits of the first number.
    private(set) var firstLength = 0
    private(set) var separator: UInt8 = 0
    /// ` 10:22`; empty without a time, and at midnight, which spreadsheets write for no time.
    private(set) var time = ""

    init?(_ cell: String) {
        let bytes = Array(cell.utf8)
        var place = 0
        while numbers.count < 3, place < bytes.count, Self.isDigit(bytes[place]) {
            let start = place
            while place < bytes.count, Self.isDigit(bytes[place]), place - start < 8 { place += 1 }
            let digits = bytes[start..<place]
            if numbers.isEmpty { firstLength = digits.count }
            numbers.append(digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) })
            guard numbers.count < 3, place < bytes.count, "-/.:".utf8.contains(bytes[place]),
                separator == 0 || bytes[place] == separator
            else { break }
            separator = bytes[place]
            place += 1
            if separator == UInt8(ascii: "."), place < bytes.count,
                bytes[place] == UInt8(ascii: " ")
            {
                place += 1
            }
        }
        guard !numbers.isEmpty else { return nil }
        let rest = String(decoding: bytes[place...], as: UTF8.self)
        guard rest.isEmpty || numbers.count == 3 && "T ".contains(rest.prefix(1)) else {
            return nil
        }
        let clock = rest.dropFirst().split(separator: ":").prefix(2).compactMap {
            Int($0.prefix { $0.isASCII && $0.isNumber })
        }
        guard clock.count == 2, (0..<24).contains(clock[0]), (0..<60).contains(clock[1]),
            clock != [0, 0]
        else { return }
        time = " " + clock.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
