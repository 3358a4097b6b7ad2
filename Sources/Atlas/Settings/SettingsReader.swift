import AtlasModel
import Catalog
import Messages
import Similarity
import Site
import Yams

/// Turns YAML nodes into settings. The error for a value that is not allowed names file, line and
/// key.
struct SettingsReader {
    let path: String
    /// The likeness models that the settings may name.
    let likeness: LikenessTable

    /// Reads a mapping. `take` reads the value of a key and returns `nil`; for an unknown key it
    /// returns the known keys.
    func section(
        _ node: Node, named name: String, take: (_ key: String, _ value: Node) throws -> [String]?
    ) throws {
        guard let mapping = node.mapping else {
            throw wrong(name, node, "a list of settings, one a line")
        }
        for (keyNode, value) in mapping {
            let key = keyNode.string ?? "?"
            if let known = try take(key, value) {
                throw AtlasError.unknownSetting(
                    path: path, line: keyNode.mark?.line ?? 1, key: key,
                    nearest: nearestWord(to: key, in: known))
            }
        }
    }

    func text(_ node: Node, _ key: String) throws -> String {
        guard let text = node.string, !text.isEmpty else { throw wrong(key, node, "a text") }
        guard text.utf8.count <= Self.longestText else {
            throw AtlasError.wrongSetting(
                path: path, line: node.mark?.line ?? 1, key: key,
                found: "\(text.utf8.count) bytes long",
                expected: "a text of at most \(Self.longestText) bytes")
        }
        return text
    }

    /// Most bytes of a text: some are on every page.
    private static let longestText = 1_000

    func optionalText(_ node: Node, _ key: String) throws -> String? {
        if node.null != nil || node.string?.isEmpty == true { return nil }
        return try text(node, key)
    }

    /// A text or a list of texts; none for an empty value.
    func texts(_ node: Node, _ key: String) throws -> [String] {
        if node.null != nil || node.string?.isEmpty == true { return [] }
        guard let list = node.sequence else { return [try text(node, key)] }
        return try list.map { try text($0, key) }
    }

    func number(_ node: Node, _ key: String, in range: ClosedRange<Int>) throws -> Int {
        guard let number = node.int, range.contains(number) else {
            throw wrong(
                key, node, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// The number of folds, 0 for none. With one fold there would be no training pictures.
    func folds(_ node: Node, _ key: String) throws -> Int {
        guard let number = node.int, number == 0 || (2...20).contains(number) else {
            throw wrong(key, node, "0, or a whole number from 2 to 20")
        }
        return number
    }

    /// A number, or `nil` for `auto`.
    func automatic(_ node: Node, _ key: String, in range: ClosedRange<Int>) throws -> Int? {
        if node.string == "auto" || node.null != nil { return nil }
        return try number(node, key, in: range)
    }

    /// The side of the input of networks, or `nil` for `auto`.
    func inputSide(_ node: Node, _ key: String) throws -> Int? {
        if node.string == "auto" || node.null != nil { return nil }
        guard let side = node.int, Run.inputSides.contains(side) else {
            throw wrong(key, node, "auto, 28, 56, 112 or 224")
        }
        return side
    }

    func truth(_ node: Node, _ key: String) throws -> Bool {
        guard let truth = node.bool else { throw wrong(key, node, "true or false") }
        return truth
    }

    /// What decides the split: `groups`, `random` or `folders`.
    func split(_ node: Node, _ key: String) throws -> SplitRule {
        guard let rule = node.string.flatMap(SplitRule.init(word:)) else {
            throw wrong(key, node, "\"groups\", \"random\" or \"folders\"")
        }
        return rule
    }

    /// What scenes show where pictures overlap, `sharp` or `blend`; `nil` for `none`.
    func seams(_ node: Node, _ key: String) throws -> SceneSeams? {
        if node.string == "none" { return nil }
        guard let seams = node.string.flatMap(SceneSeams.init) else {
            throw wrong(key, node, "\"sharp\", \"blend\" or \"none\"")
        }
        return seams
    }

    /// Whether published pictures keep the data of cameras and programs: `keep` or `remove`.
    func metadata(_ node: Node, _ key: String) throws -> Bool {
        switch node.string {
        case "keep": return true
        case "remove": return false
        default: throw wrong(key, node, "\"remove\" or \"keep\"")
        }
    }

    /// Whether panels leave out the pictures of a candidate's group: `fold` or `show`.
    func foldsGroups(_ node: Node, _ key: String) throws -> Bool {
        switch node.string {
        case "fold": return true
        case "show": return false
        default: throw wrong(key, node, "\"fold\" or \"show\"")
        }
    }

    /// What K-Means and Pairwise compare: `auto`, or the id of a view.
    func view(_ node: Node, _ key: String) throws -> String {
        let words = [ViewChoice.automatic] + likeness.pairedViews.map(\.id)
        guard let word = node.string, words.contains(word) else {
            throw wrong(key, node, "one of \(words.joined(separator: ", "))")
        }
        return word
    }

    /// How to find specimens in names of files; `nil` for an empty value.
    func specimens(_ node: Node, _ key: String) throws -> SpecimenPattern? {
        guard let text = try optionalText(node, key) else { return nil }
        guard let pattern = SpecimenPattern(text) else {
            throw wrong(
                key, node,
                "a regular expression with one group in parentheses, like '^(.*)_[0-9]+$'")
        }
        return pattern
    }

    /// The longest side of published pictures, or `nil` for `original`.
    func largest(_ node: Node, _ key: String) throws -> Int? {
        if node.string == "original" { return nil }
        guard let number = node.int, PictureCopies.sides.contains(number) else {
            let sides = PictureCopies.sides
            throw wrong(
                key, node,
                "\"original\", or a whole number of pixels from \(sides.lowerBound) to "
                    + "\(sides.upperBound)")
        }
        return number
    }

    /// Two likeness models or more, in the order of their panels.
    func likenessModels(_ node: Node, _ key: String) throws -> [LikenessModel] {
        let names = likeness.models.map(\.id)
        func wrong(_ node: Node, _ reason: String) -> AtlasError {
            .wrongLine(path: path, line: node.mark?.line ?? 1, reason: reason)
        }
        let most =
            switch names.count {
            case 2: "two"
            case 3: "two or three"
            default: "two to \(names.count)"
            }
        let amount = "\(key) has to be a list of \(most) of \(names.joined(separator: ", "))."
        guard let list = node.sequence else { throw wrong(node, amount) }
        var models: [LikenessModel] = []
        for item in list {
            let name = item.string ?? "?"
            guard let model = likeness[name] else {
                let nearest = nearestWord(to: name, in: names)
                throw wrong(
                    item,
                    "there is no likeness model \"\(name)\". "
                        + (nearest.map { "Did you mean \"\($0)\"?" }
                            ?? "There are \(names.joined(separator: ", "))."))
            }
            guard !models.contains(model) else {
                throw wrong(item, "\(key) names \"\(name)\" twice. Remove it there.")
            }
            models.append(model)
        }
        guard models.count >= 2 else { throw wrong(node, amount) }
        return models
    }

    /// The rock types: each a name, or `{label, colour: {light, dark}}`.
    func types(_ node: Node, _ key: String) throws -> [RockType] {
        guard let list = node.sequence, !list.isEmpty else {
            throw wrong(key, node, "a list of rock types")
        }
        var types: [RockType] = []
        for item in list {
            let type = try rockType(item)
            guard !types.contains(where: { $0.label == type.label }) else {
                throw wrong(key, item, "a list that names each rock type once")
            }
            types.append(type)
        }
        return types
    }

    private func rockType(_ node: Node) throws -> RockType {
        if let name = node.string { return RockType(label: try label(name, node)) }
        var name: String?
        var light: String?
        var dark: String?
        try section(node, named: "types") { key, value in
            switch key {
            case "label": name = try text(value, key)
            case "colour":
                try section(value, named: "colour") { key, value in
                    switch key {
                    case "light": light = try colour(value, key)
                    case "dark": dark = try colour(value, key)
                    default: return ["light", "dark"]
                    }
                    return nil
                }
            default: return ["label", "colour"]
            }
            return nil
        }
        guard let name else { throw wrong("types", node, "a list whose entries have a label") }
        let own = light ?? dark
        return RockType(
            label: try label(name, node),
            colour: own.map { .init(light: light ?? $0, dark: dark ?? $0) })
    }

    private func label(_ name: String, _ node: Node) throws -> String {
        let label = name.lowercased()
        guard !label.isEmpty, !label.contains("/"), label != "unlabelled" else {
            throw wrong("label", node, "the name of a folder, other than \"unlabelled\"")
        }
        return label
    }

    private func colour(_ node: Node, _ key: String) throws -> String {
        let text = try text(node, key)
        guard text.utf8.count == 7, text.hasPrefix("#"), text.dropFirst().allSatisfy(\.isHexDigit)
        else { throw wrong(key, node, "a colour like \"#6168b9\", in quotation marks") }
        return text
    }

    func wrong(_ key: String, _ node: Node, _ expected: String) -> AtlasError {
        let found =
            node.string.map { "\"\($0)\"" }
            ?? (node.sequence?.isEmpty == true ? "an empty list" : "a list or section")
        return .wrongSetting(
            path: path, line: node.mark?.line ?? 1, key: key, found: found, expected: expected)
    }
}
