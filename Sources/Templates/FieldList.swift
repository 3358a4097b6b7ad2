/// The names that a page offers to its template, listed for authors of templates by the tag
/// `{{?}}`.
///
///     plateHref  text
///     bars[]  list
///     bars[].sign.title  text
///
/// The fields of a list are those of all its items together, so a field that only some items have
/// is listed too.
struct FieldList {
    /// Path and kind. Each path occurs once, in the order of first occurrence.
    private(set) var fields: [(path: String, kind: String)] = []
    private var seen: Set<String> = []

    /// - Parameter scopes: the groups in which names are looked up, outermost first. An inner name
    ///   hides an outer one.
    init(_ scopes: [Value]) {
        var named: Set<String> = []
        for scope in scopes.reversed() {
            for name in scope.names where named.insert(name).inserted {
                if let value = scope[name] { add(value, name) }
            }
        }
    }

    var lines: String { fields.map { "\($0.path)  \($0.kind)\n" }.joined() }

    private mutating func add(_ value: Value, _ path: String) {
        switch value {
        case .text: note(path, "text")
        case .flag: note(path, "yes or no")
        case .list(let items):
            note(path + "[]", "list")
            for item in items {
                // An item that is a text is written as `{{.}}`; the line of the list covers it.
                if case .text = item { continue }
                addMembers(of: item, path + "[].")
            }
        case .group, .fields: addMembers(of: value, path + ".")
        }
    }

    private mutating func addMembers(of value: Value, _ beginning: String) {
        for name in value.names {
            if let member = value[name] { add(member, beginning + name) }
        }
    }

    private mutating func note(_ path: String, _ kind: String) {
        if seen.insert(path).inserted { fields.append((path, kind)) }
    }
}
