import AtlasModel
import Templates

/// The signs of the rock types of an edition: a symbol, and a CSS class. Style sheets give each
/// class a colour and a pattern.
struct TypeSigns: Sendable {
    /// In class order.
    let types: [Sign]
    /// The sign of pictures without a label.
    let unlabelled = Sign(
        label: "unlabelled", title: "Unlabelled", symbol: "–", style: "unlabelled")

    struct Sign: Sendable {
        let label: String
        let title: String
        /// `An`: two letters, distinct among the types of the edition.
        let symbol: String
        /// CSS class that sets `--t`, the colour, and `--p`, the pattern.
        let style: String
        /// The title as the value of an attribute: in quotation marks only if HTML needs them, because
        /// it stands some 25 times on the page of each picture.
        let attribute: String
        /// What templates get of it.
        let value: Value

        init(label: String, title: String, symbol: String, style: String) {
            self.label = label
            self.title = title
            self.symbol = symbol
            self.style = style
            let isPlain =
                !title.isEmpty
                && title.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || $0 == "-" }
            attribute = isPlain ? title : "\"\(title.escapedHTML)\""
            value = [
                "label": .text(label), "title": .text(title), "symbol": .text(symbol),
                "style": .text(style),
            ]
        }
    }

    private let rockTypes: [RockType]

    /// Types that the style sheet of the atlas has a colour and a pattern for.
    static let styled: Set<String> = Set(RockType.reference.map(\.label))

    init(_ rockTypes: [RockType]) {
        self.rockTypes = rockTypes
        let symbols = Self.symbols(rockTypes.map(\.label))
        var taken: Set<String> = []
        types = zip(rockTypes, symbols).map { type, symbol in
            var style =
                Self.styled.contains(type.label)
                ? type.label : "type-" + AtlasPaths.cleaned(type.label).replacing(".", with: "-")
            while !taken.insert(style).inserted { style += "-" }
            return Sign(label: type.label, title: type.title, symbol: symbol, style: style)
        }
    }

    subscript(type: Int?) -> Sign { type.map { types[$0] } ?? unlabelled }

    /// CSS rules that depend on the edition: `--s`, the symbol of each class; the colours of
    /// `atlas.yml`; and defaults for classes that the style sheets do not define.
    var style: String {
        var rules = [".unlabelled{--t:var(--ink2);--p:var(--p-lines);--s:\"–\"}"]
        var dark: [String] = []
        let looks = TypeColours.looks(of: rockTypes.map(\.label))
        for ((type, sign), look) in zip(zip(rockTypes, types), looks) {
            // No escaping is needed, because a symbol contains only letters and digits.
            rules.append(".\(sign.style){--s:\"\(sign.symbol)\"}")
            if let colour = type.colour {
                rules.append(".\(sign.style){--t:\(colour.light)}")
                dark.append(".\(sign.style){--t:\(colour.dark)}")
            }
            guard let look else { continue }
            if type.colour == nil {
                rules.append(".\(sign.style){--t:\(look.light)}")
                dark.append(".\(sign.style){--t:\(look.dark)}")
            }
            rules.append(".\(sign.style){--p:var(\(look.pattern))}")
        }
        if !dark.isEmpty {
            rules.append("@media (prefers-color-scheme:dark){\(dark.joined())}")
        }
        return rules.map { $0 + "\n" }.joined()
    }

    /// The first two letters of each label. Labels with the same first two letters get the first
    /// letter and the next letter in which they differ. If there is no such letter, they get a
    /// number.
    ///
    ///     TypeSigns.symbols(["andesite", "anorthosite", "gneiss"])  // ["Ad", "Ao", "Gn"]
    static func symbols(_ labels: [String]) -> [String] {
        let words = labels.map { label in Array(label.filter { $0.isLetter || $0.isNumber }) }
        var taken: Set<String> = []
        return words.indices.map { index in
            let word = words[index]
            let alike = words.indices.filter {
                $0 != index && words[$0].prefix(2) == word.prefix(2)
            }
            let telling = word.indices.dropFirst().first { place in
                alike.allSatisfy { words[$0].count <= place || words[$0][place] != word[place] }
            }
            let first = word.first.map { $0.uppercased() } ?? "?"
            var symbol = first
            if let place = telling ?? word.indices.dropFirst().first { symbol.append(word[place]) }
            // A label that is the beginning of another one has no letter in which it differs.
            var number = 2
            while !taken.insert(symbol).inserted {
                symbol = "\(first)\(number)"
                number += 1
            }
            return symbol
        }
    }
}
