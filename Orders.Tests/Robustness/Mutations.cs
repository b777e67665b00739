using System.Globalization;
using System.IO.Compression;
using System.Text;
using Orders.Tests.Docs;

namespace Orders.Tests.Robustness;

/// <summary>Breaks a valid request, in one to three places.</summary>
internal static class Mutations
{
    private static readonly string[] Headers =
    [
        "If-Match", "If-None-Match", "Idempotency-Key", "Prefer", "Authorization", "Accept", "Content-Type", "Content-Encoding", "Range",
        "If-Modified-Since", "traceparent", "Cookie", "X-HTTP-Method-Override", "X-Forwarded-For", "Accept-Encoding", "Expect", "TE",
    ];

    public static void Mutate(HostileRequest request, ApiDocument document, Random random)
    {
        for (var count = random.Next(5) switch { 0 => 3, 1 => 2, _ => 1 }; count > 0; count--)
        {
            (int Weight, Action Mutate)[] kinds =
            [
                (request.Json is null ? 0 : 60, () => JsonMutations.Mutate(request, document, random)),
                (request.Operation.Bodies.Count == 0 ? 0 : 10, () => MutateContent(request, random)),
                (TakesQuery(request) ? 30 : 1, () => MutateQuery(request, random)),
                (request.Path.Contains('-', StringComparison.Ordinal) ? 6 : 2, () => MutatePath(request, random)),
                (10, () => MutateHeader(request, random)),
                (2, () => MutateMethod(request, random)),
                (2, () => MutateProtocol(request, random)),
            ];
            var dice = random.Next(kinds.Sum(kind => kind.Weight));
            kinds.First(kind => (dice -= kind.Weight) < 0).Mutate();
            if (request.Body is not null) request.Json = null;
        }
    }

    private static bool TakesQuery(HostileRequest request) =>
        request.Operation.Parameters.Any(parameter => (string?)parameter["in"] == "query");

    /// <summary>The body as bytes: what it is, how it is coded, and how much of it comes.</summary>
    private static void MutateContent(HostileRequest request, Random random)
    {
        var content = request.Content ?? [];
        switch (random.Next(7))
        {
            case 0:
                request.Body = Encoding.Latin1.GetBytes(random.Any(Garbage.Bodies));
                request.Mutations.Add("other body");
                break;
            case 1:
                var type = random.Next(8) == 0 ? null : random.Any(Garbage.HeaderValues);
                request.Set("Content-Type", type);
                request.BreaksProtocol |= type?.Any(letter => letter > '~') == true;
                request.Mutations.Add($"Content-Type {request.Header("Content-Type")}");
                break;
            case 2:
                using (var packed = new MemoryStream())
                {
                    using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(content);
                    request.Body = packed.ToArray();
                }

                if (random.Next(2) == 0) request.Set("Content-Encoding", "gzip");
                request.Mutations.Add("gzip");
                break;
            case 3:
                request.Body = Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(content));
                request.Set("Content-Type", "application/json; charset=utf-16");
                request.Mutations.Add("UTF-16");
                break;
            case 4:
                request.Body = content[..random.Next(content.Length + 1)];
                request.Mutations.Add("cut body");
                break;
            case 5:
                request.Body = content;
                request.ContentLength = (content.Length + random.Next(1, 1000)).ToString(CultureInfo.InvariantCulture);
                request.IsTruncated = true;
                request.Mutations.Add("truncated body");
                break;
            default:
                var at = random.Next(content.Length + 1);
                request.Body = [.. content[..at], .. random.Any(Garbage.NotUtf8), .. content[at..]];
                request.Mutations.Add($"no UTF-8 at {at}");
                break;
        }
    }

    private static void MutateQuery(HostileRequest request, Random random)
    {
        var names = request.Operation.Parameters.Where(parameter => (string?)parameter["in"] == "query")
            .Select(parameter => (string)parameter["name"]!).ToList();
        var name = names.Count == 0 || random.Next(8) == 0
            ? random.Any(["limt", "_", "filter", "status[]", "$where", "a%00", "", "LIMIT"])
            : random.Any(names);
        if (random.Next(3) > 0) request.Query.RemoveAll(pair => pair.Name == name);
        var value = random.Next(12) == 0 ? Garbage.Long(random) : random.Any(Garbage.Escaped);
        request.Query.Add((name, value));
        request.BreaksProtocol |= IsBroken(name + value);
        request.Mutations.Add($"?{name}");
    }

    private static void MutatePath(HostileRequest request, Random random)
    {
        var parts = request.Path.Split('/');
        var at = random.Next(1, parts.Length);
        var garbage = random.Next(20) == 0 ? Garbage.Long(random)[..30] : random.Any(Garbage.Escaped);
        parts[at] = random.Next(4) == 0 ? parts[at] + garbage : garbage;
        request.Path = string.Join('/', parts);
        request.IsElsewhere = true;
        // A path that cannot be decoded never gets to the application.
        request.BreaksProtocol |= IsBroken(garbage) || garbage.Contains('%') || garbage.Contains("..", StringComparison.Ordinal);
        request.Mutations.Add("path");
    }

    private static void MutateHeader(HostileRequest request, Random random)
    {
        var name = random.Any(Headers);
        var value = random.Next(10) switch
        {
            0 => new string('x', random.Any([255, 256, 300, 1025, 9000, 40_000])),
            1 => request.Header(name) + random.Any(Garbage.HeaderValues),
            _ => random.Any(Garbage.HeaderValues),
        };
        if (random.Next(4) > 0) request.Set(name, null);
        request.Headers.Add((name, value));
        request.BreaksProtocol |= value.Length > 30_000 || value.Any(letter => letter > '~') || name is "Expect";
        request.Mutations.Add(name);
    }

    private static void MutateMethod(HostileRequest request, Random random)
    {
        request.Method = random.Any(["HEAD", "OPTIONS", "TRACE", "GET", "POST", "PUT", "PATCH", "DELETE", "QUERY", "FOO", "get"]);
        request.IsElsewhere = true;
        request.Mutations.Add(request.Method);
    }

    /// <summary>HTTP itself.</summary>
    private static void MutateProtocol(HostileRequest request, Random random)
    {
        request.BreaksProtocol = true;
        switch (random.Next(6))
        {
            case 0:
                request.ContentLength = random.Any(["-1", "99999999999", "1e3", "abc", "0x10", "+5", "5, 5"]);
                request.IsTruncated = true;
                break;
            case 1:
                request.Headers.Add(("Transfer-Encoding", random.Any(["chunked", "gzip", "chunked, chunked", "identity", "x"])));
                request.IsTruncated = true;
                break;
            case 2: request.Headers.Add((random.Any(["A B", "A\u0001", "", "X\u00e9", "(x)"]), "1")); break;
            case 3: request.Headers.Add(("X-Control", "a" + random.Any(["\0", "\u0007", "\u001b", "\r"]) + "b")); break;
            case 4: request.Headers.Add(("Host", "other.example")); break;
            default: request.Headers.AddRange(Enumerable.Range(0, 200).Select(i => ($"X-{i}", "1"))); break;
        }

        request.Mutations.Add("protocol");
    }

    /// <summary>Bytes that may not stand in a request line.</summary>
    private static bool IsBroken(string escaped) => escaped.Any(letter => letter is <= ' ' or > '~') || escaped.Length > 6000;
}
