/// What a page offers its template: texts, flags, lists and named groups of these.
package enum Value: Sendable {
    case text(String)
    case flag(Bool)
    case list([Value])
    /// Names in the order they were given; the first of equal ones counts.
    case group([(name: String, value: Value)])

    /// As an error message calls it.
    package var kind: String {
        switch self {
        case .text: "a text"
        case .flag: "a yes or no"
        case .list: "a list"
        case .group: "a group"
        }
    }

    /// Names a group offers.
    package var names: [String] {
        guard case .group(let members) = self else { return [] }
        return members.map(\.name)
    }

    /// The member called `name`, `nil` when this is no group or has none of that name.
    package subscript(name: String) -> Value? {
        guard case .group(let members) = self else { return nil }
        // In place: a loop over the members would copy each of them, some 200 million times a build.
        return members.withUnsafeBufferPointer { members in
            for place in members.indices where members[place].name == name {
                return members[place].value
            }
            return nil
        }
    }

    /// A group with the members of both, this one's first; this value if one of them is no group.
    package func joined(with other: Value) -> Value {
        guard case .group(let own) = self, case .group(let others) = other else { return self }
        return .group(own + others)
    }
}

extension Value: ExpressibleByDictionaryLiteral, ExpressibleByStringInterpolation {
    package init(dictionaryLiteral elements: (String, Value)...) {
        self = .group(elements.map { (name: $0.0, value: $0.1) })
    }

    package init(stringLiteral text: String) { self = .text(text) }
}
