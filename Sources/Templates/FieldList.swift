/// The names that a page offers to its template, as a list for authors of templates: the tag `{{?}}`.
///
///     plateHref  text
///     bars[]  list
///     bars[].sign.title  text
///
/// A list stands for all its items, so what only some of them offer is listed too.
struct FieldList {
    /// Path and kind, each path once, in the order of first sight.
    private(set) var fields: [(path: String, kind: String)] = []
    private var seen: Set<String> = []

    /// - Parameter scopes: what names mean, outermost first; an inner name hides an outer one.
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
                // An item that is a text itself is `{{.}}`, which the list's own line tells.
                if case .text = item { continue }
                addMembers(of: item, path + "[].")
            }
        case .group: addMembers(of: value, path + ".")
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
