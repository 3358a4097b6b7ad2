import Messages
import Testing

@Suite struct WordTests {
    @Test(
        "A number stands with its noun in singular or plural",
        arguments: [(0, "0 errata"), (1, "1 erratum"), (2, "2 errata")])
    func noun(count: Int, text: String) {
        #expect(counted(count, "erratum", "errata") == text)
    }

    @Test("The plural has an s unless another is given")
    func plural() {
        #expect(counted(3, "picture") == "3 pictures")
    }

    /// Numbers of edits counted by hand: one letter removed, one inserted, one replaced, two
    /// letters exchanged (two edits), and "kitten" to "sitting" (three edits, Levenshtein's
    /// distance).
    @Test(
        "The nearest word takes the fewest edits, a third of its letters or two at most",
        arguments: [
            ("colr", ["colour", "folder"], "colour"), ("gneis", ["gneiss", "schist"], "gneiss"),
            ("folds", ["folder", "fold"], "fold"), ("shcist", ["gneiss", "schist"], "schist"),
            ("kitten", ["sitting"], nil), ("top", ["network"], nil), ("x", [], nil),
            ("classifer", ["classifier"], "classifier"), ("abcdefghi", ["xyzdefghi"], "xyzdefghi"),
        ] as [(String, [String], String?)])
    func nearest(word: String, known: [String], found: String?) {
        #expect(nearestWord(to: word, in: known) == found)
    }
}
