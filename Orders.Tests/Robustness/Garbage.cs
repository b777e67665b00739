using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Orders.Tests.Robustness;

/// <summary>Values that have broken programs before.</summary>
internal static class Garbage
{
    public static readonly JsonSerializerOptions JsonText = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 1_000_000,
    };

    /// <summary>Text, as it stands between quotes in JSON: escapes included.</summary>
    public static readonly string[] JsonStrings =
    [
        "", " ", "   ", "\\t", "\\u0000", "a\\u0000b", "\\u0001", "\\u007f", "\\u0085", "\\ud800", "\\udfff\\ud800", "a\\udc00",
        "\\u202e gnp.exe", "\\u2066\\u2069", "\\ufeff", "\\u200b", "\\u2028\\u2029", "e\\u0301\\u0301\\u0301",
        "Z\\u0351\\u036b\\u0343\\u036a\\u0302",
        "\\ud83d\\ude00", "\\ud83d\\udc68\\u200d\\ud83d\\udc69\\u200d\\ud83d\\udc67", "😀", "田中さん", "ﷺ", "İıſß", "\\uffff",
        // Not U+FFFD: where that is found afterwards, text was broken on its way.
        "\\/",
        "\\r\\nSet-Cookie: a=b", "\\n", "null", "true", "1", "-1", "NaN", "undefined", "[object Object]", "{}", "[]", "{0}",
        "%s%n%x", "${jndi:ldap://x/a}",
        "' or '1'='1", "'; drop table orders; --", "x') union select id from orders--", "1; select pg_sleep(20)", "\\\\'; --",
        "$1", "@rows", "E'\\\\x00'",
        "status = placed", "\\\" OR status EXISTS OR id = \\\"", "status IN [placed]", "_geoRadius(0, 0, 9)", "customer_id != x",
        "id EXISTS",
        "../../etc/passwd", "..\\\\..\\\\x", "file:///etc/passwd", "http://127.0.0.1:1/", "<script>alert(1)</script>", "<!--",
        "&lt;", "*", "?", "%00", "%",
        "ord-00000000-0000-0000-0000-000000000000", "ORD-019363A1-7E0C-7A55-8D2F-2F4C3C1D0E00", "2026-02-30", "9999-99-99",
        "0000-00-00T00:00:00Z",
        "9999-12-31T23:59:59.9999999Z", "0001-01-01T00:00:00+14:00", "2026-11-21T24:00:00Z", "2026-11-21", "12:00", "1e3", "1.5",
        "EUR", "eur", "ＥＵＲ",
    ];

    /// <summary>Numbers and what looks like numbers, as they stand in JSON; not all of them are JSON.</summary>
    public static readonly string[] JsonNumbers =
    [
        "0", "-0", "-1", "1.5", "0.001", "0.005", "1.0", "1E0", "10e-1", "1e2", "1e400", "-1e400", "1e-400", "1e308",
        "2147483647", "2147483648", "-2147483649",
        "9223372036854775807", "9223372036854775808", "99999999999999999999999999999999999999999", "79228162514264337593543950335",
        "79228162514264337593543950336", "0.0000000000000000000000000000000000001", "9999999999.99", "10000000000",
        "9999999999.995", "12345678901234567890.5",
        "NaN", "Infinity", "-Infinity", "0x10", "01", "1.", ".5", "+1", "1_000", "1,5", "--1", "1e", "\"1\"", "\" 1\"",
        "\"1.5\"", "1001", "101",
    ];

    /// <summary>Whole bodies.</summary>
    public static readonly string[] Bodies =
    [
        "", " ", "null", "true", "0", "\"x\"", "[]", "{}", "[[]]", "[{}]", "[null]", "{", "}", "[", "{\"", "{\"a\"", "{\"a\":",
        "not json", "{}{}", "[][]", "{} x", "// x\n{}",
        "/* x */{}", "{'a':1}", "{a:1}", "{\"a\":1,}", "[1,]", "{\"\":1}", "{\"__proto__\":{}}", "<xml/>", "a=1&b=2",
        "--x\r\nContent-Disposition: form-data\r\n",
        "\u0000", "\u00ff\u00fe{\u0000}\u0000", "{\"$type\":\"System.IO.FileInfo\"}", "{\"$id\":\"1\",\"$ref\":\"1\"}",
    ];

    /// <summary>Parts of a path or query, escaped as they go out. Bytes above 7e and below 21 stand for themselves.</summary>
    public static readonly string[] Escaped =
    [
        "%00", "a%00b", "%0d%0aX:1", "%0a", "%", "%z", "%zz", "%c0%ae", "%c0%80", "%ff", "%ed%a0%80", "%f0%9f%98%80",
        "%e2%80%ae", "%2e%2e", "%2e%2e%2f", "..%2f..%2f", "%2f", "%5c", "..",
        ".", "~", ";a=b", "%3b", "%23", "%3f", "*", "'", "%27%20or%201=1--", "%22", "%27;%20drop%20table%20orders;--",
        "1%20union%20select%201", "status%20%3D%20placed", "%5b%5d", "[]",
        "{id}", "%7bid%7d", "${x}", "0", "-1", "1.5", "1e9", "99999999999999999999", "NaN", "null", "true", "True", "%20",
        "%20true", "+1", "%2b1", "0x10", "1%00", "%d9%a1", "%ef%bc%91",
        "\u00e9", "\u0001", "\u007f", "a a", "search", "import", "export", "changes", "ord-",
        "ord-019363a1-7e0c-7a55-8d2f-2f4c3c1d0e0", "ord-019363a1-7e0c-7a55-8d2f-2f4c3c1d0e00",
        "ORD-019363A1-7E0C-7A55-8D2F-2F4C3C1D0E00", "cus-none", "2026-13-01", "yesterday", "0001-01-01", "9999-12-31T23:59:59Z",
        "2026-11-21T08:00:00%2b99:00", "Zm9v", "fHx8", "fA", "LTF8b3JkLTE",
        "OTk5OTk5OTk5OTk5OTk5OTk5OTk5fG9yZC0x", "MHxvcmQtMDE5MzYzYTEtN2UwYy03YTU1LThkMmYtMmY0YzNjMWQwZTAw", "AA", "____", "====",
    ];

    /// <summary>Values of headers. What may not stand in a header breaks the protocol.</summary>
    public static readonly string[] HeaderValues =
    [
        "", " ", "*", "\"v1\"", "W/\"v1\"", "\"v0\"", "\"v-1\"", "\"v99999999999999999999\"", "v1", "\"\"", "\"v1",
        "\"v1\", \"v2\"", ",,,", "\"a\",*", "0", "-1", "1", "null", "true", "{}", "[]",
        "'; drop table orders; --", "${jndi:ldap://x/a}", "%00", "\u00e9", "\u00ff", "a b", "return=minimal", "respond-async",
        "wait=-1", "handling=strict, wait=99999999999", "Bearer", "Bearer ",
        "Bearer x", "Basic YTpi", "Bearer ordk__", "Bearer ordk_admin_", "gzip", "br", "identity", "gzip, gzip", "chunked",
        "bytes=0-", "bytes=9-1", "text/html", "application/xml;q=2", "*/*;q=0",
        "application/json; charset=utf-16", "application/json; charset=bogus", "application/json;;;",
        "application/json, text/plain", "application/problem+json", "application/jsonx",
        "APPLICATION/JSON", "application/json; charset=\"utf-8\"", "text/plain", "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded", "application/x-ndjson",
        "00-00000000000000000000000000000000-0000000000000000-00", "00-ff", "Wed, 21 Oct 2099 07:28:00 GMT", "100-continue",
        "200-ok", "a=b; a=b",
    ];

    /// <summary>Bytes that are no UTF-8: overlong, lone and surrogate forms.</summary>
    public static readonly byte[][] NotUtf8 =
        [[0xC0, 0x80], [0xC0, 0xAF], [0x80], [0xFF], [0xFE], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF0, 0x9F, 0x98],
        [0xE0, 0x80, 0x80]];

    public static string Long(Random random) => new('a', Sizes[random.Next(Sizes.Length)]);

    public static string Nested(int depth, bool objects) =>
        new StringBuilder().Insert(0, objects ? "{\"a\":" : "[", depth).Append('1').Append(objects ? '}' : ']', depth).ToString();

    public static T Any<T>(this Random random, IReadOnlyList<T> values) => values[random.Next(values.Count)];

    /// <summary>Around the bounds that fields have, and far beyond them.</summary>
    private static readonly int[] Sizes =
    [
        32, 33, 40, 41, 64, 65, 100, 101, 128, 129, 200, 201, 256, 257, 320, 321, 500, 501, 512, 513, 1000, 4000, 4001, 10_000, 100_000,
    ];
}
