import AtlasModel
import Statistics

/// How numbers are written on pages.
enum Figures {
    /// Narrow no-break space, between a number and its unit.
    static let thin = "\u{202F}"

    /// `26,398`.
    static func count(_ number: Int) -> String {
        let digits = String(number.magnitude)
        var text = ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return number < 0 ? "−" + text : text
    }

    /// `1 picture`, `4,400 pictures`, `No pictures`.
    static func pictures(_ number: Int) -> String { counted(number, "picture", "pictures") }

    static func counted(_ number: Int, _ one: String, _ many: String) -> String {
        number == 0 ? "No \(many)" : "\(count(number)) \(number == 1 ? one : many)"
    }

    /// How probable something is by chance, with three decimal places.
    ///
    ///     Figures.probability(0.0312)  // "= 0.031"
    ///     Figures.probability(2e-9)    // "< 0.001"
    static func probability(_ value: Double) -> String {
        value < 0.001 ? "< 0.001" : "= " + decimal(value, places: 3)
    }

    /// A number with a fixed number of decimal places; halves are rounded away from zero.
    ///
    ///     Figures.decimal(1234.25, places: 1)  // "1,234.3"
    static func decimal(_ value: Double, places: Int) -> String {
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let scaled = Int((value.magnitude * scale).rounded(.toNearestOrAwayFromZero))
        if places == 1, scaled < 10_000, value >= 0 {
            // Fast path for scores and probabilities, which are most numbers of an atlas.
            return String(scaled / 10) + "." + String(scaled % 10)
        }
        var digits = String(scaled)
        while digits.count <= places { digits = "0" + digits }
        let whole = count(Int(digits.dropLast(places)) ?? 0)
        let sign = value < 0 && scaled > 0 ? "−" : ""
        return sign + (places == 0 ? whole : whole + "." + digits.suffix(places))
    }

    /// The digits of a percentage, with one decimal place. A value below 100 is never written as
    /// 100, and a value above 0 is never written as 0.
    ///
    ///     Figures.digits(percent: 99.97)  // "99.9"
    static func digits(percent: Double) -> String {
        if percent >= 100 { return "100" }
        if percent <= 0 { return "0" }
        if percent < 0.05 { return "< 0.1" }
        return percent >= 99.95 ? "99.9" : decimal(percent, places: 1)
    }

    /// `97.9 %` for a counted share between 0 and 1.
    static func share(_ share: Double) -> String { digits(percent: 100 * share) + thin + "%" }

    /// `97.9 %` for a probability. Never 0 and never 100, because a network is never certain.
    static func probability(_ probability: Float) -> String {
        let percent = 100 * Double(probability)
        if percent < 0.05 { return "< 0.1" + thin + "%" }
        return (percent >= 99.95 ? "99.9" : decimal(percent, places: 1)) + thin + "%"
    }

    /// `89.4 %` for a score in percent.
    static func score(_ score: Double) -> String { digits(percent: score) + thin + "%" }

    /// `97.4–98.3`: the 95 % interval of a share, in percent.
    static func interval(_ proportion: Proportion) -> String { interval(proportion.interval) }

    /// `97.4–98.3` for an interval of shares between 0 and 1.
    static func interval(_ interval: ClosedRange<Double>) -> String {
        digits(percent: 100 * interval.lowerBound) + "–"
            + digits(percent: 100 * interval.upperBound)
    }

    /// `981 bytes`, `12.3 kB`, `5.1 MB`: powers of 1000.
    static func bytes(_ number: Int) -> String {
        switch number {
        case 1: "1 byte"
        case ..<1_000: "\(number) bytes"
        case ..<999_950: decimal(Double(number) / 1_000, places: 1) + thin + "kB"
        case ..<999_950_000: decimal(Double(number) / 1_000_000, places: 1) + thin + "MB"
        default: decimal(Double(number) / 1_000_000_000, places: 1) + thin + "GB"
        }
    }

    /// `4 min 12 s`, `38 s`, `0.4 s`, `< 0.1 s`.
    static func duration(_ seconds: Double) -> String {
        if seconds < 0.05 { return "< 0.1" + thin + "s" }
        if seconds < 9.95 { return decimal(seconds, places: 1) + thin + "s" }
        let whole = Int(seconds.rounded())
        if whole < 60 { return "\(whole)\(thin)s" }
        if whole < 3_600 { return "\(whole / 60)\(thin)min \(whole % 60)\(thin)s" }
        return "\(whole / 3_600)\(thin)h \(whole % 3_600 / 60)\(thin)min"
    }

    /// `4,032 × 3,024 px`.
    static func size(_ width: Int, _ height: Int) -> String {
        "\(count(width)) × \(count(height))\(thin)px"
    }

    /// The Roman numeral of a plate: `IV`.
    static func roman(_ number: Int) -> String {
        let signs = [
            (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
            (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
        ]
        var rest = number
        var text = ""
        for (value, sign) in signs {
            while rest >= value {
                text += sign
                rest -= value
            }
        }
        return text
    }

    /// The number as a word up to twelve (`six`), in digits above.
    static func word(_ number: Int) -> String {
        let words = [
            "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
            "eleven", "twelve",
        ]
        return words.indices.contains(number) ? words[number] : count(number)
    }

    /// `a`, `a and b`, `a, b and c`.
    static func list(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " and " + last
    }

    /// `12 May 2026` for `2026-05-12`; other text is unchanged.
    static func date(_ text: String) -> String {
        let months = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September",
            "October", "November", "December",
        ]
        let parts = text.split(separator: "-").map { Int($0) }
        guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2],
            (1...12).contains(month), (1...31).contains(day)
        else { return text }
        return "\(day) \(months[month - 1]) \(year)"
    }
}

extension String {
    /// The text with a capital first letter.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
