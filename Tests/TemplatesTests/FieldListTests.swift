import Testing

@testable import Templates

@Suite struct FieldListTests {
    @Test func `A list of fields names an inner field before an outer one of the same name`() {
        let outer: Value = ["a": "1", "b": .list([["c": .flag(true)], ["d": "2"], "text"])]
        #expect(
            FieldList([outer, ["a": .list([])]]).lines
                == "a[]  list\nb[]  list\nb[].c  yes or no\nb[].d  text\n")
    }
}
