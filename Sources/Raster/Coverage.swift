/// The old pixels that one new pixel covers along one side, and how much of each.
///
/// On a side with `from` old and `to` new pixels, an old pixel is `to` units long and a new one `from`
/// units.
struct Coverage {
    let first: Int
    let last: Int
    let firstWeight: Int
    let innerWeight: Int
    let lastWeight: Int

    static func spans(from: Int, to: Int) -> [Coverage] {
        (0..<to).map { index in
            let start = index * from
            let end = start + from
            let first = start / to
            let last = (end - 1) / to
            return Coverage(
                first: first, last: last,
                firstWeight: first == last ? from : (first + 1) * to - start, innerWeight: to,
                lastWeight: first == last ? from : end - last * to)
        }
    }
}
