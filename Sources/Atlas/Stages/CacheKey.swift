import Fingerprint

/// What a cached result depends on, field by field.
///
/// A key is made of named values only. It never contains a sentence that is shown to people or a
/// reflected description, so that a change of words makes no result again. When the code of a stage
/// changes so that its results change, raise the revision of the stage.
///
/// ```swift
/// let key = CacheKey(.cluster, revision: 1, ["k": .range(1...10), "seed": .unsigned(0)])
/// key.digest == CacheKey(.cluster, revision: 2, ["k": .range(1...10), "seed": .unsigned(0)]).digest
/// // false
/// ```
struct CacheKey: Sendable, Equatable {
    /// The value of a field. Numbers are compared exactly, to the last bit.
    enum Value: Sendable, Equatable {
        case text(String)
        case integer(Int)
        case unsigned(UInt64)
        /// As its IEEE 754 bits.
        case real(Double)
        case flag(Bool)
        case range(ClosedRange<Int>)
        case digest(Fingerprint)
        case texts([String])

        fileprivate var parts: [String] {
            switch self {
            case .text(let text): ["text", text]
            case .integer(let number): ["integer", "\(number)"]
            case .unsigned(let number): ["unsigned", "\(number)"]
            case .real(let number): ["real", String(number.bitPattern, radix: 16)]
            case .flag(let flag): ["flag", flag ? "true" : "false"]
            case .range(let range): ["range", "\(range.lowerBound)", "\(range.upperBound)"]
            case .digest(let digest): ["digest", digest.hex]
            case .texts(let texts): ["texts", "\(texts.count)"] + texts
            }
        }
    }

    /// One value that the result depends on.
    struct Field: Sendable, Equatable {
        let name: String
        let value: Value
    }

    let stage: StageName
    let revision: Int
    let fields: [Field]

    /// - Precondition: no two fields have the same name.
    init(_ stage: StageName, revision: Int, _ fields: [Field]) {
        precondition(
            Set(fields.map(\.name)).count == fields.count, "each field of a key has its own name")
        self.stage = stage
        self.revision = revision
        self.fields = fields
    }

    /// As above, from a dictionary literal: `["k": .range(1...10), "seed": .unsigned(0)]`.
    init(_ stage: StageName, revision: Int, _ fields: KeyValuePairs<String, Value>) {
        self.init(stage, revision: revision, fields.map(Field.init(name:value:)))
    }

    /// The key without the fields of these names.
    func without(_ names: Set<String>) -> CacheKey {
        CacheKey(stage, revision: revision, fields.filter { !names.contains($0.name) })
    }

    /// A key that no build asks for, of a result for which some files could not be read.
    var unsettled: CacheKey {
        CacheKey(
            stage, revision: revision,
            fields + [Field(name: "files that could not be read", value: .flag(true))])
    }

    /// The names of fields whose values are not those of `earlier`, in the order of the fields, for
    /// people. A field that only one of the two has counts as changed.
    func changes(since earlier: [String: String]) -> [String] {
        let own = fieldDigests
        let changed = own.filter { earlier[$0.name] != $0.digest }.map(\.name)
        let names = Set(own.map(\.name))
        return changed + earlier.keys.filter { !names.contains($0) }.sorted()
    }

    /// A short digest of each field, and of the revision as a field of that name.
    var fieldDigests: [(name: String, digest: String)] {
        [("revision", "\(revision)")]
            + fields.map { ($0.name, Fingerprint(ofParts: $0.value.parts).short) }
    }

    /// Digest of the stage, the revision and all fields in their order.
    var digest: Fingerprint {
        Fingerprint(
            ofParts: [stage.rawValue, "\(revision)"]
                + fields.flatMap { field -> [String] in
                    let parts = field.value.parts
                    return [field.name, "\(parts.count)"] + parts
                })
    }
}
