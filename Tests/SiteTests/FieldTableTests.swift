import Synchronization
import Templates
import Testing

@testable import Site

@Suite struct FieldTableTests {
    private static func page(_ text: String, _ values: Value) throws -> String {
        let source = TemplateSet.Source(text: text, file: "page.html")
        let templates = try TemplateSet(["page"], known: []) { _ in source }
        return String(decoding: try #require(templates["page"]).rendered(values), as: UTF8.self)
    }

    /// Counts how often a value is made.
    private final class Counter: Sendable {
        let count = Mutex(0)
    }

    @Test func `a value is made when the template asks for it, and not before`() throws {
        let counter = Counter()
        let fields: FieldTable<Counter> = [
            "name": { _ in .text("granite") },
            "costly": { counter in
                counter.count.withLock { $0 += 1 }
                return .text("42")
            },
        ]
        #expect(try Self.page("{{name}}", fields.values(of: counter)) == "granite")
        #expect(counter.count.withLock { $0 } == 0)
        #expect(try Self.page("{{costly}} {{costly}}", fields.values(of: counter)) == "42 42")
        #expect(counter.count.withLock { $0 } == 2)
    }

    @Test func `of a name that occurs twice the first one counts`() throws {
        let first: FieldTable<Int> = ["a": { .text("\($0)") }]
        let second: FieldTable<Int> = ["a": { _ in .text("hidden") }, "b": { .text("\(2 * $0)") }]
        let values = first.joined(with: second).values(of: 21)
        #expect(try Self.page("{{a}} {{b}}", values) == "21 42")
    }

    @Test func `a thing offers the values of its part`() throws {
        let length: FieldTable<String> = ["length": { .text("\($0.count)") }]
        let pair = length.within { (pair: [String]) in pair[1] }
        #expect(try Self.page("{{length}}", pair.values(of: ["a", "four"])) == "4")
    }

    @Test func `an unknown name is an error that names the nearest one`() throws {
        let fields: FieldTable<Int> = ["title": { .text("\($0)") }]
        #expect {
            try Self.page("{{titel}}", fields.values(of: 1))
        } throws: { error in
            "\(error)".contains("title")
        }
    }
}
