import Testing

@testable import Site

@Suite struct YAMLAnchorsTests {
    @Test(
        "Names of values are found where they are repeated",
        arguments: [
            ("a: &x 1\nb: *x", 1), ("title: T\n- &x [1]\n- [*x, *x]", 2), ("&a b: c\n*a : d", 1),
            ("? &a\n: *a", 1),
        ] as [(String, Int)])
    func found(text: String, line: Int) {
        #expect(YAMLAnchors.firstLine(in: text) == line)
    }

    @Test(
        "Texts with these signs are texts",
        arguments: [
            "title: Rocks & minerals * 2", "title: A &B and *B", "title: \"R&D *new*\"", "a: &x 1",
            "a: *x", "colour: \"#fff\"", "",
        ])
    func texts(text: String) {
        #expect(YAMLAnchors.firstLine(in: text) == nil)
    }
}
