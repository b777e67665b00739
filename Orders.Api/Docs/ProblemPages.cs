using System.Globalization;
using System.Net;
using System.Text;
using Orders.Api.Http;

namespace Orders.Api.Docs;

/// <summary>
/// <c>GET /problems/{code}</c>: what a problem's <c>type</c> leads to, as a page for people and as JSON for programs;
/// <c>GET /problems</c>: all of them.
/// </summary>
internal static class ProblemPages
{
    public sealed record Entry(string Type, int Status, string Title, string Meaning, string Remedy, ProblemExample Example);

    public sealed record Catalogue(IReadOnlyList<Entry> Items);

    public static void MapProblemPages(this WebApplication app)
    {
        var pages = app.MapGroup("/problems").WithTags("Problems").AllowAnonymous();
        pages.MapGet("", List)
            .Describe("List the problem types", "Every `type` that a refusal can have.", "listProblems")
            .Replies(200, "The catalogue; a page when `text/html` is accepted.", new Catalogue([EntryOf(ProblemTypes.IllegalMove)]))
            .RepliesText("text/html", "The catalogue; a page when `text/html` is accepted.", "<h1>Problems</h1>");
        pages.MapGet("/{code}", One)
            .Describe("Explain a problem type", "What a problem's `type` means and what can be done about it.", "getProblem")
            .Route("code", Values.Text(64), "The last part of the type.", ProblemTypes.IllegalMove.Code)
            .Replies(200, "The explanation; a page when `text/html` is accepted.", EntryOf(ProblemTypes.IllegalMove))
            .RepliesText("text/html", "The explanation; a page when `text/html` is accepted.", "<h1>The order cannot do that now</h1>")
            .Refuses(ProblemTypes.NotFound);
    }

    private static IResult List(HttpRequest request) => WantsPage(request)
        ? Page("Problems", Index())
        : TypedResults.Ok(new Catalogue([.. ProblemTypes.All.Select(EntryOf)]));

    private static IResult One(string code, HttpRequest request)
    {
        if (ProblemTypes.Find(code) is not { } type) return Problems.Of(ProblemTypes.NotFound, $"there is no problem type '{code}'");
        return WantsPage(request) ? Page(type.Title, Section(type)) : TypedResults.Ok(EntryOf(type));
    }

    private static Entry EntryOf(ProblemType type) =>
        new(type.Uri, type.Status, type.Title, type.Meaning, type.Remedy, ProblemExample.Of(type));

    private static bool WantsPage(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    private static string Index()
    {
        var list = new StringBuilder("<ul>");
        foreach (var type in ProblemTypes.All)
            list.Append(CultureInfo.InvariantCulture, $"<li>{type.Status} <a href=\"{type.Uri}\">{type.Code}</a>: {Html(type.Title)}</li>");
        return list.Append("</ul>").ToString();
    }

    private static string Section(ProblemType type) => $"""
        <p><code>{type.Code}</code>, HTTP {type.Status.ToString(CultureInfo.InvariantCulture)}</p>
        <h2>What it means</h2><p>{Html(type.Meaning)}</p>
        <h2>What to do</h2><p>{Html(type.Remedy)}</p>
        <h2>Example</h2><p><code>{Html(type.ExampleDetail)}</code></p>
        <p><a href="/problems">All problems</a></p>
        """;

    private static IResult Page(string title, string body) => TypedResults.Content($"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{Html(title)}</title></head>
        <body><h1>{Html(title)}</h1>
        {body}
        </body></html>
        """, "text/html", Encoding.UTF8);

    private static string Html(string text) => WebUtility.HtmlEncode(text);
}
