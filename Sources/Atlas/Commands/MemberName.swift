/// Name of a member of a JSON object that depends on data, such as the id of a likeness model.
struct MemberName: CodingKey {
    let stringValue: String
    let intValue: Int? = nil

    init(_ name: String) { stringValue = name }
    init(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
}
