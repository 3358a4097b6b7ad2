/// A date that exists, as ISO 8601.
///
///     isoDate(2024, 2, 29)   // "2024-02-29"
///     isoDate(2023, 2, 29)   // nil
///     isoDate(2024, 5, nil)  // "2024-05"
///
/// - Returns: `nil` also for a year before 1500 or after 2200.
package func isoDate(_ year: Int?, _ month: Int?, _ day: Int?) -> String? {
    guard let year, (1500...2200).contains(year) else { return nil }
    guard let month else { return "\(year)" }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard (1...12).contains(month) else { return nil }
    let short = "\(year)-\(month < 10 ? "0" : "")\(month)"
    guard let day else { return short }
    guard (1...days[month - 1]).contains(day) else { return nil }
    return "\(short)-\(day < 10 ? "0" : "")\(day)"
}
