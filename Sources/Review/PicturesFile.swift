/// `pictures.json`: digests of the pictures that a trial shows, by key.
struct PicturesFile: Codable {
    let trial: String
    let digests: [String: String]
}
