package import AtlasModel
import Foundation
import Messages

/// Finds the rock type that the name of a folder means.
///
/// A name is equal to a type without regard to case. If it is equal to none, it may mean one that is
/// written nearly so:
///
///     let names = TypeNames([RockType(label: "mica schist"), RockType(label: "grünschiefer")])
///     names.type(of: "Mica Schist")   // exact, 0
///     names.type(of: "mica_schists")  // near, 0
///     names.type(of: "Gruenschiefer") // near, 1
///     names.type(of: "basalt")        // nil
package struct TypeNames: Sendable {
    private let types: [RockType]
    private let exact: [String: Int]
    private let near: [String: Set<Int>]

    /// How a name was recognised.
    package enum Match: Sendable, Equatable {
        case exact(Int)
        /// Equal up to case, accents, signs between words, a plural, or numbers at an end.
        case near(Int)

        /// Index of the type.
        package var type: Int {
            switch self {
            case .exact(let type), .near(let type): type
            }
        }
    }

    package init(_ types: [RockType]) {
        self.types = types
        exact = Dictionary(
            types.enumerated().map { ($1.label, $0) }, uniquingKeysWith: { first, _ in first })
        var near: [String: Set<Int>] = [:]
        for (index, type) in types.enumerated() {
            // The numbers of "class 1" and "class 2" tell types apart.
            for form in Self.forms(type.label, numbered: true) {
                near[form, default: []].insert(index)
            }
        }
        self.near = near
    }

    /// The type that `name` means; `nil` when it means none, or could mean several.
    package func type(of name: some StringProtocol) -> Match? {
        if let type = exact[name.lowercased()] { return .exact(type) }
        let found = Self.forms(String(name), numbered: false).compactMap { near[$0] }
        let types = found.reduce(into: Set()) { $0.formUnion($1) }
        return types.count == 1 ? types.first.map(Match.near) : nil
    }

    /// The type whose name needs the fewest edits, for "Did you mean …?"; `nil` when none is near.
    package func nearest(to name: String) -> String? {
        nearestWord(to: name.lowercased(), in: types.map(\.label))
    }

    /// A name reduced to its letters and digits, in all ways that are the same word: with accents
    /// left out or written as two letters, and with and without a plural. Empty for a name that has
    /// no letters.
    /// - Parameter numbered: whether numbers at an end belong to the name, as in "class 1". If not,
    ///   it is also reduced without them, as in "01_granite".
    static func forms(_ name: String, numbered: Bool) -> Set<String> {
        var forms: Set<String> = []
        for letters in [name, spelt(name)] {
            let plain = reduced(letters)
            for form in numbered ? [plain] : [plain, trimmed(plain)]
            where form.contains(where: \.isLetter) {
                forms.insert(form)
                if let singular = singular(form) { forms.insert(singular) }
            }
        }
        return forms
    }

    /// Letters that Unicode does not take apart into a letter and an accent.
    private static let ligatures: [Character: String] = [
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th",
        "ı": "i",
    ]
    /// German and Scandinavian spellings without accents.
    private static let spellings: [Character: String] = [
        "ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe",
    ]

    private static func spelt(_ name: String) -> String {
        name.lowercased().precomposedStringWithCanonicalMapping
            .map { spellings[$0] ?? String($0) }.joined()
    }

    private static func reduced(_ name: String) -> String {
        name.lowercased().map { ligatures[$0] ?? String($0) }.joined()
            .folding(
                options: [.diacriticInsensitive, .caseInsensitive, .widthInsensitive], locale: nil
            )
            .filter { $0.isLetter || $0.isNumber }
    }

    private static func trimmed(_ form: String) -> String {
        String(form.drop(while: \.isNumber).reversed().drop(while: \.isNumber).reversed())
    }

    /// The word of which `form` may be the plural.
    private static func singular(_ form: String) -> String? {
        guard form.count > 3, form.hasSuffix("s"), !form.hasSuffix("ss") else { return nil }
        if form.hasSuffix("ies") { return form.dropLast(3) + "y" }
        for ending in ["ches", "shes", "sses", "xes", "zes"] where form.hasSuffix(ending) {
            return String(form.dropLast(2))
        }
        return String(form.dropLast())
    }
}
