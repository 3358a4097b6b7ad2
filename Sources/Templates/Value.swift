/// A value that a page offers to its template: a text, a flag, a list or a group of named values.
package enum Value: Sendable {
    case text(String)
    case flag(Bool)
    case list([Value])
    /// Names in their given order. If a name occurs twice, the first one counts.
    case group([(name: String, value: Value)])
    /// A group whose values are made when a template asks for them.
    case fields(any Fields)

    /// The kind's name in error messages.
    package var kind: String {
        switch self {
        case .text: "a text"
        case .flag: "a yes or no"
        case .list: "a list"
        case .group, .fields: "a group"
        }
    }

    /// The names that the group offers.
    package var names: [String] {
        switch self {
        case .group(let members): members.map(\.name)
        case .fields(let fields): fields.names.names
        case .text, .flag, .list: []
        }
    }

    /// The member with this name; `nil` when there is none, or when the value is not a group.
    package subscript(name: String) -> Value? {
        self[Template.Part(name)]
    }

    /// The same for a part of a name in a template.
    subscript(part: Template.Part) -> Value? {
        if case .fields(let fields) = self {
            return fields.names.place(of: part.symbol).map(fields.value)
        }
        guard case .group(let members) = self else { return nil }
        // No copies: a loop over the members would copy each of them, about 200 million times a
        // build.
        return members.withUnsafeBufferPointer { members in
            for place in members.indices where members[place].name == part.text {
                return members[place].value
            }
            return nil
        }
    }

    /// A group with the members of both groups, those of this one first. If one of the values is
    /// not a group of made values, this value.
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
