internal import CLibCurl

/// Dates as HTTP writes them.
public enum HTTPDate {
    /// Seconds since 1970 of `Tue, 24 Nov 2026 10:00:00 GMT`, by libcurl's own reading; nil for what is no date.
    public static func seconds(_ text: String) -> Int? {
        let seconds = curl_getdate(text, nil)
        return seconds < 0 ? nil : Int(seconds)
    }
}
