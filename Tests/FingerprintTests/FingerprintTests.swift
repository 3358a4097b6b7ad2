import Fingerprint
import Testing

@Suite struct FingerprintTests {
    /// `xxhash.xxh3_128_hexdigest` of Python's xxhash 4.1.0.
    @Test(
        "A digest is the XXH3-128 of the bytes, as xxhsum prints it",
        arguments: [
            ("", "99aa06d3014798d86001c324468d497f"),
            ("a", "a96faf705af16834e6c632b61e964e1f"),
            ("Grünschiefer", "cf10a676b44e82643aa048e60b7122fd"),
            (String(repeating: "x", count: 1_000), "50a1af5a5f2dcf01c0a4877b962cba82"),
        ])
    func text(text: String, hex: String) {
        #expect(Fingerprint(of: text).hex == hex)
        #expect(Fingerprint(of: Array(text.utf8)).description == hex)
        #expect(Fingerprint(of: text).short == hex.prefix(10))
    }

    @Test("Leading zeros are written")
    func zeros() {
        #expect(
            Fingerprint(high: 0xAB, low: 1).hex
                == "00000000000000ab" + "0000000000000001")
    }

    @Test("Parts are told apart by their lengths")
    func parts() {
        #expect(Fingerprint(ofParts: ["ab", "c"]) != Fingerprint(ofParts: ["a", "bc"]))
        #expect(Fingerprint(ofParts: ["ab"]) != Fingerprint(ofParts: ["ab", ""]))
        #expect(Fingerprint(ofParts: ["ab", "c"]) == Fingerprint(of: "2:ab1:c"))
    }

    @Test("The order is that of the digits")
    func order() {
        let sorted = [
            Fingerprint(high: 0, low: 2), Fingerprint(high: 1, low: 0),
            Fingerprint(high: 1, low: .max), Fingerprint(high: .max, low: 1),
        ]
        #expect(sorted.reversed().sorted() == sorted)
        #expect(sorted.map(\.hex).sorted() == sorted.map(\.hex))
    }
}
