using System.Text.RegularExpressions;
using Orders.Tests.Tidy;

namespace Orders.Tests.Docs;

/// <summary>A request of a <c>.http</c> file.</summary>
internal sealed record HttpFileRequest(string File, string Method, string Target, IReadOnlyList<string> Headers, string Body)
{
    /// <summary>Without host and query.</summary>
    public string Path => Target[(Target.IndexOf("}}", StringComparison.Ordinal) + 2)..].Split('?')[0];

    public override string ToString() => $"{File}: {Method} {Target}";
}

/// <summary>The requests of <c>requests/*.http</c> to the api, in the format that editors send: blocks set apart by <c>###</c>.</summary>
internal static partial class HttpFiles
{
    public static List<HttpFileRequest> Read() =>
    [
        .. Sources.FilesIn(System.IO.Path.Combine(Sources.Root, "requests"), ".http").SelectMany(file =>
            Separator().Split(File.ReadAllText(file)).Select(block => Parse(System.IO.Path.GetFileName(file), block)))
            .OfType<HttpFileRequest>().Where(request => request.Target.StartsWith("{{api}}", StringComparison.Ordinal)),
    ];

    private static HttpFileRequest? Parse(string file, string block)
    {
        var lines = block.Split('\n').Select(line => line.TrimEnd('\r'))
            .SkipWhile(line => line.Length == 0 || line[0] is '#' or '@').ToList();
        if (lines.Count == 0 || lines[0].Split(' ') is not [var method, var target]) return null;
        var headers = lines.Skip(1).TakeWhile(line => line.Length > 0).ToList();
        return new HttpFileRequest(file, method, target, headers, string.Join('\n', lines.Skip(headers.Count + 2)).Trim());
    }

    [GeneratedRegex("^###.*$", RegexOptions.Multiline, 1000)]
    private static partial Regex Separator();
}
