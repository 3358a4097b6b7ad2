import Foundation

/// Dates in the format of HTTP (RFC 9110, 5.6.7: IMF-fixdate), in whole seconds since 1970.
enum HTTPDate {
    private static let format = "%a, %d %b %Y %H:%M:%S GMT"
    private static let months: [Substring] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    ///     HTTPDate.text(784_111_777)  // "Sun, 06 Nov 1994 08:49:37 GMT", the example of the RFC
    static func text(_ seconds: Int) -> String {
        var time = seconds
        var parts = tm()
        gmtime_r(&time, &parts)
        var buffer = [CChar](repeating: 0, count: 64)
        // The names of days and months are English: the program does not call `setlocale`.
        let count = strftime(&buffer, buffer.count, format, &parts)
        return String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// `nil` for another format. Its two obsolete forms are not read: no browser sends them.
    static func seconds(_ text: String) -> Int? {
        // Day of the week, day, month, year, time, zone.
        let parts = text.split(separator: " ")
        guard parts.count == 6, let month = months.firstIndex(of: parts[2]) else { return nil }
        let numbers = ([parts[1], parts[3]] + parts[4].split(separator: ":")).compactMap {
            Int32($0)
        }
        guard numbers.count == 5, (0...9999).contains(numbers[1]) else { return nil }
        var time = tm()
        time.tm_mday = numbers[0]
        time.tm_mon = Int32(month)
        time.tm_year = numbers[1] - 1900
        time.tm_hour = numbers[2]
        time.tm_min = numbers[3]
        time.tm_sec = numbers[4]
        let seconds = timegm(&time)
        // Refuses what is not exactly in the format, such as the 31st of June.
        return self.text(seconds) == text ? seconds : nil
    }
}
